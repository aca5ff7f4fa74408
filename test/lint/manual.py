#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manual pages: mandoc accepts them, all with our header."""
import pathlib
import shutil
import subprocess
import sys

root = pathlib.Path(sys.argv[1])


def faults_of(page):
    text = page.read_text()
    if "SPDX-License-Identifier: GPL-3.0-or-later" not in "\n".join(text.splitlines()[:3]):
        yield f"{page}: no SPDX line in the first three"
    if shutil.which("mandoc"):
        # Whether other systems' pages exist is not ours to say.
        ran = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True)
        yield from (line for line in ran.stdout.splitlines() if "referenced manual not found" not in line)


def main():
    pages = sorted(root.glob("man/*.[1-8]"))
    faults = [fault for page in pages for fault in faults_of(page)]
    print("\n".join(faults) or f"{len(pages)} manual pages hold")
    return 1 if faults else 0


sys.exit(main())
