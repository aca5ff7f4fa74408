# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody who has taken over a process tries next, and the kernel refuses: builds with -Dtest-hooks=true have a
command XSYSCALL (src/basic/back-door.c) that makes the attempt in the front, and after login in the session."""
import errno
import os
import re
import socket

import pytest

from loginbed import bed  # noqa: F401 - a fixture

REFUSED = (errno.EPERM, errno.EACCES)

if os.environ.get("SANITIZED"):
    pytest.skip("a build with sanitizers has no system call filter", allow_module_level=True)


def attempt(client, name, argument=""):
    """The errno that stopped the attempt, 0 if nothing did."""
    lines = client.command(f"x XSYSCALL {name} {argument}".rstrip())
    assert lines[-1] is not None and lines[-1].startswith("x OK"), f"no back door: {lines}"
    return int(re.fullmatch(rf"\* XSYSCALL {name} errno (\d+)", lines[0])[1])


@pytest.fixture
def victim():
    """A port of this machine that must see no connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()


def make_maildir(bed, user):
    """A Maildir with a message, and a private file beside it."""
    maildir = bed.home(user) / "Maildir"
    for name in ("", "tmp", "new", "cur"):
        (maildir / name).mkdir(mode=0o700)
    (maildir / "cur/1.host:2,").write_text("Subject: private\n\nFor my eyes only.\n")
    (bed.home(user) / "diary").write_text("private\n")
    st = bed.home(user).stat()
    for path in (maildir, *maildir.rglob("*"), bed.home(user) / "diary"):
        os.chown(path, st.st_uid, st.st_gid)
    return maildir


def check_no_way_out(client, victim, others):
    """The attempts that have to fail in the front and in the session alike."""
    for name in ("socket", "execve", "fork", "setuid"):
        assert attempt(client, name) in REFUSED, name
    for name in ("connect", "reconnect", "fastopen"):
        assert attempt(client, name, victim) in REFUSED, name
    for pid in ("", *others):
        assert attempt(client, "ptrace", pid) in REFUSED
        assert attempt(client, "kill", pid) in REFUSED
    for path in ("/etc/shadow", "/etc/passwd", "/", "/proc/self/mem", "/dev/tty"):
        assert attempt(client, "open", path) in REFUSED, path
    assert attempt(client, "create", "/tmp/escaped") in REFUSED
    assert attempt(client, "execve", "/bin/sh") in REFUSED


@pytest.mark.parametrize("starttls", [False, True])
def test_the_front_has_no_way_out(bed, victim, starttls):
    maildir = make_maildir(bed, "ben")
    other = bed.connect()
    client = bed.connect()
    if starttls:
        client.start_tls()
    others = [client.process.pid, *bed.children(other.process.pid)]
    check_no_way_out(client, victim, others)
    for path in (maildir, maildir / "cur", maildir / "cur/1.host:2,", "empty", "."):
        assert attempt(client, "open", path) in REFUSED, path
    assert client.command("a NOOP") == ["a OK NOOP completed"]


@pytest.mark.skipif("IMAPD" not in os.environ, reason="no imapd in this build")
@pytest.mark.parametrize("starttls", [False, True])
def test_the_session_has_no_way_out_but_its_maildir(bed, victim, starttls):
    own, foreign = make_maildir(bed, "ann"), make_maildir(bed, "ben")
    bed.imapd = os.environ["IMAPD"]
    neighbour, sibling, client = bed.connect(), bed.connect(), bed.connect()
    if starttls:
        client.start_tls()
    for connection, login in ((neighbour, "ben geheim"), (sibling, "ann secret"), (client, "ann secret")):
        assert connection.command(f"a LOGIN {login}")[-1].startswith("a OK")
    check_no_way_out(client, victim, [neighbour.process.pid, sibling.process.pid, os.getpid()])
    for path in (foreign, foreign / "cur", foreign / "cur/1.host:2,", bed.home("ann") / "diary", bed.home("ann")):
        assert attempt(client, "open", path) in REFUSED, path
    diary = bed.home("ann") / "diary"
    for name in ("chmod", "truncate", "link"):
        assert attempt(client, name, diary) in REFUSED, name
    # What it is there for works: the same attempts in its own Maildir are not refused.
    assert attempt(client, "open", own / "cur") == 0
    assert attempt(client, "create", own / "tmp/new-file") == 0
    assert client.command("b SELECT INBOX")[-1].startswith("b OK")
