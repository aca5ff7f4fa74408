# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions are units: listed with user and state, told about in the journal, ended by systemctl stop."""
import pathlib
import re

import pytest

from talk import Talk, instance_of, journal, run, session, show, units, wait_for

DOORS = ["starttls", "imaps"]


def test_enabling_the_two_sockets_brings_everything():
    for name in ("imapd.socket", "imapd-ssl.socket"):
        assert run("systemctl", "is-enabled", name).strip() == "enabled"
    for name in ("imapd.socket", "imapd-ssl.socket", "imapd-tls.socket", "imapd-auth@pam.socket",
                 "imapd-auth@userdb.socket", "imapd-notify.socket"):
        assert show(name, "ActiveState") == "active", name


def test_sockets_have_the_modes_they_should():
    for name, mode in (("tls", 0o600), ("auth/pam", 0o600), ("auth/userdb", 0o600), ("notify", 0o666)):
        path = pathlib.Path("/run/courier") / name
        assert path.stat().st_mode & 0o777 == mode and path.stat().st_uid == 0, path


def test_the_greeting_has_capabilities():
    for port in (143, 993):
        with Talk(port) as talk:
            assert re.match(r"\* OK \[CAPABILITY IMAP4rev1 [^]]*\] ", talk.greeting)


@pytest.mark.parametrize("door", DOORS)
def test_a_system_user_logs_in_with_the_pam_password(door):
    with session(door) as talk:
        assert talk.command("SELECT INBOX")[0].startswith("OK")


@pytest.mark.parametrize("door", DOORS)
def test_the_status_line_tells_user_and_state(door):
    with session(door) as talk:
        unit = instance_of(talk)
        assert unit.startswith("imapd-ssl@" if door == "imaps" else "imapd@")
        assert wait_for(lambda: "ann" in show(unit, "StatusText"))
        talk.command("SELECT INBOX")
        status = wait_for(lambda: "INBOX" in show(unit, "StatusText") and show(unit, "StatusText"))
        assert status and "ann" in status and "127.0.0.1" in status
        assert status in run("systemctl", "status", unit, check=False)


@pytest.mark.parametrize("door", DOORS)
def test_the_journal_tells_who_came_and_went(door):
    with session(door) as talk:
        unit = instance_of(talk)
        port = talk.socket.getsockname()[1]
        assert talk.command("LOGOUT")[1][0].startswith("* BYE")
    lines = wait_for(lambda: (found := journal("-u", unit)) and any("LOGOUT" in x["MESSAGE"] for x in found) and found)
    assert lines, journal("-u", unit)
    (came,) = [x for x in lines if x["MESSAGE"].startswith(f"LOGIN, user=ann, ip=[127.0.0.1], port=[{port}]")]
    (went,) = [x for x in lines if x["MESSAGE"].startswith(f"LOGOUT, user=ann, ip=[127.0.0.1], port=[{port}]")]
    for line in (came, went):
        assert line["IMAP_USER"] == "ann" and line["IMAP_REMOTE"] == "127.0.0.1" and line["PRIORITY"] == "6"
    assert came["IMAP_SESSION"] == went["IMAP_SESSION"]
    assert "ann" in run("journalctl", "--catalog", "-b", f"MESSAGE_ID={came['MESSAGE_ID']}", "-u", unit)
    assert "has logged in" in run("journalctl", "--list-catalog", came["MESSAGE_ID"])


@pytest.mark.parametrize("door", DOORS)
def test_stopping_a_unit_ends_that_session_with_a_bye(door):
    with session(door) as talk, session(door) as other:
        talk.command("SELECT INBOX")
        run("systemctl", "stop", instance_of(talk))
        assert any(line.startswith("* BYE") for line in talk.rest())
        assert other.command("NOOP")[0].startswith("OK")


@pytest.mark.parametrize("port", [143, 993])
def test_stopping_before_login_ends_with_a_bye_too(port):
    with Talk(port) as talk:
        run("systemctl", "stop", instance_of(talk))
        assert any(line.startswith("* BYE") for line in talk.rest())


def test_stopping_while_idle_ends_with_a_bye():
    with session() as talk:
        talk.command("SELECT INBOX")
        talk.send("i IDLE")
        assert talk.line().startswith("+")
        run("systemctl", "stop", instance_of(talk))
        assert any(line.startswith("* BYE") for line in talk.rest())


def test_a_session_that_has_ended_leaves_no_unit_behind():
    with session() as talk:
        unit = instance_of(talk)
        talk.command("LOGOUT")
        talk.rest()
    assert wait_for(lambda: unit not in units("imapd*@*.service"))


def test_a_plaintext_session_is_one_process():
    with Talk() as talk:
        if talk.login("ann", "correct horse").startswith("NO"):
            pytest.skip("passwords need encryption here")
        unit = instance_of(talk)
        pids = wait_for(lambda: len(processes(unit)) == 1 and processes(unit))
        assert pids and pids[0] == show(unit, "MainPID")


def processes(unit):
    path = pathlib.Path("/sys/fs/cgroup/systemd" + show(unit, "ControlGroup")) / "cgroup.procs"
    if not path.exists():
        path = pathlib.Path("/sys/fs/cgroup" + show(unit, "ControlGroup")) / "cgroup.procs"
    return path.read_text().split()


def test_imapd_in_a_shell_answers_preauth():
    script = "cd; printf 'a SELECT INBOX\\r\\nb LOGOUT\\r\\n' | imapd ./Maildir"
    output = run("runuser", "-u", "ann", "--", "sh", "-c", script)
    assert output.startswith("* PREAUTH") and "\nb OK" in output.replace("\r", "")
