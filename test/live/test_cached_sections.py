# SPDX-License-Identifier: GPL-3.0-or-later
"""BODY[section] of a message whose structure is cached: the same octets, and nothing else is read."""
import gzip
import os

import pytest

LARGE_OCTETS = 8 << 20
SPARE_OCTETS = 16 << 10  # of one command: what is read beside messages
NESTED = ("Subject: outer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\npreamble\n"
          "--a\nContent-Type: text/plain\nContent-ID: <1@x>\n\nfirst\n\nwith \0 lines\n\n"
          "--a\nContent-Type: message/rfc822\nContent-Description: a letter\n\n"
          "Subject: inner\nFrom: ann@example.com\nContent-Type: multipart/alternative; boundary=b\n\n"
          "--b\n\nplain\n--b\nContent-Type: text/html\n\n<p>\nhtml\n--b--\n"
          "--a\nContent-Type: multipart/mixed; boundary=none\n\nno parts here\n"
          "--a\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
          "AAAA\nBBBB\n--a--\nepilogue\n")
MAILS = [
    NESTED,
    NESTED.replace("\n", "\r\n"),
    NESTED.replace("\nfirst", "\r\nfirst").replace("\nhtml", "\r\r\nhtml"),
    "Subject: one part\nContent-Type: text/plain\n\nline\n\nline\n",
    "Subject: no blank line\n",
    "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoKeAo=\n",
    "",
]
PATHS = ["1", "2", "2.1", "2.1.1", "2.2", "3", "3.1", "4", "5", "1.1"]
SECTIONS = ["", "HEADER", "TEXT", "HEADER.FIELDS (Subject)"] + PATHS + [
    f"{path}.{name}" for path in PATHS
    for name in ("MIME", "HEADER", "TEXT", "HEADER.FIELDS (Subject)", "HEADER.FIELDS.NOT (Subject)")]
PARTIALS = [f"BODY.PEEK[{section}]<{first}.{size}>" for section in ("", "1", "2", "2.HEADER", "2.TEXT", "4")
            for size in (1, 7) for first in range(0, 40)]
ITEMS = ["(" + " ".join(f"BODY.PEEK[{section}]" for section in SECTIONS) + ")", "(" + " ".join(PARTIALS) + ")",
         "(RFC822.TEXT RFC822.HEADER)", "(ENVELOPE BODY.PEEK[1])", "(BODY.PEEK[2.MIME] BODYSTRUCTURE)"]


def packed_without_gain(data):
    """A gzip file as large as what is in it; the gzip header has room for that."""
    packed = gzip.compress(data)
    size = len(data) - len(packed) - 2
    return packed[:3] + b"\x04" + packed[4:10] + size.to_bytes(2, "little") + bytes(size) + packed[10:]


def fill(account):
    for name in ("cur", "new", "tmp"):
        (account.maildir / name).mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(MAILS):
        data = mail.encode()
        (account.maildir / f"cur/17000000{number:02}.M1P1.host:2,S").write_bytes(data)
        (account.maildir / f"cur/17000001{number:02}.M1P1.host:2,S").write_bytes(gzip.compress(data))
    (account.maildir / "cur/1700000200.M1P1.host:2,S").write_bytes(packed_without_gain(NESTED.encode()))


def ask(client, items=ITEMS):
    return [client.ok(f"UID FETCH 1:* {item}") for item in items]


def answers(account, items=None, **environment):
    return account.answers(lambda client: ask(client, items or ITEMS), **environment)


@pytest.fixture
def filled(account):
    fill(account)
    account.wanted = account.answers_uncached(ask)
    return account


def test_cold_warm_and_without_are_the_same(filled):
    assert any("<p>" in line for line in filled.wanted[0])
    for _ in range(3):
        assert answers(filled) == filled.wanted
    client = filled.client()
    client.ok("SELECT INBOX")
    for item in reversed(ITEMS):
        for _ in range(2):
            assert client.ok(f"UID FETCH 1:* {item}") == filled.wanted[ITEMS.index(item)]


def test_what_a_bodystructure_leaves_is_enough(filled):
    answers(filled, ["(BODYSTRUCTURE)"])
    for item, wanted in zip(ITEMS, filled.wanted):
        assert answers(filled, [item]) == [wanted]


def fetch(client, section):
    """The lines of an answer, and how many octets the session has read for it."""
    before = n_read(client)
    lines = client.ok(f"UID FETCH 1 (BODY.PEEK{section})")
    return lines, n_read(client) - before


def n_read(client):
    try:
        with open(f"/proc/{client.process.pid}/io", encoding="ascii") as counters:
            return int(counters.readline().split()[1])
    except OSError as error:
        pytest.skip(f"nobody counts what is read: {error}")


@pytest.fixture
def large(account):
    """A session with a message of three parts, the second is large."""
    line = "x" * 76 + "\n"
    second = "".join(f"{number:08}{line}" for number in range(LARGE_OCTETS // 85))
    account.parts = ("first\n" * 100, second, "third\n" * 100)
    parts = "".join(f"--b\n\n{part}\n" for part in account.parts)
    mail = f"Content-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n"
    client = account.client()
    client.ok("SELECT INBOX")
    account.path = account.maildir / "cur/1700000000.M1P1.host:2,S"
    account.path.write_bytes(mail.encode())
    return account


def test_only_the_section_is_read(large):
    client = large.client()
    client.ok("SELECT INBOX")
    for section in ("[1]", "[3]", "[3.MIME]", "[3]<10.20>"):
        if section == "[1]":
            assert fetch(client, section)[1] > LARGE_OCTETS
        other = large.client()
        other.ok("SELECT INBOX")
        lines, n_octets = fetch(other, section)
        assert lines == fetch(client, section)[0]
        assert n_octets < SPARE_OCTETS
    assert fetch(client, "[2]")[1] < len(large.parts[1]) + SPARE_OCTETS


def test_a_bodystructure_leaves_the_places_of_a_large_message(large):
    client = large.client()
    client.ok("SELECT INBOX")
    client.ok("UID FETCH 1 (BODYSTRUCTURE)")
    assert fetch(client, "[3]")[1] < SPARE_OCTETS


def test_what_is_around_the_section_does_not_matter(large):
    client = large.client()
    client.ok("SELECT INBOX")
    wanted = client.ok("UID FETCH 1 (BODY.PEEK[3] BODY.PEEK[3.MIME] BODY.PEEK[1]<3.9>)")
    data = large.path.read_bytes()
    first, third = data.index(b"first\n"), data.rindex(b"--b\n") + 4
    changed = bytearray(b"\n" * len(data))
    changed[first:first + 600] = data[first:first + 600]
    changed[third:third + 601] = data[third:third + 601]
    with open(large.path, "r+b") as file:
        file.write(changed)
    assert client.ok("UID FETCH 1 (BODY.PEEK[3] BODY.PEEK[3.MIME] BODY.PEEK[1]<3.9>)") == wanted
    assert os.stat(large.path).st_size == len(data)


def test_a_copy_shares_the_places(large):
    client = large.client()
    client.ok("SELECT INBOX")
    wanted = client.ok("UID FETCH 1 (BODY.PEEK[3])")
    client.ok("CREATE INBOX.Copy")
    client.ok("UID COPY 1 INBOX.Copy")
    client.ok("SELECT INBOX.Copy")
    lines, n_octets = fetch(client, "[3]")
    assert lines[:-1] == wanted[:-1] and n_octets < SPARE_OCTETS
