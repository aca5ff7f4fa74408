#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands for imapd: tells what it was given, then echoes lines until LOGOUT."""
import json
import os
import sys

pending = os.environ.get("IMAP_PENDING_FD")
status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)
facts = {
    "pid": os.getpid(), "argv": sys.argv[1:], "cwd": os.getcwd(), "environment": dict(os.environ),
    "uids": status["Uid"].split(), "gids": status["Gid"].split(), "groups": status["Groups"].split(),
    "capabilities": [status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")],
    "no_new_privileges": status["NoNewPrivs"],
    "fds": {name: os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")
            if os.path.lexists(f"/proc/self/fd/{name}")},
    "pending": os.pread(int(pending), 65536, 0).decode("latin-1") if pending else "",
}
print(f"* FACTS {json.dumps(facts)}\r\n{os.environ['IMAPLOGINTAG']} OK LOGIN Ok.\r", flush=True)
for line in sys.stdin:
    print("* ECHO", line.rstrip(), end="\r\n", flush=True)
    if "LOGOUT" in line:
        break
