# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGTERM in each state: a BYE, an honest log line, nothing half-written."""
import re
import signal

import pytest

BYE = b"* BYE Courier-IMAP server shut down by signal.\r\n"


def nothing(client):
    """authenticated"""


def selected(client):
    client.ok("SELECT INBOX")


def examined(client):
    client.ok("EXAMINE INBOX")


def idle(client):
    client.ok("SELECT INBOX")
    client.send("i IDLE\r\n")
    client.read_until(r"^\+")


def idle_unselected(client):
    client.send("i IDLE\r\n")
    client.read_until(r"^\+")


def in_a_line(client):
    client.send("x NOO")


def in_an_argument(client):
    client.send("x CREATE {100}\r\n")
    client.read_until(r"^\+")
    client.send("INBOX.half")


def in_a_message(client):
    client.send("x APPEND INBOX {100000}\r\n")
    client.read_until(r"^\+")
    client.send("Subject: half\r\n\r\n" + 50 * "Half a message.\r\n")


def in_a_message_that_does_not_wait(client):
    client.send("x APPEND INBOX {100000+}\r\nSubject: half\r\n\r\n")


def in_a_refused_literal(client):
    client.send("x CREATE {100000+}\r\nINBOX.half")


STATES = [nothing, selected, examined, idle, idle_unselected, in_a_line, in_an_argument, in_a_message,
          in_a_message_that_does_not_wait, in_a_refused_literal]


@pytest.mark.parametrize("enter", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_ends_with_bye(account, enter, number):
    client = account.client()
    before = client.append("INBOX", "Subject: kept\n\nKept.\n")[-1]
    enter(client)
    client.process.send_signal(number)
    assert client.drain().endswith(BYE)
    assert client.ends() == 0
    assert "Disconnected during shutdown by signal, user=ann" in client.log()
    assert len(account.files("cur/*")) == 1
    assert account.files("tmp/*") == account.files("new/*") == []
    assert account.files(".half") == []

    validity = re.search(r"APPENDUID (\d+) 1\]", before)[1]
    after = account.client()
    assert f"* OK [UIDVALIDITY {validity}] Ok" in after.ok("SELECT INBOX")
    assert f"[APPENDUID {validity} 2]" in after.append("INBOX", "Subject: next\n\n")[-1]


def test_a_client_that_always_has_a_next_command_is_stopped_too(account):
    client = account.client()
    client.send("".join(f"n{i} NOOP\r\n" for i in range(1000)))
    client.process.send_signal(signal.SIGTERM)
    assert client.drain().endswith(BYE)
    assert client.ends() == 0


def test_a_client_that_does_not_read_does_not_keep_the_session_alive(account):
    client = account.client(receive_buffer=4096)
    for i in range(60):
        client.ok(f"CREATE INBOX.{i:03}-{'x' * 180}")
    client.send('l LIST "" *\r\n' * 200)
    client.process.send_signal(signal.SIGTERM)
    assert client.ends() == 0
