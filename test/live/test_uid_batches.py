# SPDX-License-Identifier: GPL-3.0-or-later
"""UIDBATCHES (RFC 10022) on a mailbox that has several batches."""
import random

import pytest

N_MESSAGES = 1734


@pytest.fixture
def client(account):
    for name in ("cur", "new", "tmp"):
        (account.maildir / name).mkdir(parents=True)
    for number in range(N_MESSAGES):
        (account.maildir / "cur" / f"{1700000000 + number}.M1P1.host:2,").write_text("Subject: x\n\n")
    client = account.client()
    client.ok("SELECT INBOX")
    return client


def batches(client, arguments):
    line, done = client.ok(f"UIDBATCHES {arguments}")
    start = f'* UIDBATCHES (TAG "t{client.n_commands}")'
    assert line.startswith(start), line
    ranges = line[len(start):].split(",") if line != start else []
    return [tuple(int(end) for end in text.split(":")) for text in ranges]


def sizes(client, ranges):
    return [len(client.ok(f"UID SEARCH UID {last}:{first}")[0].split()) - 2 for last, first in ranges]


def check_partition(client, size):
    """Every UID is in one batch; all but the last hold as many messages as were asked for."""
    ranges = batches(client, size)
    n_messages = len(client.ok("UID SEARCH ALL")[0].split()) - 2
    assert ranges[-1][1] == 1
    for (_, first), (last, _) in zip(ranges, ranges[1:]):
        assert last == first - 1
    counts = sizes(client, ranges)
    assert sum(counts) == n_messages and set(counts[:-1]) <= {size} and 0 < counts[-1] <= size
    for number in range(1, len(ranges) + 2):
        assert batches(client, f"{size} {number}:{number}") == ranges[number - 1:number]
    assert batches(client, f"{size} 2:100000") == ranges[1:]


def test_batches_share_out_all_messages(client):
    check_partition(client, 500)
    check_partition(client, N_MESSAGES)
    check_partition(client, N_MESSAGES // 2)


def test_batches_count_messages_not_uids(client):
    chosen = random.Random(10022).sample(range(1, N_MESSAGES + 1), 700)
    client.ok(f"UID STORE {','.join(map(str, chosen))},1,{N_MESSAGES} +FLAGS.SILENT (\\Deleted)")
    client.ok("EXPUNGE")
    check_partition(client, 500)
    client.ok("ENABLE UIDONLY")
    check_partition(client, 600)
