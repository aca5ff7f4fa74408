#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Maildir served in turns by another server and by this one, with an export between them: what a client sees
(UIDVALIDITY, UIDs, flags, keywords, subscriptions, text) is the same on both sides of the door, each time.

door.py dovecot|courier IMAPD COURIERCTL
"""
import hashlib
import pathlib
import re
import sys
import tempfile

import peers
from peers import imap

UMLAUT = b"Entw&APw-rfe"  # as on the wire: "Entwuerfe" with its umlaut
NUMBER = re.compile(rb"\b(UIDVALIDITY|UIDNEXT) (\d+)")


class Failed(Exception):
    pass


def message(number):
    return b"Subject: message %d\r\nMessage-ID: <%d@example.com>\r\n\r\nText of %d.\r\n" % ((number,) * 3)


class Session:
    """A client that speaks of mailboxes as b"Work.2024", whichever prefix the server wants."""

    def __init__(self, client, prefix):
        self.client, self.prefix = client, prefix

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()

    def name(self, mailbox):
        return mailbox if mailbox == b"INBOX" else b'"' + self.prefix + mailbox + b'"'

    def ok(self, text):
        answer = self.client.command(text)
        if answer.status != "OK":
            raise Failed(f"{text!r} was answered {answer.status} {answer.text!r}")
        return answer

    def append(self, mailbox, number, flags=b""):
        text = message(number)
        self.ok(b"APPEND %s (%s) {%d}\r\n%s" % (self.name(mailbox), flags, len(text), text))

    def select(self, mailbox):
        return self.ok(b"SELECT " + self.name(mailbox))

    def names(self, command):
        found = set()
        for line in self.ok(command + b' "" "*"').untagged:
            attributes, _, name = imap.read_values(line.split(b" ", 1)[1])
            if not any(word.lower() in (b"\\noselect", b"\\nonexistent") for word in attributes):
                found.add(bytes(name).removeprefix(self.prefix))
        return found

    def mailbox_state(self, mailbox):
        status = self.ok(b"STATUS %s (UIDNEXT UIDVALIDITY)" % self.name(mailbox)).untagged
        state = {key.decode(): int(value) for line in status for key, value in NUMBER.findall(line)}
        self.ok(b"EXAMINE " + self.name(mailbox))
        for values in self.ok(b"UID FETCH 1:* (UID FLAGS BODY.PEEK[])").fetched().values():
            flags = {bytes(flag).lower() for flag in values[b"FLAGS"]} - {b"\\recent"}
            state[int(values[b"UID"])] = (sorted(flags), hashlib.sha256(values[b"BODY[]"]).hexdigest()[:16])
        return state

    def state(self):
        """All a client can remember of an account."""
        mailboxes = {name.decode(): self.mailbox_state(name) for name in sorted(self.names(b"LIST"))}
        return {"subscribed": sorted(self.names(b"LSUB")), **mailboxes}


def first_work(session):
    """Folders of all kinds, messages with flags and keywords, gaps in the UIDs."""
    for mailbox in (b"Sent", b"Work.2024", UMLAUT, b"A&-B", b"Old"):
        session.ok(b"CREATE " + session.name(mailbox))
    for mailbox in (b"INBOX", b"Sent", b"Work.2024", UMLAUT, b"A&-B", b"Old"):
        session.ok(b"SUBSCRIBE " + session.name(mailbox))
    for number in range(1, 9):
        session.append(b"INBOX", number, [b"", b"\\Seen", b"\\Flagged $Forwarded", b"Junk \\Answered"][number % 4])
    session.append(UMLAUT, 20, b"\\Draft")
    session.append(b"A&-B", 21, b"Junk")
    session.select(b"INBOX")
    session.ok(b"UID STORE 2,5 +FLAGS.SILENT (\\Deleted)")
    session.ok(b"EXPUNGE")
    session.ok(b"UID STORE 1,3 +FLAGS (Work)")
    session.ok(b"UID STORE 7 -FLAGS (Junk)")
    session.ok(b"UNSUBSCRIBE " + session.name(b"Sent"))


def more_work(session, round_number):
    """Changes of every kind to what is there."""
    start = 100 * round_number
    session.append(b"INBOX", start, b"\\Seen Junk")
    session.append(b"Work.2024", start + 1, b"Keyword%d" % round_number)
    session.select(b"INBOX")
    session.ok(b"UID STORE 1 FLAGS (\\Flagged)")
    session.ok(b"UID STORE 3 -FLAGS (Work)")
    session.ok(b"UID STORE 4,6 +FLAGS (Keyword%d \\Seen)" % round_number)
    session.ok(b"UID STORE 8 -FLAGS (\\Seen)")
    session.ok(b"UID COPY 3,4 " + session.name(UMLAUT))
    session.append(b"INBOX", start + 2, b"\\Deleted")
    session.ok(b"EXPUNGE")
    created = b"R&AOk-sum&AOk-%d" % round_number
    session.ok(b"CREATE " + session.name(created))
    session.ok(b"SUBSCRIBE " + session.name(created))
    session.append(created, start + 3, b"$Forwarded \\Answered")
    if round_number == 1:
        session.ok(b"UNSUBSCRIBE " + session.name(b"Old"))
        session.ok(b"DELETE " + session.name(b"Old"))
    else:
        session.ok(b"SUBSCRIBE " + session.name(b"Sent"))


class Door:
    def __init__(self, peer):
        self.peer, self.n_steps, self.n_failed = peer, 0, 0

    def check(self, sentence, got, want):
        self.n_steps += 1
        failed = got != want
        self.n_failed += failed
        print(f"{'not ok' if failed else 'ok'} {self.n_steps} - {self.peer.name}: {sentence}")
        if failed:
            for key in sorted(set(got) | set(want), key=str):
                if got.get(key) != want.get(key):
                    print(f"# {key}\n#   is     {got.get(key)}\n#   should {want.get(key)}")

    def theirs(self, work=None, *arguments):
        return self.visit_as(self.peer.theirs, work, *arguments)

    def ours(self, work=None, *arguments):
        return self.visit_as(self.peer.ours, work, *arguments)

    @staticmethod
    def visit_as(start, work=None, *arguments):
        """What a client sees that comes after the one that worked."""
        if work:
            with start() as session:
                work(session, *arguments)
        with start() as session:
            return session.state()

    def from_them(self):
        """They begin; we go on; they; we; they."""
        seen = self.theirs(first_work)
        self.peer.adopt()
        self.check("what they have made is adopted", self.ours(), seen)
        seen = self.ours(more_work, 1)
        self.peer.export()
        self.check("after our work they go on where we stopped", self.theirs(), seen)
        seen = self.theirs(more_work, 2)
        before = self.peer.files()
        self.peer.adopt()
        self.check("we see what they have done since", self.ours(), seen)
        self.peer.export()
        self.check("a visit of ours that changes nothing leaves every octet", self.peer.files(), before)
        self.check("and they see nothing of it", self.theirs(), seen)

    def from_us(self):
        """We begin; they go on; we."""
        seen = self.ours(first_work)
        self.peer.export()
        self.check("what we have made is theirs", self.theirs(), seen)
        seen = self.theirs(more_work, 1)
        self.peer.adopt()
        self.check("and what they made of it ours again", self.ours(), seen)


def run(kind, imapd, courierctl):
    n_steps = n_failed = 0
    for way in (Door.from_them, Door.from_us):
        with tempfile.TemporaryDirectory(prefix="door-") as directory:
            pathlib.Path(directory).chmod(0o755)
            door = Door(kind(pathlib.Path(directory), imapd, courierctl))
            door.n_steps = n_steps
            try:
                way(door)
            except (Failed, imap.Closed, AssertionError) as reason:
                door.check(f"{way.__name__} goes on to its end", {"reason": repr(reason)}, {})
            for log in (door.peer.home / "log", door.peer.home / "peer.log"):
                if door.n_failed and log.exists():
                    sys.stdout.write("".join(f"# {log.name}: {line}" for line in log.open(errors="replace")))
            n_steps, n_failed = door.n_steps, n_failed + door.n_failed
    print(f"1..{n_steps}")
    return 1 if n_failed else 0


if __name__ == "__main__":
    try:
        chosen = peers.find(sys.argv[1])
    except peers.Unavailable as reason:
        print(f"1..0 # SKIP {reason}")
        sys.exit(77)
    sys.exit(run(chosen, *(pathlib.Path(path).resolve() for path in sys.argv[2:])))
