#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Differential suite: the same Maildir served by this imapd and by Debian's Dovecot, answers compared by meaning.

compare.py IMAPD [CHECK…] prints TAP; exit 77 when Dovecot is not installed.
"""
import itertools
import pathlib
import random
import sys
import tempfile

import corpus
import differences
import imap
import orders
import searches
import servers

N_RANDOM_SEARCHES = 400
SHOWN = 12
FIELDS = b"HEADER.FIELDS (Subject FROM x-nothing Content-Type)"


class Suite:
    def __init__(self, ours, theirs_home, messages):
        self.ours, self.theirs_home, self.messages = ours, theirs_home, messages
        self.theirs = servers.start_dovecot(theirs_home)
        self.allowed = differences.Allowed(servers.dovecot_version())
        self.structures = {}
        self.n_done = self.n_failed = 0

    def restart_theirs(self):
        theirs = servers.start_dovecot(self.theirs_home)
        theirs.command(b"EXAMINE INBOX")
        return theirs

    def both(self, command):
        return self.ours.command(command), self.theirs.command(command)

    def fetch_both(self, items, numbers="1:*"):
        command = f"FETCH {numbers} {items}".encode() if isinstance(items,
            str) else f"FETCH {numbers} ".encode() + items
        ours, theirs = self.both(command)
        if ours.status != "OK":
            return {}, theirs.fetched()
        return ours.fetched(), theirs.fetched()

    def report(self, check, compared, faults):
        self.n_done += 1
        wanted = [fault for fault in faults if self.allowed.reason(check, fault[0])]
        bad = [fault for fault in faults if not self.allowed.reason(check, fault[0])]
        for name, ours, theirs in bad[:SHOWN]:
            print(f"# {check} of '{name}':\n#   ours    {show(ours)}\n#   Dovecot {show(theirs)}")
        self.n_failed += bool(bad) or not compared
        print(f"{'not ok' if bad or not compared else 'ok'} {self.n_done} - {check}: {compared} compared, "
              f"{len(bad)} differ, {len(wanted)} differ as the RFC wants it", flush=True)

    def whole_item(self, check, item):
        """One fetch item of all messages in one command."""
        ours, theirs = self.fetch_both(item)
        key = item.upper().replace(".PEEK", "").encode()
        faults = []
        for message in self.messages:
            pair = [normal(check, side.get(message.uid, {}).get(key, b"(missing)")) for side in (ours, theirs)]
            if check == "BODYSTRUCTURE":
                self.structures[message.uid] = theirs[message.uid][key]
            if pair[0] != pair[1]:
                faults.append((message.name, *pair))
        self.report(check, len(theirs), faults)

    def sections(self):
        """Every section of every part, and some that do not exist."""
        faults, compared = [], 0
        for message in self.messages:
            names = section_names(self.structures[message.uid])
            items = b"(" + b" ".join(b"BODY.PEEK[%s]" % name for name in names) + b")"
            ours, theirs = (unquoted(side.get(message.uid, {})) for side in self.fetch_both(items, message.uid))
            for name in sorted(set(ours) | set(theirs)):
                compared += 1
                if ours.get(name) != theirs.get(name):
                    faults.append((f"{message.name} {name.decode()}", ours.get(name), theirs.get(name)))
        self.report("BODY[section]", compared, faults)

    def binaries(self):
        """The decoded octets of every leaf, which is what BINARY is for (RFC 9051, section 6.4.5), and some of them.

        Dovecot closes the connection on octets that it cannot decode; nothing is compared then.
        """
        faults, compared = [], 0
        for message in self.messages:
            chosen = random.Random(f"binaries {message.uid}")
            for path in leaf_paths(self.structures[message.uid]):
                first, size = chosen.choice([0, 1, chosen.randint(0, 100)]), chosen.choice([1, chosen.randint(1, 200)])
                items = b"(BINARY.SIZE[%s] BINARY.PEEK[%s])" % (path, path)
                partial = b"BINARY.PEEK[%s]<%d.%d>" % (path, first, size)
                for item in (items, partial):
                    try:
                        answers = self.both(b"FETCH %d " % message.uid + item)
                    except imap.Closed:
                        self.theirs.close()
                        self.theirs = self.restart_theirs()
                        continue
                    compared += 1
                    ours, theirs = ((answer.status, *decoded(answer, message.uid)) for answer in answers)
                    if ours[:2] != theirs[:2] or not ours[2]:
                        faults.append((f"{message.name} {item.decode()}", ours, theirs))
        self.report("BINARY", compared, faults)

    def partials(self):
        faults, compared = [], 0
        for message in self.messages:
            chosen = random.Random(f"partials {message.uid}")
            names = section_names(self.structures[message.uid])
            for _ in range(8):
                section, first = chosen.choice(names), chosen.choice([0, 1, chosen.randint(0, 400), 10**6])
                size = chosen.choice([1, 2, chosen.randint(1, 200), 10**7])
                item = b"BODY.PEEK[%s]<%d.%d>" % (section, first, size)
                compared += 1
                ours, theirs = (unquoted(side.get(message.uid, {})) for side in self.fetch_both(item, message.uid))
                if ours != theirs:
                    right = list(ours.values()) == [self.whole_of_theirs(message, section)[first:first + size]]
                    seen = " (ours is what Dovecot's own whole section has)" if right else ""
                    faults.append((f"{message.name} {item.decode()}{seen}", ours, theirs))
        self.report("partials", compared, faults)

    def whole_of_theirs(self, message, section):
        fetched = self.theirs.command(b"FETCH %d BODY.PEEK[%s]" % (message.uid, section)).fetched()
        return next(iter(fetched.get(message.uid, {}).values()), None) or b""

    def searching(self):
        """Faults are named after the program and the message that only one server finds."""
        faults, compared = [], 0
        dateless = set.__sub__(*(set(answer.numbers()) for answer in reversed(self.both(b"SEARCH SENTON 1-Jan-1970"))))
        names = {message.uid: message.name + (" (embeds)" if embeds(self.structures[message.uid]) else "") +
                 (" (no date)" if message.uid in dateless else "") for message in self.messages}
        for program in searches.programs(len(self.messages), N_RANDOM_SEARCHES):
            ours, theirs = self.both(b"SEARCH " + program)
            text = program.decode().replace("\r\n", " ")
            compared += 1
            if ours.status != theirs.status:
                faults.append((text, ours.status + " " + ours.text.decode(), theirs.status + " " +
                theirs.text.decode()))
                continue
            found = set(ours.numbers()), set(theirs.numbers())
            for uid in sorted(found[0] ^ found[1]):
                side = "ours" if uid in found[0] else "Dovecot"
                faults.append((f"{text} » only {side}: {names[uid]}", uid in found[0], uid in found[1]))
        self.report("SEARCH", compared, faults)

    def named(self, uid):
        return next(message.name for message in self.messages if message.uid == uid)

    def searching_extended(self):
        faults, compared = [], 0
        for program in orders.esearch_programs(len(self.messages)):
            for verb in ("SEARCH", "UID SEARCH"):
                ours, theirs = (items_of(answer) for answer in self.both(f"{verb} {program}".encode()))
                compared += 1
                if ours != theirs:
                    faults.append((f"{verb} {program}", ours, theirs))
        self.report("ESEARCH", compared, faults)

    def sorting(self):
        """Faults are named after the program and each message that stands elsewhere."""
        faults, compared = [], 0
        for program in orders.sort_programs():
            ours, theirs = (answer.numbers(b"SORT") for answer in self.both(f"SORT {program} UTF-8 ALL".encode()))
            compared += len(theirs)
            if sorted(ours) != sorted(theirs):
                faults.append((program, ours, theirs))
                continue
            faults += [(f"{program} » {self.named(uid)}", ours.index(uid), theirs.index(uid))
                       for uid in orders.out_of_order(ours, theirs)]
        self.report("SORT", compared, faults)

    def threading(self):
        """Without the messages whose date only one of the two can read: they would move whole threads."""
        dated = orders.out_of_order(*(answer.numbers(b"SORT") for answer in self.both(b"SORT (DATE) UTF-8 ALL")))
        keys = b"NOT " + b",".join(b"%d" % uid for uid in dated) if dated else b"ALL"
        faults, compared = [], 0
        for algorithm in orders.ALGORITHMS:
            both = [orders.read_threads(answer.line(b"THREAD"))
                    for answer in self.both(f"THREAD {algorithm} UTF-8 ".encode() + keys)]
            (our_roots, ours), (their_roots, theirs) = both
            compared += len(theirs)
            faults += [(f"{algorithm} » {self.named(uid)}", ours.get(uid), theirs.get(uid))
                       for uid in sorted(set(ours) | set(theirs)) if ours.get(uid) != theirs.get(uid)]
            common = [root for root in our_roots if root in set(their_roots)]
            faults += [(f"{algorithm} order » {self.named(uid)}", our_roots.index(uid), their_roots.index(uid))
                       for uid in orders.out_of_order(common, their_roots)]
        self.report("THREAD", compared, faults)

    def finish(self):
        for check, pattern, why in self.allowed.unused():
            print(f"# no difference needs the row '{check}' '{pattern}' any more: {why}")
        self.n_done += 1
        self.n_failed += bool(self.allowed.unused())
        print(f"{'not ok' if self.allowed.unused() else 'ok'} {self.n_done} - every row of differences.py is needed")
        print(f"1..{self.n_done}")


def items_of(answer):
    """Of an ESEARCH: {item: value}, without the tag."""
    values = imap.read_values(answer.line(b"ESEARCH"))
    rest = [value for value in values if value != b"UID" and not isinstance(value, list)]
    return answer.status, b"UID" in values, dict(zip(rest[::2], rest[1::2]))


def show(value):
    text = repr(value)
    return text if len(text) < 1500 else text[:700] + " … " + text[-700:]


def unquoted(items):
    """Names of header fields may be echoed as quoted strings or as atoms (RFC 3501, header-fld-name is astring)."""
    return {name.replace(b'"', b""): value for name, value in items.items()}


# What Dovecot puts where an address lacks something; IMAP has no word for it, here it is "".
PLACEHOLDERS = (b"MISSING_MAILBOX", b"MISSING_DOMAIN", b"SYNTAX_ERROR", b"INVALID_ROUTE")


def without_placeholders(value):
    if isinstance(value, list):
        return [without_placeholders(item) for item in value]
    return imap.Text() if value in PLACEHOLDERS else value


def lowered(value):
    return imap.Text(value.lower()) if value is not None else None


def lowered_names(params):
    return params and [lowered(item) if at % 2 == 0 else item for at, item in enumerate(params)]


def normal_body(body):
    """Types, encodings, dispositions and names of parameters are not case-sensitive (RFC 2045, sections 5.1, 6.1)."""
    parts = [normal_body(part) for part in itertools.takewhile(lambda value: isinstance(value, list), body)]
    rest = list(body[len(parts):])
    if parts:
        return parts + [lowered(rest[0])] + [lowered_names(item) for item in rest[1:2]] + normal_extension(rest[2:])
    rest[0], rest[1], rest[5] = (lowered(rest[at]) for at in (0, 1, 5))
    rest[2] = lowered_names(rest[2])
    n_fields = 8 if rest[0] == b"text" else 7
    if (rest[0], rest[1]) == (b"message", b"rfc822") and len(rest) > 9:
        n_fields, rest[8] = 10, normal_body(rest[8])
    return rest[:n_fields + 1] + normal_extension(rest[n_fields + 1:])


def normal_extension(rest):
    """Disposition, language, location."""
    if rest and rest[0]:
        rest = [[lowered(rest[0][0]), lowered_names(rest[0][1])]] + rest[1:]
    return rest


def normal(check, value):
    """The same form for what means the same."""
    if check == "FLAGS" and isinstance(value, list):
        return sorted(value)
    if check in ("BODY", "BODYSTRUCTURE") and isinstance(value, list):
        value = normal_body(value)
    return without_placeholders(value)


def embeds(body):
    """A message is attached somewhere."""
    if not isinstance(body, list) or not body:
        return False
    return [lowered(item) for item in body[:2] if isinstance(item, bytes)] == [b"message", b"rfc822"] or any(
        embeds(part) for part in body if isinstance(part, list))


def section_names(structure):
    names = [b"", b"HEADER", b"TEXT", FIELDS, b"HEADER.FIELDS.NOT (Subject Received)", b"77", b"1.77", b"77.MIME"]

    def walk(body, path):
        """body is what path names; a multipart has its parts below, a message what it holds."""
        names.extend([path, path + b".MIME"])
        if isinstance(body[0], list):
            walk_parts(body, path + b".")
        elif len(body) > 8 and (body[0].lower(), body[1].lower()) == (b"message", b"rfc822"):
            names.extend(path + end for end in (b".HEADER", b".TEXT", b"." + FIELDS, b".HEADER.FIELDS.NOT (To)"))
            if isinstance(body[8][0], list):
                walk_parts(body[8], path + b".")
            else:
                walk(body[8], path + b".1")
        else:
            names.append(path + b".HEADER")

    def walk_parts(body, prefix):
        parts = itertools.takewhile(lambda value: isinstance(value, list), body)
        for number, part in enumerate(parts, 1):
            walk(part, prefix + b"%d" % number)

    if isinstance(structure[0], list):
        walk_parts(structure, b"")
    else:
        walk(structure, b"1")
        names.append(b"1.1")
    return names[:120]


def decoded(answer, uid):
    """Octets that BINARY gave; of BINARY.SIZE whether it is theirs, as it has to be (RFC 3516, section 4.3).

    Dovecot's is not always.
    """
    items = answer.fetched().get(uid, {}) if answer.status == "OK" else {}
    octets = [value for name, value in items.items() if name.startswith(b"BINARY[")]
    sizes = [int(value) for name, value in items.items() if name.startswith(b"BINARY.SIZE[")]
    return octets, sizes in ([], [len(text) for text in octets])


def leaf_paths(structure):
    """Paths of parts that are neither a multipart nor a message."""
    if not isinstance(structure[0], list):
        return [] if (structure[0].lower(), structure[1].lower()) == (b"message", b"rfc822") else [b"1"]
    paths = []

    def walk(body, path):
        if isinstance(body[0], list):
            walk_parts(body, path + b".")
        elif len(body) > 8 and (body[0].lower(), body[1].lower()) == (b"message", b"rfc822"):
            walk_parts(body[8] if isinstance(body[8][0], list) else [body[8]], path + b".")
        else:
            paths.append(path)

    def walk_parts(body, prefix):
        for number, part in enumerate(itertools.takewhile(lambda value: isinstance(value, list), body), 1):
            walk(part, prefix + b"%d" % number)

    walk_parts(structure, b"")
    return paths[:60]


def run(program, only):
    messages, threaded = corpus.messages(), orders.threaded()
    with tempfile.TemporaryDirectory(prefix="differential-") as directory:
        pathlib.Path(directory).chmod(0o755)
        homes = [servers.make_home(directory, name) for name in ("ours", "dovecot")]
        for home in homes:
            corpus.write(home / "Maildir", messages)
            corpus.write(home / "Maildir" / ".Threaded", threaded)
        suite = Suite(servers.start_ours(program, homes[0]), homes[1], messages)
        suite.both(b"EXAMINE INBOX")
        checks = {item: lambda item=item: suite.whole_item(item, item)
                  for item in ("UID", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY", "BODYSTRUCTURE",
                               "RFC822.HEADER", "BODY.PEEK[TEXT]", "BODY.PEEK[]")}
        checks |= {"sections": suite.sections, "BINARY": suite.binaries, "partials": suite.partials,
                   "SEARCH": suite.searching,
                   "ESEARCH": suite.searching_extended, "SORT": suite.sorting, "THREAD": suite.threading}
        for name, check in checks.items():
            if not only or name in only or name == "BODYSTRUCTURE":
                check()
        suite.ours.command(b"EXAMINE INBOX.Threaded")
        suite.theirs.command(b"EXAMINE Threaded")
        suite.messages = threaded
        for name in ("SORT", "THREAD"):
            if not only or name in only:
                checks[name]()
        if not only:
            suite.finish()
        suite.ours.close()
        suite.theirs.close()
        sys.stdout.write("".join(f"# log: {line}" for line in open(homes[0] / "log", errors="replace")))
    return 1 if suite.n_failed else 0


if __name__ == "__main__":
    if not servers.have_dovecot():
        print("1..0 # SKIP Dovecot is not installed")
        sys.exit(77)
    sys.exit(run(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]))
