# SPDX-License-Identifier: GPL-3.0-or-later
"""Several sessions of one account at once."""
import re
import threading


def uids_of(lines):
    return [int(match[1]) for line in lines if (match := re.search(r"APPENDUID \d+ (\d+)", line))]


def exists(lines):
    return [int(match[1]) for line in lines if (match := re.match(r"\* (\d+) EXISTS", line))]


def test_appends_of_eight_sessions_get_distinct_ascending_uids(account):
    clients = [account.client() for _ in range(8)]
    uids = [[] for _ in clients]

    def work(number):
        for i in range(10):
            uids[number] += uids_of(clients[number].append("INBOX", f"Subject: {number}.{i}\n\nHi.\n"))

    threads = [threading.Thread(target=work, args=[number]) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(own == sorted(own) for own in uids)
    assert sorted(uid for own in uids for uid in own) == list(range(1, 81))
    assert exists(account.client().ok("SELECT INBOX")) == [80]


def test_everybody_sees_an_append_at_the_next_noop(account):
    first, second = account.client(), account.client()
    first.ok("SELECT INBOX")
    second.ok("SELECT INBOX")
    assert exists(first.append("INBOX", "Subject: a\n\n")) == [1]
    assert exists(second.ok("NOOP")) == [1]
    assert exists(second.ok("NOOP")) == []


def test_an_expunge_by_one_is_told_to_the_other_with_right_numbers(account):
    first, second = account.client(), account.client()
    for number in range(6):
        first.append("INBOX", f"Subject: {number}\n\n", "\\Deleted" if number % 2 else "")
    first.ok("SELECT INBOX")
    second.ok("SELECT INBOX")
    assert first.ok("EXPUNGE")[:3] == ["* 2 EXPUNGE", "* 3 EXPUNGE", "* 4 EXPUNGE"]
    assert second.ok("NOOP")[:4] == ["* 2 EXPUNGE", "* 3 EXPUNGE", "* 4 EXPUNGE", "* 3 EXISTS"]


def test_flags_of_two_sessions_meet(account):
    first, second = account.client(), account.client()
    first.append("INBOX", "Subject: a\n\n")
    first.ok("SELECT INBOX")
    second.ok("SELECT INBOX")
    first.ok("STORE 1 +FLAGS (\\Seen)")
    second.ok("STORE 1 +FLAGS (\\Flagged work)")
    first.ok("NOOP")
    assert "* 1 FETCH (FLAGS (\\Flagged \\Seen work))" in first.ok("STORE 1 +FLAGS (\\Seen)")


def test_an_idle_session_hears_of_a_delivery(account):
    clients = [account.client() for _ in range(3)]
    for client in clients:
        client.ok("SELECT INBOX")
        client.send("i IDLE\r\n")
        client.read_until(r"^\+ entering ENHANCED idle mode")
    account.deliver()
    for client in clients:
        assert client.read_until(r"EXISTS")[-1] == "* 1 EXISTS"
    for client in clients:
        client.read_until(r"RECENT")
        client.send("DONE\r\n")
        client.read_until(r"^i OK")


def test_a_burst_of_deliveries_ends_in_one_true_count(account):
    client = account.client()
    client.ok("SELECT INBOX")
    client.send("i IDLE\r\n")
    client.read_until(r"^\+")
    for _ in range(50):
        account.deliver()
    lines = client.read_until(r"^\* 50 EXISTS")
    assert len(exists(lines)) <= 20


def test_a_mailbox_deleted_by_another_session_ends_this_one(account):
    first, second = account.client(), account.client()
    first.ok("CREATE INBOX.Work")
    second.ok("SELECT INBOX.Work")
    first.ok("DELETE INBOX.Work")
    second.send("n NOOP\r\n")
    assert second.read_line().startswith("* BYE")
    assert second.ends() == 0
