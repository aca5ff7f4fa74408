#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time is linear in the input, or nearly (n log n): linear.py FOLDER-OF-FUZZ-TARGETS

Each target gets hostile input of n, 2n and 4n; what counts is how many instructions it takes (valgrind's
callgrind), not how long. Twice the input may cost LINEAR_MAX times as much more, which sorting stays within and
what looks at everything for everything does not.
"""
import concurrent.futures
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

LINEAR_MAX = 2.6
FEW_INSTRUCTIONS = 50_000  # less than this is noise, or a refusal
shuffled = random.Random(9051)


def numbers(n):
    chosen = shuffled.sample(range(1, 1 << 30), n)
    return ",".join(str(number) for number in chosen)


def multiparts(n):
    """Multiparts in each other; from the 50th on they are text."""
    return "".join(f'Content-Type: multipart/mixed; boundary="b{i}"\n\n--b{i}\n' for i in range(n)) + "\nx\n"


def replies(n):
    """Each message answers the one before, under the same subject."""
    return "\0".join(f"Message-ID: <{i}@x>\nIn-Reply-To: <{i - 1}@x>\nSubject: Re: same\n" for i in range(n))


CASES = [
    ("search-program", "many keys", (200, 400, 800), lambda n: n * "SUBJECT abc "),
    ("search-program", "NOT in NOT", (2000, 4000, 8000), lambda n: n * "NOT " + "ALL"),
    ("search-program", "OR in OR", (20, 40, 80), lambda n: n * "OR ALL " + "ALL"),
    ("search-program", "parentheses, 100,000 at most", (25000, 50000, 100000), lambda n: n * "("),
    ("search-program", "a set in no order", (4000, 8000, 16000), numbers),
    ("search-program", "a set over its limit", (250000, 500000, 1000000), lambda n: n * "1," + "1"),
    ("fetch-items", "many header fields", (100, 200, 400),
     lambda n: "BODY[HEADER.FIELDS (" + " ".join(f"X-{i}" for i in range(n)) + ")]"),
    ("modifiers", "a list without an end", (4000, 8000, 16000), lambda n: n * "(CHANGEDSINCE 1 "),
    ("search-return", "the same option", (1000, 2000, 4000), lambda n: "RETURN (" + n * "MIN " + ")"),
    ("command-line", "literals", (250, 500, 1000), lambda n: "a NOOP {1+}\r\n" + n * "x {1+}\r\n"),
    ("list-pattern", "wildcards that all nearly match", (200, 400, 800), lambda n: "\n%a*%a*%a*%a*x\n" + n * "a"),
    ("list-request", "many patterns", (25, 50, 100),
     lambda n: '"" (' + " ".join(f"INBOX.x{i}*" for i in range(n)) + ")"),
    ("mime-parser", "multiparts in each other", (500, 1000, 2000), multiparts),
    ("mime-parser", "many parts", (500, 1000, 2000),
     lambda n: "Content-Type: multipart/mixed; boundary=b\n\n" + n * "--b\n\nx\n"),
    ("mime-parser", "lines that begin as a boundary", (5000, 10000, 20000),
     lambda n: "Content-Type: multipart/mixed; boundary=bbbbbbbb\n\n" + n * "--bbbbbbb\n"),
    ("mime-parser", "one folded field", (5000, 10000, 20000), lambda n: "Subject: x\n" + n * " y\n" + "\n"),
    ("mime-parser", "many parameters", (1000, 2000, 4000),
     lambda n: "Content-Type: text/plain" + "".join(f";\n a{i}*0=b" for i in range(n)) + "\n\n"),
    ("message-view", "many parts", (100, 200, 400),
     lambda n: "Content-Type: multipart/mixed; boundary=b\n\n" + n * "--b\nContent-Type: message/rfc822\n\nA: x\n\n"),
    ("message-view", "addresses", (100, 200, 400), lambda n: "To: " + n * "a b <c@d>, " + "\n\n"),
    ("mime-address", "comments in each other", (5000, 10000, 20000), lambda n: n * "("),
    ("mime-address", "groups without an end", (5000, 10000, 20000), lambda n: n * "a:"),
    ("message-view", "angle brackets", (5000, 10000, 20000), lambda n: "To: " + n * "<" + "\n\n"),
    ("encoded-word", "words", (500, 1000, 2000), lambda n: n * "=?utf-8?q?a?= "),
    ("encoded-word", "words without an end", (2000, 4000, 8000), lambda n: n * "=?utf-8?q?"),
    ("mime-header", "folded blanks", (5000, 10000, 20000), lambda n: "X: " + n * " \t\n " + "x"),
    ("transfer", "base64 in no groups", (5000, 10000, 20000), lambda n: n * "=A"),
    ("transfer", "blanks at the ends of lines", (5000, 10000, 20000), lambda n: n * " " + "\n"),
    ("header-filter", "fields", (1000, 2000, 4000), lambda n: n * "Subject: x\n From: y\n"),
    ("base-subject", "replies", (500, 1000, 2000), lambda n: n * "Re: " + "x"),
    ("base-subject", "brackets without an end", (500, 1000, 2000), lambda n: n * "["),
    ("base-subject", "forwards in each other", (200, 400, 800), lambda n: n * "[Fwd: " + "x" + n * "]"),
    ("threading", "answers to answers", (500, 1000, 2000), replies),
    ("threading", "references", (1000, 2000, 4000),
     lambda n: "References: " + " ".join(f"<{i}@x>" for i in range(n)) + "\n"),
    ("search", "a needle that nearly matches", (5000, 10000, 20000), lambda n: 50 * "a" + "b\n" + n * "a"),
]


def instructions(target, data):
    with tempfile.TemporaryDirectory() as folder:
        seeds = pathlib.Path(folder) / "seeds"
        seeds.mkdir()
        (seeds / "one").write_text(data)
        ran = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", target, seeds],
                             capture_output=True, text=True, errors="replace", cwd=folder)
    collected = re.search(r"Collected : (\d+)", ran.stderr)
    if ran.returncode != 0 or not collected:
        raise RuntimeError(f"{target.name} ended with {ran.returncode}: {ran.stderr[-2000:]}")
    return int(collected[1])


def measure(folder, case):
    noun, _, sizes, make = case
    first, second, third = (instructions(folder / f"fuzz-{noun}", make(n)) for n in sizes)
    return second - first, third - second


def main():
    folder = pathlib.Path(sys.argv[1])
    if not shutil.which("valgrind"):
        print("1..0 # SKIP valgrind is not installed")
        return 0
    failed = False
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for number, (case, more) in enumerate(zip(CASES, pool.map(lambda case: measure(folder, case), CASES)), 1):
            noun, what, sizes, _ = case
            good = more[1] <= LINEAR_MAX * max(more[0], 0) + FEW_INSTRUCTIONS
            failed |= not good
            print(f"{'ok' if good else 'not ok'} {number} - {noun}: {what}, n to {sizes[2]}: "
                  f"{more[0]:,} instructions more, then {more[1]:,}", flush=True)
    print(f"1..{len(CASES)}")
    return 1 if failed else 0


sys.exit(main())
