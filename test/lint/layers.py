#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the #include lines of src/ with the layer table of doc/architecture.md.

The table is our privilege separation: 'login' cannot open mail because it does not link
the code that could. A new arrow is a design decision: change the table in the same commit.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
row = re.compile(r"^\| ((?:`[a-z0-9-]+/`,? ?)+) \| [^|]* \| ([^|]*) \|$")


def read_table():
    table = {}
    for line in (root / "doc/architecture.md").read_text().splitlines():
        match = row.match(line)
        if not match:
            continue
        may = set(" ".join(re.findall(r"`([^`]*)`", match[2])).split())
        for folder in re.findall(r"`([a-z0-9-]+)/`", match[1]):
            table[folder] = may | {folder}
    return table


def main():
    table = read_table()
    faults = []
    if "basic" not in table:
        faults.append("doc/architecture.md has no layer table")
    for path in sorted((root / "src").rglob("*.[ch]")):
        folder = path.relative_to(root / "src").parts[0]
        if folder not in table:
            faults.append(f"{path}: folder '{folder}' is not in the layer table")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not match:
                continue
            if "/" not in match[1]:
                faults.append(f'{path}:{number}: "{match[1]}" is not written from the source root')
            elif match[1].split("/")[0] not in table[folder]:
                faults.append(f"{path}:{number}: {folder} may not include {match[1]}")
        if folder != "tls" and re.search(r"#include <openssl/ssl\.h>", path.read_text()):
            faults.append(f"{path}: only tls includes OpenSSL's TLS")
    print("\n".join(faults) or f"layers hold for {len(table)} folders")
    return 1 if faults else 0


sys.exit(main())
