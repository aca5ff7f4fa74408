#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every setting that the sources read has its entry in imapd.conf(5), and every entry is read somewhere."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
READ = re.compile(r'(?:setting_(?:text|flag|yes|number|is_set)|getenv)\(\s*"([A-Z][A-Z0-9_]+)"')
ENTRY = re.compile(r"^\.It (?:Va|Ev) ([A-Z][A-Z0-9_]+)", re.M)
# What systemd, the login program or the shell give us is no setting of the administrator.
GIVEN = """AUTHENTICATED AUTHADDR OPTIONS MAILDIR MAILDIRQUOTA HOME IMAPLOGINTAG PROTOCOL TCPREMOTEIP TCPREMOTEPORT
    TCPLOCALIP TCPLOCALPORT IMAP_TLS TLS_CONNECTED_PROTOCOL IMAP_SESSION IMAP_PENDING_FD JOURNAL_STREAM NOTIFY_SOCKET
    LISTEN_FDS LISTEN_PID WATCHDOG_USEC STATE_DIRECTORY""".split()


def main():
    read = {}
    for path in sorted((root / "src").rglob("*.c")):
        for name in READ.findall(path.read_text()):
            read.setdefault(name, path)
    entries = set(ENTRY.findall((root / "man/imapd.conf.5").read_text()))
    faults = [f"{path}: setting {name} has no entry in man/imapd.conf.5"
              for name, path in read.items() if name not in entries and name not in GIVEN]
    sources = [*(root / "src").rglob("*.[ch]"), *(root / "units").iterdir()]
    used = "\n".join(path.read_text() for path in sources)
    faults += [f"man/imapd.conf.5: nothing reads {name}" for name in sorted(entries) if name not in used]
    print("\n".join(faults) or f"{len(entries)} settings are documented")
    return 1 if faults else 0


sys.exit(main())
