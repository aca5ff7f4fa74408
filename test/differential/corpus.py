#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpus of the differential suite: the same messages, names, flags and dates at every run.

corpus.py DIR writes it as a Maildir with UIDs for this server and for Dovecot.
"""
import base64
import itertools
import os
import pathlib
import quopri
import random
import sys

import cases
import structures

N_RANDOM = 150
UIDVALIDITY = 1700000000
FIRST_DATE = 1700000000
WORDS = ("needle Needle hay stack Grüße straße STRASSE invoice Rechnung Привет 你好 meeting a an the x1 dots... "
         "semi;colon back\\slash \"quoted\" (paren) <angle> tab\tbed").split(" ")
CHARSETS = {"utf-8": "utf-8", "iso-8859-1": "latin-1", "windows-1252": "cp1252", "us-ascii": "ascii",
    "koi8-r": "koi8-r"}


class Message:
    def __init__(self, number, name, octets, flags, date):
        self.uid, self.name, self.octets, self.flags, self.date = number, name, octets, flags, date
        self.file_name = f"{date}.M{number:06d}.example"


class Writer:
    """Builds random messages from one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def words(self, low, high):
        return " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(low, high)))

    def address(self):
        name = self.random.choice(["", "Ann", '"Bee, C."', "=?utf-8?Q?J=C3=BCrgen?=", "D E"])
        return f"{name} <u{self.random.randint(0, 20)}@example.{self.random.choice(['com', 'org'])}>".strip()

    def addresses(self):
        return ", ".join(self.address() for _ in range(self.random.randint(1, 4)))

    def word_encoded(self, text):
        text = text.replace("\t", " ")
        if text.isascii() or self.random.random() < 0.2:
            return text
        return "=?utf-8?B?" + base64.b64encode(text.encode()).decode() + "?="

    def header(self):
        lines = [f"From: {self.address()}", f"To: {self.addresses()}",
            f"Subject: {self.word_encoded(self.words(1, 6))}",
                 f"Date: {self.random.randint(1, 28)} {self.random.choice(['Jan', 'Feb', 'Nov', 'Dec'])} "
                 f"{self.random.randint(2021, 2025)} {self.random.randint(0, 23):02}:30:00 "
                 f"{self.random.choice(['+0000', '-0500', '+1130'])}",
                 f"Message-ID: <{self.random.randint(0, 10**9)}@example.com>"]
        optional = [f"Cc: {self.addresses()}", f"Bcc: {self.addresses()}", f"Reply-To: {self.address()}",
            f"X-Tag: {self.words(1, 3)}",
                    f"In-Reply-To: <{self.random.randint(0, 99)}@example.com>", f"Sender: {self.address()}", "X-Empty:"]
        lines += self.random.sample(optional, self.random.randint(0, 4))
        self.random.shuffle(lines)
        return "\n".join(lines) + "\n"

    def text_part(self):
        charset = self.random.choice(list(CHARSETS))
        text = "\n".join(self.words(0, 8) for _ in range(self.random.randint(0, 12)))
        octets = text.encode(CHARSETS[charset], "replace") + self.random.choice([b"", b"\n"])
        encoding = self.random.choice(["8bit", "base64", "quoted-printable", ""])
        if encoding == "base64":
            octets = base64.encodebytes(octets)
        elif encoding == "quoted-printable":
            octets = quopri.encodestring(octets)
        header = f"Content-Type: text/{self.random.choice(['plain', 'html', 'x'])}; charset={charset}\n"
        if encoding:
            header += f"Content-Transfer-Encoding: {encoding}\n"
        if self.random.random() < 0.3:
            header += f'Content-Disposition: attachment; filename="{self.random.randint(0, 9)} file.txt"\n'
        return header.encode(), octets

    def part(self, depth):
        kind = self.random.random()
        if depth < 4 and kind < 0.35:
            boundary = f"=_{self.random.randint(0, 10**6)}_{depth}"
            children = [self.part(depth + 1) for _ in range(self.random.randint(1, 4))]
            subtype = self.random.choice(["mixed", "alternative", "related", "digest"])
            octets = b"".join(b"--%s\n%s\n%s\n" % (boundary.encode(), *child) for child in children)
            return (f'Content-Type: multipart/{subtype};\n\tboundary="{boundary}"\n'.encode(),
                    octets + b"--%s--\n" % boundary.encode())
        if depth < 4 and kind < 0.45:
            inner = self.part(depth + 1)
            return b"Content-Type: message/rfc822\n", self.header().encode() + inner[0] + b"\n" + inner[1]
        return self.text_part()

    def whole(self):
        header, body = self.part(0)
        octets = self.header().encode() + b"MIME-Version: 1.0\n" + header + b"\n" + body
        ends = self.random.random()
        if ends < 0.15:
            octets = octets.replace(b"\n", b"\r\n")
        elif ends < 0.25:
            octets = b"".join(self.random.choice([b"\n", b"\r\n"]) if c == 10 else bytes([c]) for c in octets)
        return octets

    def damaged(self, octets):
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randrange(len(octets) + 1)
            octets = self.random.choice([
                lambda: octets[:at], lambda: octets[at:], lambda: octets[:at] +
                    octets[at + self.random.randint(1, 40):],
                lambda: octets[:at] + b"\n" + octets[at:], lambda: octets[:at] + b"\n\n" + octets[at:],
                lambda: octets[:at] + bytes([self.random.choice(b"\0\r\t \"(<>:;@=\\\xff")]) + octets[at:]])()
        return octets


def contents():
    yield from itertools.chain(cases.plain_cases(), cases.address_cases(), cases.date_cases(), cases.type_cases(),
                               cases.word_cases(), structures.whole_cases(), structures.broken_cases())
    for number in range(N_RANDOM):
        writer = Writer(number)
        octets = writer.whole()
        yield (f"random {number}", octets) if number % 3 else (f"damaged {number}", writer.damaged(octets))


def messages():
    made = []
    for number, (name, octets) in enumerate(contents(), 1):
        chosen = random.Random(f"flags {number}")
        flags = "".join(flag for flag in "DFRST" if chosen.random() < 0.3)
        made.append(Message(number, name, octets, flags, FIRST_DATE + number * 3607 + chosen.randint(0, 86400 * 200)))
    return made


def write(directory, made):
    """Writes made into the Maildir directory, numbered 1, 2, … for both servers."""
    directory = pathlib.Path(directory)
    for name in ("cur", "new", "tmp"):
        (directory / name).mkdir(parents=True)
    for message in made:
        path = directory / "cur" / f"{message.file_name}:2,{message.flags}"
        path.write_bytes(message.octets)
        os.utime(path, (message.date, message.date))
    ours = "".join(f"{message.uid} {message.file_name}\n" for message in made)
    (directory / "courierimapuiddb").write_text(f"1 {UIDVALIDITY} {len(made) + 1}\n{ours}")
    theirs = "".join(f"{message.uid} :{message.file_name}\n" for message in made)
    (directory / "dovecot-uidlist").write_text(f"3 V{UIDVALIDITY} N{len(made) + 1} G{'01' * 16}\n{theirs}")


if __name__ == "__main__":
    corpus = messages()
    write(sys.argv[1], corpus)
    print(f"{len(corpus)} messages, {sum(len(message.octets) for message in corpus)} octets")
