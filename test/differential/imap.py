# SPDX-License-Identifier: GPL-3.0-or-later
"""An IMAP client on a program's standard input and output, and a reader of its answers."""
import re
import subprocess

ATOM = re.compile(rb'(?:[^\s()"{\[]|\[[^\]]*\]?)+')


class Text(bytes):
    """A string, quoted or literal: by meaning the same; an atom is plain bytes, NIL is None."""


class Closed(Exception):
    pass


def read_value(data, at):
    """One value of data at position at: (value, position behind it)."""
    if data[at:at + 1] == b"(":
        items, at = [], at + 1
        while data[at:at + 1] != b")":
            if data[at:at + 1] == b" ":
                at += 1
                continue
            item, at = read_value(data, at)
            items.append(item)
        return items, at + 1
    if data[at:at + 1] == b'"':
        text, at = bytearray(), at + 1
        while data[at:at + 1] != b'"':
            at += data[at:at + 1] == b"\\"
            text += data[at:at + 1]
            at += 1
        return Text(text), at + 1
    literal = re.compile(rb"~?\{(\d+)\}\r\n").match(data, at)
    if literal:
        size = int(literal[1])
        return Text(data[literal.end():literal.end() + size]), literal.end() + size
    atom = ATOM.match(data, at)
    if not atom:
        raise ValueError(f"no value at {at} in {data[max(0, at - 60):at + 60]!r}")
    return (None if atom[0] == b"NIL" else atom[0]), atom.end()


def read_values(data):
    values, at = [], 0
    while at < len(data):
        if data[at:at + 1] == b" ":
            at += 1
            continue
        value, at = read_value(data, at)
        values.append(value)
    return values


class Answer:
    def __init__(self, status, text, untagged):
        self.status, self.text, self.untagged = status, text, untagged

    def fetched(self):
        """{sequence number: {item: value}}, later responses for a message added to earlier ones."""
        found = {}
        for line in self.untagged:
            match = re.match(rb"(\d+) FETCH ", line)
            if match:
                values = read_values(line[match.end():])[0]
                found.setdefault(int(match[1]), {}).update(zip(values[::2], values[1::2]))
        return found

    def line(self, word):
        """What stands behind the word of the first response with it; None when there is none."""
        for line in self.untagged:
            if line == word or line.startswith(word + b" "):
                return line[len(word) + 1:]
        return None

    def numbers(self, word=b"SEARCH"):
        line = self.line(word)
        return None if line is None else [int(number) for number in line.split()]


class Client:
    def __init__(self, arguments, **options):
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        self.n_commands = 0
        self.greeting = self.read_line()

    def read_line(self):
        """A response with its literals, without the last CRLF."""
        data = b""
        while True:
            line = self.process.stdout.readline()
            if not line.endswith(b"\r\n"):
                raise Closed(data + line)
            literal = re.search(rb"\{(\d+)\}\r\n$", line)
            data += line
            if not literal:
                return data[:-2]
            data += self.process.stdout.read(int(literal[1]))

    def command(self, text):
        """Sends text (octets; literals as they are in it, split where the server asks) and reads the answer."""
        self.n_commands += 1
        tag, untagged = b"c%d" % self.n_commands, []
        pieces = re.split(rb"(?<=\}\r\n)", tag + b" " + text + b"\r\n")
        for number, piece in enumerate(pieces):
            self.process.stdin.write(piece)
            self.process.stdin.flush()
            while True:
                line = self.read_line()
                if line.startswith(b"+ ") and number + 1 < len(pieces):
                    break
                if line.startswith(tag + b" "):
                    status, _, rest = line[len(tag) + 1:].partition(b" ")
                    return Answer(status.decode(), rest, untagged)
                untagged.append(line.removeprefix(b"* "))
        raise Closed(b"no tagged answer")

    def close(self):
        try:
            self.command(b"LOGOUT")
        except (Closed, BrokenPipeError):
            pass
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.stdout.close()
        self.process.wait()
