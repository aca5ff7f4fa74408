# SPDX-License-Identifier: GPL-3.0-or-later
"""imaplogin for real: root, a TCP socket, account and TLS services of its own (loginbed.py), a fake imapd."""
import base64
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import time

import pytest

from loginbed import Connection, bed  # noqa: F401 - a fixture

FAILED = "NO [AUTHENTICATIONFAILED] Login failed."


def facts(lines):
    return next(json.loads(line.removeprefix("* FACTS ")) for line in lines if line.startswith("* FACTS "))


def sasl(*parts):
    return base64.b64encode("\0".join(parts).encode()).decode()


def test_greeting_and_commands_before_login(bed):
    client = bed.connect()
    assert client.greeting.startswith("* OK [CAPABILITY IMAP4rev1 ") and "Courier-IMAP ready" in client.greeting
    assert client.command("a CAPABILITY")[-1] == "a OK CAPABILITY completed"
    assert client.command("b NOOP") == ["b OK NOOP completed"]
    assert client.command('c ID ("name" "test")')[-1] == "c OK ID completed"
    assert client.command("d LOGOUT") == ["* BYE Courier-IMAP server shutting down", "d OK LOGOUT completed"]
    assert client.line() is None
    assert client.process.wait(5) == 0
    bed.wait_for_log(r"LOGOUT, ip=\[127\.0\.0\.1\], port=\[\d+\], rcvd=\d+, sent=\d+")


def test_login_hands_over_to_the_session(bed):
    client = bed.connect()
    told = facts(client.command("a7 LOGIN ann secret"))
    environment = told["environment"]
    assert told["pid"] == client.process.pid, "the session is the process systemd knows"
    assert told["uids"] == ["61001"] * 4 and told["gids"] == ["61001"] * 4 and told["groups"] == ["61001"]
    assert all(int(value, 16) == 0 for value in told["capabilities"]) and told["no_new_privileges"] == "1"
    assert told["cwd"] == environment["HOME"] == str(bed.home("ann")) and told["argv"] == ["./Maildir"]
    assert environment["AUTHENTICATED"] == environment["AUTHADDR"] == "ann@example.com"
    assert environment["OPTIONS"] == "disablepop3=1" and environment["IMAPLOGINTAG"] == "a7"
    assert environment["TCPREMOTEIP"] == "127.0.0.1" and environment["TCPLOCALIP"] == "127.0.0.1"
    assert environment["TCPREMOTEPORT"] == str(client.socket.getsockname()[1])
    assert environment["IMAP_TLS"] == "0" and environment["PROTOCOL"] == "IMAP"
    assert len(environment["IMAP_SESSION"]) == 16
    assert "LISTEN_FDS" not in environment and "IMAP_PENDING_FD" not in environment
    assert told["fds"]["0"] == told["fds"]["1"] and told["fds"]["0"].startswith("socket:")
    sockets = [fd for fd, target in told["fds"].items() if target.startswith("socket:")]
    assert sorted(sockets) == ["0", "1"], "nothing else of login is left open"
    client.send("b LOGOUT\r\n")
    assert client.rest() == ["* ECHO b LOGOUT"]
    assert bed.asked[-1] == {"version": 1, "service": "imap", "method": "login", "user": "ann", "password": "secret",
                             "remote": "127.0.0.1", "tls": False}


def test_pipelined_commands_travel_with_the_handover(bed):
    client = bed.connect()
    client.send("a NOOP\r\nb LOGIN {3+}\r\nann {6+}\r\nsecret\r\nc SELECT INBOX\r\nd FETCH 1")
    assert client.line() == "a OK NOOP completed"
    told = facts([client.line()])
    assert told["pending"] == "c SELECT INBOX\r\nd FETCH 1"


@pytest.mark.parametrize("lines", [
    [f"a AUTHENTICATE PLAIN {sasl('', 'ann', 'secret')}"],
    ["a AUTHENTICATE PLAIN", sasl("ann", "ann", "secret")],
    ["a AUTHENTICATE LOGIN", sasl("ann"), sasl("secret")],
    [f"a authenticate login {sasl('ann')}", sasl("secret")],
    ["a LOGIN {3}", "ann {6}", "secret"],
])
def test_every_way_to_log_in(bed, lines):
    client = bed.connect()
    for line in lines[:-1]:
        client.send(line + "\r\n")
        assert client.line().startswith("+ ")
    client.send(lines[-1] + "\r\n")
    assert facts([client.line()])["environment"]["AUTHENTICATED"] == "ann@example.com"
    assert client.line() == "a OK LOGIN Ok."


def test_wrong_passwords_wait_and_the_third_ends(bed):
    client = bed.connect(IMAP_LOGIN_DELAY="1")
    waited = []
    for tag in ("a", "b", "c"):
        start = time.monotonic()
        assert client.command(f"{tag} LOGIN ann wrong") == [f"{tag} {FAILED}"]
        waited.append(time.monotonic() - start)
    assert client.rest() == ["* BYE Too many failed logins"]
    assert 1 <= waited[0] < 2 <= waited[1] < 3 <= waited[2] < 5
    assert client.process.wait(5) == 0
    assert bed.log().count("LOGIN FAILED, user=ann, ip=[127.0.0.1], port=[") == 3


def test_a_failed_sasl_login_is_logged_by_its_method(bed):
    client = bed.connect()
    assert client.command(f"a AUTHENTICATE PLAIN {sasl('', 'ann', 'wrong')}") == [f"a {FAILED}"]
    bed.wait_for_log(r"LOGIN FAILED, method=PLAIN, ip=\[127\.0\.0\.1\], port=\[\d+\]")
    assert "wrong" not in bed.log()


def test_a_client_that_leaves_during_the_delay_ends_the_process(bed):
    client = bed.connect(IMAP_LOGIN_DELAY="10")
    client.send("a LOGIN ann wrong\r\n")
    bed.wait_for_log("LOGIN FAILED")
    front, = bed.children(client.process.pid)
    os.kill(front, signal.SIGKILL)
    assert client.process.wait(5) is not None


@pytest.mark.parametrize("user", ["root", "daemon"])
def test_system_accounts_do_not_log_in_although_the_password_is_right(bed, user):
    client = bed.connect()
    assert client.command(f"a LOGIN {user} {'toor' if user == 'root' else 'daemon'}") == [f"a {FAILED}"]
    bed.wait_for_log(f"LOGIN FAILED, user={user}")


def test_temporary_failures_say_so(bed):
    client = bed.connect()
    assert client.command("a LOGIN tempfail x")[-1].startswith("a NO [UNAVAILABLE]")
    bed.stop("auth/fake")
    assert client.command("b LOGIN ann secret")[-1].startswith("b NO [UNAVAILABLE]")


def test_a_missing_home_is_a_temporary_failure_and_ends(bed):
    bed.home("ann").rmdir()
    client = bed.connect()
    assert client.command("a LOGIN ann secret")[-1].startswith("a NO [UNAVAILABLE]")
    assert client.rest() == ["* BYE Temporary problem, please try again later"]
    bed.wait_for_log("Cannot enter the home directory")


def test_a_missing_home_is_made_from_the_skeleton(bed):
    skeleton = bed.root / "skel"
    (skeleton / "Maildir/new").mkdir(parents=True)
    (skeleton / "Maildir/new").chmod(0o705)
    (skeleton / ".profile").write_text("hello\n")
    (skeleton / "link").symlink_to(".profile")
    bed.home("ann").rmdir()
    client = bed.connect(AUTH_MKHOMEDIR_SKEL=str(skeleton))
    assert client.command("a LOGIN ann secret")[-1] == "a OK LOGIN Ok."
    home = bed.home("ann")
    assert home.stat().st_mode & 0o7777 == 0o700 and (home / ".profile").read_text() == "hello\n"
    assert (home / "Maildir/new").stat().st_mode & 0o7777 == 0o705 and os.readlink(home / "link") == ".profile"
    for path in (home, home / ".profile", home / "Maildir", home / "Maildir/new"):
        assert (path.stat().st_uid, path.stat().st_gid) == (61001, 61001)


def test_default_domain(bed):
    client = bed.connect(DEFDOMAIN="@example.com")
    client.command("a LOGIN ann secret")
    assert bed.asked[-1]["user"] == "ann@example.com"


def test_service_by_port(bed):
    client = bed.connect()
    client.command("a LOGIN nobody x")
    assert bed.asked[-1]["service"] == "imap"
    port = client.socket.getpeername()[1]
    # The next connection gets another port: name the service for all of them.
    client = bed.connect(**{f"AUTHSERVICE{p}": "webmail" for p in range(port - 2000, port + 2000)})
    client.command("a LOGIN nobody x")
    assert bed.asked[-1]["service"] in ("imap", "webmail")


def test_starttls(bed):
    client = bed.connect()
    client.start_tls()
    assert "STARTTLS" not in client.command("b CAPABILITY")[0]
    told = facts(client.command("c LOGIN ann secret"))
    assert told["environment"]["IMAP_TLS"] == "1"
    assert told["environment"]["TLS_CONNECTED_PROTOCOL"].startswith("TLSv1.3,256bits,TLS_")
    assert told["environment"]["TCPREMOTEIP"] == "127.0.0.1"
    assert {"version": 1, "service": "imap", "starttls": True, "local": "127.0.0.1", "remote": "127.0.0.1"} in bed.asked
    assert bed.asked[-1]["tls"] is True


def test_tls_from_the_start(bed):
    client = bed.connect(tls=True)
    assert "STARTTLS" not in client.greeting and "LOGINDISABLED" not in client.greeting
    assert client.command("a STARTTLS")[-1].startswith("a BAD")
    assert facts(client.command("b LOGIN ann secret"))["environment"]["IMAP_TLS"] == "1"


def test_a_failed_handshake_ends_without_a_front(bed):
    with socket.create_server(("127.0.0.1", 0)):
        client = bed.connect()
    assert client.command("a STARTTLS")[-1].startswith("a OK")
    client.send("this is no ClientHello\r\n")
    client.socket.settimeout(20)
    try:
        while client.socket.recv(4096):
            pass
    except ConnectionResetError:
        pass
    assert client.process.wait(5) == 0
    bed.wait_for_log(r"ip=\[127\.0\.0\.1\], couriertls: ")


def test_starttls_without_the_service_ends_the_connection(bed):
    bed.stop("tls")
    client = bed.connect()
    client.send("a STARTTLS\r\n")
    assert client.rest() == ["a OK Begin SSL/TLS negotiation now."]


def test_octets_behind_starttls_end_the_connection(bed):
    client = bed.connect()
    client.send("a STARTTLS\r\nb LOGIN ann secret\r\n")
    assert client.rest() == []
    bed.wait_for_log("the client sent clear text behind STARTTLS")
    assert bed.asked == []


@pytest.mark.parametrize("settings, disabled", [
    ({}, False),  # loopback: nothing crosses a wire
    ({"IMAP_TLS_REQUIRED": "1"}, True),
    ({"IMAP_TLS_REQUIRED": "0"}, False),
    ({"IMAP_TLS_REQUIRED": "1", "IMAPDSTARTTLS": "NO"}, True),
])
def test_when_a_password_needs_tls(bed, settings, disabled):
    client = bed.connect(**settings)
    assert ("LOGINDISABLED" in client.greeting) == disabled
    if disabled:
        for command in ("a LOGIN ann secret", f"a AUTHENTICATE PLAIN {sasl('', 'ann', 'secret')}", "a LOGIN ann {6}"):
            assert client.command(command) == ["a NO [PRIVACYREQUIRED] STARTTLS required"]
        assert bed.asked == []


def own_address():
    """An address of this machine that is not loopback; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return probe.getsockname()[0]


def test_off_loopback_tls_is_needed_unless_the_setting_says_otherwise(bed):
    address = own_address()
    assert "LOGINDISABLED" in bed.connect(address).greeting
    assert "LOGINDISABLED" not in bed.connect(address, IMAP_TLS_REQUIRED="0").greeting
    client = bed.connect(address)
    client.start_tls()
    assert facts(client.command("a LOGIN ann secret"))["environment"]["TCPREMOTEIP"] == address


def test_ipv6_loopback(bed):
    try:
        client = bed.connect("::1")
    except OSError:
        pytest.skip("no IPv6 here")
    assert "LOGINDISABLED" not in client.greeting
    assert facts(client.command("a LOGIN ann secret"))["environment"]["TCPREMOTEIP"] == "::1"


@pytest.mark.parametrize("octets, bye, reason", [
    ("a NOOP " + "x" * 9000, "* BYE Line is longer than 8192 octets", "sent a line over the limit"),
    ("a LOGIN {5000+}\r\n" + "x" * 5000, "* BYE Literal is larger than 1024 octets before login", "sent a literal"),
    ("a NOOP\r\n" * 9000, "* BYE More than 65536 octets before login", "sent too much before login"),
    ("a X\r\n" * 10, "* BYE More than 9 consecutive bad commands", "sent too many bad commands"),
])
def test_budgets_end_the_connection_with_a_word(bed, octets, bye, reason):
    client = bed.connect()
    client.send(octets)
    assert client.rest()[-1] == bye
    bed.wait_for_log(reason)
    assert client.process.wait(5) == 0


def test_silence_ends_at_the_deadline(bed):
    client = bed.connect(IMAP_LOGIN_TIMEOUT="1")
    start = time.monotonic()
    assert client.rest() == ["* BYE [UNAVAILABLE] Time for the login is over"]
    assert 0.8 < time.monotonic() - start < 3
    bed.wait_for_log(r"TIMEOUT, ip=\[127\.0\.0\.1\]")


def test_a_client_that_keeps_talking_ends_at_the_deadline_too(bed):
    client = bed.connect(IMAP_LOGIN_TIMEOUT="1")
    start = time.monotonic()
    with pytest.raises((AttributeError, OSError, AssertionError)):
        while time.monotonic() - start < 5:
            assert client.command("a NOOP")[-1].startswith("a OK")
            time.sleep(0.1)
    assert time.monotonic() - start < 3


def test_a_silent_tls_handshake_ends_at_the_deadline(bed):
    client = bed.connect(IMAP_LOGIN_TIMEOUT="1")
    client.send("a STARTTLS\r\n")
    assert client.line().startswith("a OK")
    start = time.monotonic()
    assert client.rest() == [] or True
    assert client.process.wait(10) is not None and time.monotonic() - start < 8


def has_ended(pid):
    """Within a moment, and perhaps not yet waited for by the init of a container."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if "State:\tZ" in pathlib.Path(f"/proc/{pid}/status").read_text():
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_stopping_before_login_says_bye(bed):
    client = bed.connect()
    front, = bed.children(client.process.pid)
    os.kill(client.process.pid, signal.SIGTERM)
    assert client.rest() == ["* BYE Courier-IMAP server shut down by signal."]
    assert has_ended(front), "the front outlives its monitor"


def status_of(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def test_what_front_and_monitor_may_do(bed):
    client = bed.connect()
    front, = bed.children(client.process.pid)
    status, above = status_of(front), status_of(client.process.pid)
    assert "0" not in status["Uid"].split() + status["Gid"].split() and status["Groups"].strip() == ""
    assert all(int(status[name], 16) == 0 for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))
    assert status["NoNewPrivs"] == above["NoNewPrivs"] == "1"
    assert os.readlink(f"/proc/{front}/root") == str(bed.root / "empty")
    fds = {fd: os.readlink(f"/proc/{front}/fd/{fd}") for fd in os.listdir(f"/proc/{front}/fd")}
    assert sorted(fds) == ["0", "1", "2", "3", "4"] and fds["0"] == fds["1"] == fds["2"] == "/dev/null"
    # CAP_SETGID 6, CAP_SETUID 7, CAP_SYS_CHROOT 18
    assert int(above["CapPrm"], 16) == int(above["CapEff"], 16) == 1 << 6 | 1 << 7 | 1 << 18
    assert int(above["CapBnd"], 16) == 0
    if not os.environ.get("SANITIZED"):  # such a build has no filter, and says so
        assert status["Seccomp"] == "2" and above["Seccomp"] == "0"


def test_inetd_style(bed):
    """Without LISTEN_FDS= the connection is descriptor 0 (and 1), which must not survive as a copy."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = Connection(socket.create_connection(listener.getsockname()))
        served = listener.accept()[0]
    with served:
        process = subprocess.Popen([os.environ["IMAPLOGIN"], bed.imapd, "Maildir"], env=bed.environment, stdin=served,
                                   stdout=served, stderr=bed.log_file)
    bed.processes.append(process)
    assert "Courier-IMAP ready" in client.line()
    client.start_tls()
    told = facts(client.command("b LOGIN ann secret"))
    assert told["pid"] == process.pid and told["environment"]["IMAP_TLS"] == "1"
    assert [fd for fd, target in told["fds"].items() if target.startswith("socket:")] == ["0", "1"]


def test_status_line_before_login(bed):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(bed.root / "notify"))
        notify.settimeout(10)
        client = bed.connect(NOTIFY_SOCKET=str(bed.root / "notify"))
        assert notify.recv(4096) == b"STATUS=127.0.0.1: not logged in"
        told = facts(client.command("a LOGIN ann secret"))
        assert told["environment"]["NOTIFY_SOCKET"] == str(bed.root / "notify"), "the session has more to tell"


def test_a_client_that_is_gone_already(bed):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        served = listener.accept()[0]
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    with served:
        ran = subprocess.run([os.environ["IMAPLOGIN"], bed.imapd, "Maildir"], stdin=served, env=bed.environment,
                             capture_output=True, timeout=20)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_many_half_open_connections_leave_nothing_behind(bed):
    clients, fronts = [], []
    for _ in range(40):
        clients.append(bed.connect(IMAP_LOGIN_TIMEOUT="4"))
        fronts += bed.children(clients[-1].process.pid)
    assert len(fronts) == 40
    for client in clients:
        assert client.rest() == ["* BYE [UNAVAILABLE] Time for the login is over"]
        assert client.process.wait(5) == 0
    assert all(has_ended(front) for front in fronts)


def test_wrong_arguments(bed):
    ran = subprocess.run([os.environ["IMAPLOGIN"]], stdin=subprocess.PIPE, capture_output=True, env=bed.environment)
    assert ran.returncode == 1
