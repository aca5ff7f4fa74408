# SPDX-License-Identifier: GPL-3.0-or-later
"""Message files that Dovecot's zlib plugin, or a script of the administrator's, has compressed."""
import ctypes
import gzip
import re

import pytest

MAIL = (b"From: Ann <ann@example.com>\nSubject: packed\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nA needle in the hay.\n--b\n"
        b"Content-Type: text/plain; name=long\n\n" +
        b"".join(b"%08d some words of a long attachment %x\n" % (i, i * 2654435761 % (1 << 32)) for i in range(12000)) +
        b"--b--\n")
WIRE = MAIL.replace(b"\n", b"\r\n")


def zstd(data):
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_compress.restype = ctypes.c_size_t
    room = ctypes.create_string_buffer(len(data) + 1024)
    size = library.ZSTD_compress(room, ctypes.c_size_t(len(room)), data, ctypes.c_size_t(len(data)), 3)
    return room.raw[:size]


KINDS = {"gzip": gzip.compress, "zstd": zstd}


def selected_with(account, data):
    client = account.client()
    client.ok("SELECT INBOX")
    # S= is the size without compression, Z the letter of the zlib plugin's recipe.
    (account.maildir / "cur" / f"1700000001.M1P1.host,S={len(MAIL)},W={len(WIRE)}:2,SZ").write_bytes(data)
    client.ok("SELECT INBOX")
    return client


def literal(client, section):
    client.send(f"f FETCH 1 BODY.PEEK{section}\r\n")
    size = int(re.search(r"\{(\d+)\}$", client.read_line())[1])
    while len(client.input) < size:
        client.input += client.socket.recv(1 << 20)
    data, client.input = client.input[:size], client.input[size:]
    assert client.read_until(r"^f ")[-1].startswith("f OK")
    return data


@pytest.mark.parametrize("kind", KINDS)
def test_a_compressed_message_is_answered_as_if_it_were_not(account, kind):
    client = selected_with(account, KINDS[kind](MAIL))
    assert f"* 1 FETCH (RFC822.SIZE {len(WIRE)})" in client.ok("FETCH 1 RFC822.SIZE")
    assert '"packed"' in client.ok("FETCH 1 ENVELOPE")[0]
    assert '"name" "long"' in client.ok("FETCH 1 BODYSTRUCTURE")[0].lower()
    assert literal(client, "[]") == WIRE
    assert literal(client, "[1]") == b"A needle in the hay."
    assert literal(client, "[HEADER.FIELDS (SUBJECT)]") == b"Subject: packed\r\n\r\n"
    pieces = [literal(client, f"[]<{at}.65536>") for at in range(0, len(WIRE), 65536)]
    assert b"".join(pieces) == WIRE
    assert literal(client, "[]<1000.50>") == WIRE[1000:1050]
    assert client.ok("SEARCH BODY needle")[0] == "* SEARCH 1"
    assert client.ok("SEARCH SUBJECT packed TEXT attachment")[0] == "* SEARCH 1"
    assert client.ok("SEARCH BODY nowhere")[0] == "* SEARCH"


@pytest.mark.parametrize("kind", KINDS)
def test_copies_and_moves_stay_compressed(account, kind):
    data = KINDS[kind](MAIL)
    client = selected_with(account, data)
    client.ok("CREATE INBOX.Other")
    client.ok("COPY 1 INBOX.Other")
    client.ok("STORE 1 +FLAGS (\\Flagged)")
    client.ok("MOVE 1 INBOX.Other")
    assert [path.read_bytes() for path in account.maildir.glob(".Other/cur/*")] == [data, data]
    client.ok("SELECT INBOX.Other")
    client.ok("STORE 1 +FLAGS (\\Deleted)")
    assert literal(client, "[]") == WIRE
    assert all(f",S={len(MAIL)}" in path.name for path in account.maildir.glob(".Other/cur/*"))
    assert all("Z" in path.name.split(":2,")[1] for path in account.maildir.glob(".Other/cur/*"))


def broken(kind):
    """A file that is cut off, one that is damaged, and one that only begins like a compressed one."""
    whole = KINDS[kind](MAIL)
    middle = len(whole) // 2
    return {"is cut off": whole[:-100], "is damaged": whole[:middle] + b"\xff" * 200 + whole[middle + 200:],
            "": whole[:4] + b" but nothing of the kind follows"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("which", range(3))
def test_a_file_that_does_not_expand_is_refused_by_itself_and_reported(account, kind, which):
    why, data = list(broken(kind).items())[which]
    client = selected_with(account, data)
    account.deliver("Subject: whole\n\nneedle\n")
    client.ok("NOOP")
    for item in "RFC822.SIZE", "BODY.PEEK[]", "BODY.PEEK[]<0.10>", "ENVELOPE", "BODYSTRUCTURE", "BODY.PEEK[HEADER]":
        lines = client.command(f"FETCH 1:2 ({item})")
        assert lines[-1].startswith("NO [CORRUPTION]"), lines
        assert any(line.startswith("* 2 FETCH") for line in lines), lines
        assert not any(line.startswith("* 1 FETCH") for line in lines), lines
    assert client.ok("FETCH 1 (UID FLAGS INTERNALDATE)")
    assert client.ok("SEARCH BODY needle")[0] == "* SEARCH 2"
    assert re.search(f"Compressed message '1700000001.M1P1.host,S=[^']*' {why}", client.log())


def test_a_large_one_in_a_mailbox_without_tmp_is_there_and_cannot_be_read(account):
    client = selected_with(account, gzip.compress(MAIL))
    (account.maildir / "tmp").rmdir()
    assert client.command("FETCH 1 (FLAGS BODY.PEEK[])") == ["NO [SERVERBUG] Some of the messages cannot be read."]
    assert "cannot be expanded: nothing can be written to tmp/" in client.log()
    (account.maildir / "tmp").mkdir()
    client = account.client()
    client.ok("SELECT INBOX")
    assert literal(client, "[]") == WIRE


def test_what_a_client_has_compressed_is_not_stored(account):
    client = account.client()
    data = "\x1f\x8b\x08 text\r\n"
    client.send(f"a APPEND INBOX {{{len(data)}+}}\r\n".encode() + data.encode("latin-1") + b"\r\n")
    assert client.read_line().startswith("a NO [CANNOT]")
    assert not account.files("cur/*") and not account.files("tmp/*M*")
