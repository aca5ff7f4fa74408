# SPDX-License-Identifier: GPL-3.0-or-later
"""What `systemctl status` shows of a session."""
import socket


def test_the_status_line_follows_the_session(account):
    path = account.home / "notify"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(path))
    listener.settimeout(20)
    client = account.client(NOTIFY_SOCKET=str(path))
    assert listener.recv(1000) == b"STATUS=ann from 127.0.0.1: logged in"
    client.ok('CREATE "INBOX.Entw&APw-rfe"')
    client.ok('SELECT "INBOX.Entw&APw-rfe"')
    assert listener.recv(1000).decode() == "STATUS=ann from 127.0.0.1: selected INBOX.Entwürfe"
    client.send("i IDLE\r\n")
    assert listener.recv(1000).decode() == "STATUS=ann from 127.0.0.1: waiting in INBOX.Entwürfe"
    client.read_until(r"^\+")
    client.send("DONE\r\n")
    assert listener.recv(1000).decode() == "STATUS=ann from 127.0.0.1: selected INBOX.Entwürfe"
    client.read_until(r"^i OK")
    client.ok("UNSELECT")
    assert listener.recv(1000).decode() == "STATUS=ann from 127.0.0.1: logged in"
    listener.close()
