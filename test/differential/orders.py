# SPDX-License-Identifier: GPL-3.0-or-later
"""SORT, THREAD and ESEARCH for the differential suite: mail with references, and how two orders are compared."""
import bisect
import random

import corpus

N_THREADED = 700
SUBJECTS = ("apple", "Apple", "Re: apple", "Fwd: apple", "[list] apple", "Re: [list] Re: apple", "apple (fwd)",
            "[fwd: apple]", "pear", "re[2]: pear", "PEAR", "=?utf-8?Q?=C3=BCber?=", "=?utf-8?Q?Re:_=C3=9Cber?=", "",
            "Re:", "plum", "[plum]", "re: plum", "pl  um", "plums")
FIELDS = ("ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO", "DISPLAYFROM", "DISPLAYTO")
ALGORITHMS = ("ORDEREDSUBJECT", "REFERENCES", "REFS")


def identifiers(chosen):
    return f"<{chosen.randint(1, N_THREADED)}@example.com>"


def threaded():
    """Messages of which many refer to each other, some in circles, to others that are not there, or to nothing."""
    made = []
    for number in range(1, N_THREADED + 1):
        chosen = random.Random(f"thread {number}")
        date = f"{chosen.randint(1, 28)} Jan 2024 10:{number // 60:02}:{number % 60:02} +0000"
        lines = [f"From: u{number % 7}@example.com", f"Date: {date}"]
        if chosen.random() < 0.95:
            lines.append(f"Message-ID: <{number if chosen.random() < 0.95 else number - 1}@example.com>")
        if chosen.random() < 0.45:
            # Mostly backwards, as in life; sometimes anywhere.
            known = [f"<{max(1, number - chosen.randint(1, 30))}@example.com>" for _ in range(chosen.randint(1, 4))]
            lines.append("References: " + " ".join(known if chosen.random() < 0.8 else [identifiers(chosen)] * 2))
        elif chosen.random() < 0.3:
            lines.append(f"In-Reply-To: {identifiers(chosen)}")
        if chosen.random() < 0.95:
            lines.append(f"Subject: {chosen.choice(SUBJECTS)}{'' if chosen.random() < 0.5 else ' ' + str(number % 40)}")
        octets = ("\n".join(lines) + "\n\nbody\n").encode()
        made.append(corpus.Message(number, f"threaded {number}", octets, "S", corpus.FIRST_DATE + number * 60))
    return made


def sort_programs():
    made = [f"({reverse}{field})" for field in FIELDS for reverse in ("", "REVERSE ")]
    return made + ["(SUBJECT DATE)", "(REVERSE FROM REVERSE SUBJECT ARRIVAL)", "(TO CC REVERSE SIZE)"]


def esearch_programs(n_messages):
    chosen = random.Random("esearch")
    options = ("MIN", "MAX", "ALL", "COUNT")
    for _ in range(60):
        wanted = " ".join(chosen.sample(options, chosen.randint(0, 4)))
        first = chosen.randint(1, n_messages)
        yield f"RETURN ({wanted}) {first}:{chosen.randint(1, n_messages)} " + chosen.choice(
            ["SEEN", "UNSEEN", "NOT FLAGGED", "OR SEEN DRAFT", "KEYWORD nothing"])


def out_of_order(ours, theirs):
    """The items that must move for the two orders of the same items to be equal: all but a longest common run."""
    place = {item: number for number, item in enumerate(theirs)}
    ends, last_at, before = [], [], {}
    for item in ours:
        at = bisect.bisect_left(ends, place[item])
        before[item] = last_at[at - 1] if at else None
        ends[at:at + 1], last_at[at:at + 1] = [place[item]], [item]
    kept, item = set(), last_at[-1] if last_at else None
    while item is not None:
        kept.add(item)
        item = before[item]
    return [item for item in ours if item not in kept]


def read_threads(line):
    """(order of the threads by their first messages, {message: parent}); the parent of a root is 0, of one below a
    dummy the dummy's first message, negative."""
    parents, roots, at = {}, [], [0]

    def read(parent):
        at[0] += 1  # "("
        first, above = None, parent
        dummies = []
        while line[at[0]:at[0] + 1] != b")":
            if line[at[0]:at[0] + 1] == b"(":
                child = read(above)
                if first is None:
                    dummies.append(child)
            elif line[at[0]:at[0] + 1] == b" ":
                at[0] += 1
            else:
                end = at[0]
                while line[end:end + 1].isdigit():
                    end += 1
                number, at[0] = int(line[at[0]:end]), end
                parents[number], above = above, number
                first = first or number
        at[0] += 1
        if first is None:
            first = dummies[0]
            for child in dummies:
                parents[child] = -first
        return first

    while at[0] < len(line):
        if line[at[0]:at[0] + 1] == b" ":
            at[0] += 1
            continue
        roots.append(read(0))
    return roots, parents
