# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left for a time when nobody waits for an answer."""
import os
import re
import time

import pytest

N_MESSAGES = 20000  # more than are listed for proof at any time
AGO = 1700000000
WAIT_SECONDS = 10


@pytest.fixture
def client(account):
    """A large mailbox that nobody has touched for long is selected."""
    for name in ("cur", "new", "tmp"):
        (account.maildir / name).mkdir(parents=True, exist_ok=True)
    cur = account.maildir / "cur"
    (cur / "1.a:2,").write_text("Subject: x\n\nx\n")
    for number in range(2, N_MESSAGES + 1):
        os.link(cur / "1.a:2,", cur / f"{number}.a:2,")
    for directory in (cur, account.maildir / "new"):
        os.utime(directory, ns=(AGO * 10**9 + 1, AGO * 10**9 + 1))
    client = account.client()
    assert f"* {N_MESSAGES} EXISTS" in client.ok("SELECT INBOX")
    return client


def hide_a_delivery(account, client):
    """Behind our own move from new/ to cur/ a file that leaves no trace in the directory's time."""
    cur = account.maildir / "cur"
    account.deliver()
    assert f"* {N_MESSAGES + 1} EXISTS" in client.ok("NOOP")
    times = cur.stat()
    (cur / "1700009999.hidden:2,").write_text("Subject: hidden\n\nx\n")
    os.utime(cur, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_a_change_that_left_no_trace_is_found_between_two_commands(account, client):
    hide_a_delivery(account, client)
    deadline = time.monotonic() + WAIT_SECONDS
    while f"* {N_MESSAGES + 2} EXISTS" not in client.ok("NOOP"):
        assert time.monotonic() < deadline
        time.sleep(0.7)


def test_a_change_that_left_no_trace_is_told_in_idle(account, client):
    hide_a_delivery(account, client)
    client.send("i IDLE\r\n")
    client.read_until(r"^\+ ")
    client.read_until(rf"^\* {N_MESSAGES + 2} EXISTS")
    client.send("DONE\r\n")
    assert re.match("i OK", client.read_until("^i ")[-1])
