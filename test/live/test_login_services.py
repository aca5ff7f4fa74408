# SPDX-License-Identifier: GPL-3.0-or-later
"""imaplogin with the real services instead of the bed's own: imapd-tls, and a source of accounts when there is one."""
import os
import pathlib
import socket
import sys

import pytest

from loginbed import bed  # noqa: F401 - a fixture
from test_login import facts

sys.path.insert(0, str(pathlib.Path(__file__).parent / "services"))
from servicebed import Service  # noqa: E402


@pytest.fixture(params=["connection", "shared"])
def tls(request, bed):
    bed.stop("tls")
    (bed.root / "state").mkdir()
    service = Service(os.environ["IMAPD_TLS"], bed.root / "run", "tls", socket.SOCK_SEQPACKET,
                      {"TLS_CERTFILE": str(bed.certificate()), "STATE_DIRECTORY": str(bed.root / "state"),
                       "COURIER_TLS_USER": "nobody", "TLS_ISOLATION": request.param})
    yield service
    service.stop()
    assert "Sanitizer" not in service.log() + bed.log()


def check_session(client, bed):
    client.send("c LOGIN ann secret\r\nd pipelined\r\n")
    told = facts([client.line()])
    assert client.line() == "c OK LOGIN Ok."
    assert told["environment"]["IMAP_TLS"] == "1" and told["environment"]["TCPREMOTEIP"] == "127.0.0.1"
    assert told["environment"]["TLS_CONNECTED_PROTOCOL"].startswith("TLSv1.3,")
    assert told["pending"] in ("d pipelined\r\n", "")
    client.send("e through the pump\r\nf LOGOUT\r\n")
    lines = client.rest()
    assert lines[-2:] == ["* ECHO e through the pump", "* ECHO f LOGOUT"]
    assert client.process.wait(5) == 0


def test_starttls(bed, tls):
    client = bed.connect()
    client.start_tls()
    check_session(client, bed)


def test_tls_from_the_start(bed, tls):
    client = bed.connect(tls=True)
    assert "Courier-IMAP ready" in client.greeting
    check_session(client, bed)


def test_logout_before_login(bed, tls):
    client = bed.connect(tls=True)
    assert client.command("a LOGOUT")[-1] == "a OK LOGOUT completed"
    assert client.line() is None
    assert client.process.wait(5) == 0


def test_no_handshake(bed, tls):
    client = bed.connect()
    assert client.command("a STARTTLS")[-1].startswith("a OK")
    client.send("a NOOP\r\n" * 100)
    try:
        while client.socket.recv(4096):
            pass
    except ConnectionResetError:
        pass
    assert client.process.wait(10) == 0
    bed.wait_for_log("couriertls: ")


def test_the_deadline_ends_a_silent_handshake(bed, tls):
    client = bed.connect(IMAP_LOGIN_TIMEOUT="1")
    assert client.command("a STARTTLS")[-1].startswith("a OK")
    assert client.process.wait(10) is not None


def test_modules_are_asked_one_after_the_other(bed):
    """The bed's own module does not know john; the userdb does, with a Courier password hash."""
    home = bed.home("john")
    home.mkdir()
    os.chown(home, 7777, 7778)
    userdb = bed.root / "userdb"
    userdb.write_text(f"john@example.com\tuid=7777|gid=7778|home={home}|mail=Mail|options=disablepop3=1|"
                      "systempw={SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    userdb.chmod(0o600)
    service = Service(os.environ["IMAPD_AUTH_USERDB"], bed.root / "run", "auth/userdb", socket.SOCK_STREAM,
                      {"USERDB_PATH": str(userdb)})
    try:
        client = bed.connect(AUTHMODULES="fake, userdb")
        assert client.command("a LOGIN john@example.com wrong") == ["a NO [AUTHENTICATIONFAILED] Login failed."]
        told = facts(client.command("b LOGIN john@example.com secret"))
        assert told["uids"] == ["7777"] * 4 and told["gids"] == ["7778"] * 4 and told["cwd"] == str(home)
        assert told["argv"] == ["Mail"] and told["environment"]["AUTHENTICATED"] == "john@example.com"
        assert [request["user"] for request in bed.asked] == ["john@example.com"] * 2
    finally:
        service.stop()
