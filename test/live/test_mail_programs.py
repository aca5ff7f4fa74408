# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that others have written, on the other side of a tunnel: mbsync, OfflineIMAP, fetchmail, NeoMutt."""
import os
import pty
import select
import shutil
import subprocess
import time

import pytest

WAIT_SECONDS = 60


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.fixture
def site(account):
    """An account with four messages, and ./tunnel, which is a session of it."""
    for name in ("cur", "new", "tmp"):
        (account.maildir / name).mkdir(parents=True)
    for number in range(1, 5):
        account.deliver(f"From: ann@example.com\nTo: bob@example.com\nSubject: message {number}\n"
                        f"Message-ID: <{number}@example.com>\nDate: Wed, 7 Feb 2024 10:00:0{number} +0100\n\n"
                        f"Body {number}.\n")
    words = " ".join(f"'{name}={value}'" for name, value in account.environment.items())
    tunnel = account.home / "tunnel"
    tunnel.write_text(f"#!/bin/sh\ncd '{account.home}' && exec env -i {words} '{os.environ['IMAPD']}' ./Maildir "
                      f"2>>'{account.home}/tunnel.log'\n")
    tunnel.chmod(0o755)
    return account


def run(site, *command):
    environment = {"PATH": os.environ["PATH"], "HOME": str(site.home), "FETCHMAILHOME": str(site.home)}
    done = subprocess.run(command, cwd=site.home, env=environment, timeout=WAIT_SECONDS, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stdout + done.stderr + (site.home / "tunnel.log").read_text()
    return done.stdout + done.stderr


def subjects(directory):
    """What the files of a Maildir folder are, and the letters of their flags."""
    found = {}
    for path in list(directory.glob("cur/*")) + list(directory.glob("new/*")):
        subject = [line for line in path.read_text().splitlines() if line.startswith("Subject: ")][0]
        found[subject.removeprefix("Subject: ")] = path.name.partition(":2,")[2]
    return found


def write_mbsyncrc(site):
    (site.home / "mbsyncrc").write_text(
        f"IMAPAccount far\nTunnel {site.home}/tunnel\n\nIMAPStore far\nAccount far\n\n"
        f"MaildirStore near\nPath {site.home}/near/\nInbox {site.home}/near/INBOX\nSubFolders Verbatim\n\n"
        "Channel all\nFar :far:\nNear :near:\nPatterns *\nCreate Both\nRemove Both\nExpunge Both\nSyncState *\n")
    (site.home / "near").mkdir()


@needs("mbsync")
def test_mbsync_keeps_both_sides_equal(site):
    write_mbsyncrc(site)
    near = site.home / "near" / "INBOX"
    run(site, "mbsync", "-c", "mbsyncrc", "all")
    everything = {f"message {number}" for number in range(1, 5)}
    assert set(subjects(near)) == set(subjects(site.maildir)) == everything

    client = site.client()
    client.ok("SELECT INBOX")
    client.ok("UID STORE 1 +FLAGS.SILENT (\\Flagged \\Seen)")
    client.ok("UID STORE 2 +FLAGS.SILENT (\\Deleted)")
    client.ok("EXPUNGE")
    client.ok("CREATE INBOX.Work")
    client.append("INBOX.Work", "Subject: at work\n\nx\n")
    third, = near.glob("*/*,U=3:2,")
    third.rename(near / "cur" / f"{third.name}RS")
    fourth, = near.glob("*/*,U=4:2,")
    fourth.unlink()
    (near / "new" / "1700000099.1.near").write_text("Subject: from here\n\nx\n")
    run(site, "mbsync", "-c", "mbsyncrc", "all")

    expected = {"message 1": "FS", "message 3": "RS", "from here": ""}
    assert subjects(near) == expected
    assert subjects(site.maildir) == expected
    assert set(subjects(site.home / "near" / "Work")) == {"at work"}
    before = {path.name for path in near.glob("*/*")}
    run(site, "mbsync", "-c", "mbsyncrc", "all")
    assert {path.name for path in near.glob("*/*")} == before


@needs("offlineimap")
def test_offlineimap_keeps_both_sides_equal(site):
    (site.home / "offlineimaprc").write_text(
        f"[general]\naccounts = a\nmetadata = {site.home}/offline\nui = basic\n[Account a]\nlocalrepository = near\n"
        f"remoterepository = far\n[Repository near]\ntype = Maildir\nlocalfolders = {site.home}/near\n"
        f"[Repository far]\ntype = IMAP\nremotehost = host\nremoteuser = ann\npreauthtunnel = {site.home}/tunnel\n")
    command = ("offlineimap", "-c", "offlineimaprc", "-o")
    near = site.home / "near" / "INBOX"
    run(site, *command)
    assert set(subjects(near)) == set(subjects(site.maildir))

    client = site.client()
    client.ok("SELECT INBOX")
    client.ok("UID STORE 1 +FLAGS.SILENT (\\Answered)")
    client.ok("UID STORE 2 +FLAGS.SILENT (\\Deleted)")
    client.ok("EXPUNGE")
    client.ok("LOGOUT")
    (near / "new" / "1700000099.1.near").write_text("Subject: from here\n\nx\n")
    run(site, *command)
    assert subjects(near)["message 1"] == "R" and "message 2" not in subjects(near)
    assert set(subjects(site.maildir)) == {"message 1", "message 3", "message 4", "from here"}


@needs("fetchmail")
def test_fetchmail_takes_everything_away(site):
    rc = site.home / "fetchmailrc"
    rc.write_text(f'poll 127.0.0.1 protocol imap plugin "{site.home}/tunnel %h %p" auth ssh username "ann" '
                  f'fetchall no keep no rewrite sslproto "" mda "tee -a {site.home}/fetched"\n')
    rc.chmod(0o600)
    run(site, "fetchmail", "-f", "fetchmailrc", "--nodetach")
    fetched = (site.home / "fetched").read_text()
    assert [fetched.count(f"Subject: message {number}\n") for number in range(1, 5)] == [1, 1, 1, 1]
    assert fetched.count("Body 3.") == 1
    assert subjects(site.maildir) == {}


def drive(site, *command):
    """A program that wants a terminal, until it ends."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(site.home)
        os.execvpe(command[0], command, {"PATH": os.environ["PATH"], "HOME": str(site.home), "TERM": "xterm"})
    deadline, shown = time.monotonic() + WAIT_SECONDS, b""
    try:
        while select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            shown += os.read(terminal, 4096)
    except OSError:  # it has closed the terminal
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown
    else:
        os.kill(child, 9)
        os.waitpid(child, 0)
        pytest.fail(f"{command[0]} waits: {shown[-2000:]!r}")
    finally:
        os.close(terminal)


@needs("neomutt")
def test_neomutt_copies_marks_and_deletes(site):
    site.client().ok("CREATE INBOX.Copy")
    (site.home / "neomuttrc").write_text(
        f'set tunnel="{site.home}/tunnel"\nset folder=imap://host/\nset header_cache=""\nset confirmappend=no\n'
        "set delete=yes\nset move=no\nset sort=mailbox-order\nset beep=no\nset wait_key=no\n")
    keys = ("<tag-pattern>~A<enter><tag-prefix><copy-message>=INBOX.Copy<enter><tag-prefix><set-flag>!"
            "<first-entry><untag-pattern>~A<enter><delete-message><sync-mailbox><quit>")
    drive(site, "neomutt", "-n", "-F", "neomuttrc", "-f", "imap://host/INBOX", "-e", f'push "{keys}"')
    assert set(subjects(site.maildir / ".Copy")) == {f"message {number}" for number in range(1, 5)}
    left = subjects(site.maildir)
    assert set(left) == {f"message {number}" for number in range(2, 5)}
    assert all("F" in letters for letters in left.values())
