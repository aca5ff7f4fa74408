#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each limit of the grammar, the stream and odd messages has its entry, with its number, in imapd-limits(7)."""
import ast
import operator
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
PAGE = "man/imapd-limits.7"
HEADERS = ("src/imap-proto/imap-limits.h", "src/stream/client-stream.h", "src/maildir/expander.h",
           "src/store/message-expansion.h", "src/store/spool.h", "src/store/binary-message.h",
           "src/store/message-preview.h", "src/mime/preview.h")
LIMIT = re.compile(r"^ +([A-Z]+_[A-Z_]*(?:_MAX|_MIN|_OCTETS|_SEC)) = ([0-9* ]+),", re.MULTILINE)
ENTRY = re.compile(r"^\.It Dv ([A-Z_]+)\n([0-9]+) ", re.MULTILINE)


def product(expression):
    """'64 * 1024' as a number."""
    node = ast.parse(expression.strip(), mode="eval").body
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return operator.mul(*(product(ast.unparse(side)) for side in (node.left, node.right)))
    raise ValueError(f"no product: {expression}")


def main():
    limits = {}
    for header in HEADERS:
        limits |= {name: product(value) for name, value in LIMIT.findall((root / header).read_text())}
    entries = {name: int(number) for name, number in ENTRY.findall((root / PAGE).read_text())}

    faults = [f"{name} = {limits[name]}: no entry in {PAGE}" for name in limits if name not in entries]
    faults += [f"{name}: {PAGE} has an entry, the headers do not" for name in entries if name not in limits]
    faults += [
        f"{name} is {limits[name]}, {PAGE} says {entries[name]}"
        for name in limits
        if name in entries and limits[name] != entries[name]
    ]
    print("\n".join(faults) or f"{len(limits)} limits are told")
    return 1 if faults or not limits else 0


sys.exit(main())
