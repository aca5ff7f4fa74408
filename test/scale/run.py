# SPDX-License-Identifier: GPL-3.0-or-later
"""
Very many messages, or folders, in a session whose memory is limited. Prints TAP.

usage: run.py messages|folders     $IMAPD is the program; sizes: $SCALE_MESSAGES, $SCALE_FOLDERS, $SCALE_COUNTED

The limit is 24 MB and 40 octets a message: 64 MB for 1,000,000. Less than 200,000 are numbered without files; then it
is 48 MB. Folders have 64 MB, 10,000 of them or less; $SCALE_COUNTED of them are opened, which takes some syncs each.
$SCALE_DIR is where it happens (/var/tmp), best on the disk that counts.
"""
import os
import random
import re
import sys
import time

from place import Place, file_name, make_folder
from session import Cgroup, Session

N_MESSAGES = int(os.environ.get("SCALE_MESSAGES", "200000"))
N_FOLDERS = int(os.environ.get("SCALE_FOLDERS", "3000"))
N_COUNTED = min(N_FOLDERS, int(os.environ.get("SCALE_COUNTED", "300")))
LIMIT_OCTETS = 48_000_000 if N_MESSAGES < 200_000 else 24_000_000 + 40 * N_MESSAGES


class Bed:
    """The place, the limit, the session of the moment, and how each step is reported."""

    def __init__(self, limit):
        self.limit, self.place, self.n = limit, Place(), 0
        self.cgroup, self.session = Cgroup(limit), None
        how = f"cgroup {self.cgroup.path}" if self.cgroup.path else "sampled private memory only"
        print(f"# limit {limit / 1e6:.1f} MB: {how}", flush=True)

    def open(self):
        self.session = Session(self.place.home, self.cgroup)

    def done(self, sentence, problem, seconds, octets):
        self.n += 1
        if not problem and octets > self.limit:
            problem = "more private memory than allowed"
        print(f"{'not ok' if problem else 'ok'} {self.n} - {sentence}", flush=True)
        print(f"#   {seconds * 1000:.0f} ms, {octets / 1e6:.1f} MB private{'; ' + problem if problem else ''}",
              flush=True)
        return not problem

    def step(self, sentence, text, look=lambda line: None, check=lambda: None):
        """One command; check() says what is wrong with what look() has seen."""
        return self.steps(sentence, [text], look, check)

    def steps(self, sentence, texts, look, check):
        seconds, octets = self.session.commands(texts, look)
        return self.done(sentence, check(), seconds, octets)

    def close(self, sentence):
        seconds, octets = self.session.close()
        self.session = None
        return self.done(sentence, None, seconds, octets)

    def remove(self):
        if self.session:
            self.session.stop()
        self.cgroup.remove()
        self.place.remove()


class Numbers:
    """Adds up what a pattern's group says in many lines."""

    def __init__(self, pattern):
        self.pattern, self.n, self.total, self.last, self.ascending = re.compile(pattern), 0, 0, 0, True

    def look(self, line):
        for text in self.pattern.findall(line):
            number = int(text)
            self.ascending &= number > self.last
            self.n, self.total, self.last = self.n + 1, self.total + number, number

    def differs(self, n, total):
        if (self.n, self.total) != (n, total):
            return f"{self.n} numbers with sum {self.total}, not {n} with {total}"
        return None if self.ascending else "not ascending"


class Lines:
    """Keeps the few lines that do not belong to messages."""

    def __init__(self):
        self.text = b""

    def look(self, line):
        if b"FETCH" not in line and b"EXPUNGE" not in line:
            self.text += line + b"\n"

    def lacks(self, *texts):
        missing = [text for text in texts if text.encode() not in self.text]
        return f"no {missing} in {self.text.decode()}" if missing else None


def sum_to(n):
    return n * (n + 1) // 2


def look_at_all(bed, n):
    """n messages with the UIDs 1 to n; every second one is seen."""
    flags, uids, unseen = Numbers(rb"UID (\d+)"), Numbers(rb"UID (\d+)"), Numbers(rb" (\d+)")
    bed.step("all flags are told", "UID FETCH 1:* (FLAGS)", flags.look, lambda: flags.differs(n, sum_to(n)))
    bed.step("all UIDs are told", "UID FETCH 1:* (UID)", uids.look, lambda: uids.differs(n, sum_to(n)))
    half = (n + 1) // 2
    bed.step("what is unseen is found", "UID SEARCH UNSEEN", unseen.look, lambda: unseen.differs(half, half * half))


def select(bed, sentence, folder, n, uidnext):
    lines = Lines()
    bed.step(sentence, f"SELECT {folder}", lines.look,
             lambda: lines.lacks(f"* {n} EXISTS\n", f"[UIDNEXT {uidnext}]"))


def status(bed, sentence, folder, n, uidnext, n_unseen):
    lines = Lines()
    bed.step(sentence, f"STATUS {folder} (MESSAGES UIDNEXT UNSEEN)", lines.look,
             lambda: lines.lacks(f"(MESSAGES {n} UIDNEXT {uidnext} UNSEEN {n_unseen})"))


def delete_files(bed, n):
    """Another program removes so many messages, here and there."""
    current = bed.place.maildir / "cur"
    for name in random.Random(1).sample(sorted(os.listdir(current)), n):
        os.unlink(current / name)


def wait_for_a_tick():
    """A directory that has just changed is looked at with more care; that is not what is measured."""
    time.sleep(0.2)


def change_many(bed, n):
    """n messages, UIDs 1 to n. Return: how many are left, and UIDNEXT."""
    n_flagged, n_early, n_foreign = n // 10, n // 1000, n // 100
    changed, expunged, lines = Numbers(rb"UID (\d+)"), Numbers(rb"\* (\d+) EXPUNGE"), Lines()
    bed.step("a tenth gets a flag", rf"UID STORE 1:{n_flagged} +FLAGS (\Flagged)", changed.look,
             lambda: changed.differs(n_flagged, sum_to(n_flagged)))
    bed.step("early ones are marked", rf"UID STORE 1:{n_early} +FLAGS.SILENT (\Deleted)")
    bed.step("early ones are expunged", "EXPUNGE", expunged.look,
             lambda: None if expunged.total == n_early else f"{expunged.total} times the first one")
    wait_for_a_tick()
    bed.place.link(bed.place.maildir / "new", [file_name(n)])
    n += 1
    bed.step("a delivery is noticed", "NOOP", lines.look, lambda: lines.lacks(f"* {n - n_early} EXISTS"))
    wait_for_a_tick()
    delete_files(bed, n_foreign)
    wait_for_a_tick()
    expunged = Numbers(rb"\* (\d+) EXPUNGE")
    bed.step("files removed by others are noticed", "NOOP", expunged.look,
             lambda: None if expunged.n == n_foreign else f"{expunged.n} were expunged")
    return n - n_early - n_foreign, n + 1


def deliver_many(bed, n):
    """A tenth of all in new/ of a folder that nobody has opened."""
    n //= 10
    folder = make_folder(bed.place.maildir / ".Delivered")
    bed.place.link(folder / "new", map(file_name, range(n)))
    wait_for_a_tick()
    status(bed, "what waits in new/ is counted", "INBOX.Delivered", n, n + 1, n)
    select(bed, "what waits in new/ is taken", "INBOX.Delivered", n, n + 1)


def play_messages(bed):
    begun = time.monotonic()
    bed.place.link(bed.place.maildir / "cur", (file_name(i) + (":2,S" if i % 2 else ":2,") for i in range(N_MESSAGES)))
    print(f"# {N_MESSAGES} messages made in {time.monotonic() - begun:.1f} s", flush=True)
    wait_for_a_tick()
    bed.open()
    lines = Lines()
    bed.step("mailboxes are listed before any was opened", 'LIST "" *', lines.look, lambda: lines.lacks("INBOX"))
    select(bed, "a folder without an index is opened", "INBOX", N_MESSAGES, N_MESSAGES + 1)
    look_at_all(bed, N_MESSAGES)
    bed.close("what Courier would need is written at the end")
    bed.open()
    status(bed, "a folder that is not open is counted", "INBOX", N_MESSAGES, N_MESSAGES + 1, (N_MESSAGES + 1) // 2)
    select(bed, "a folder with an index is opened", "INBOX", N_MESSAGES, N_MESSAGES + 1)
    n, uidnext = change_many(bed, N_MESSAGES)
    deliver_many(bed, N_MESSAGES)
    bed.close("the session ends")
    bed.open()
    select(bed, "the folder is opened again", "INBOX", n, uidnext)
    bed.close("the session ends once more")


def folder_name(number):
    """A hundred folders with a hundred children each, so to speak."""
    return f"INBOX.Group{number // 100:03}" + (f".Folder{number % 100:02}" if number % 100 else "")


def status_of_all(bed, sentence, n_messages):
    """Sent all at once, as a client does that shows all folders."""
    told = Numbers(rb"MESSAGES (\d+) ")
    bed.steps(sentence, [f"STATUS {folder_name(i)} (MESSAGES UNSEEN UIDNEXT)" for i in range(N_COUNTED)], told.look,
              lambda: None if told.total == N_COUNTED * n_messages else f"{told.total} messages in {told.n} lines")


def list_all(bed):
    for sentence, command, n in (
            ("all folders are listed", 'LIST "" *', N_FOLDERS + 1),
            ("folders of one level are listed", 'LIST "" INBOX.%', (N_FOLDERS + 99) // 100),
            ("children of one folder are listed", 'LIST "INBOX.Group001." %', min(max(N_FOLDERS - 101, 0), 99)),
            ("folders are found by the end of their name", 'LIST "" *Folder07', (N_FOLDERS + 92) // 100),
            ("a pattern with many wildcards is answered", 'LIST "" *o*u*p*F*r*7', (N_FOLDERS + 99) // 100 * 10),
            ("subscriptions are listed", 'LSUB "" *', N_FOLDERS // 2 + 1)):
        counted = [0]

        def look(line, counted=counted):
            counted[0] += line.startswith((b"* LIST ", b"* LSUB "))

        bed.step(sentence, command, look, lambda n=n, counted=counted:
                 None if counted[0] == n else f"{counted[0]} lines, not {n}")


def play_folders(bed):
    maildir = bed.place.maildir
    for i in range(N_FOLDERS):
        folder = make_folder(maildir / folder_name(i).removeprefix("INBOX"))
        bed.place.link(folder / "cur", [file_name(0) + ":2,"])
    half = [folder_name(2 * i) + "\n" for i in range(N_FOLDERS // 2)]
    (maildir / "courierimapsubscribed").write_text("".join(half))
    wait_for_a_tick()
    bed.open()
    list_all(bed)
    status_of_all(bed, "all are counted that nobody has opened yet", 1)
    wait_for_a_tick()
    status_of_all(bed, "all are counted again", 1)
    for i in range(N_COUNTED):
        bed.place.link(maildir / folder_name(i).removeprefix("INBOX") / "new", [file_name(1)])
    status_of_all(bed, "a delivery into each is counted", 2)
    select(bed, "one of them is opened", folder_name(N_COUNTED // 2), 2, 3)
    select(bed, "and one that was not counted", folder_name(N_FOLDERS - 1), 2 if N_COUNTED == N_FOLDERS else 1,
           3 if N_COUNTED == N_FOLDERS else 2)
    bed.close("the session ends")


def main():
    plays = {"messages": (play_messages, LIMIT_OCTETS), "folders": (play_folders, 64_000_000)}
    play, limit = plays[sys.argv[1]]
    bed = Bed(limit)
    try:
        play(bed)
    finally:
        bed.remove()
    print(f"1..{bed.n}")


main()
