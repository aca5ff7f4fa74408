# SPDX-License-Identifier: GPL-3.0-or-later
"""imapd-auth-pam and imapd-auth-userdb as courierctl and the login monitor ask them."""
import json
import os
import pathlib
import pwd
import signal
import socket
import subprocess
import threading
import time

import pytest

from servicebed import Service, ask_line, wait_until

PAM, USERDB, COURIERCTL = (os.environ[name] for name in ("AUTH_PAM", "AUTH_USERDB", "COURIERCTL"))
SECRET = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="  # "secret"
USERS = [entry for entry in pwd.getpwall() if entry.pw_uid >= 100 and entry.pw_gid > 0]


def login(user, password, service="imap", **more):
    return {"version": 1, "service": service, "method": "login", "user": user, "password": password,
            "remote": "192.0.2.7", "tls": True, **more}


@pytest.fixture
def userdb(tmp_path):
    path = tmp_path / "userdb"
    path.write_text(f"john@example.com\tuid=7777|gid=7778|home=/srv/john|gecos=John Q|options=group=a|"
                    f"systempw={SECRET}\njoe\tuid=1012|gid=1012|home=/home/joe|systempw={SECRET}\n"
                    f"root\tuid=0|gid=0|home=/root|systempw={SECRET}\n")
    path.chmod(0o600)
    service = Service(USERDB, tmp_path, "auth/userdb", socket.SOCK_STREAM, {"USERDB_PATH": str(path)})
    service.userdb = path
    yield service
    service.stop()
    assert "Sanitizer" not in service.log()


class Pam:
    """PAM services of our own: what /etc/pam.d/NAME says is written by the test."""

    def __init__(self, directory):
        self.directory = directory
        self.files = []
        self.service = Service(PAM, directory, "auth/pam", socket.SOCK_STREAM)
        self.path = self.service.path

    def configure(self, text):
        name = f"courier-imapd-test-{os.getpid()}-{len(self.files)}"
        path = pathlib.Path("/etc/pam.d") / name
        path.write_text(text)
        self.files.append(path)
        return name

    def configure_script(self, body):
        script = self.directory / f"check{len(self.files)}"
        script.write_text(f"#!/bin/sh\nread -r password\n{body}\n")
        script.chmod(0o755)
        # What the script refuses is a wrong password; pam_exec itself would say 'system error'.
        return self.configure(f"auth [success=1 default=ignore] pam_exec.so quiet expose_authtok {script}\n"
                              "auth requisite pam_deny.so\nauth required pam_permit.so\n"
                              "account required pam_permit.so\n")

    def stop(self):
        for path in self.files:
            path.unlink()
        self.service.stop()


@pytest.fixture
def pam(tmp_path):
    if os.geteuid() != 0 or not os.path.isdir("/etc/pam.d"):
        pytest.skip("needs root and /etc/pam.d")
    pam = Pam(tmp_path)
    yield pam
    pam.stop()
    assert "Sanitizer" not in pam.service.log()


def test_userdb_answers_as_the_manual_says(userdb):
    assert ask_line(userdb.path, login("john@example.com", "secret")) == {
        "result": "ok", "account": {"address": "john@example.com", "uid": 7777, "gid": 7778, "home": "/srv/john",
                                    "name": "John Q", "options": {"group": "a"}}}
    assert ask_line(userdb.path, login("john@example.com", "wrong"))["result"] == "fail"
    assert ask_line(userdb.path, login("nobody@example.com", "secret"))["result"] == "fail"
    assert ask_line(userdb.path, login("root", "secret"))["result"] == "fail"
    lookup = {"version": 1, "service": "imap", "method": "lookup", "user": "joe"}
    assert ask_line(userdb.path, lookup)["account"]["uid"] == 1012


def test_requests_that_are_none_are_answered_too(userdb):
    for request in (b"nonsense\n", b"{}\n", b"[1]\n", b'{"version":2}\n',
                    json.dumps({"version": 1, "service": "imap", "method": "scram", "user": "a"}).encode() + b"\n",
                    b'{"version":1,"service":"imap","method":"login","user":"\xff","password":"x"}\n'):
        assert ask_line(userdb.path, request)["result"] == "tempfail"
    assert "too long" in ask_line(userdb.path, b'{"x":"' + b"y" * 70000)["message"]
    assert ask_line(userdb.path, login("joe", "secret"))["result"] == "ok"


def test_a_client_that_says_nothing_delays_nobody(userdb):
    silent = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(20)]
    for client in silent:
        client.connect(str(userdb.path))
    start = time.monotonic()
    assert ask_line(userdb.path, login("joe", "secret"))["result"] == "ok"
    assert time.monotonic() - start < 5
    for client in silent:
        client.close()


def test_a_changed_userdb_is_used_and_duplicates_are_reported(userdb):
    with open(userdb.userdb, "a") as out:
        out.write(f"new\tuid=1013|gid=1013|home=/home/new|systempw={SECRET}\njoe\tuid=1|gid=1|home=/x\n")
    assert ask_line(userdb.path, login("new", "secret"))["result"] == "ok"
    assert userdb.logged(f"'{userdb.userdb}', line 5: 'joe' is there already ('{userdb.userdb}', line 2), ignored.")
    userdb.userdb.chmod(0o644)
    answer = ask_line(userdb.path, login("new", "secret"))
    assert answer["result"] == "tempfail" and "permissions" in answer["message"]


def test_more_requests_than_processes_are_all_answered(userdb):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask_line(userdb.path, login("joe", "secret"), 60)))
               for _ in range(150)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert [answer["result"] for answer in answers] == ["ok"] * 150


def test_only_root_may_ask(userdb):
    userdb.path.chmod(0o666)
    userdb.path.parent.chmod(0o755)
    code = """if True:
        import os, socket, sys
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        os.setuid(65534)
        client.connect("userdb")
        sys.exit(client.recv(100) != b"")"""
    subprocess.run(["/usr/bin/python3", "-c", code], cwd=userdb.path.parent, check=True)
    assert userdb.logged("User 65534 asked about an account and was refused.")


def test_stop_ends_the_service(userdb):
    userdb.signal(signal.SIGTERM)
    assert userdb.process.wait(10) == 0


def test_pam_decides(pam):
    user = USERS[0]
    service = pam.configure_script('[ "$PAM_USER:$password:$PAM_RHOST" = "' + user.pw_name + ':geheim:192.0.2.7" ]')
    account = ask_line(pam.path, login(user.pw_name, "geheim", service))["account"]
    assert account["address"] == account["username"] == user.pw_name
    assert (account["uid"], account["gid"], account["home"]) == (user.pw_uid, user.pw_gid, user.pw_dir)
    assert ask_line(pam.path, login(user.pw_name, "wrong", service))["result"] == "fail"
    assert ask_line(pam.path, login("no-such-user", "geheim", service))["result"] == "fail"
    assert ask_line(pam.path, login(user.pw_name, "", service))["result"] == "fail"


def test_an_account_that_pam_knows_and_the_system_does_not_is_none(pam):
    service = pam.configure("auth required pam_permit.so\naccount required pam_permit.so\n")
    assert ask_line(pam.path, login("no-such-user", "x", service))["result"] == "fail"
    assert ask_line(pam.path, login(USERS[0].pw_name, "x", service))["result"] == "ok"


def test_root_and_system_accounts_are_refused_with_their_right_password(pam):
    service = pam.configure_script('[ "$password" = right ]')
    for user in ("root", "daemon"):
        assert ask_line(pam.path, login(user, "right", service))["result"] == "fail"
        assert ask_line(pam.path, {"version": 1, "service": service, "method": "lookup",
                                   "user": user})["result"] == "fail"
    assert ask_line(pam.path, login(USERS[0].pw_name, "right", service))["result"] == "ok"
    assert pam.service.logged("Account 'root' has uid 0")


def test_an_expired_password_is_said_so(pam):
    service = pam.configure("auth required pam_permit.so\naccount required pam_debug.so acct=new_authtok_reqd\n")
    answer = ask_line(pam.path, login(USERS[0].pw_name, "x", service))
    assert answer == {"result": "fail", "code": "expired", "message": "The password has expired"}
    service = pam.configure("auth required pam_permit.so\naccount required pam_debug.so acct=acct_expired\n")
    assert ask_line(pam.path, login(USERS[0].pw_name, "x", service))["code"] == "expired"


def test_a_broken_pam_is_a_temporary_failure(pam):
    service = pam.configure("auth required pam_debug.so auth=authinfo_unavail\naccount required pam_permit.so\n")
    assert ask_line(pam.path, login(USERS[0].pw_name, "x", service))["result"] == "tempfail"


def test_a_conversation_that_blocks_delays_nobody_else(pam):
    slow = pam.configure_script("sleep 3")
    quick = pam.configure_script("exit 0")
    answers = []
    thread = threading.Thread(target=lambda: answers.append(ask_line(pam.path, login(USERS[0].pw_name, "x", slow))))
    thread.start()
    time.sleep(0.3)
    start = time.monotonic()
    assert ask_line(pam.path, login(USERS[0].pw_name, "x", quick))["result"] == "ok"
    assert time.monotonic() - start < 2
    thread.join()
    assert answers[0]["result"] == "ok"


def test_a_module_that_crashes_is_a_temporary_failure(pam):
    service = pam.configure_script("kill -KILL $PPID")
    answer = ask_line(pam.path, login(USERS[0].pw_name, "x", service))
    assert answer == {"result": "tempfail", "message": "The account service failed"}
    assert pam.service.logged("The process of a request was ended by signal 9")


def test_wrong_passwords_do_not_hold_a_process(pam):
    service = pam.configure("auth required pam_faildelay.so delay=5000000\nauth required pam_deny.so\n"
                            "account required pam_permit.so\n")
    start = time.monotonic()
    assert ask_line(pam.path, login(USERS[0].pw_name, "x", service))["result"] == "fail"
    assert time.monotonic() - start < 3


def courierctl(rundir, *arguments, password="", **environment):
    return subprocess.run([COURIERCTL, *arguments], input=password, text=True, capture_output=True, timeout=60,
                          env={"PATH": os.environ["PATH"], "COURIER_RUNDIR": str(rundir), **environment})


def test_courierctl_asks_as_a_login_does(userdb, tmp_path):
    ran = courierctl(tmp_path, "auth", "test", "john@example.com", password="secret\n", AUTHMODULES="userdb")
    assert ran.returncode == 0, ran.stderr
    assert "Authenticated: john@example.com  (uid 7777, gid 7778)" in ran.stdout
    assert "Home Directory: /srv/john" in ran.stdout and "Options: group=a" in ran.stdout
    assert "Quota: (none)" in ran.stdout and "Module: userdb" in ran.stdout
    ran = courierctl(tmp_path, "auth", "test", "--lookup", "joe", AUTHMODULES="userdb")
    assert ran.returncode == 0 and "uid 1012" in ran.stdout
    ran = courierctl(tmp_path, "auth", "test", "joe", password="wrong\n", AUTHMODULES="userdb")
    assert ran.returncode == 1 and "Authentication FAILED" in ran.stderr and not ran.stdout
    ran = courierctl(tmp_path, "auth", "test", "joe", password="secret\n", AUTHMODULES="missing userdb")
    assert ran.returncode == 75 and "'missing' is not running" in ran.stderr


def test_courierctl_says_how_it_is_used(tmp_path):
    ran = courierctl(tmp_path, "--help")
    assert ran.returncode == 0 and "auth test" in ran.stdout
    ran = courierctl(tmp_path, "--version")
    assert ran.returncode == 0 and ran.stdout.startswith("courierctl ")
    for arguments in ([], ["auth"], ["auth", "test"], ["nonsense"], ["auth", "test", "a", "b"],
                      ["auth", "test", "--nonsense", "a"], ["auth", "test", "--service"]):
        ran = courierctl(tmp_path, *arguments)
        assert ran.returncode == 2 and "usage: courierctl" in ran.stderr, arguments
