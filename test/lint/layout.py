#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout: SPDX lines, no tabs, 100 columns in src, file and function sizes, no marks of unfinished work."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
COLUMNS, COLUMNS_ELSEWHERE, FILE_LINES, FUNCTION_LINES = 100, 120, 500, 60
MARKS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")


def files():
    """Tracked and new files; every file when this is an unpacked archive."""
    try:
        listed = subprocess.run(
            ["git", "-C", root, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True
        ).stdout.split("\n")
        return [root / name for name in listed if name and (root / name).is_file()]
    except (subprocess.CalledProcessError, FileNotFoundError):
        return [path for path in root.rglob("*") if path.is_file() and "build" not in path.parts[:-1]]


def function_faults(path, lines):
    name, start = None, 0
    for number, line in enumerate(lines, 1):
        if re.match(r"^[A-Za-z_].*\) *\{$", line):
            name, start = line.split("(")[0].split()[-1].lstrip("*"), number
        elif line.startswith("}") and name:
            if number - start + 1 > FUNCTION_LINES and "table" not in name:
                yield f"{path}:{start}: {name}() has {number - start + 1} lines, more than {FUNCTION_LINES}"
            name = None


def faults_of(path):
    text = path.read_text(errors="replace")
    lines = text.splitlines()
    in_source = path.relative_to(root).parts[0] == "src"
    columns = COLUMNS if in_source else COLUMNS_ELSEWHERE
    if "SPDX-License-Identifier: GPL-3.0-or-later" not in "\n".join(lines[:3]):
        yield f"{path}: no SPDX line in the first three"
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield f"{path}:{number}: tab"
        if line != line.rstrip():
            yield f"{path}:{number}: blank at the end"
        if len(line) > columns:
            yield f"{path}:{number}: {len(line)} columns, more than {columns}"
        if MARKS.search(line):
            yield f"{path}:{number}: mark of unfinished work; file an issue instead"
    if in_source:
        if len(lines) > FILE_LINES:
            yield f"{path}: {len(lines)} lines, more than {FILE_LINES}"
        yield from function_faults(path, lines)


def main():
    checked = [path for path in files() if path.suffix in (".c", ".h", ".py", ".build") and "seeds" not in path.parts]
    faults = [fault for path in checked for fault in faults_of(path)]
    print("\n".join(faults) or f"layout holds for {len(checked)} files")
    return 1 if faults else 0


sys.exit(main())
