# SPDX-License-Identifier: GPL-3.0-or-later
"""A place to run imaplogin for real: sockets, an empty root, and account and TLS services made of Python threads."""
import json
import os
import pathlib
import re
import select
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import pytest

USERS = {  # name: password, uid, gid. The uids exist nowhere: nothing on the machine is theirs
    "ann": ("secret", 61001, 61001),
    "ben": ("geheim", 61002, 61002),
    "root": ("toor", 0, 0),
    "daemon": ("daemon", 1, 1),
}


class Service:
    """A listening unix socket whose connections are answered one after the other by handle(connection)."""

    def __init__(self, path, kind, handle):
        self.socket, self.handle, self.path = socket.socket(socket.AF_UNIX, kind), handle, path
        self.socket.bind(str(path))
        self.socket.listen(16)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                self.handle(connection)
            except OSError:
                pass

    def stop(self):
        self.path.unlink(missing_ok=True)
        self.socket.close()


class Connection:
    """A client. Lines are bytes without CRLF; waiting for ever is a failure."""

    def __init__(self, sock):
        sock.settimeout(20)
        self.socket, self.left, self.process = sock, b"", None

    def send(self, text):
        self.socket.sendall(text.encode("latin-1") if isinstance(text, str) else text)

    def line(self):
        """The next line; None at the end of the connection."""
        while b"\n" not in self.left:
            octets = self.socket.recv(65536)
            if not octets:
                assert self.left == b"", f"an unfinished line: {self.left!r}"
                return None
            self.left += octets
        line, self.left = self.left.split(b"\n", 1)
        return line.removesuffix(b"\r").decode("latin-1")

    def rest(self):
        lines = []
        while (line := self.line()) is not None:
            lines.append(line)
        return lines

    def command(self, text):
        """Sends a command and gives all lines up to its tagged answer."""
        self.send(text + "\r\n")
        tag, lines = text.split()[0], []
        while True:
            line = self.line()
            lines.append(line)
            if line is None or line.startswith(tag + " "):
                return lines

    def start_tls(self):
        assert self.command("tls STARTTLS")[-1].startswith("tls OK")
        self.wrap()

    def wrap(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket)


class Bed:
    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="login-", dir="/tmp"))
        self.root.chmod(0o755)
        for name in ("run", "run/auth", "empty", "home"):
            (self.root / name).mkdir(mode=0o755)
        for name, (_, uid, gid) in USERS.items():
            home = self.root / "home" / name
            home.mkdir(mode=0o700)
            os.chown(home, uid, gid)
        self.asked, self.services, self.processes = [], {}, []
        self.log_file = open(self.root / "log", "w+b")
        self.environment = {"COURIER_RUNDIR": str(self.root / "run"), "COURIER_EMPTY_ROOT": str(self.root / "empty"),
                            "COURIER_LOGIN_USER": "nobody", "AUTHMODULES": "fake", "IMAP_LOGIN_DELAY": "0",
                            "PATH": "/usr/bin:/bin"}
        self.environment |= {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        self.imapd = pathlib.Path(__file__).parent / "fake-imapd.py"
        self.start("auth/fake", socket.SOCK_STREAM, self.answer_auth)
        self.start("tls", socket.SOCK_SEQPACKET, self.answer_tls)

    def close(self):
        for service in self.services.values():
            service.stop()
        for process in self.processes:
            process.kill()
            process.wait()
        shutil.rmtree(self.root)

    def start(self, name, kind, handle):
        self.services[name] = Service(self.root / "run" / name, kind, handle)

    def stop(self, name):
        self.services.pop(name).stop()

    def home(self, name):
        return self.root / "home" / name

    def account(self, user):
        _, uid, gid = USERS[user]
        return {"address": user + "@example.com", "uid": uid, "gid": gid, "home": str(self.home(user)),
                "maildir": "./Maildir", "name": "Some One", "options": {"disablepop3": "1"}}

    def answer_auth(self, connection):
        request = json.loads(connection.makefile().readline())
        self.asked.append(request)
        user = request["user"].removesuffix("@example.com")
        if user == "tempfail":
            answer = {"result": "tempfail", "message": "the database is down"}
        elif user in USERS and request.get("password") == USERS[user][0]:
            answer = {"result": "ok", "account": self.account(user)}
        else:
            answer = {"result": "fail"}
        connection.sendall(json.dumps(answer).encode() + b"\n")

    def answer_tls(self, connection):
        """Shakes hands as the real service does, and copies octets in both directions."""
        request, fds, _, _ = socket.recv_fds(connection, 4096, 1)
        self.asked.append(json.loads(request))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate())
        ours, theirs = socket.socketpair()
        with socket.socket(fileno=fds[0]) as raw:
            try:
                client = context.wrap_socket(raw, server_side=True)
            except (ssl.SSLError, OSError) as error:
                connection.send(json.dumps({"result": "fail", "message": str(error)}).encode())
                return
            record = {"result": "ok", "protocol": client.version(), "cipher": client.cipher()[0], "bits": 256}
            socket.send_fds(connection, [json.dumps(record).encode()], [theirs.fileno()])
            theirs.close()
            with client, ours:
                self.copy(client, ours)

    @staticmethod
    def copy(client, ours):
        while True:
            readable = [client] if client.pending() else select.select([client, ours], [], [])[0]
            for source, target in ((client, ours), (ours, client)):
                if source in readable:
                    octets = source.recv(65536)
                    if not octets:
                        return
                    target.sendall(octets)

    def certificate(self):
        path = self.root / "imapd.pem"
        if not path.exists():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-subj", "/CN=localhost", "-keyout", path, "-out", self.root / "cert", "-days", "2"],
                           check=True, capture_output=True)
            with open(path, "ab") as target:
                target.write((self.root / "cert").read_bytes())
        return path

    def connect(self, host="127.0.0.1", tls=False, **settings):
        """A connection served by an imaplogin of its own, as a socket unit with Accept=yes would start it."""
        with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
            client = Connection(socket.create_connection(listener.getsockname()[:2]))
            served = listener.accept()[0]
        environment = {**self.environment, **settings}
        if tls:
            environment["IMAP_TLS"] = "1"
        start = time.perf_counter()
        # systemd passes descriptor 3 and says so; LISTEN_PID has to be the pid that this becomes.
        with served:
            client.process = subprocess.Popen(
                ["/bin/bash", "-c", f'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&{served.fileno()} {served.fileno()}<&-',
                 "-", os.environ["IMAPLOGIN"], self.imapd, "Maildir"],
                pass_fds=[served.fileno()], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=self.log_file)
        self.processes.append(client.process)
        if tls:
            client.wrap()
        client.greeting = client.line()
        client.greeted_sec = time.perf_counter() - start
        return client

    def log(self):
        return (self.root / "log").read_text(errors="replace")

    def wait_for_log(self, pattern):
        deadline = time.monotonic() + 20
        while not (found := re.search(pattern, self.log())):
            assert time.monotonic() < deadline, f"no '{pattern}' in the log:\n{self.log()}"
            time.sleep(0.02)
        return found

    def children(self, pid):
        """Of a monitor: the processes it has started; there is one front."""
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def bed():
    if os.getuid() != 0:
        pytest.skip("imaplogin starts as root")
    place = Bed()
    yield place
    place.close()
