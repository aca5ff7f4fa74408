# SPDX-License-Identifier: GPL-3.0-or-later
"""A Maildir, and clients that talk to an imapd each ($IMAPD names the program)."""
import os
import pathlib
import re
import select
import socket
import subprocess
import time

import pytest

WAIT_SECONDS = 20


class Client:
    """One imapd and the socket to it; lines are text without CRLF."""

    def __init__(self, home, environment, receive_buffer=None):
        self.socket, theirs = socket.socketpair()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, receive_buffer)
        self.input, self.n_commands = b"", 0
        self.log_path = home / f"log-{id(self)}"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([os.environ["IMAPD"], "./Maildir"], cwd=home, env=environment,
                                            stdin=theirs, stdout=theirs, stderr=log)
        theirs.close()
        self.greeting = self.read_line()

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())

    def read_line(self):
        deadline = time.monotonic() + WAIT_SECONDS
        while b"\r\n" not in self.input:
            left = max(0, deadline - time.monotonic())
            assert select.select([self.socket], [], [], left)[0], f"nothing came for {WAIT_SECONDS} s"
            data = self.socket.recv(65536)
            assert data, f"the server closed the connection: {self.log()}"
            self.input += data
        line, self.input = self.input.split(b"\r\n", 1)
        return line.decode("utf-8", "backslashreplace")

    def read_until(self, pattern):
        """All lines up to the first that matches."""
        lines = [self.read_line()]
        while not re.search(pattern, lines[-1]):
            lines.append(self.read_line())
        return lines

    def command(self, text):
        """The lines of the answer; the last one is tagged, without its tag."""
        self.n_commands += 1
        tag = f"t{self.n_commands}"
        self.send(f"{tag} {text}\r\n")
        lines = self.read_until(rf"^{tag} ")
        lines[-1] = lines[-1][len(tag) + 1:]
        return lines

    def ok(self, text):
        lines = self.command(text)
        assert lines[-1].startswith("OK"), lines
        return lines

    def append(self, mailbox, text, flags=""):
        data = text.replace("\n", "\r\n")
        return self.ok(f"APPEND {mailbox} ({flags}) {{{len(data)}+}}\r\n{data}")

    def log(self):
        return self.log_path.read_text()

    def drain(self):
        """What still comes until the server closes."""
        self.socket.settimeout(WAIT_SECONDS)
        try:
            while data := self.socket.recv(65536):
                self.input += data
        except ConnectionResetError:
            pass
        data, self.input = self.input, b""
        return data

    def ends(self):
        """The exit status, once it has ended."""
        return self.process.wait(WAIT_SECONDS)


class Account:
    def __init__(self, home):
        self.home, self.maildir, self.clients, self.n_delivered = home, home / "Maildir", [], 0
        keep = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
        self.environment = {name: os.environ[name] for name in keep if name in os.environ}
        self.environment |= {"HOME": str(home), "AUTHENTICATED": "ann", "HOSTNAME": "host"}

    def client(self, receive_buffer=None, **environment):
        self.clients.append(Client(self.home, self.environment | environment, receive_buffer))
        return self.clients[-1]

    def answers(self, ask, **environment):
        """What ask(client) gives in a session of its own, in the INBOX."""
        client = self.client(**environment)
        client.ok("SELECT INBOX")
        lines = ask(client)
        client.ok("LOGOUT")
        return lines

    def answers_uncached(self, ask):
        """The same without a message cache, and without \\Recent, which the first session only sees."""
        self.answers(ask, IMAP_CACHESIZE="0")
        return self.answers(ask, IMAP_CACHESIZE="0")

    def deliver(self, text="Subject: new\n\nHello.\n", folder=""):
        """As a delivery agent does."""
        self.n_delivered += 1
        name = f"{1700000000 + self.n_delivered}.M{self.n_delivered}P9.host"
        directory = self.maildir / folder
        (directory / "tmp" / name).write_text(text)
        (directory / "tmp" / name).rename(directory / "new" / name)

    def files(self, pattern):
        return sorted(str(path.relative_to(self.maildir)) for path in self.maildir.glob(pattern))

    def close(self):
        for client in self.clients:
            client.process.kill()
            client.process.wait()
            client.socket.close()


@pytest.fixture
def account(tmp_path: pathlib.Path):
    account = Account(tmp_path)
    yield account
    account.close()
