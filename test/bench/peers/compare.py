#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares imapd with Debian's Dovecot, and with Courier where it is: compare.py IMAPD [--place DIRECTORY] …

Each row is run with one server after the other, over and over, on hard links of the same mail on the same disk; the
table shows medians, and how many times longer each peer took than imapd (or how much more memory it has). Every server
is the program that serves one logged-in user, on a TCP connection over loopback, with its package's default settings:
login is not measured here (connect.py does that). Build IMAPD with --buildtype=release. Run it as root: the servers
run as --uid.

Courier needs a root of its own, in which its programs are run with chroot:
  mmdebstrap --variant=minbase --include=courier-imap bookworm DIRECTORY      then --courier-root DIRECTORY
"""
import argparse
import fnmatch
import json
import os
import pathlib
import platform
import statistics
import sys
import time

import rows
import servers

SCALE = {"ms": 1000, "KiB": 1 / 1024}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("imapd", type=pathlib.Path)
    parser.add_argument("--place", type=pathlib.Path, default=pathlib.Path("/var/tmp/courier-imapd-bench"),
                        help="corpora and mailboxes, on the disk to be measured; some 2 GB; kept for the next time")
    parser.add_argument("--courier-root", type=pathlib.Path)
    parser.add_argument("--uid", type=int, default=65534)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="*", help="rows by name, comma-separated patterns")
    parser.add_argument("--json", type=pathlib.Path, help="write all figures there")
    parser.add_argument("--markdown", action="store_true", help="print the table for a README")
    return parser.parse_args()


def make_servers(options):
    place = options.place.resolve()
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)
    peers = [servers.Ours(place, options.uid, options.imapd.resolve())]
    if servers.DOVECOT.exists():
        peers.append(servers.Dovecot(place, options.uid))
    if options.courier_root:
        peers.append(servers.Courier(place, options.uid, options.courier_root.resolve()))
    for peer in peers:
        peer.home.mkdir(parents=True, exist_ok=True)
        peer.own()
    return peers


def measure(function, peers, lab, runs):
    """Figures by server: (wall, processor) medians. A server that cannot do a thing has none."""
    figures = {peer.name: [] for peer in peers}
    for _ in range(runs):
        for peer in peers:
            try:
                figures[peer.name].append(function(peer, lab))
            except RuntimeError as problem:
                print(f"# {peer.name}: {problem}", file=sys.stderr)
    return {name: tuple(statistics.median(values) for values in zip(*found, strict=True))
            for name, found in figures.items() if found}


def show(options, name, unit, figures, peers):
    cells = [name]
    for peer in peers:
        if peer.name in figures:
            wall, other = (value * SCALE[unit] for value in figures[peer.name])
            cells.append(f"{wall:.3g} ({other:.3g}) {unit}")
        else:
            cells.append("-")
    ours = figures.get("ours")
    for peer in peers[1:]:
        theirs = figures.get(peer.name)
        cells.append(f"{theirs[0] / ours[0]:.2f}" if ours and theirs else "-")
    if options.markdown:
        print("| " + " | ".join(cells) + " |", flush=True)
    else:
        print(cells[0].ljust(34) + "".join(cell.rjust(22) for cell in cells[1:]), flush=True)


def main():
    options = arguments()
    if os.geteuid() != 0:
        sys.exit("compare.py needs root: the servers run as another user")
    peers = make_servers(options)
    lab = rows.Lab(options.place.resolve())
    heads = ["", *[peer.name for peer in peers], *[f"{peer.name} / ours" for peer in peers[1:]]]
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {platform.machine()}, Linux {platform.release()}, "
          f"medians of {options.runs}; wall (processor) time, or private (proportional) memory")
    if options.markdown:
        print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    else:
        print(heads[0].ljust(34) + "".join(head.rjust(22) for head in heads[1:]))
    found = {}
    for name, (unit, function) in rows.ROWS.items():
        if any(fnmatch.fnmatch(name, pattern) for pattern in options.only.split(",")):
            found[name] = measure(function, peers, lab, options.runs)
            show(options, name, unit, found[name], peers)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


main()
