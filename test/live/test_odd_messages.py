# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that nobody wrote by hand: all of them are answered, soon, exactly, in little memory."""
import os
import re
import select
import time

import pytest

SANITIZED = bool(os.environ.get("SANITIZED"))
PEAK_KIB = 64 * 1024
SOON_SECONDS = 30 if SANITIZED else 5

PARTS = b"".join(b"--b\n\nx%d\n" % i for i in range(100000))
MESSAGES = {
    "no_header": b"\nOnly a body.\n",
    "no_blank_line": b"this line has no colon and no end",
    "empty": b"",
    "header_of_10_mb": b"Subject: huge\nX-Fill: " + b"".join(b"%060d\n " % i for i in range(170000)) +
                       b"\nFrom: ann <ann@example.com>\n\nText.\n",
    "one_line_of_10_mb": b"Subject: " + b"x" * (10 << 20) + b"\n\nText.\n",
    "parts_100000": b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" + PARTS + b"--b--\n",
    "deep_10000": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(10000)),
    "nul_and_bare_cr": b"Subject: a\0b\rc\nX-\0: \r\n\nNUL \0, bare CR \r, CRLF \r\n\0\r\r\n\r",
}


def on_the_wire(data):
    """Line ends become CRLF, and a literal has no NUL (RFC 9051, section 9)."""
    return re.sub(rb"\r?\n", b"\r\n", data).replace(b"\0", b"\x80")


def take(client, size):
    deadline = time.monotonic() + SOON_SECONDS
    while len(client.input) < size:
        assert select.select([client.socket], [], [], max(0, deadline - time.monotonic()))[0], "too slow"
        data = client.socket.recv(1 << 20)
        assert data, client.log()
        client.input += data
    data, client.input = client.input[:size], client.input[size:]
    return data


def literal(client, section):
    """What FETCH 1 of one section gives, None for NIL and \"\"."""
    client.send(f"f FETCH 1 BODY.PEEK{section}\r\n")
    head = client.read_line()
    size = re.search(r"\{(\d+)\}$", head)
    data = take(client, int(size[1])) if size else None
    lines = client.read_until(r"^f ")
    assert lines[-1].startswith("f OK"), (head, lines)
    return data


def peak_kib(client):
    with open(f"/proc/{client.process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1])


def selected_with(account, data):
    client = account.client()
    client.ok("SELECT INBOX")
    account.n_delivered += 1
    path = account.maildir / "cur" / f"17000000{account.n_delivered}.M1P1.host:2,"
    path.write_bytes(data)
    client.ok("SELECT INBOX")
    return client


@pytest.mark.parametrize("name", MESSAGES)
def test_an_odd_message_is_answered_soon_and_exactly(account, name):
    wire = on_the_wire(MESSAGES[name])
    client = selected_with(account, MESSAGES[name])
    for items in ("ENVELOPE", "BODYSTRUCTURE", "BODY", "(FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)", "FULL"):
        start = time.monotonic()
        lines = client.ok(f"FETCH 1 {items}")
        assert lines[0].startswith("* 1 FETCH (")
        assert time.monotonic() - start < SOON_SECONDS, items
    assert f"* 1 FETCH (RFC822.SIZE {len(wire)})" in client.ok("FETCH 1 RFC822.SIZE")
    assert (literal(client, "[]") or b"") == wire
    assert (literal(client, "[]<100.5000>") or b"") == wire[100:5100]
    header, text = literal(client, "[HEADER]") or b"", literal(client, "[TEXT]") or b""
    assert wire.startswith(header) and wire.endswith(text)
    for section in ("[1]", "[1.MIME]", "[2]", "[999]", "[1000]", "[1001.1]", "[100000]",
                    "[HEADER.FIELDS (SUBJECT FROM)]", "[HEADER.FIELDS.NOT (X-FILL)]"):
        literal(client, section)
    for key in ("TEXT nowhere-to-be-found", "BODY nowhere-to-be-found", "SUBJECT nowhere-to-be-found",
                "HEADER X-Fill nowhere-to-be-found", "SENTBEFORE 1-Jan-1980"):
        start = time.monotonic()
        assert client.ok(f"SEARCH {key}")[0] == "* SEARCH", key
        assert time.monotonic() - start < SOON_SECONDS, key
    assert "[COPYUID" in client.ok("COPY 1 INBOX")[-1]
    if not SANITIZED:
        assert peak_kib(client) < PEAK_KIB


def test_a_slow_reader_of_a_thousand_messages_costs_no_memory(account):
    client = account.client(receive_buffer=4096)
    client.ok("SELECT INBOX")
    for i in range(1000):
        path = account.maildir / "cur" / f"{1700000000 + i}.M{i}P1.host:2,"
        path.write_bytes(b"Subject: %d\n\n" % i + b"Fifty octets of text, all of them the same, abcd.\n" * 600)
    client.ok("SELECT INBOX")
    client.send("f FETCH 1:* (BODY.PEEK[] BODYSTRUCTURE)\r\n")
    time.sleep(0.5)
    if not SANITIZED:
        assert peak_kib(client) < PEAK_KIB // 4
    n_octets = 0
    tail = b""
    while b"f OK" not in tail:
        data = client.socket.recv(65536)
        n_octets += len(data)
        tail = tail[-20:] + data
    assert n_octets > 1000 * 600 * 51
    if not SANITIZED:
        assert peak_kib(client) < PEAK_KIB // 4
