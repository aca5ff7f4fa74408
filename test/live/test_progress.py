# SPDX-License-Identifier: GPL-3.0-or-later
"""A long search: it says that it goes on, and it ends when its client has gone or the server is to stop."""
import os
import re
import signal
import time

import pytest

# A text that is not found in so many octets: several seconds of work at memory speed.
MESSAGES, OCTETS, SOON = 6000, 2 << 20, 3
COMMANDS = ["SEARCH BODY nowhere", "SORT (SUBJECT) UTF-8 BODY nowhere", "THREAD REFERENCES UTF-8 BODY nowhere"]


@pytest.fixture
def searching(account):
    """Starts a long search in a mailbox of one large message under many names."""
    account.client() # makes the Maildir
    account.deliver("Subject: large\n\n" + ("hay and " * 7 + "hay\n") * (OCTETS // 60))
    first = account.maildir / account.files("new/*")[0]
    for number in range(1, MESSAGES):
        os.link(first, first.with_name(f"17000{number:05}.M1P{number}.host"))

    def start(command, **environment):
        client = account.client(**environment)
        client.ok("SELECT INBOX")
        client.send(f"x {command}\r\n")
        return client
    return start


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split()[0])
def test_a_client_that_has_gone_is_noticed(searching, command):
    client = searching(command, IMAP_PROGRESS_MSEC="50")
    told = [int(client.read_until(r"^\* OK \[INPROGRESS")[-1].split()[4]) for _ in range(3)]
    assert told == sorted(set(told))
    client.socket.close()
    started = time.monotonic()
    assert client.process.wait(10) is not None
    assert time.monotonic() - started < SOON
    assert "DISCONNECTED, user=ann" in client.log()


def test_the_stop_signal_is_seen(searching):
    client = searching(COMMANDS[0], IMAP_PROGRESS_MSEC="50")
    client.read_until(r"^\* OK \[INPROGRESS")
    client.process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    assert client.drain().endswith(b"* BYE Courier-IMAP server shut down by signal.\r\n")
    assert time.monotonic() - started < SOON
    assert client.ends() == 0


def test_a_client_that_waits_is_told_the_truth(searching):
    client = searching("SEARCH 1:60 BODY nowhere", IMAP_PROGRESS_MSEC="5")
    lines = client.read_until(r"^x ")
    told = [re.search(r'INPROGRESS \("x" (\d+) 60\)', line) for line in lines[:-2]]
    assert all(told) and lines[-2].rstrip() == "* SEARCH"
    numbers = [int(match[1]) for match in told]
    assert numbers == sorted(set(numbers)) and 0 < max(numbers) < 60
