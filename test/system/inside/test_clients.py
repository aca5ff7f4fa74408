# SPDX-License-Identifier: GPL-3.0-or-later
"""Real clients do their real job over STARTTLS (143) and IMAPS (993): curl, mbsync, mutt, Python's imaplib.

Runs inside the booted container as root, after conftest.py has enabled the sockets and made the account.
"""
import email.message
import imaplib
import os
import pathlib
import pty
import re
import select
import shutil
import ssl
import subprocess
import termios
import time

import pytest

HOST, USER, PASSWORD = "127.0.0.1", "ann", "correct horse"
DOORS = ["starttls", "imaps"]


def message(subject, body="Hello.\n"):
    text = email.message.EmailMessage()
    text["From"] = "Ann Example <ann@example.com>"
    text["To"] = "john@example.com"
    text["Subject"] = subject
    text["Date"] = "Sat, 21 Nov 2026 10:00:00 +0000"
    text["Message-ID"] = f"<{abs(hash(subject))}@example.com>"
    text.set_content(body)
    return text


def unverified():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def login(door):
    if door == "imaps":
        client = imaplib.IMAP4_SSL(HOST, 993, ssl_context=unverified())
    else:
        client = imaplib.IMAP4(HOST, 143)
        client.starttls(unverified())
    client.login(USER, PASSWORD)
    return client


@pytest.fixture
def mailbox():
    """A mailbox of its own for each test, with three messages; gone afterwards."""
    client = login("imaps")
    name = f"INBOX.Clients{time.monotonic_ns()}"
    assert client.create(name)[0] == "OK"
    for number in (1, 2, 3):
        text = message(f"Message {number}", f"This is message {number}.\n")
        assert client.append(name, None, None, text.as_bytes())[0] == "OK"
    yield name
    client.delete(name)
    client.logout()


@pytest.fixture
def certificate(tmp_path):
    path = tmp_path / "server.pem"
    path.write_text(ssl.get_server_certificate((HOST, 993)))
    return path


def run(words, **options):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, **options)
    assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("door", DOORS)
def test_imaplib_reads_flags_moves_and_appends(door, mailbox):
    client = login(door)
    assert client.select(mailbox) == ("OK", [b"3"])
    status, data = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    assert status == "OK" and b"Subject: Message 1" in data[0][1]
    assert client.store("2", "+FLAGS", r"(\Flagged keyword)")[0] == "OK"
    assert client.search(None, "FLAGGED", "KEYWORD", "keyword") == ("OK", [b"2"])
    assert client.copy("1", "INBOX")[0] == "OK"
    assert client.store("1", "+FLAGS", r"(\Deleted)")[0] == "OK"
    assert client.expunge() == ("OK", [b"1"])
    assert client.append(mailbox, r"(\Seen)", None, message("Fourth").as_bytes())[0] == "OK"
    assert client.noop()[0] == "OK"
    assert client.fetch("3", "(FLAGS)")[1][0].startswith(b"3 (FLAGS (\\Seen")
    client.logout()


def curl(door, path, *words):
    url = f"imaps://{HOST}/{path}" if door == "imaps" else f"imap://{HOST}/{path}"
    return run(["curl", "-sS", "-k", "--ssl-reqd", "-u", f"{USER}:{PASSWORD}", *words, url])


@pytest.mark.parametrize("door", DOORS)
def test_curl_lists_reads_and_uploads(door, mailbox, tmp_path):
    assert f'"{mailbox}"' in curl(door, "")
    assert "This is message 2." in curl(door, f"{mailbox};MAILINDEX=2")
    upload = tmp_path / "upload.eml"
    upload.write_bytes(message("Uploaded").as_bytes().replace(b"\n", b"\r\n"))
    curl(door, mailbox, "-T", str(upload))
    assert re.search(r"EXISTS|4", curl(door, mailbox, "-X", "SEARCH SUBJECT Uploaded"))


MBSYNC = """
IMAPAccount far
Host {host}
Port {port}
User {user}
Pass "{password}"
SSLType {ssl_type}
CertificateFile {certificate}

IMAPStore far
Account far

MaildirStore near
Path {near}/
Inbox {near}/INBOX
SubFolders Verbatim

Channel all
Far :far:{mailbox}
Near :near:copy
Create Near
Sync All
Expunge Both
SyncState *
"""


NOTHING_TO_DO = re.compile(r"(Channels: 1 +Boxes: 1 +Far: \+0 \*0 #0 -0 +Near: \+0 \*0 #0 -0)?")


@pytest.mark.parametrize("door", DOORS)
def test_mbsync_both_ways_and_then_nothing_is_left_to_do(door, mailbox, certificate, tmp_path):
    near = tmp_path / "near"
    near.mkdir()
    config = tmp_path / "mbsyncrc"
    config.write_text(MBSYNC.format(
        host=HOST, port=993 if door == "imaps" else 143, user=USER, password=PASSWORD, near=near,
        mailbox=mailbox.replace(".", "/"),  # mbsync writes levels so, whatever the server does
        ssl_type="IMAPS" if door == "imaps" else "STARTTLS", certificate=certificate))
    config.chmod(0o600)
    words = ["mbsync", "-c", str(config), "-a", "-V"]
    run(words)
    copy = near / "copy"
    assert len(list(copy.glob("*/[0-9]*"))) == 3

    # The other way: a new message and a flag travel to the server.
    (copy / "new" / "1700000000.M1P1.here").write_bytes(message("From near").as_bytes())
    seen = next(copy.glob("*/*,U=1*"))
    seen.rename(copy / "cur" / (seen.name.split(":")[0] + ":2,S"))
    run(words)
    client = login(door)
    assert client.select(mailbox) == ("OK", [b"4"])
    assert client.search(None, "SUBJECT", '"From near"') == ("OK", [b"4"])
    assert client.search(None, "SEEN", "UID", "1") == ("OK", [b"1"])
    client.logout()

    before = everything(door, mailbox, copy)
    output = run(words)
    # What is transferred is named behind this word; isync 1.5 and later adds the counts, which are all zero.
    assert NOTHING_TO_DO.fullmatch(output.split("Synchronizing...")[1].strip()), output
    assert everything(door, mailbox, copy) == before


def everything(door, mailbox, copy):
    """Messages and flags on both sides."""
    client = login(door)
    client.select(mailbox, readonly=True)
    far = client.uid("FETCH", "1:*", "(UID FLAGS)")[1]
    client.logout()
    return far, sorted(path.name for path in copy.glob("*/*"))


MUTTRC = """
set folder = "{url}"
set imap_pass = "{password}"
set certificate_file = "{certificate}"
set ssl_verify_host = no
set ssl_verify_dates = no
set ssl_force_tls = yes
set ssl_starttls = yes
set quit = yes
set delete = yes
set confirmcreate = no
set confirmappend = no
set header_cache = ""
set wait_key = no
set copy = no
"""


def drive_mutt(words, seconds=40):
    """Runs mutt on a terminal of its own; what it painted, for the failure message."""
    child, terminal = pty.fork()
    if child == 0:
        # A new terminal has no size, and ncurses of Debian 13 opens none of 0 lines, whatever LINES says.
        termios.tcsetwinsize(0, (24, 80))
        os.environ.update(TERM="xterm", LC_ALL="C.UTF-8")
        os.execvp(words[0], words)
    painted = b""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.5)[0]:
            continue
        try:
            painted += os.read(terminal, 65536)
        except OSError:
            break
    else:
        os.kill(child, 9)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    return status, painted.decode(errors="replace")


@pytest.mark.parametrize("door", DOORS)
def test_mutt_reads_saves_and_deletes(door, mailbox, certificate, tmp_path):
    scheme = "imaps" if door == "imaps" else "imap"
    url = f"{scheme}://{USER}@{HOST}/"
    rc, saved = tmp_path / "muttrc", tmp_path / "saved"
    rc.write_text(MUTTRC.format(url=url, password=PASSWORD, certificate=certificate))
    keys = (f"<first-entry><display-message><exit><pipe-message>cat >{saved}<enter>"
            "<last-entry><delete-message><quit>")
    status, painted = drive_mutt(["mutt", "-F", str(rc), "-f", url + mailbox, "-e", f"push '{keys}'"])
    assert status == 0, painted
    assert "This is message 1." in saved.read_text(), painted
    client = login(door)
    assert client.select(mailbox) == ("OK", [b"2"]), painted
    client.logout()


def test_the_clients_are_installed():
    for program in ("curl", "mbsync", "mutt"):
        assert shutil.which(program), program
    assert pathlib.Path("/usr/bin/imapd").exists()
