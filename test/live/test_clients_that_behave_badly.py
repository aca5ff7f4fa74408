# SPDX-License-Identifier: GPL-3.0-or-later
"""Slow readers, vanished clients, sessions that are killed."""
import signal
import socket
import time


def test_a_slow_reader_gets_all_of_a_long_answer(account):
    client = account.client(receive_buffer=4096)
    names = [f"INBOX.{i:03}-{'x' * 180}" for i in range(100)]
    for name in names:
        client.ok(f"CREATE {name}")
    client.send('l LIST "" "INBOX.%"\r\n' * 10)
    received = b""
    while received.count(b"l OK LIST completed\r\n") < 10:
        received += client.socket.recv(700)
        time.sleep(0.0005)
    assert sorted(received.decode().split("\r\n")) == sorted(
        10 * [f'* LIST (\\HasNoChildren) "." "{name}"' for name in names] + 10 * ["l OK LIST completed"] + [""])


def test_a_client_that_writes_octet_by_octet_is_understood(account):
    client = account.client()
    for octet in b"a APPEND INBOX {14}\r\n":
        client.send(bytes([octet]))
    client.read_until(r"^\+ OK")
    for octet in b"Subject: a\r\n\r\n\r\n":
        client.send(bytes([octet]))
    assert client.read_line().startswith("a OK [APPENDUID")


def test_pipelined_commands_are_answered_in_order(account):
    client = account.client()
    client.send("".join(f"p{i} NOOP\r\n" for i in range(2000)))
    assert client.read_until(r"^p1999 ") == [f"p{i} OK NOOP completed" for i in range(2000)]


def vanish(client):
    client.socket.shutdown(socket.SHUT_RDWR)
    client.socket.close()


def test_a_client_that_vanishes_leaves_nothing(account):
    for text in ("", "x NOO", "x APPEND INBOX {1000+}\r\nSubject: half", "i IDLE\r\n", "x CREATE {9+}\r\nINB"):
        client = account.client()
        client.ok("SELECT INBOX")
        client.send(text)
        vanish(client)
        assert client.ends() == 0
        assert "DISCONNECTED, user=ann, ip=[127.0.0.1], port=[0], headers=0, body=0, rcvd=" in client.log()
    assert account.files("cur/*") == account.files("new/*") == account.files("tmp/*") == []


def test_a_client_that_vanishes_in_a_long_answer_ends_the_session(account):
    client = account.client(receive_buffer=4096)
    for i in range(60):
        client.ok(f"CREATE INBOX.{i:03}-{'x' * 180}")
    client.send('l LIST "" *\r\n' * 200)
    client.socket.recv(100)
    vanish(client)
    assert client.ends() == 0
    assert "DISCONNECTED" in client.log()


def test_a_session_killed_in_idle_disturbs_nobody(account):
    killed, other = account.client(), account.client()
    other.ok("SELECT INBOX")
    killed.ok("SELECT INBOX")
    killed.send("i IDLE\r\n")
    killed.read_until(r"^\+")
    account.deliver()
    killed.read_until(r"EXISTS")
    killed.process.send_signal(signal.SIGKILL)
    assert killed.ends() == -signal.SIGKILL
    assert "* 1 EXISTS" in other.ok("NOOP")
    assert "[APPENDUID" in other.append("INBOX", "Subject: a\n\n")[-1]
    assert "* 2 EXISTS" in account.client().ok("SELECT INBOX")
