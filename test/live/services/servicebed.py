# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a service as systemd would: the listening socket is descriptor 3. Everything in a temporary directory."""
import array
import json
import os
import pathlib
import signal
import socket
import subprocess
import time


def wait_until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


class Service:
    """One program with its socket at rundir/name; log() is what it wrote to standard error."""

    def __init__(self, program, rundir, name, kind, environment=None):
        self.path = pathlib.Path(rundir) / name
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.log_path = pathlib.Path(rundir) / (name.replace("/", "-") + ".log")
        notify_path = pathlib.Path(rundir) / (name.replace("/", "-") + ".notify")
        listener = socket.socket(socket.AF_UNIX, kind)
        listener.bind(str(self.path))
        listener.listen(4096)
        ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        ready.bind(str(notify_path))
        ready.settimeout(20)

        def place_listener():
            if listener.fileno() != 3:
                os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)
            os.setpgid(0, 0)

        variables = {"PATH": os.environ["PATH"], "COURIER_RUNDIR": str(rundir), "NOTIFY_SOCKET": str(notify_path),
                     "LISTEN_FDS": "1", **(environment or {})}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                variables[name] = os.environ[name]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(["/bin/sh", "-c", 'LISTEN_PID=$$ exec "$0" "$@"', program], env=variables,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, close_fds=False,
                                            preexec_fn=place_listener)
        listener.close()
        self.notices = []
        while not any("READY=1" in notice for notice in self.notices):
            self.notices.append(ready.recv(4096).decode())
        self.ready = ready
        self.idle_descriptors = len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def log(self):
        return self.log_path.read_text(errors="replace")

    def logged(self, text, seconds=5.0):
        return wait_until(lambda: text in self.log(), seconds)

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """Ends the service and everything it started (its process group)."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.ready.close()

    def children(self):
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]


def ask_line(path, request, timeout=20):
    """One JSON line there, one back; None when the service hangs up without an answer."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(timeout)
    client.connect(str(path))
    client.sendall(request if isinstance(request, bytes) else json.dumps(request).encode() + b"\n")
    answer = b""
    while not answer.endswith(b"\n"):
        piece = client.recv(65536)
        if not piece:
            break
        answer += piece
    client.close()
    return json.loads(answer) if answer else None


def send_packet(path, packet, fd=None):
    """Connects to a SEQPACKET service and sends one packet, with a descriptor if there is one."""
    monitor = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    monitor.settimeout(45)
    monitor.connect(str(path))
    ancillary = [] if fd is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]
    monitor.sendmsg([packet], ancillary)
    return monitor


def receive_packet(monitor):
    """The answer, and the plaintext socket or None."""
    packet, ancillary, _, _ = monitor.recvmsg(65536, socket.CMSG_SPACE(16))
    plain = None
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            plain = socket.socket(fileno=array.array("i", data[:4])[0])
    return (json.loads(packet) if packet else None), plain
