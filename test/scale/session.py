# SPDX-License-Identifier: GPL-3.0-or-later
"""
A client of a real imapd ($IMAPD) whose memory is limited.

The limit is that of a memory cgroup, of version 1 or 2, where one can be made: a process that needs more is killed.
Page cache counts there, but the kernel takes it back before it kills. Beside that, and alone where no cgroup can be
made, the private memory of the process (RssAnon and RssShmem of /proc/PID/status) is sampled while a command runs.
"""
import os
import pathlib
import re
import socket
import subprocess
import threading
import time

CGROUPS = (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max"))
SAMPLE_SECONDS = 0.004
WAIT_SECONDS = 120


class Cgroup:
    """None of it where it cannot be had."""

    def __init__(self, limit):
        self.path = None
        for root, file in CGROUPS:
            path = pathlib.Path(root, f"imapd-scale-{os.getpid()}")
            if not pathlib.Path(root, "cgroup.procs").exists():
                continue
            try:
                path.mkdir()
                self.path = path
                (path / file).write_text(str(limit))
                return
            except OSError:
                self.remove()

    def enter(self):
        if self.path:
            (self.path / "cgroup.procs").write_text("0")

    def remove(self):
        """It is empty once its processes are buried."""
        for _ in range(100):
            try:
                if self.path:
                    self.path.rmdir()
                break
            except OSError:
                time.sleep(0.05)
        self.path = None


class Sampler(threading.Thread):
    """The most private memory that was seen."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.status, self.peak, self.stopped = open(f"/proc/{pid}/status", "rb", buffering=0), 0, False
        self.start()

    def look(self):
        self.status.seek(0)
        text = self.status.read(4096)
        self.peak = max(self.peak, 1024 * sum(map(int, re.findall(rb"Rss(?:Anon|Shmem):\s+(\d+)", text))))

    def run(self):
        try:
            while not self.stopped:
                self.look()
                time.sleep(SAMPLE_SECONDS)
        except (ProcessLookupError, ValueError):
            pass


class Session:
    def __init__(self, home, cgroup):
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(WAIT_SECONDS)
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AUTHENTICATED": "ann", "HOSTNAME": "host"}
        self.log = open(home / "log", "ab")
        self.process = subprocess.Popen([os.environ["IMAPD"], "./Maildir"], cwd=home, env=environment, stdin=theirs,
                                        stdout=theirs, stderr=self.log, preexec_fn=cgroup.enter)
        theirs.close()
        self.sampler, self.input, self.lines = Sampler(self.process.pid), b"", iter(())
        self.lines_until(lambda line: line.startswith(b"* PREAUTH"), lambda line: None)

    def lines_until(self, is_last, look):
        """Gives each line to look(), keeps none: an answer may be larger than we want to be."""
        while True:
            for line in self.lines:
                if is_last(line):
                    return line
                look(line)
            data = self.socket.recv(1 << 20)
            if not data:
                raise EOFError(f"imapd ended with {self.process.wait(WAIT_SECONDS)}")
            *lines, self.input = (self.input + data).split(b"\r\n")
            self.lines = iter(lines)

    def commands(self, texts, look=lambda line: None):
        """All at once. Return: seconds, and octets of private memory at most; all answers say OK."""
        self.sampler.peak = 0
        begun, n = time.monotonic(), 0
        self.socket.sendall(b"".join(b"a " + text.encode() + b"\r\n" for text in texts))
        while n < len(texts):
            last = self.lines_until(lambda line: line.startswith(b"a "), look)
            if not last.startswith(b"a OK"):
                raise AssertionError(f"{texts[n]} was answered {last.decode()}")
            n += 1
        taken = time.monotonic() - begun
        if self.process.poll() is None:
            self.sampler.look()
        return taken, self.sampler.peak

    def command(self, text, look=lambda line: None):
        return self.commands([text], look)

    def close(self):
        """LOGOUT writes what was put off. Return: as commands() does."""
        measured = self.command("LOGOUT")
        begun = time.monotonic()
        status = self.process.wait(WAIT_SECONDS)
        self.stop()
        if status != 0:
            raise AssertionError(f"imapd ended with {status}")
        return measured[0] + time.monotonic() - begun, max(measured[1], self.sampler.peak)

    def stop(self):
        self.sampler.stopped = True
        self.socket.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()
