# SPDX-License-Identifier: GPL-3.0-or-later
"""The message cache: answers are the same with it, without it, and whatever becomes of it."""
import os
import shutil
import subprocess

import pytest

ITEMS = [
    "(FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)",
    "(BODYSTRUCTURE)",
    "(BODY)",
    "(PREVIEW)",
    "(BODY.PEEK[HEADER.FIELDS (Subject)] PREVIEW ENVELOPE)",
    "(UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Subject Date Message-ID Content-Type X-Odd)])",
    "(BODY.PEEK[HEADER.FIELDS (X-Odd X-None)] ENVELOPE BODYSTRUCTURE)",
    "(BODY.PEEK[1] BODY.PEEK[1.MIME] BODY.PEEK[2.1] BODY.PEEK[TEXT]<2.5>)",
    "(BODY.PEEK[HEADER.FIELDS (Subject)]<3.7> BODY.PEEK[HEADER.FIELDS.NOT (Subject)])",
]
SEARCHES = ["SUBJECT quarterly", "FROM ann", "HEADER X-Odd second", "HEADER X-Odd \"\"", "HEADER X-None \"\"",
            "SENTON 7-Feb-2024", "NOT SUBJECT quarterly", "TEXT quarterly"]
MAILS = [
    "Subject: quarterly report\nFrom: Ann <ann@example.com>\nDate: Wed, 7 Feb 2024 10:00:00 +0100\n\nHello.\n",
    "From: =?utf-8?q?B=C3=B6b?= <bob@example.com>\nSubject: folded\n quarterly\nX-Odd: first\nX-ODD: second\n\nx\n",
    "Subject : obsolete\nno colon\n continued\nTo: a@example.com,\n\tb@example.com\n\nbody\n",
    "Subject: no blank line\nFrom: ann@example.com\n",
    "\nno header\n",
    "",
    "Content-Type: multipart/mixed; boundary=b\nSubject: parts \"quoted\" \\ \x80\n\n--b\n\none\n--b\n"
    "Content-Type: message/rfc822\n\nSubject: inner\n\ninner body\n--b--\n",
    "Subject: " + 200 * "long " + "\n" + "X-Long: " + 70000 * "y" + "\n\nbody\n",
    "".join(f"To: user{i}@example.com\n" for i in range(1100)) + "Subject: many\n\nbody\n",
]


def fill(account):
    for name in ("cur", "new", "tmp"):
        (account.maildir / name).mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(MAILS):
        path = account.maildir / "cur" / f"170000000{number}.M1P1.host:2,"
        path.write_bytes(mail.encode("latin-1"))
        os.utime(path, (1700000000 + number, 1700000000 + number))


def ask(client):
    lines = []
    for item in ITEMS:
        lines += client.ok(f"UID FETCH 1:* {item}")
    for search in SEARCHES:
        lines += client.ok(f"UID SEARCH {search}")
    return lines


def answers(account, **environment):
    return account.answers(ask, **environment)


@pytest.fixture
def filled(account):
    fill(account)
    account.wanted = account.answers_uncached(ask)
    assert not (account.maildir / "imapd.cache").exists()
    return account


def test_cold_warm_and_without_are_the_same(filled):
    assert answers(filled) == filled.wanted
    assert (filled.maildir / "imapd.cache/messages").stat().st_size > 4096
    assert answers(filled) == filled.wanted
    client = filled.client()
    client.ok("SELECT INBOX")
    assert ask(client) == filled.wanted
    assert ask(client) == filled.wanted


def test_the_cache_answers_where_the_file_cannot(filled):
    answers(filled)
    client = filled.client()
    client.ok("SELECT INBOX")
    for path in (filled.maildir / "cur").iterdir():
        path.write_bytes(bytes(path.stat().st_size))
    assert "quarterly report" in "\n".join(client.ok("UID FETCH 1 (ENVELOPE)"))
    assert "first" in "\n".join(client.ok("UID FETCH 2 (BODY.PEEK[HEADER.FIELDS (X-Odd)])"))


def test_a_copy_shares_what_is_kept(filled):
    answers(filled)
    client = filled.client()
    client.ok("CREATE INBOX.Copy")
    client.ok("SELECT INBOX")
    client.ok("UID COPY 1:* INBOX.Copy")
    client.ok("SELECT INBOX.Copy")
    for path in (filled.maildir / ".Copy/cur").iterdir():
        path.write_bytes(bytes(path.stat().st_size))
    assert "quarterly report" in "\n".join(client.ok("UID FETCH 1 (ENVELOPE)"))


def test_a_file_of_another_size_is_worked_out_again(filled):
    answers(filled)
    path = filled.maildir / "cur/1700000000.M1P1.host:2,"
    path.write_bytes(b"Subject: other\n\n")
    for name in ("imapd.index", "imapd.log"):
        (filled.maildir / name).unlink(missing_ok=True)
    client = filled.client()
    client.ok("SELECT INBOX")
    assert "other" in "\n".join(client.ok("UID FETCH 1 (ENVELOPE)"))


def harms(cache):
    data = (cache / "messages").read_bytes()

    def remove():
        shutil.rmtree(cache)

    def garbage():
        (cache / "messages").write_bytes(b"garbage" * 10000)

    def truncate():
        os.truncate(cache / "messages", 5000)

    def flip():
        half = len(data) // 2
        (cache / "messages").write_bytes(data[:half] + bytes(octet ^ 0x55 for octet in data[half:]))

    def directory():
        (cache / "messages").unlink()
        (cache / "messages").mkdir()

    def file_for_directory():
        shutil.rmtree(cache)
        cache.write_bytes(b"")

    return remove, garbage, truncate, flip, directory, file_for_directory


@pytest.mark.parametrize("number", range(6))
def test_harm_under_a_running_session(filled, number):
    cache = filled.maildir / "imapd.cache"
    answers(filled)
    client = filled.client()
    client.ok("SELECT INBOX")
    assert ask(client) == filled.wanted
    harms(cache)[number]()
    for _ in range(2):
        assert ask(client) == filled.wanted
    assert answers(filled) == filled.wanted
    assert answers(filled) == filled.wanted
    client.ok("LOGOUT")
    assert client.ends() == 0


def test_two_sessions_at_once(filled):
    clients = [filled.client() for _ in range(2)]
    for client in clients:
        client.ok("SELECT INBOX")
    for client in clients:
        client.send("".join(f"x UID FETCH 1:* {item}\r\n" for item in 20 * ITEMS) + "last NOOP\r\n")
    for client in clients:
        assert client.read_until("^last ")[-1].startswith("last OK")
        assert ask(client) == filled.wanted


def test_a_directory_elsewhere(filled, tmp_path):
    caches = tmp_path / "caches"
    caches.mkdir()
    caches.chmod(0o1777)
    assert answers(filled, IMAP_CACHEDIR=str(caches)) == filled.wanted
    own, = caches.iterdir()
    assert own.name == str(filled.maildir.resolve()).replace("/", "%2F")
    assert own.stat().st_mode & 0o777 == 0o700
    assert (own / "messages").exists() and not (filled.maildir / "imapd.cache").exists()
    assert answers(filled, IMAP_CACHEDIR=str(caches)) == filled.wanted
    own.chmod(0o755)
    client = filled.client(IMAP_CACHEDIR=str(caches))
    assert "is open to others" in client.log()
    client.ok("SELECT INBOX")
    assert ask(client) == filled.wanted
    assert answers(filled, IMAP_CACHEDIR=str(tmp_path / "missing")) == filled.wanted
    assert answers(filled, IMAP_CACHEDIR="relative") == filled.wanted


def test_a_full_disk(filled, tmp_path):
    caches = tmp_path / "caches"
    caches.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(caches)],
                      stderr=subprocess.DEVNULL).returncode != 0:
        pytest.skip("no right to mount a small disk")
    try:
        client = filled.client(IMAP_CACHEDIR=str(caches))
        client.ok("SELECT INBOX")
        assert ask(client) == filled.wanted
        assert ask(client) == filled.wanted
        assert client.log().count("has no room on the disk, going without.") == 1
        client.ok("LOGOUT")
    finally:
        filled.close()
        subprocess.run(["umount", str(caches)], check=True)
