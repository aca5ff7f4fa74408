# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks, permissions, files and sessions that fail: no mail is lost, no wrong mail is shown."""
import os
import re
import signal
import subprocess

import pytest

BYE = b"* BYE Courier-IMAP server shut down by signal.\r\n"


def uids(client):
    lines = client.ok("UID SEARCH ALL")
    return next(line.split()[2:] for line in lines if line.startswith("* SEARCH"))


def validity(lines):
    return re.search(r"UIDVALIDITY (\d+)", "\n".join(lines))[1]


def mounted(account, options):
    account.maildir.mkdir(exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(account.maildir)],
                      stderr=subprocess.DEVNULL).returncode != 0:
        pytest.skip("no right to mount a disk")


@pytest.fixture
def small_disk(account):
    mounted(account, "size=1m")
    yield account
    account.close()
    subprocess.run(["umount", str(account.maildir)], check=True)


def fill_up(account):
    with open(account.maildir / "filler", "ab", buffering=0) as filler:
        try:
            while filler.write(b"x" * 4096):
                pass
        except OSError:
            pass


def test_on_a_full_disk_mail_can_be_read_and_what_cannot_be_done_says_no(small_disk):
    client = small_disk.client()
    for name in ("cur", "new", "tmp"):  # not by CREATE: an index has room for three lines in its log
        (small_disk.maildir / ".Old" / name).mkdir(parents=True)
    data = "Subject: kept\n\n" + 200 * "Fifty octets of text, all of them the same, abc.\n"
    for _ in range(3):
        client.append("INBOX", data)
    before = validity(client.ok("SELECT INBOX"))
    files = small_disk.files("cur/*")
    for command in ("COPY 1:3 INBOX.Old", "APPEND INBOX {6+}\r\nA: b\r\n"):
        fill_up(small_disk) # what was undone has left room
        assert re.match(r"NO \[(OVERQUOTA|UNAVAILABLE|SERVERBUG)\]", client.command(command)[-1]), command
    for command in ("STORE 1 +FLAGS (some-keyword)", "CREATE INBOX.New", "STORE 2 +FLAGS (\\Seen)"):
        fill_up(small_disk)
        assert re.match(r"OK|NO \[(OVERQUOTA|UNAVAILABLE|SERVERBUG)\]", client.command(command)[-1]), command
    assert len(small_disk.files("cur/*")) == len(files)
    assert small_disk.files(".Old/cur/*") == small_disk.files("tmp/*") == small_disk.files(".Old/tmp/*") == []
    assert "Subject: kept" in client.ok("FETCH 3 BODY.PEEK[HEADER]")
    other = small_disk.client()
    assert validity(other.ok("SELECT INBOX")) == before
    assert uids(other) == ["1", "2", "3"]
    (small_disk.maildir / "filler").unlink()
    assert f"[APPENDUID {before} 4]" in client.append("INBOX", "Subject: again\n\n")[-1]
    assert "[COPYUID" in client.ok("COPY 1:3 INBOX.Old")[-1]
    again = small_disk.client()
    assert validity(again.ok("SELECT INBOX")) == before
    assert uids(again) == ["1", "2", "3", "4"]


def test_a_read_only_file_system_is_read(account):
    mounted(account, "size=1m")
    try:
        client = account.client()
        for number in range(3):
            client.append("INBOX", f"Subject: {number}\n\n")
        before = validity(client.ok("SELECT INBOX"))
        client.ok("LOGOUT")
        assert client.ends() == 0
        subprocess.run(["mount", "-o", "remount,ro", str(account.maildir)], check=True)
        client = account.client()
        for verb in ("EXAMINE", "SELECT"):
            lines = client.ok(f"{verb} INBOX")
            assert "* 3 EXISTS" in lines and lines[-1].startswith("OK [READ-ONLY]")
            assert validity(lines) == before
            assert uids(client) == ["1", "2", "3"]
            assert "Subject: 2" in client.ok("FETCH 3 BODY[HEADER]")
        for command in ("STORE 1 +FLAGS (\\Seen)", "EXPUNGE", "COPY 1 INBOX", "CREATE INBOX.a",
                        "APPEND INBOX {6+}\r\nA: b\r\n"):
            assert client.command(command)[-1].startswith("NO "), command
    finally:
        account.close()
        subprocess.run(["umount", str(account.maildir)], check=True)


@pytest.mark.parametrize("damage", ["no octets", "half", "other octets", "gone"])
@pytest.mark.parametrize("name", ["imapd.index", "imapd.log"])
def test_a_damaged_index_costs_no_mail_and_no_uid(account, name, damage):
    client = account.client()
    for number in range(5):
        client.append("INBOX", f"Subject: {number}\n\n")
    client.ok("SELECT INBOX")
    client.ok("STORE 2 +FLAGS (\\Deleted)")
    client.ok("EXPUNGE")
    before = validity(client.ok("SELECT INBOX"))
    client.ok("LOGOUT")
    assert client.ends() == 0

    path = account.maildir / name
    if not path.exists():
        path.write_bytes(b"")
    octets = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes({"no octets": b"", "half": octets[:len(octets) // 2],
                          "other octets": bytes(octet ^ 0x55 for octet in octets)}[damage])
    client = account.client()
    assert validity(client.ok("SELECT INBOX")) == before
    assert uids(client) == ["1", "3", "4", "5"]
    assert "Subject: 4" in client.ok("UID FETCH 5 BODY.PEEK[HEADER]")


def test_a_file_that_vanished_harms_no_other(account):
    client = account.client()
    for number in range(3):
        client.append("INBOX", f"Subject: {number}\n\n")
    client.ok("CREATE INBOX.Old")
    client.ok("SELECT INBOX")
    # By what is in it: names have microseconds without leading zeros, and so no order.
    (second,) = [path for path in account.maildir.glob("cur/*") if b"Subject: 1" in path.read_bytes()]
    second.unlink()
    assert "* SEARCH 1 3" in client.ok("SEARCH TEXT Subject")
    client.command("STORE 1:3 +FLAGS (\\Flagged)")
    lines = client.command("FETCH 1:3 (UID BODY.PEEK[HEADER])")
    assert "Subject: 0" in lines and "Subject: 2" in lines and "Subject: 1" not in lines
    assert "* 2 EXPUNGE" in client.command("COPY 1:3 INBOX.Old")
    assert len(account.files(".Old/cur/*")) == 2
    assert len(account.files("cur/*:2,F")) == 2


def as_nobody(account, commands=b""):
    """One imapd run by somebody whom permissions stop."""
    if os.getuid() != 0:
        pytest.skip("no right to become somebody else")
    for path in (account.home, *account.home.parents):
        if path.stat().st_mode & 0o011 != 0o011:
            path.chmod(path.stat().st_mode | 0o011)
    return subprocess.run([os.environ["IMAPD"], "./Maildir"], cwd=account.home, env=account.environment,
                          input=commands, capture_output=True, user=65534, group=65534,
                          extra_groups=[], timeout=20, check=False)


@pytest.mark.parametrize("name", ["imapd.index", "imapd.log"])
def test_an_index_that_may_not_be_read_costs_no_mail_and_no_uid(account, name):
    os.chown(account.home, 65534, 65534)
    before = as_nobody(account, b"".join(b"a APPEND INBOX {6+}\r\nA: b\r\n\r\n" for _ in range(3)) +
                       b"s SELECT INBOX\r\nq LOGOUT\r\n").stdout.decode()
    (account.maildir / name).chmod(0)
    after = as_nobody(account, b"s SELECT INBOX\r\nu UID SEARCH ALL\r\nq LOGOUT\r\n").stdout.decode()
    assert validity([after]) == validity([before])
    assert "* 3 EXISTS" in after and "* SEARCH 1 2 3" in after


def test_a_message_that_may_not_be_read_is_not_called_gone(account):
    os.chown(account.home, 65534, 65534)
    as_nobody(account, b"a APPEND INBOX {6+}\r\nA: b\r\n\r\na LOGOUT\r\n")
    next((account.maildir / "cur").iterdir()).chmod(0)
    result = as_nobody(account, b"s SELECT INBOX\r\nf FETCH 1 (BODY.PEEK[])\r\ng FETCH 1 FLAGS\r\nq LOGOUT\r\n")
    assert b"f NO [SERVERBUG] Some of the messages cannot be read." in result.stdout
    assert b"* 1 FETCH (FLAGS" in result.stdout
    assert b"cannot be opened: permission denied" in result.stderr


def test_a_maildir_that_may_not_be_read_ends_with_a_clear_word(account):
    account.maildir.mkdir()
    account.maildir.chmod(0)
    result = as_nobody(account)
    assert result.stdout.startswith(b"* BYE [ALERT] "), result
    assert result.returncode == 1 and b"Maildir" in result.stderr


def test_a_stop_in_a_fetch_to_a_slow_reader_ends_the_session(account):
    client = account.client(receive_buffer=4096)
    client.append("INBOX", "Subject: large\n\n" + 20000 * "Fifty octets of text, all of them the same, abc.\n")
    client.ok("SELECT INBOX")
    client.send("f FETCH 1 BODY.PEEK[]\r\n")
    client.read_until(r"\{\d+\}")
    client.process.send_signal(signal.SIGTERM)
    assert client.ends() == 0
    assert b"f OK" not in client.drain()
    other = account.client()
    other.ok("SELECT INBOX")
    assert uids(other) == ["1"]


def test_numbers_stay_true_while_another_session_expunges(account):
    reader, writer = account.client(), account.client()
    for number in range(6):
        reader.append("INBOX", f"Subject: {number}\n\n", "\\Deleted" if number in (0, 2) else "")
    reader.ok("SELECT INBOX")
    writer.ok("SELECT INBOX")
    writer.ok("EXPUNGE")
    for number in (2, 4, 6):
        lines = reader.command(f"FETCH {number} (UID BODY.PEEK[HEADER])")
        assert f"Subject: {number - 1}" in lines and not any("EXPUNGE" in line for line in lines)
    for number in (1, 3):
        lines = reader.command(f"FETCH {number} (UID BODY.PEEK[HEADER])")
        assert not any(line.startswith("Subject: ") and line != f"Subject: {number - 1}" for line in lines)
        assert not any(line.endswith(" EXPUNGE") for line in lines)
    for command in ("SEARCH ALL", "STORE 2 +FLAGS (\\Seen)"):
        assert not any(line.endswith(" EXPUNGE") for line in reader.command(command))
    assert [line for line in reader.ok("NOOP") if "EXPUNGE" in line] == ["* 1 EXPUNGE", "* 2 EXPUNGE"]
    assert "Subject: 5" in reader.ok("FETCH 4 BODY.PEEK[HEADER]")
