# SPDX-License-Identifier: GPL-3.0-or-later
"""The long-lived services: each in its fence, each comes back, and the notify service answers."""
import array
import os
import pathlib
import re
import socket
import stat
import struct
import time

import pytest

from talk import Talk, instance_of, run, session, show, wait_for

SERVICES = ["imapd-tls.service", "imapd-auth@pam.service", "imapd-auth@userdb.service", "imapd-notify.service"]
CAPABILITIES = {"CAP_SETGID": 6, "CAP_SETUID": 7, "CAP_SYS_CHROOT": 18}


@pytest.mark.parametrize("unit", SERVICES)
def test_the_exposure_is_below_2(unit):
    run("systemd-analyze", "security", "--threshold=20", unit)


def status_of(pid):
    return dict(re.findall(r"^(\w+):\s+(.*)$", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M))


def test_the_front_has_nothing():
    with Talk() as talk:
        monitor = show(instance_of(talk), "MainPID")
        (front,) = pathlib.Path(f"/proc/{monitor}/task/{monitor}/children").read_text().split()
        status = status_of(front)
        uid = int(run("id", "-u", "courier-login"))
        assert status["Uid"].split() == [str(uid)] * 4
        assert all(int(status[name], 16) == 0 for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"))
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
        assert os.readlink(f"/proc/{front}/root") == "/usr/share/courier-imapd/empty"
        assert os.listdir(f"/proc/{front}/root") == []
        # The monitor keeps what it needs to become the user, nothing else.
        allowed = sum(1 << bit for bit in CAPABILITIES.values())
        assert int(status_of(monitor)["CapEff"], 16) & ~allowed == 0
        assert status_of(monitor)["NoNewPrivs"] == "1"


def test_the_session_is_the_user_and_has_nothing_more():
    with session() as talk:
        status = status_of(show(instance_of(talk), "MainPID"))
        assert status["Uid"].split() == ["1001"] * 4 and status["Gid"].split() == ["1001"] * 4
        assert all(int(status[name], 16) == 0 for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"))
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"


def test_the_first_start_makes_a_certificate_that_only_the_tls_service_reads():
    with Talk(993):
        path = pathlib.Path("/var/lib/courier-imapd/imapd.pem")
        mode = path.stat()
        assert stat.S_IMODE(mode.st_mode) & 0o077 == 0
        assert mode.st_uid == int(run("id", "-u", "courier-tls"))
        assert "PRIVATE KEY" in path.read_text()


@pytest.mark.parametrize("unit", ["imapd-tls.service", "imapd-auth@pam.service"])
def test_a_killed_service_comes_back_and_sessions_go_on(unit):
    with session("imaps") as talk:
        before = show(unit, "MainPID")
        assert before != "0"
        run("systemctl", "kill", "--kill-whom=main", "--signal=KILL", unit)
        assert wait_for(lambda: show(unit, "MainPID") not in ("0", before))
        with session("imaps") as other:
            assert other.command("NOOP")[0].startswith("OK")
        assert talk.command("NOOP")[0].startswith("OK")


def test_a_service_that_cannot_start_for_a_while_is_retried_for_ever():
    directory = pathlib.Path("/run/systemd/system/imapd-auth@pam.service.d")
    directory.mkdir(parents=True)
    (directory / "90-test.conf").write_text("[Service]\nExecStart=\nExecStart=/bin/false\n")
    run("systemctl", "daemon-reload")
    run("systemctl", "stop", "imapd-auth@pam.service")
    try:
        with Talk(993) as talk:
            talk.send('a LOGIN "ann" "correct horse"')
            time.sleep(8)
            (directory / "90-test.conf").unlink()
            directory.rmdir()
            run("systemctl", "daemon-reload")
            assert talk.line().startswith("a ")
    finally:
        run("systemctl", "daemon-reload")
    assert show("imapd-auth@pam.socket", "ActiveState") == "active"
    with session("imaps") as talk:
        assert talk.command("NOOP")[0].startswith("OK")


class Bus:
    """As much of the D-Bus protocol as one method call with a descriptor needs."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self.socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() +
                            b"\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n")
        answer = b""
        while answer.count(b"\r\n") < 2:
            answer += self.socket.recv(4096)
        assert answer.startswith(b"OK ") and b"AGREE_UNIX_FD" in answer, answer

    @staticmethod
    def field(code, signature, value):
        if signature == "g":
            body = bytes([len(value)]) + value.encode() + b"\0"
        elif signature == "u":
            body = struct.pack("<I", value)
        else:
            body = struct.pack("<I", len(value)) + value.encode() + b"\0"
        return bytes([code, len(signature)]) + signature.encode() + b"\0" + body

    def call(self, path, interface, member, fd):
        fields = [self.field(1, "o", path), self.field(2, "s", interface), self.field(3, "s", member),
                  self.field(8, "g", "h"), self.field(9, "u", 1)]
        block = b""
        for one in fields:
            block += b"\0" * (-len(block) % 8) + one
        header = struct.pack("<cBBBIII", b"l", 1, 0, 1, 4, 1, len(block)) + block
        header += b"\0" * (-len(header) % 8)
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]
        self.socket.sendmsg([header + struct.pack("<I", 0)], rights)
        answer = b""
        while len(answer) < 16 or len(answer) < self.total(answer):
            data = self.socket.recv(4096)
            assert data, answer
            answer += data
        return answer[1], answer[self.total(answer) - struct.unpack_from("<I", answer, 4)[0]:]

    @staticmethod
    def total(answer):
        body, _, fields = struct.unpack_from("<III", answer, 4)
        return 16 + fields + (-fields % 8) + body


def test_the_notify_service_answers_unknown_generation():
    bus = Bus("/run/courier/notify")
    fd = os.open("/home/ann", os.O_RDONLY | os.O_DIRECTORY)
    kind, body = bus.call("/org/courier_imapd/Notify1", "org.courier_imapd.Notify1", "Watch", fd)
    os.close(fd)
    assert kind == 2 and struct.unpack("<Q", body)[0] == 0
    assert show("imapd-notify.service", "ActiveState") == "active"
    assert show("imapd-notify.service", "User") == "courier-notify"


def test_the_notify_service_refuses_what_is_no_directory():
    bus = Bus("/run/courier/notify")
    fd = os.open("/etc/passwd", os.O_RDONLY)
    kind, _ = bus.call("/org/courier_imapd/Notify1", "org.courier_imapd.Notify1", "Watch", fd)
    os.close(fd)
    assert kind == 3


def test_no_unit_of_ours_has_failed():
    assert run("systemctl", "list-units", "--failed", "--no-legend", "--plain", "imapd*") == ""
