# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers to compare: each is the program that serves one logged-in user, on a TCP connection over loopback."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

DOVECOT = pathlib.Path("/usr/lib/dovecot/imap")
DOVECOT_SETTINGS = """mail_location = maildir:{home}/Maildir
protocols = imap
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = no
namespace inbox {{
  inbox = yes
  prefix = INBOX.
  separator = .
}}
"""
COURIER_SETTINGS = {  # Debian's /etc/courier/imapd
    "IMAP_CAPABILITY": "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE",
    "IMAP_KEYWORDS": "1", "IMAP_USELOCKS": "1", "IMAP_ENHANCEDIDLE": "1", "IMAP_CHECK_ALL_FOLDERS": "0",
    "IMAP_OBSOLETE_CLIENT": "0", "IMAP_TRASHFOLDERNAME": "Trash", "SENDMAIL": "/usr/sbin/sendmail",
    "AUTHENTICATED": "ann", "OPTIONS": "", "IMAP_STARTTLS": "NO", "TCPREMOTEIP": "127.0.0.1",
}


class Server:
    """What stands on disk beside the mail, and how to start one session."""

    def __init__(self, name, lab, uid, caches, numbers):
        self.name, self.uid = name, uid
        self.home = lab / name
        self.caches = caches            # derived data: removed for cold rows
        self.numbers = caches + numbers  # and the UIDs: removed for first opens
        self.literal_plus = True

    def folder(self, mailbox):
        maildir = self.home / "Maildir"
        return maildir if mailbox == "INBOX" else maildir / ("." + mailbox)

    def own(self):
        subprocess.run(["chown", "-R", "--no-dereference", f"{self.uid}:{self.uid}", self.home], check=True)

    def forget(self, mailbox, patterns):
        for folder in {self.folder(mailbox), self.folder("INBOX")}:
            for pattern in patterns:
                for path in folder.glob(pattern):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    def start(self, descriptor):
        raise NotImplementedError

    def session(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            client = socket.create_connection(listener.getsockname())
            served, _ = listener.accept()
        for end in (client, served):  # as the socket units set it, and Dovecot itself
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with served:
            process = self.start(served.fileno())
        return Session(client, process)

    def options(self, descriptor):
        return {"stdin": descriptor, "stdout": descriptor, "cwd": self.home, "stderr": subprocess.DEVNULL,
                "user": self.uid, "group": self.uid, "extra_groups": []}


class Ours(Server):
    def __init__(self, lab, uid, program):
        super().__init__("ours", lab, uid, ["imapd.cache*"], ["imapd.index", "imapd.log", "courierimap*"])
        self.program = program

    def start(self, descriptor):
        environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "TCPREMOTEIP": "127.0.0.1"}
        return subprocess.Popen([self.program, "Maildir"], env=environment, **self.options(descriptor))


class Dovecot(Server):
    def __init__(self, lab, uid):
        super().__init__("dovecot", lab, uid, ["dovecot.index*", "dovecot.list.index*"],
                         ["dovecot-uidlist", "dovecot-keywords"])

    def start(self, descriptor):
        settings = self.home / "dovecot.conf"
        settings.write_text(DOVECOT_SETTINGS.format(home=self.home))
        environment = {"HOME": str(self.home), "USER": "example", "PATH": "/usr/bin:/bin"}
        return subprocess.Popen([DOVECOT, "-c", settings], env=environment, **self.options(descriptor))


class Courier(Server):
    """In a root of its own, because its package and ours replace each other."""

    def __init__(self, lab, uid, root):
        super().__init__("courier", lab, uid, [], ["courierimapuiddb", "courierimapkeywords"])
        self.root = root
        self.home = root / "srv/bench/courier"
        self.literal_plus = False

    def start(self, descriptor):
        options = self.options(descriptor) | {"user": None, "group": None, "extra_groups": None, "cwd": "/"}
        inside = "/" + str(self.home.relative_to(self.root))
        command = ["chroot", f"--userspec={self.uid}:{self.uid}", "--groups=", self.root, "sh", "-c",
                   f"cd {inside} && exec imapd Maildir"]
        environment = {"HOME": inside, "PATH": "/usr/bin:/bin:/usr/sbin", **COURIER_SETTINGS}
        return subprocess.Popen(command, env=environment, **options)


class Session:
    """A connection that finds the tagged line at the end of an answer and looks at nothing else."""

    def __init__(self, client, process):
        self.client, self.process, self.number = client, process, 0
        self.buffer = bytearray(4 << 20)
        self.wait(b"* ")

    def wait(self, start):
        """Octets up to the line that starts so; that line is kept."""
        size, end = 0, b""
        view = memoryview(self.buffer)
        while True:
            n = self.client.recv_into(view)
            if n == 0:
                raise EOFError(f"closed after {end[-200:]!r}")
            size += n
            end = (end + bytes(view[max(0, n - 4096):n]))[-4096:]
            if end.endswith(b"\r\n"):
                last = end[end.rfind(b"\r\n", 0, -2) + 2 if b"\r\n" in end[:-2] else 0:]
                if last.startswith(start):
                    self.last = last
                    return size

    def tag(self):
        self.number += 1
        return b"zq%d " % self.number

    def send(self, text):
        tag = self.tag()
        self.client.sendall(tag + text + b"\r\n")
        return tag

    def command(self, text):
        tag = self.send(text)
        size = self.wait(tag)
        if not self.last.startswith(tag + b"OK"):
            raise RuntimeError(f"{text[:80]!r}: {self.last!r}")
        return size

    def answer(self, text):
        """The whole answer; for small ones."""
        tag = self.send(text)
        answer = b""
        while b"\r\n" + tag not in b"\r\n" + answer or not answer.endswith(b"\r\n"):
            octets = self.client.recv(1 << 20)
            if not octets:
                raise EOFError("closed")
            answer += octets
        return answer

    def append(self, mailbox, message, literal_plus):
        tag = self.tag()
        head = tag + b"APPEND %s {%d%s}\r\n" % (mailbox, len(message), b"+" if literal_plus else b"")
        if literal_plus:
            self.client.sendall(head + message + b"\r\n")
        else:
            self.client.sendall(head)
            self.wait(b"+ ")
            self.client.sendall(message + b"\r\n")
        self.wait(tag)
        if not self.last.startswith(tag + b"OK"):
            raise RuntimeError(f"APPEND: {self.last!r}")

    def processor_seconds(self):
        """Nanoseconds on a processor are the first number; clock ticks would be too coarse."""
        return int(pathlib.Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e9

    def memory(self):
        """Private and proportional memory in octets."""
        words = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        sizes = {key: int(number) * 1024 for key, number in re.findall(r"^(\w+):\s+(\d+) kB", words, re.M)}
        return sizes["Private_Dirty"] + sizes["Private_Clean"], sizes["Pss"]

    def close(self):
        try:
            self.command(b"LOGOUT")
        except (EOFError, RuntimeError, OSError):
            pass
        self.client.close()
        for _ in range(200):
            if self.process.poll() is not None:
                return
            time.sleep(0.05)
        self.process.kill()
        self.process.wait()
