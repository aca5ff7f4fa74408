# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the steps of a scenario against real imapds ($IMAPD), each with the shim ($CRASH_SHIM) in it."""
import os
import pathlib
import re
import select
import shutil
import socket
import struct
import subprocess
import time

import scenarios
import trace

WAIT_SECONDS = 30
KILLED = 99  # the shim's exit status


class Died(Exception):
    """The server is gone in the middle of a step."""


class Client:
    def __init__(self, home, environment, log):
        self.socket, theirs = socket.socketpair()
        self.input = b""
        self.process = subprocess.Popen([os.environ["IMAPD"], "./Maildir"], cwd=home, env=environment, stdin=theirs,
                                        stdout=theirs, stderr=log)
        theirs.close()

    def send(self, octets):
        try:
            self.socket.sendall(octets)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Died from error

    def read_answer(self, tag):
        """All octets up to and with the tagged line."""
        deadline, at = time.monotonic() + WAIT_SECONDS, 0
        end = re.compile(rb"(?:^|\n)" + tag + rb" [^\n]*\n")
        while not (found := end.search(self.input, max(0, at - 100))):
            at = len(self.input)
            if not select.select([self.socket], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f"no answer to {tag} for {WAIT_SECONDS} s, only {self.input[-2000:]}")
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError as error:
                raise Died from error
            if not data:
                raise Died
            self.input += data
        answer, self.input = self.input[:found.end()], self.input[found.end():]
        return answer

    def close(self):
        self.socket.close()
        return self.process.wait(WAIT_SECONDS)


class Play:
    """One run of a scenario in a home of its own."""

    def __init__(self, work: pathlib.Path, end_at=0, half=False):
        self.home, self.work = work / "home", work
        self.trace, control = work / "trace", work / "control"
        control.write_bytes(struct.pack("=QQQ", 0, end_at, half))
        self.clients, self.acknowledged, self.log = {}, 0, open(work / "log", "wb")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "AUTHENTICATED": "ann", "HOSTNAME": "host",
            "LD_PRELOAD": os.environ["CRASH_SHIM"], "CRASH_TRACE": str(self.trace), "CRASH_CONTROL": str(control)}

    def client(self, name):
        if name not in self.clients:
            self.clients[name] = Client(self.home, self.environment, self.log)
        return self.clients[name]

    def meanwhile(self, verb, *arguments):
        """What another program does; it is in the trace as well."""
        if verb == "deliver":
            folder, number = arguments
            path = str(pathlib.Path("Maildir", folder, "new", scenarios.file_name(number)))
            (self.home / path).write_text(scenarios.text(number))
            trace.append(self.trace, "foreign-write", path, data=scenarios.text(number).encode())
            return
        old = next((self.home / "Maildir/cur").glob(scenarios.file_name(arguments[0]) + ":*"))
        name = str(old.relative_to(self.home))
        if verb == "delete":
            old.unlink()
            trace.append(self.trace, "foreign-unlink", name)
        else:
            new = f"Maildir/cur/{scenarios.file_name(arguments[0])}:2,{arguments[1]}"
            old.rename(self.home / new)
            trace.append(self.trace, "foreign-rename", name, new)

    def step(self, number, step):
        for action in step.before:
            self.meanwhile(*action)
        client, tag = self.client(step.session), b"s%d" % number
        line = tag + b" " + step.command.encode()
        literals = b" ".join(b"{%d+}\r\n" % len(literal) + literal for literal in step.literals)
        client.send(line.replace(b"%", literals) + b"\r\n")
        answer = client.read_answer(tag)
        if b"\n" + tag + b" OK" not in b"\n" + answer:
            raise AssertionError(f"{step.command!r} was answered {answer!r}")
        self.acknowledged = number + 1
        if step.command == "LOGOUT" and client.close() != 0:
            raise Died

    def play(self, steps, after_step=lambda: None):
        """Return: True when it went to the end, False when a server died."""
        try:
            for number, step in enumerate(steps):
                self.step(number, step)
                after_step()
            return True
        except Died:
            return False

    def survivors(self):
        """What those clients see whose servers did not die: [{UID: flags}]; then they go."""
        views = []
        for client in self.clients.values():
            if client.socket.fileno() < 0 or client.process.poll() is not None:
                continue
            try:
                client.send(b"x1 NOOP\r\nx2 UID FETCH 1:* (FLAGS)\r\n")
                client.read_answer(b"x1")
                views.append(parse_flags(client.read_answer(b"x2")))
                client.send(b"x3 LOGOUT\r\n")
                client.read_answer(b"x3")
            except Died:
                continue
        return views

    def close(self):
        statuses = [client.close() for client in self.clients.values()]
        self.log.close()
        return statuses

    def remove(self):
        shutil.rmtree(self.work)


FETCHED = re.compile(rb"FETCH \((?=[^\r\n]*FLAGS \(([^)]*)\))(?=[^\r\n]*UID (\d+))([^\r\n]*)")


def parse_flags(answer):
    """{UID: (letters, keywords)} of FETCH responses, as inspect prints them; and size and subject, where told."""
    letters = {"\\Answered": "R", "\\Deleted": "T", "\\Draft": "D", "\\Flagged": "F", "\\Seen": "S"}
    found = {}
    for flags, uid, rest in FETCHED.findall(answer):
        words = [word for word in flags.decode().split() if word != "\\Recent"]
        system = {letters[word] for word in words if word in letters}
        found[int(uid)] = ("".join(letter for letter in "RTDFS" if letter in system),
                           frozenset(word for word in words if word not in letters))
        if told := re.search(rb"RFC822.SIZE (\d+)", rest):
            found[int(uid)] += int(told[1]), re.search(rb'ENVELOPE \(NIL "([^"]*)"', rest)[1].decode()
    return found


def open_with_imapd(home, names):
    """What a client finds that comes after the crash: {mailbox: (UIDVALIDITY, {UID: parse_flags()})}."""
    commands = [f"m{i} SELECT {name}\r\nf{i} UID FETCH 1:* (FLAGS RFC822.SIZE ENVELOPE)\r\n"
                for i, name in enumerate(names)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AUTHENTICATED": "ann", "HOSTNAME": "host"}
    ran = subprocess.run([os.environ["IMAPD"], "./Maildir"], cwd=home, env=environment, timeout=WAIT_SECONDS,
                         input="".join([*commands, "q LOGOUT\r\n"]).encode(), capture_output=True, check=False)
    found, rest = {}, ran.stdout
    for i, name in enumerate(names):
        answer, _, rest = rest.partition(b"\nf%d OK" % i)
        if validity := re.search(rb"UIDVALIDITY (\d+)", answer):
            found[name] = int(validity[1]), parse_flags(answer)
    if ran.returncode != 0 or b"\nq OK" not in rest:
        found["the session itself"] = ran.returncode, ran.stderr
    return found
