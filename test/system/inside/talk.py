# SPDX-License-Identifier: GPL-3.0-or-later
"""A bare IMAP client for tests that want to see every line, and questions to systemd."""
import json
import socket
import ssl
import subprocess
import time

SECONDS = 20


class Talk:
    def __init__(self, port=143, source=None, host="127.0.0.1", tls=None, greeted=True):
        self.socket = socket.create_connection((host, port), SECONDS, source_address=(source, 0) if source else None)
        self.buffer, self.n = b"", 0
        if port == 993 if tls is None else tls:
            self.encrypt()
        self.greeting = self.line() if greeted else None

    def encrypt(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket)

    def line(self):
        """The next line without its CRLF, or None at the end of the connection."""
        while b"\n" not in self.buffer:
            try:
                data = self.socket.recv(65536)
            except (ConnectionError, ssl.SSLError):
                data = b""
            if not data:
                return None
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode(errors="replace")

    def send(self, text):
        self.socket.sendall(text.encode() + b"\r\n")

    def command(self, text):
        """Sends a command with a tag of its own: the tagged answer's rest, and all lines before it."""
        self.n += 1
        tag = f"t{self.n}"
        self.send(f"{tag} {text}")
        lines = []
        while True:
            line = self.line()
            if line is None:
                return None, lines
            if line.startswith(tag + " "):
                return line[len(tag) + 1:], lines
            lines.append(line)

    def starttls(self):
        answer, _ = self.command("STARTTLS")
        assert answer and answer.startswith("OK"), answer
        self.encrypt()

    def login(self, user, password):
        return self.command(f'LOGIN "{user}" "{password}"')[0]

    def rest(self):
        """All lines until the connection ends."""
        lines = []
        while (line := self.line()) is not None:
            lines.append(line)
        return lines

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def session(door="starttls", user="ann", password="correct horse", source=None):
    """A connection that is logged in."""
    talk = Talk(993 if door == "imaps" else 143, source)
    if door == "starttls":
        talk.starttls()
    answer = talk.login(user, password)
    assert answer and answer.startswith("OK"), answer
    return talk


# What systemctl says when systemd has not come to greet it in 90 seconds, because it starts or ends thousands of units.
TOO_BUSY = "Transport endpoint is not connected"


def run(*words, check=True):
    for _ in range(3):
        ran = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        if words[0] != "systemctl" or TOO_BUSY not in ran.stderr:
            break
    assert not check or ran.returncode == 0, f"{words}: {ran.stdout}{ran.stderr}"
    return ran.stdout


def units(pattern, *states):
    """Names of the loaded units that match, optionally in one of the states."""
    listed = run("systemctl", "list-units", "--all", "--no-legend", "--plain", "--full",
                 *(f"--state={state}" for state in states), pattern)
    return [line.split()[0] for line in listed.splitlines()]


def show(unit, name):
    return run("systemctl", "show", "--property", name, "--value", unit).strip()


def journal(*matches):
    text = run("journalctl", "-b", "-o", "json", "--all", *matches, check=False)
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def wait_for(question, seconds=SECONDS):
    """Asks until the answer is true; gives the last answer."""
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def instance_of(talk):
    """The unit that serves this connection: its name ends with both ends of the connection."""
    port = talk.socket.getsockname()[1]
    end = f":{port}.service"
    found = wait_for(lambda: [unit for unit in units("imapd*@*.service", "active") if unit.endswith(end)])
    assert len(found) == 1, found
    return found[0]
