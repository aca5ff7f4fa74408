#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each capability has its entry in imapd-extensions(7), and the files that the page names are there."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
WORD = re.compile(r'^ +\{ "([A-Za-z0-9+=-]+)", +USE_', re.MULTILINE)
ENTRY = re.compile(r"^\.It ([A-Z].*)$", re.MULTILINE)
FILE = re.compile(r"^\.Pa ([a-z-]+/[a-z0-9-]+\.c)\b", re.MULTILINE)


def main():
    words = WORD.findall((root / "src/imap-proto/capability.c").read_text())
    page = (root / "man/imapd-extensions.7").read_text()
    entries = {name for entry in ENTRY.findall(page) for name in re.split(r"[ ,]+", entry)}
    faults = [f"{word}: no entry in imapd-extensions(7)" for word in words if word not in entries]
    faults += [f"{name}: named in imapd-extensions(7), and not there"
               for name in sorted(set(FILE.findall(page))) if not (root / "src" / name).exists()]
    print("\n".join(faults) or f"{len(words)} capabilities have their entries")
    return 1 if faults or not words else 0


sys.exit(main())
