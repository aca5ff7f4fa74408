# SPDX-License-Identifier: GPL-3.0-or-later
"""COMPRESS=DEFLATE (RFC 4978): the same answers, compressed, whatever the segments are."""
import os
import random
import signal
import zlib

import pytest

WINDOW = -15  # raw DEFLATE, any window


class Pipe:
    """Puts itself between a client's lines and its socket."""

    def __init__(self, client):
        self.client, self.socket, self.n_received = client, client.socket, 0
        self.packing = zlib.compressobj(9, zlib.DEFLATED, WINDOW)
        self.unpacking = zlib.decompressobj(WINDOW)

    def pack(self, data):
        return self.packing.compress(data) + self.packing.flush(zlib.Z_SYNC_FLUSH)

    def sendall(self, data):
        self.socket.sendall(self.pack(data))

    def recv(self, size):
        """Never the end of the connection before it is one: a packed octet may give no plain one yet."""
        plain = b""
        while not plain:
            data = self.socket.recv(size)
            if not data:
                return b""
            self.n_received += len(data)
            plain = self.unpacking.decompress(data)
        return plain

    def __getattr__(self, name):
        return getattr(self.socket, name)


def compressed(account, **environment):
    client = account.client(**environment)
    client.ok("COMPRESS deflate")
    assert not client.input
    client.socket = Pipe(client)
    return client


def test_answers_are_the_same(account):
    plain, packed = account.client(), compressed(account)
    account.deliver("Subject: long\n\n" + "All work and no play.\n" * 20000)
    account.deliver("Subject: noise\n\n" + "\n".join(random.Random(1).randbytes(30).hex() for _ in range(5000)) + "\n")
    account.client().ok("SELECT INBOX")
    for command in ("EXAMINE INBOX", "FETCH 1:2 (FLAGS BODY.PEEK[])", "UID SEARCH ALL", 'LIST "" *', "NOOP"):
        assert plain.ok(command) == packed.ok(command)
    assert packed.socket.n_received < 250_000  # of 440,000 and 310,000, of which each octet of noise has four bits
    packed.ok("LOGOUT")
    assert packed.ends() == 0


def test_literals_and_pipelines_in_any_segments(account):
    client = compressed(account)
    text = b"Subject: a\r\n\r\n" + b"x" * 100_000 + b"\r\n"
    lines = b"a APPEND INBOX {%d+}\r\n%s\r\nb SELECT INBOX\r\nc FETCH 1 RFC822.SIZE\r\nd NOOP\r\n" % (len(text), text)
    packed = client.socket.pack(lines)
    for at in range(0, len(packed), 7):
        client.socket.socket.sendall(packed[at:at + 7])
    answer = "\n".join(client.read_until("^d "))
    assert f"* 1 FETCH (RFC822.SIZE {len(text)})" in answer and "d OK" in answer


def test_commands_that_come_with_the_command(account):
    """They are compressed already; a careful client would have waited."""
    client = account.client()
    pipe = Pipe(client)
    client.send(b"a COMPRESS DEFLATE\r\n" + pipe.pack(b"b NOOP\r\nc CAPABILITY\r\n"))
    assert client.read_line() == "a OK DEFLATE active"
    rest, client.input = client.input, b""
    client.input, client.socket = pipe.unpacking.decompress(rest), pipe
    answer = client.read_until("^c ")
    assert answer[0].startswith("b OK") and "COMPRESS=DEFLATE" in answer[1]


def test_idle_through_it(account):
    client = compressed(account)
    client.ok("SELECT INBOX")
    client.send("i IDLE\r\n")
    client.read_until(r"^\+ ")
    account.deliver()
    assert "* 1 EXISTS" in client.read_until("EXISTS")
    client.send("DONE\r\n")
    assert client.read_until("^i ")[-1].startswith("i OK")


def test_a_stop_gets_its_bye(account):
    client = compressed(account)
    client.process.send_signal(signal.SIGTERM)
    assert client.read_line().startswith("* BYE ")
    assert client.ends() == 0


def test_refusals(account):
    client = account.client()
    assert client.command("COMPRESS LZW")[-1].startswith("BAD")
    assert client.command("COMPRESS")[-1].startswith("BAD")
    assert client.command("COMPRESS DEFLATE x")[-1].startswith("BAD")
    client = compressed(account)
    assert client.command("COMPRESS DEFLATE")[-1].startswith("BAD [COMPRESSIONACTIVE]")
    client.ok("NOOP")


@pytest.mark.parametrize("octets", [b"a1 NOOP\r\n" * 20, b"\x03\x00", os.urandom(64) + b"\xff" * 64])
def test_what_is_no_deflate_ends_the_session(account, octets):
    client = compressed(account)
    client.socket.socket.sendall(octets + b"\x00" * 8)
    assert not client.drain().startswith(b"t2")
    assert client.ends() == 0
    assert "no DEFLATE" in client.log()


def test_a_bomb_is_a_long_line(account):
    """A hundred megabytes in a hundred kilobytes: no memory for them, and an answer."""
    client = compressed(account)
    client.send(b"a " + b"x" * 100_000_000 + b"\r\nb NOOP\r\n")
    assert client.read_line().startswith("a BAD [TOOBIG]")
    assert client.read_line().startswith("b OK")
    peak = next(line for line in open(f"/proc/{client.process.pid}/status") if line.startswith("VmHWM"))
    assert os.environ.get("SANITIZED") or int(peak.split()[1]) < 20_000
