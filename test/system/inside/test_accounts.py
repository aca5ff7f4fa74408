# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may log in, who may not, and that one slow answer delays nobody else."""
import contextlib
import os
import pathlib
import subprocess
import threading
import time

import pytest

from talk import Talk, journal, run, session, wait_for

DOORS = ["starttls", "imaps"]
PAM = pathlib.Path("/etc/pam.d/imap")
SETTINGS = pathlib.Path("/etc/courier/imapd")


@contextlib.contextmanager
def changed(path, text):
    before = path.read_text() if path.exists() else None
    path.write_text(text)
    try:
        yield
    finally:
        path.unlink() if before is None else path.write_text(before)


def attempt(user, password, door="starttls"):
    with Talk(993 if door == "imaps" else 143) as talk:
        if door == "starttls":
            talk.starttls()
        return talk.login(user, password)


@pytest.mark.parametrize("door", DOORS)
def test_a_wrong_password_is_refused_and_told_to_the_journal(door):
    assert attempt("ann", "wrong", door).startswith("NO [AUTHENTICATIONFAILED]")
    assert wait_for(lambda: [line for line in journal("MESSAGE_ID=0d3f1a7c5a8e4c4f9a62b5fbb6ad37c2")
                             if line["MESSAGE"].startswith("LOGIN FAILED, user=ann, ip=[127.0.0.1]")])


def test_an_unknown_user_gets_the_same_answer_as_a_wrong_password():
    assert attempt("nobody-here", "x") == attempt("ann", "x")


def test_root_cannot_log_in_with_the_right_password():
    assert attempt("root", "the root password").startswith("NO")


def test_a_user_number_below_the_minimum_cannot_log_in():
    assert attempt("clerk", "too small a number").startswith("NO")


def test_the_minimum_can_be_lowered():
    with changed(SETTINGS, "AUTH_UID_MIN=50\n"):
        run("systemctl", "try-restart", "imapd-auth@pam.service")
        assert attempt("clerk", "too small a number").startswith("OK")
    run("systemctl", "try-restart", "imapd-auth@pam.service")


def test_a_pam_conversation_that_blocks_delays_nobody_else(tmp_path):
    script = tmp_path / "slow"
    script.write_text('#!/bin/sh\n[ "$PAM_USER" != john ] || sleep 12\n')
    script.chmod(0o755)
    for directory in (tmp_path, *tmp_path.parents):
        if directory != pathlib.Path("/tmp"):
            os.chmod(directory, 0o755)
    visible = pathlib.Path("/usr/local/bin/slow-pam")
    with changed(visible, script.read_text()):
        visible.chmod(0o755)
        with changed(PAM, f"auth optional pam_exec.so quiet {visible}\n" + PAM.read_text()):
            answers = []
            slow = [threading.Thread(target=lambda: answers.append(attempt("john", "battery staple")))
                    for _ in range(5)]
            for thread in slow:
                thread.start()
            time.sleep(1)
            begun = time.monotonic()
            assert attempt("ann", "correct horse").startswith("OK")
            assert time.monotonic() - begun < 5 and not answers
            for thread in slow:
                thread.join()
            assert all(answer.startswith("OK") for answer in answers), answers


def test_userdb_accounts_log_in_when_the_module_is_asked():
    home = pathlib.Path("/srv/mail/kim")
    home.mkdir(parents=True)
    os.chown(home, 1500, 1500)
    hashed = subprocess.run(["openssl", "passwd", "-6", "a virtual password"], capture_output=True, text=True,
                            check=True).stdout.strip()
    entry = f"kim@example.com\tuid=1500|gid=1500|home={home}|mail={home}/Maildir|imappw={hashed}\n"
    with changed(pathlib.Path("/etc/courier/userdb"), entry):
        pathlib.Path("/etc/courier/userdb").chmod(0o600)
        with changed(SETTINGS, "AUTHMODULES=\"pam userdb\"\n"):
            assert attempt("kim@example.com", "a virtual password").startswith("OK")
            assert attempt("kim@example.com", "wrong").startswith("NO")
            assert attempt("ann", "correct horse").startswith("OK")
            with session("imaps", "kim@example.com", "a virtual password") as talk:
                assert talk.command("SELECT INBOX")[0].startswith("OK")
    assert (home / "Maildir/cur").is_dir() and (home / "Maildir").stat().st_uid == 1500


def test_courierctl_asks_like_a_login_does():
    command = ["courierctl", "auth", "test", "ann"]
    shown = subprocess.run(command, input="correct horse\n", capture_output=True, text=True,
                           timeout=30, check=True).stdout
    assert "Authenticated: ann" in shown and "/home/ann" in shown


def test_passwords_are_not_in_the_journal():
    attempt("ann", "a very special mistake")
    run("journalctl", "--sync")
    assert "a very special mistake" not in run("journalctl", "-b", "-o", "export", "--all")
