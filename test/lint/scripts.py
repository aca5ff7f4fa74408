#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell scripts: shellcheck has nothing to say, and they carry the SPDX line."""
import pathlib
import shutil
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
FOLDERS = [".ci", "tools", "test", "debian"]


def scripts():
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "seeds" not in path.parts and path.suffix in ("", ".sh", ".postinst", ".postrm"):
                with open(path, errors="replace") as file:
                    first = file.readline()
                if first.startswith("#!") and "sh" in first and "python" not in first:
                    yield path


def main():
    found = list(scripts())
    faults = [f"{path}: no SPDX line in the first three" for path in found
              if "SPDX-License-Identifier: GPL-3.0-or-later" not in "".join(path.read_text().splitlines(True)[:3])]
    print("\n".join(faults) or f"{len(found)} scripts")
    if not shutil.which("shellcheck"):
        return 1 if faults else 77
    ran = subprocess.run(["shellcheck", *found], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(ran.stdout)
    return 1 if faults or ran.returncode else 0


sys.exit(main())
