# SPDX-License-Identifier: GPL-3.0-or-later
"""A large message costs no more memory than a small one, whatever is asked of it; one of them has 2 GiB."""
import base64
import os
import re
import resource
import select
import time

import pytest

SANITIZED = bool(os.environ.get("SANITIZED"))
SIZE = (64 << 20) if SANITIZED else (2 << 30)
SPARE_OCTETS = 64 << 20  # of address space, beyond what the session has before it sees the message
WAIT_SECONDS = 100
HEAD = b"Subject: huge\n\n" + b"".join(b"line %06d\n" % i for i in range(20000))
TAIL = b"".join(b"line %06d\n" % i for i in range(20000, 40000))


def on_the_wire(data):
    return data.replace(b"\n", b"\r\n").replace(b"\0", b"\x80")


@pytest.fixture
def client(account):
    """A session with the large message selected; most of the file is a hole."""
    client = account.client()
    client.ok("SELECT INBOX")
    path = account.maildir / "cur" / "1700000001.M1P1.host:2,"
    try:
        with open(path, "wb") as file:
            file.write(HEAD)
            file.truncate(SIZE)
            file.seek(0, os.SEEK_END)
            file.write(TAIL)
    except OSError as error:
        pytest.skip(f"no room for a file of {SIZE} octets: {error}")
    if not SANITIZED:
        with open(f"/proc/{client.process.pid}/statm", encoding="ascii") as statm:
            n_octets = int(statm.read().split()[0]) * resource.getpagesize() + SPARE_OCTETS
        resource.prlimit(client.process.pid, resource.RLIMIT_AS, (n_octets, n_octets))
    client.ok("SELECT INBOX")
    return client


def sink(client, n_octets, n_kept):
    """Takes octets and keeps the first and last of them."""
    first, last = b"", b""
    deadline = time.monotonic() + WAIT_SECONDS
    while n_octets > 0:
        if not client.input:
            assert select.select([client.socket], [], [], max(0, deadline - time.monotonic()))[0], "too slow"
            client.input = client.socket.recv(1 << 20)
            assert client.input, client.log()
        data, client.input = client.input[:n_octets], client.input[n_octets:]
        n_octets -= len(data)
        first = (first + data)[:n_kept] if len(first) < n_kept else first
        last = (last + data)[-n_kept:]
    return first, last


def fetch(client, section, n_kept=200000):
    client.send(f"f FETCH 1 BODY.PEEK{section}\r\n")
    size = int(re.search(r"\{(\d+)\}$", client.read_line())[1])
    first, last = sink(client, size, n_kept)
    assert client.read_until(r"^f ")[-1].startswith("f OK")
    return size, first, last


def test_a_message_of_2_gib_costs_no_memory(client):
    size = SIZE + len(TAIL) + HEAD.count(b"\n") + TAIL.count(b"\n")
    head, tail = on_the_wire(HEAD), on_the_wire(TAIL)
    assert client.ok("FETCH 1 PREVIEW")[0].startswith('* 1 FETCH (PREVIEW "line 000000 line 000001 ')
    client.send("s FETCH 1 RFC822.SIZE\r\n")
    assert select.select([client.socket], [], [], WAIT_SECONDS)[0], "too slow"
    assert client.read_until("^s ") == [f"* 1 FETCH (RFC822.SIZE {size})", "s OK FETCH completed."]
    n_octets, first, last = fetch(client, "[]")
    assert n_octets == size
    assert first == head[:200000] and last == tail[-200000:]
    assert fetch(client, f"[]<{size - 1000}.5000>")[1] == tail[-1000:]
    assert fetch(client, f"[]<{len(head) + 1000}.100>")[1] == b"\x80" * 100
    assert fetch(client, "[HEADER]")[1] == on_the_wire(HEAD[:15])
    assert client.ok("NOOP")


def n_read(client):
    with open(f"/proc/{client.process.pid}/io", encoding="ascii") as counters:
        return int(counters.readline().split()[1])


def fetch_binary(client, partial=""):
    client.send(f"b FETCH 1 BINARY.PEEK[2]{partial}\r\n")
    size = int(re.search(r" ~\{(\d+)\}$", client.read_line())[1])
    octets, _ = sink(client, size, size)
    assert client.read_until(r"^b ")[-1].startswith("b OK")
    return octets


def test_an_attachment_is_decoded_piece_by_piece(account):
    """And in partials it is measured once, and decoded once."""
    octets = bytes(range(256)) * (12 << 12)
    client = account.client()
    client.ok("SELECT INBOX")
    mail = (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(octets) + b"--b--\n")
    (account.maildir / "cur" / "1700000001.M1P1.host:2,").write_bytes(mail)
    if not SANITIZED:
        with open(f"/proc/{client.process.pid}/statm", encoding="ascii") as statm:
            n_octets = int(statm.read().split()[0]) * resource.getpagesize() + (8 << 20)
        resource.prlimit(client.process.pid, resource.RLIMIT_AS, (n_octets, n_octets))
    client.ok("SELECT INBOX")
    assert client.ok("FETCH 1 BINARY.SIZE[2]")[0] == f"* 1 FETCH (BINARY.SIZE[2] {len(octets)})"
    assert fetch_binary(client) == octets
    try:
        before = n_read(client)
    except OSError as error:
        pytest.skip(f"nobody counts what is read: {error}")
    step = len(octets) // 50 + 1
    assert b"".join(fetch_binary(client, f"<{first}.{step}>") for first in range(0, len(octets), step)) == octets
    assert n_read(client) - before < 3 * len(mail)  # once to find the part, where no cache tells; once to decode
