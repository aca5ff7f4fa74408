# SPDX-License-Identifier: GPL-3.0-or-later
"""Random commands from several connections against a model of the mailbox: UIDs, sequence numbers, flags,
mod-sequences, what is told of messages that are gone, and how a client comes back. A failure is shrunk to the steps
it needs.

MODEL_SEED repeats one run, MODEL_STEPS makes it longer.
"""
import os
import random
import re
import time

import pytest

from conftest import Account

SEEDS, STEPS, SHRINK_SECONDS = 4, 150, 20
FLAGS = ["\\Seen", "\\Flagged", "\\Deleted", "\\Answered", "kw1", "kw2"]
KINDS = ["append", "deliver", "store", "store", "uid_store", "store_unchanged", "expunge", "uid_expunge", "move",
         "copy", "noop", "noop", "check", "search", "come_back"]


class Broken(AssertionError):
    """The server contradicts the model."""


def expand(text):
    """'2,4:6' as numbers."""
    for part in text.split(","):
        first, _, last = part.partition(":")
        yield from range(min(int(first), int(last or first)), max(int(first), int(last or first)) + 1)


class Model:
    """What is in the mailbox, and what each message's mod-sequence was last."""

    def __init__(self):
        self.flags, self.modseqs, self.last_uid, self.gone = {}, {}, 0, set()

    def add(self, uid, flags):
        if uid <= self.last_uid:
            raise Broken(f"UID {uid} after {self.last_uid}")
        self.last_uid, self.flags[uid] = uid, set(flags)

    def remove(self, uids):
        for uid in uids:
            if self.flags.pop(uid, None) is not None:
                self.gone.add(uid)

    def see(self, uid, flags, modseq):
        if uid in self.flags and flags is not None and flags != self.flags[uid]:
            raise Broken(f"UID {uid} has {sorted(self.flags[uid])}, the server says {sorted(flags)}")
        if modseq is not None:
            if modseq < self.modseqs.get(uid, 0):
                raise Broken(f"the mod-sequence of UID {uid} went back from {self.modseqs[uid]} to {modseq}")
            self.modseqs[uid] = modseq


class View:
    """What one client knows: a row [uid, flags] for each sequence number."""

    def __init__(self, account, model, number):
        self.account, self.model, self.number = account, model, number
        self.qresync, self.condstore = number == 0, number <= 1
        self.rows, self.highest, self.validity = [], 0, 0
        self.open()

    def open(self, parameters=None):
        self.client = self.account.client()
        if self.qresync:
            self.client.ok("ENABLE QRESYNC")
        parameters = parameters or (" (CONDSTORE)" if self.condstore else "")
        return self.run("SELECT INBOX" + parameters)

    def run(self, command, update=lambda tagged: None):
        """One command; the model learns what it did before the client hears of it."""
        lines = self.client.command(command)
        update(lines[-1])
        for line in lines:
            self.hear(line)
        unknown = [number for number, row in enumerate(self.rows, 1) if row[0] is None]
        if unknown:
            self.run(f"FETCH {unknown[0]}:{unknown[-1]} (UID FLAGS)")
        return lines[-1]

    def hear(self, line):
        if match := re.match(r"\* (\d+) EXISTS", line):
            missing = int(match[1]) - len(self.rows)
            if missing < 0:
                raise Broken(f"connection {self.number} knows {len(self.rows)} messages: {line}")
            self.rows += [[None, None] for _ in range(missing)]
        elif match := re.match(r"\* (\d+) EXPUNGE", line):
            if self.qresync or not 1 <= int(match[1]) <= len(self.rows):
                raise Broken(f"connection {self.number} with {len(self.rows)} messages: {line}")
            self.forget(self.rows[int(match[1]) - 1])
        elif match := re.match(r"\* VANISHED (\(EARLIER\) )?([\d,:]+)", line):
            self.hear_vanished(bool(match[1]), set(expand(match[2])))
        elif match := re.match(r"\* (\d+) FETCH \((.*)\)$", line):
            self.hear_fetch(int(match[1]), match[2])
        elif match := re.search(r"\[HIGHESTMODSEQ (\d+)\]", line):
            self.highest = int(match[1])
        elif match := re.search(r"\[UIDVALIDITY (\d+)\]", line):
            self.validity = int(match[1])

    def forget(self, row):
        if row[0] in self.model.flags:
            raise Broken(f"connection {self.number} is told that UID {row[0]} is gone, which is not")
        self.rows.remove(row)

    def hear_vanished(self, earlier, uids):
        known = {row[0] for row in self.rows}
        if not self.qresync or (not earlier and not uids <= known):
            raise Broken(f"connection {self.number} knows {known}, VANISHED names {uids}")
        for row in [row for row in self.rows if row[0] in uids]:
            self.forget(row)

    def hear_fetch(self, number, items):
        uid = re.search(r"UID (\d+)", items)
        flags = re.search(r"FLAGS \(([^)]*)\)", items)
        modseq = re.search(r"MODSEQ \((\d+)\)", items)
        if not 1 <= number <= len(self.rows):
            raise Broken(f"connection {self.number} knows {len(self.rows)} messages: FETCH of {number}")
        row = self.rows[number - 1]
        if uid and row[0] not in (None, int(uid[1])):
            raise Broken(f"message {number} is UID {row[0]}, the server says {uid[1]}")
        row[0] = int(uid[1]) if uid else row[0]
        if flags:
            row[1] = set(flags[1].split()) - {"\\Recent"}
        self.model.see(row[0], row[1] if flags else None, int(modseq[1]) if modseq else None)

    def expect_truth(self, when):
        uids = [row[0] for row in self.rows]
        if uids != sorted(self.model.flags):
            raise Broken(f"connection {self.number} {when}: {uids} in place of {sorted(self.model.flags)}")
        for uid, flags in self.rows:
            if flags != self.model.flags[uid]:
                raise Broken(f"connection {self.number} {when}: UID {uid} has {flags}, not {self.model.flags[uid]}")


class Run:
    def __init__(self, account):
        self.account, self.model = account, Model()
        account.client().ok("CREATE INBOX.other")
        self.views = [View(account, self.model, number) for number in range(3)]

    def step(self, step):
        connection, kind, seed = step
        getattr(self, kind)(self.views[connection], random.Random(seed))

    def finish(self):
        for view in self.views:
            self.check(view, None)

    # What a step does; `choice` repeats itself when other steps are left out.

    @staticmethod
    def choose(view, choice):
        return sorted(choice.sample(range(1, len(view.rows) + 1), min(len(view.rows), choice.randint(1, 3))))

    def uids_of(self, view, numbers):
        return [view.rows[number - 1][0] for number in numbers]

    def append(self, view, choice):
        flags = choice.sample(FLAGS, choice.randint(0, 2))

        def update(tagged):
            self.model.add(int(re.search(r"APPENDUID \d+ (\d+)\]", tagged)[1]), flags)
        view.run(f"APPEND INBOX ({' '.join(flags)}) {{8+}}\r\nA: b\r\n\r\n", update)

    def deliver(self, view, _):
        """The one message that is nobody's gets its UID when somebody looks."""
        self.account.deliver()
        for line in view.client.command("NOOP"):
            view.hear(line)
        for number in [number for number, row in enumerate(view.rows, 1) if row[0] is None]:
            fetched = view.client.command(f"FETCH {number} (UID FLAGS)")
            uid = int(re.search(r"UID (\d+)", " ".join(fetched))[1])
            if uid not in self.model.flags:
                self.model.add(uid, [])
            for line in fetched:
                view.hear(line)
        view.expect_truth("after a delivery")

    def change(self, view, choice, numbers, by_uid, modifier=""):
        flags = choice.sample(FLAGS, choice.randint(1, 2))
        how = choice.choice(["+FLAGS", "-FLAGS", "FLAGS", "+FLAGS.SILENT", "-FLAGS.SILENT"])
        uids = self.uids_of(view, numbers)

        def update(tagged):
            kept = re.search(r"MODIFIED ([\d,:]+)", tagged)
            left = set(expand(kept[1])) if kept else set()
            for number, uid in zip(numbers, uids):
                if uid in self.model.flags and (uid if by_uid else number) not in left:
                    old = self.model.flags[uid]
                    self.model.flags[uid] = (old | set(flags) if how[0] == "+" else
                                             old - set(flags) if how[0] == "-" else set(flags))
                    if ".SILENT" in how:
                        view.rows[number - 1][1] = set(self.model.flags[uid])
        names = ",".join(map(str, uids if by_uid else numbers))
        view.run(f"{'UID ' if by_uid else ''}STORE {names}{modifier} {how} ({' '.join(flags)})", update)

    def store(self, view, choice):
        if numbers := self.choose(view, choice):
            self.change(view, choice, numbers, False)

    def uid_store(self, view, choice):
        if numbers := self.choose(view, choice):
            self.change(view, choice, numbers, True)

    def store_unchanged(self, view, choice):
        view = self.views[0]
        if numbers := self.choose(view, choice):
            known = [self.model.modseqs.get(uid, 0) for uid in self.uids_of(view, numbers)]
            self.change(view, choice, numbers, True, f" (UNCHANGEDSINCE {choice.choice([min(known), max(known)])})")

    def expunge(self, view, _):
        view.run("NOOP")
        deleted = [uid for uid, flags in self.model.flags.items() if "\\Deleted" in flags]
        view.run("EXPUNGE", lambda tagged: self.model.remove(deleted))
        view.expect_truth("after EXPUNGE")

    def uid_expunge(self, view, choice):
        view.run("NOOP")
        if numbers := self.choose(view, choice):
            uids = self.uids_of(view, numbers)
            deleted = [uid for uid in uids if "\\Deleted" in self.model.flags.get(uid, ())]
            view.run(f"UID EXPUNGE {','.join(map(str, uids))}", lambda tagged: self.model.remove(deleted))
            view.expect_truth("after UID EXPUNGE")

    def move(self, view, choice):
        if numbers := self.choose(view, choice):
            uids = self.uids_of(view, numbers)
            view.run(f"UID MOVE {','.join(map(str, uids))} INBOX.other", lambda tagged: self.model.remove(uids))

    def copy(self, view, choice):
        if numbers := self.choose(view, choice):
            flags = {uid: set(self.model.flags.get(uid, ())) for uid in self.uids_of(view, numbers)}

            def update(tagged):
                if match := re.search(r"COPYUID \d+ ([\d,:]+) ([\d,:]+)\]", tagged):
                    for source, target in zip(expand(match[1]), expand(match[2])):
                        if source in self.model.gone:
                            raise Broken(f"UID {source} is gone and was copied")
                        self.model.add(target, flags[source])
            view.run(f"UID COPY {','.join(map(str, flags))} INBOX", update)

    def noop(self, view, _):
        view.run("NOOP")
        view.expect_truth("after NOOP")

    def check(self, view, _):
        view.run("NOOP")
        for row in view.rows:
            row[1] = None
        view.run("FETCH 1:* (UID FLAGS MODSEQ)" if view.condstore and view.rows else
                 "FETCH 1:* (UID FLAGS)" if view.rows else "NOOP")
        view.expect_truth("after FETCH")

    def search(self, view, choice):
        flag = choice.choice(["SEEN", "FLAGGED", "DELETED", "KEYWORD kw1"])
        name = "kw1" if " " in flag else "\\" + flag.title()
        view.run("NOOP")
        lines = view.client.ok(f"UID SEARCH {flag}")
        line = next(line for line in lines if line.startswith("* SEARCH"))
        if len(lines) != 2:
            raise Broken(f"connection {view.number} was told after NOOP: {lines}")
        wanted = sorted(uid for uid, flags in self.model.flags.items() if name in flags)
        if sorted(map(int, line.split()[2:])) != wanted:
            raise Broken(f"connection {view.number}: {line} in place of {wanted}")

    def come_back(self, view, _):
        """The connection breaks; who knows QRESYNC asks for what has changed since, others begin anew."""
        view.client.socket.close()
        view.client.ends()
        if not view.qresync or not view.rows or not view.highest:
            view.rows = []
            view.open()
            self.check(view, None)
            return
        known = [row[0] for row in view.rows]
        old, view.rows = {row[0]: row[1] for row in view.rows}, []
        view.client = self.account.client()
        view.client.ok("ENABLE QRESYNC")
        lines = view.client.ok(f"SELECT INBOX (QRESYNC ({view.validity} {view.highest} {','.join(map(str, known))}))")
        self.resynchronise(view, known, old, lines)

    def resynchronise(self, view, known, old, lines):
        vanished = {uid for line in lines if (match := re.match(r"\* VANISHED \(EARLIER\) ([\d,:]+)", line))
                    for uid in expand(match[1])}
        if missed := set(known) - vanished - set(self.model.flags):
            raise Broken(f"not told that {missed} are gone")
        if wrong := vanished & set(self.model.flags):
            raise Broken(f"told that {wrong} are gone")
        n_messages = next(int(match[1]) for line in lines if (match := re.match(r"\* (\d+) EXISTS", line)))
        uids = [uid for uid in known if uid not in vanished]
        view.rows = [[uid, old[uid]] for uid in uids] + [[None, None] for _ in range(n_messages - len(uids))]
        for line in lines:
            if "FETCH (" in line or "HIGHESTMODSEQ" in line:
                view.hear(line)
        view.run("NOOP")
        view.expect_truth("after it came back")


def play(home, steps):
    """The first step that fails, and how; or None."""
    home.mkdir()
    account = Account(home)
    at = -1
    try:
        run = Run(account)
        for at, step in enumerate(steps):
            run.step(step)
        at += 1
        run.finish()
    except AssertionError as fault:
        return at, fault
    finally:
        account.close()
    return None


def shrink(tmp_path, steps, failed):
    """Leaves out what the failure does not need, larger pieces first."""
    deadline, size, n_runs = time.monotonic() + SHRINK_SECONDS, len(steps) // 2, 0
    while size >= 1 and time.monotonic() < deadline:
        for at in range(0, len(steps), size):
            fewer = steps[:at] + steps[at + size:]
            n_runs += 1
            again = play(tmp_path / f"shrink{n_runs}", fewer)
            if again:
                steps, failed = fewer[:again[0] + 1], again
                break
        else:
            size //= 2
    return steps, failed


SEED = os.environ.get("MODEL_SEED")


@pytest.mark.parametrize("seed", [int(SEED)] if SEED else [random.randrange(1 << 32) for _ in range(SEEDS)])
def test_all_connections_agree_with_the_model(tmp_path, seed):
    choice = random.Random(seed)
    steps = [(choice.randrange(3), choice.choice(KINDS), choice.randrange(1 << 32))
             for _ in range(int(os.environ.get("MODEL_STEPS", STEPS)))]
    failed = play(tmp_path / "first", steps)
    if failed:
        steps, failed = shrink(tmp_path, steps[:failed[0] + 1], failed)
        text = "\n".join(f"  {step}" for step in steps)
        pytest.fail(f"MODEL_SEED={seed}: {failed[1]}\nafter these steps (connection, what, choices):\n{text}")
