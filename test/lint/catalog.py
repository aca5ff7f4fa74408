#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The message catalog has an entry for each message id of the code, and for no other."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])


def main():
    ids = dict(re.findall(r"#define (MESSAGE_ID_\w+)\s+\"([0-9a-f]{32})\"",
                          (root / "src/basic/message-id.h").read_text()))
    catalog = (root / "units/courier-imapd.catalog").read_text()
    entries = re.findall(r"^-- ([0-9a-f]{32})$", catalog, re.M)
    faults = [f"{name} has no entry in the catalog" for name, value in ids.items() if value not in entries]
    faults += [f"catalog entry {value} belongs to no message" for value in entries if value not in ids.values()]
    for entry in re.split(r"^-- ", catalog, flags=re.M)[1:]:
        for header in ("Subject: ", "Defined-By: courier-imapd", "Documentation: man:"):
            if header not in entry:
                faults.append(f"catalog entry {entry[:32]} has no '{header}'")
    if len(set(entries)) != len(entries):
        faults.append("the catalog has an id twice")
    print("\n".join(faults) or f"{len(ids)} message ids have their entry")
    return 1 if faults or not ids else 0


sys.exit(main())
