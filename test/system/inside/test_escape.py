# SPDX-License-Identifier: GPL-3.0-or-later
"""Front and session, taken over (XSYSCALL of a build with test hooks), try to get out: the kernel refuses."""
import errno
import pathlib
import socket

import pytest

from talk import Talk, session

REFUSED = {errno.EPERM, errno.EACCES}
ATTEMPTS = [
    ("open /etc/shadow", "the password file"),
    ("open /home/john/Maildir", "another user's mail"),
    ("open /home/john", "another user's home"),
    ("create /tmp/escaped", "a file elsewhere"),
    ("socket", "a new socket"),
    ("connect 25", "the network"),
    ("execve /bin/true", "a program"),
    ("fork", "a new process"),
    ("ptrace", "another process's memory"),
    ("kill 1", "another process"),
    ("setuid", "root"),
]


@pytest.fixture(scope="module", autouse=True)
def victim():
    """What is attempted must be possible in itself: there is mail, and somebody listens."""
    pathlib.Path("/home/john").chmod(0o755)
    with session("imaps", "john", "battery staple") as talk:
        assert talk.command("SELECT INBOX")[0].startswith("OK")
    pathlib.Path("/home/john/Maildir").chmod(0o755)
    with socket.create_server(("127.0.0.1", 25)):
        yield


def result(talk, attempt):
    """The errno that stopped it; None when the kernel ended the process instead."""
    answer, lines = talk.command(f"XSYSCALL {attempt}")
    found = [line for line in lines if line.startswith("* XSYSCALL")]
    assert found or answer is None, (answer, lines)
    return int(found[0].split()[-1]) if found else None


@pytest.mark.parametrize("attempt,what", ATTEMPTS, ids=[what for _, what in ATTEMPTS])
def test_escape_of_the_front_is_refused(attempt, what):
    with Talk() as talk:
        refusal = result(talk, attempt)
        # In its empty root the front does not even find what it may not open.
        assert refusal is None or refusal in REFUSED | {errno.ENOENT}, errno.errorcode.get(refusal, refusal)


@pytest.mark.parametrize("attempt,what", ATTEMPTS, ids=[what for _, what in ATTEMPTS])
def test_escape_of_the_session_is_refused(attempt, what):
    with session("imaps") as talk:
        refusal = result(talk, attempt)
        assert refusal is None or refusal in REFUSED, errno.errorcode.get(refusal, refusal)


def test_escape_of_the_session_leaves_its_own_mail_in_reach():
    with session("imaps") as talk:
        assert talk.command("SELECT INBOX")[0].startswith("OK")
        assert result(talk, "open /home/ann/Maildir/cur") == 0
