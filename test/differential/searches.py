# SPDX-License-Identifier: GPL-3.0-or-later
"""SEARCH programs for the differential suite: every key of RFC 3501 by hand, then random combinations."""
import random

FLAG_KEYS = ("ALL ANSWERED DELETED DRAFT FLAGGED NEW OLD RECENT SEEN UNANSWERED UNDELETED UNDRAFT UNFLAGGED "
             "UNSEEN").split() + ["KEYWORD nothing", "UNKEYWORD nothing"]
DATES = ("1-Jan-1970", "14-May-2024", "15-May-2024", "01-Jan-2024", "31-Dec-2023", "29-Feb-2024", "1-Jan-2100")
STRINGS = ("needle", "NEEDLE", "ann", "example.com", "u1@", "gr\u00fc\u00dfe", "GR\u00dc",
    "\u041f\u0440\u0438\u0432\u0435\u0442",
           "\u043f\u0440\u0438\u0432\u0435\u0442", "\u4f60\u597d", "zzz-nowhere", "", "back\\slash", 'say "x"',
           "text part", "inner", "a", "needle hay",
           "Rechnung", "m\u00fcnchen", "message", "boundary", "x1 ", "Content-Type")
HEADERS = ("Subject", "From", "To", "Message-ID", "X-Tag", "X-Empty", "In-Reply-To", "Content-Type", "X-Nothing",
    "Date", "Received")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if text.isascii() else (
        "{%d}\r\n%s" % (len(text.encode()), text))


def sets(chosen, n_messages):
    def number():
        return "*" if chosen.random() < 0.1 else str(chosen.randint(1, n_messages))
    ranges = [number() if chosen.random() < 0.5 else f"{number()}:{number()}" for _ in range(chosen.randint(1, 5))]
    return ",".join(ranges)


def key(chosen, n_messages, depth):
    """One random search key."""
    kind = chosen.random()
    if kind < 0.25:
        return chosen.choice(FLAG_KEYS)
    if kind < 0.40:
        return f"{chosen.choice('BEFORE ON SINCE SENTBEFORE SENTON SENTSINCE'.split())} {chosen.choice(DATES)}"
    if kind < 0.65:
        return f"{chosen.choice('BCC BODY CC FROM SUBJECT TEXT TO'.split())} {quoted(chosen.choice(STRINGS))}"
    if kind < 0.72:
        return f"HEADER {chosen.choice(HEADERS)} {quoted(chosen.choice(STRINGS))}"
    if kind < 0.78:
        return f"{chosen.choice(['LARGER', 'SMALLER'])} {chosen.choice([0, 100, 200, 500, 1000, 4000])}"
    if kind < 0.86:
        return chosen.choice(["", "UID "]) + sets(chosen, n_messages)
    if depth > 3:
        return "ALL"
    if kind < 0.91:
        return "NOT " + key(chosen, n_messages, depth + 1)
    if kind < 0.96:
        return f"OR {key(chosen, n_messages, depth + 1)} {key(chosen, n_messages, depth + 1)}"
    return "(" + " ".join(key(chosen, n_messages, depth + 1) for _ in range(chosen.randint(1, 3))) + ")"


def programs(n_messages, n_random):
    """All programs as octets, each without the word SEARCH."""
    made = list(FLAG_KEYS)
    made += [f"{name} {date}" for name in "BEFORE ON SINCE SENTBEFORE SENTON SENTSINCE".split() for date in DATES]
    made += [f"{name} {quoted(text)}" for name in "BCC BODY CC FROM SUBJECT TEXT TO".split() for text in STRINGS]
    made += [f"HEADER {name} {quoted(text)}" for name in HEADERS for text in ("", "e", "example", "needle", "2024")]
    made += [f"{name} {size}" for name in ("LARGER", "SMALLER") for size in (0, 1, 99, 100, 1000, 10**6, 2**32 - 1)]
    made += ["1", "*", "1:*", "*:1", f"{n_messages}:*", f"{n_messages + 99}:*", f"UID {n_messages + 99}:*", "UID *",
        "UID 1:5,3:9,7"]
    chosen = random.Random("searches")
    for _ in range(n_random):
        made.append(" ".join(key(chosen, n_messages, 0) for _ in range(chosen.randint(1, 3))))
    return [("" if text.isascii() else "CHARSET UTF-8 ").encode() + text.encode() for text in made]
