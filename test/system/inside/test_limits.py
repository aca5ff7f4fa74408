# SPDX-License-Identifier: GPL-3.0-or-later
"""Each limit of the socket units, on purpose and reached: what is over it ends, everything else goes on."""
import concurrent.futures
import contextlib
import pathlib
import resource
import select
import socket
import time

import pytest

from talk import Talk, run, session, show, units, wait_for

DROPINS = pathlib.Path("/run/systemd/system")


@contextlib.contextmanager
def drop_in(unit, text, restarted="imapd.socket"):
    directory = DROPINS / f"{unit}.d"
    directory.mkdir(parents=True)
    (directory / "90-test.conf").write_text(text)
    apply(restarted)
    try:
        yield
    finally:
        (directory / "90-test.conf").unlink()
        directory.rmdir()
        apply(restarted)


def apply(restarted):
    run("systemctl", "daemon-reload")
    if restarted:
        run("systemctl", "restart", restarted)
    wait_for(lambda: not units("imapd@*.service", "active"))


def is_refused(source):
    """Closed without a word, as systemd does with what is over a limit."""
    with contextlib.suppress(ConnectionError), Talk(143, source) as talk:
        return talk.greeting is None
    return True


def still_serves():
    with session() as talk:
        return talk.command("NOOP")[0].startswith("OK") and show("imapd.socket", "ActiveState") == "active"


def test_max_connections_refuses_one_more_and_takes_the_next_after_an_end():
    with drop_in("imapd.socket", "[Socket]\nMaxConnections=5\n"):
        talks = [Talk(143, f"127.0.0.{10 + n}") for n in range(5)]
        assert all(talk.greeting for talk in talks)
        assert is_refused("127.0.0.20")
        talks.pop().close()
        assert wait_for(lambda: not is_refused("127.0.0.20"))
        for talk in talks:
            talk.close()
    assert still_serves()


def test_max_connections_per_source_counts_each_address_alone():
    with drop_in("imapd.socket", "[Socket]\nMaxConnectionsPerSource=3\n"):
        talks = [Talk(143, "127.0.0.30") for _ in range(3)]
        assert all(talk.greeting for talk in talks)
        assert is_refused("127.0.0.30")
        assert not is_refused("127.0.0.31")
        for talk in talks:
            talk.close()
    assert still_serves()


def test_the_shipped_limits_are_what_the_manual_says():
    for name in ("imapd.socket", "imapd-ssl.socket"):
        assert show(name, "MaxConnections") == "2000"
        assert show(name, "MaxConnectionsPerSource") == "50"
        assert show(name, "Backlog") == "4096"
        assert show(name, "TriggerLimitIntervalUSec") == "0"
        assert show(name, "PollLimitIntervalUSec") in ("", "0")


def test_a_login_storm_above_the_default_trigger_limit_is_served():
    """systemd's default fails the socket for good after 200 connections in 2 seconds."""
    def greeted(number):
        with Talk(143, f"127.0.{1 + number // 200}.{1 + number % 200}") as talk:
            return bool(talk.greeting)

    with concurrent.futures.ThreadPoolExecutor(100) as pool:
        assert all(pool.map(greeted, range(600)))
    assert still_serves()


def test_a_crashing_instance_does_not_wedge_the_socket():
    crash = "[Service]\nExecStart=\nExecStart=/bin/sh -c 'kill -SEGV $$$$'\n"
    with drop_in("imapd@.service", crash, restarted=None):
        for number in range(120):
            with contextlib.suppress(ConnectionError), Talk(143, "127.0.0.40") as talk:
                assert talk.greeting is None, number
    assert wait_for(lambda: not units("imapd@*.service", "failed"))
    assert not is_refused("127.0.0.40")
    assert still_serves()


def slice_memory():
    """Memory of all sessions together, most at any time, in MiB."""
    group = show("system-imapd.slice", "ControlGroup")
    for path in (f"/sys/fs/cgroup/memory{group}/memory.max_usage_in_bytes", f"/sys/fs/cgroup{group}/memory.peak"):
        if pathlib.Path(path).exists():
            return int(pathlib.Path(path).read_text()) / 2**20
    return None


def backlog():
    """Connections to port 143 that nobody has accepted yet."""
    rows = [line.split() for name in ("tcp", "tcp6") for line in
            pathlib.Path("/proc/net", name).read_text().splitlines()[1:]]
    return sum(int(row[4].partition(":")[2], 16) for row in rows if row[1].endswith(":008F") and row[3] == "0A")


@contextlib.contextmanager
def connected(number):
    """Half-open in IMAP's sense: connected, and then silent. From many sources, 40 from each, as fast as the backlog
    takes them: the kernel forgets what is over it, and what is forgotten tests nothing. Closed however it ends: systemd
    takes minutes for a reload while it holds 2000 connections, and the next tests want the machine."""
    sockets = []
    for n in range(number):
        if n % 100 == 0:
            wait_for(lambda: backlog() < 3000, 120)
        source = n // 40
        one = socket.socket()
        one.setblocking(False)
        one.bind((f"127.1.{source // 250}.{1 + source % 250}", 0))
        one.connect_ex(("127.0.0.1", 143))
        sockets.append(one)
    try:
        yield sockets
    finally:
        for one in sockets:
            one.close()


def forgotten():
    """Clients that believe they are connected while nothing here knows them: the kernel answered with a SYN cookie, and
    threw the handshake's last packet away because the backlog was full. A client that is silent never learns of it."""
    # Clients first: what one of them is connected to was there before. IPv6 sockets with IPv4 peers end like IPv4 ones.
    rows = [line.split() for name in ("tcp", "tcp6") for line in
            pathlib.Path("/proc/net", name).read_text().splitlines()[1:]]
    ends = [(row[1][-len("0100007F:008F"):], row[2][-len("0100007F:008F"):], row[3]) for row in rows]
    known = {(near, far) for near, far, _ in ends}
    return sum(far.endswith(":008F") and state == "01" and (far, near) not in known for near, far, state in ends)


def count_refused(sockets, seconds):
    """Waits until only as many are left as may be held: how many systemd has closed, and how many are forgotten."""
    poll, closed, n_forgotten = select.poll(), set(), 0
    by_fd = {one.fileno(): one for one in sockets}
    for fd in by_fd:
        poll.register(fd, select.POLLIN)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and len(closed) + n_forgotten < len(sockets) - 2000:
        events = poll.poll(1000)
        n_forgotten = n_forgotten if events else forgotten()
        for fd, _ in events:
            try:
                ended = not by_fd[fd].recv(65536)
            except BlockingIOError:
                continue
            except ConnectionError:
                ended = True
            if ended:
                closed.add(fd)
                poll.unregister(fd)
    return len(closed), forgotten()


def test_a_flood_of_10000_silent_connections_stays_inside_a_memory_limit(record_property):
    resource.setrlimit(resource.RLIMIT_NOFILE, (12000, 12000))
    # A limit for all sessions of the machine: what is over it would be killed, and show below. The deadline before
    # login is long here, so that the worst case is reached: all that may be held, at once.
    limit = drop_in("system-imapd.slice", "[Slice]\nMemoryMax=1G\n", restarted=None)
    patience = drop_in("imapd@.service", "[Service]\nEnvironment=IMAP_LOGIN_TIMEOUT=900\n")
    with limit, patience, session("imaps") as before:
        with connected(10000) as flood:
            begun = time.monotonic()
            refused, lost = count_refused(flood, 240)
            seconds = time.monotonic() - begun
            held = len(units("imapd@*.service", "active"))
            memory = slice_memory()
            record_property("held", held)
            record_property("mebibytes", memory)
            print(f"flood: {refused} refused, {lost} forgotten, {held} held, {memory} MiB for all sessions, "
                  f"{seconds:.0f} s")
            assert refused + lost >= 8000 and lost < 200 and 1950 <= held <= 2000
            assert memory is None or memory < 1024
            assert show("imapd.socket", "ActiveState") == "active"
            assert before.command("NOOP")[0].startswith("OK")
            # The other port has limits of its own: people with a mail program set to 993 notice nothing.
            with session("imaps") as other:
                assert other.command("NOOP")[0].startswith("OK")
        assert wait_for(lambda: not units("imapd@*.service", "active"), 240)
        assert before.command("NOOP")[0].startswith("OK")
    assert still_serves()


@pytest.fixture(autouse=True)
def calm():
    """Each test starts without the connections of the one before."""
    wait_for(lambda: not units("imapd*@*.service", "active"))
