#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""run.py SCENARIO [--all]: a scripted session that is killed, or loses its disk's last changes; prints TAP.

First it runs once undisturbed, with a trace; after every step what a fresh open would find is kept (the history).
Killed: it runs again for each call that changes the disk, and ends before that call, or in the middle of a write.
Power lost: for each of the calls disks are put together that the crash may have left behind (see FATES).
Each time everything is opened anew, twice, and compared with the history up to the last OK (state.py).
At most KILLS kills and LOSSES disks are tried, evenly spread; with --all, or CRASH_ALL in the environment, every one.
"""
import argparse
import hashlib
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import disk
import scenarios
import session
import state
import trace

KILLS, LOSSES, BATCH, FAULTS_SHOWN = 60, 250, 16, 12
OLD_SEC = 3600  # a directory unchanged for so long is not listed again when its time is the one known


def work_directory():
    """In memory where that is possible: what is synced is counted, not waited for."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return pathlib.Path(tempfile.mkdtemp(prefix="crash-", dir=place))


def inspect(access, *homes):
    ran = subprocess.run([os.environ["CRASH_INSPECT"], access, *(f"{home}/Maildir" for home in homes)],
                         capture_output=True, text=True, timeout=60, check=False)
    states = state.parse(ran.stdout)
    if ran.returncode != 0 or len(states) != len(homes):
        raise AssertionError(f"inspect ended with {ran.returncode}: {ran.stderr[-2000:]}")
    return states


class Scenario:
    """A scenario, and what its undisturbed run was like."""

    def __init__(self, name, work):
        self.name, self.work, self.n_plays = name, work, 0
        self.steps = scenarios.prepare(name, work / "template")
        self.template = disk.read(work / "template")
        self.history, self.promises = [], {}

    def new_play(self, **how):
        self.n_plays += 1
        work = self.work / f"play-{self.n_plays}"
        (work / "home").mkdir(parents=True)
        disk.make(work / "home", self.template, OLD_SEC)
        return session.Play(work, **how)

    def remember(self, ends):
        """What a fresh open would have found at the start and after each step."""
        trees = [self.disk.seen(sum(record.end <= end for record in self.records)) for end in ends]
        homes = self.make_homes(trees)
        for found, tree in zip(inspect("index", *homes), trees):
            found.bodies = state.count_bodies(tree)
            found.names = state.mailbox_names(tree)
            self.promise(found)
            self.history.append(found)
        self.remove_homes(homes)

    def promise(self, found):
        """What a step that is answered OK only when it is on disk has added to the mailboxes."""
        number = len(self.history)
        if number > 0 and not self.steps[number - 1].synced:
            return
        for box in found.boxes.values():
            for uid in box.messages:
                if not self.history or not self.was_there(box, uid):
                    self.promises[box.uidvalidity, uid] = number

    def was_there(self, box, uid):
        return any(old.uidvalidity == box.uidvalidity and uid in old.messages
                   for old in self.history[-1].boxes.values())

    def record(self):
        """Return: what went wrong in the run that nobody disturbs."""
        play, ends = self.new_play(), [0]
        whole = play.play(self.steps, lambda: ends.append(play.trace.stat().st_size))
        statuses = play.close()
        if not whole or any(statuses):
            return [("the undisturbed run", [f"imapd ended with {statuses}"])]
        self.records = trace.read(play.trace)
        start, = self.make_homes([self.template])
        self.disk = disk.Disk(start, self.records, str(play.home))
        self.remove_homes([start])
        wrong = difference(self.disk.seen(len(self.records)), disk.read(play.home))
        self.remember(ends)
        return [("the simulated disk is not the real one", wrong)] if wrong else []

    def make_homes(self, trees):
        homes = []
        for tree in trees:
            homes.append(self.work / f"disk-{len(homes)}")
            homes[-1].mkdir()
            disk.make(homes[-1], tree)
        return homes

    def remove_homes(self, homes):
        for home in homes:
            shutil.rmtree(home)

    def acknowledged_at(self):
        """For each record: how many steps had been answered before it."""
        result, n, heard = [], 0, b"\n"
        for record in self.records:
            result.append(n)
            if record.kind == "reply":
                heard = heard[-200:] + record.data
                for tag in re.findall(rb"\ns(\d+) OK", heard):
                    n = max(n, int(tag) + 1)
        return result


# ---- killed -----------------------------------------------------------------------------------------------

def kills_of(scenario):
    """(call, in the middle of it): every call, and every write a second time."""
    n_calls = max((record.number for record in scenario.records), default=0)
    writes = {record.number for record in scenario.records if record.kind == "write" and len(record.data) > 1}
    return [(number, half) for number in range(1, n_calls + 1) for half in (False, True)
            if not half or number in writes]


def wire_names(tree):
    return sorted(name.replace("/", ".") for name in state.mailbox_names(tree))


def kill(scenario, number, half):
    """Return: faults, or None when that call was not reached."""
    play = scenario.new_play(end_at=number, half=half)
    whole = play.play(scenario.steps)
    views = play.survivors()
    statuses = play.close()
    if session.KILLED not in statuses:
        play.remove()
        return None if whole and not any(statuses) else [f"imapd ended with {statuses}"]
    tree = disk.read(play.home)
    client = session.open_with_imapd(play.home, wire_names(tree))
    found, again = inspect("open", play.home, play.home)
    check = state.Check(scenario, play.acknowledged, power_lost=False)
    faults = check.check(found, again, tree, disk.read(play.home), ())
    seen = state.as_client_sees(found)
    if client != seen:
        faults.append(f"imapd finds {client}, the next open {seen}")
    for view in views:
        if view and not any(view == {uid: message[:2] for uid, message in messages.items()}
                            for _, messages in seen.values()):
            faults.append(f"a client that went on saw {view}, a fresh open sees {seen}")
    play.remove()
    return faults


def run_kills(scenario, everything):
    kills, faults, n = kills_of(scenario), [], 0
    for number, half in kills if everything else sample(kills, KILLS):
        found = kill(scenario, number, half)
        if found is not None:
            n += 1
        if found:
            faults.append((f"killed {'in' if half else 'before'} call {number}: {describe(scenario, number)}", found))
    return f"{n} of {len(kills)} kills", faults


def describe(scenario, number):
    record = next((record for record in scenario.records if record.number >= number), None)
    return f"{record.kind} {record.name} {record.other_name}" if record else "end"


# ---- power lost ---------------------------------------------------------------------------------------------

def fates(pending, seed):
    """(name, {change: fate}) for the changes that are not durable; what is not named has arrived."""
    data = [change for change in pending if change.is_data]
    entries = [change for change in pending if not change.is_data]
    yield "nothing arrived", dict.fromkeys(pending, "no")
    yield "all arrived", {}
    if pending:
        yield "all but the last", {pending[-1]: "no"}
    if data:
        yield "names but no data", dict.fromkeys(data, "no")
        yield "names, zeroes as data", {change: "zero" for change in data}
        yield "the last write torn", {data[-1]: "half"}
    if entries:
        yield "data but no names", dict.fromkeys(entries, "no")
    for i in range(3 if len(pending) > 1 else 0):
        chance = random.Random(f"{seed}-{i}")
        yield f"some arrived ({i})", {change: chance.choice(["yes", "no"] if not change.is_data else
                                                            ["yes", "no", "zero", "half"]) for change in pending}


def losses_of(scenario):
    """(description, acknowledged, tree): different disks that a loss of power can leave behind."""
    acknowledged, seen = scenario.acknowledged_at(), set()
    for at in range(len(scenario.records) + 1):
        if at < len(scenario.records) and scenario.records[at].kind in ("open", "dup") and at > 0 and \
                not scenario.records[at].number:
            continue
        known = acknowledged[at] if at < len(acknowledged) else len(scenario.steps)
        for name, fate in fates(scenario.disk.pending(at), f"{scenario.name}-{at}"):
            tree = scenario.disk.after(at, lambda change, fate=fate: fate.get(change, "yes"))
            key = hashlib.sha1(repr((known, sorted(tree.items()))).encode()).digest()
            if key not in seen and "Maildir" in tree:
                seen.add(key)
                before = scenario.records[at] if at < len(scenario.records) else trace.Record("end")
                yield (f"power lost before record {at} ({before.kind} {before.name} {before.other_name}), {name}",
                       known, tree)


def lose(scenario, losses):
    """Puts a batch of disks together and opens them."""
    homes = scenario.make_homes([tree for _, _, tree in losses])
    states = inspect("open", *(home for home in homes for _ in range(2)))
    for i, (what, known, tree) in enumerate(losses):
        check = state.Check(scenario, known, power_lost=True)
        faults = check.check(states[2 * i], states[2 * i + 1], tree, disk.read(homes[i]),
                             scenario.disk.was_whole)
        if i == 0:  # the others only by what imapd consists of, which is faster
            client, seen = session.open_with_imapd(homes[i], wire_names(tree)), state.as_client_sees(states[1])
            if client != seen:
                faults.append(f"imapd finds {client}, the open before it {seen}")
        if faults:
            yield what, faults
    scenario.remove_homes(homes)


def run_losses(scenario, everything):
    losses, faults = list(losses_of(scenario)), []
    tried = losses if everything else sample(losses, LOSSES)
    for at in range(0, len(tried), BATCH):
        faults += lose(scenario, tried[at:at + BATCH])
    return f"{len(tried)} of {len(losses)} disks", faults


# ---- both -----------------------------------------------------------------------------------------------------

def sample(items, most):
    """Evenly spread, the same at each run."""
    return items if len(items) <= most else [items[i * len(items) // most] for i in range(most)]


def report(number, name, summary, faults):
    print(f"{'not ' if faults else ''}ok {number} - {name}: {summary}", flush=True)
    for what, texts in faults[:FAULTS_SHOWN]:
        print(f"# {what}")
        for text in texts[:4]:
            print(f"#     {text[:1000]}")
    if len(faults) > FAULTS_SHOWN:
        print(f"# and {len(faults) - FAULTS_SHOWN} more")


def difference(one, other):
    return [f"{path}: {one.get(path, 'missing')!r:.300} {other.get(path, 'missing')!r:.300}"
            for path in sorted(one.keys() | other.keys()) if one.get(path, "missing") != other.get(path, "missing")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("scenario", choices=scenarios.SCENARIOS)
    parser.add_argument("--all", action="store_true", help="every call and every disk, not a sample")
    parser.add_argument("--only", choices=["kill", "power"], help="one of the two")
    options = parser.parse_args()
    options.all |= bool(os.environ.get("CRASH_ALL"))
    work = work_directory()
    try:
        scenario = Scenario(options.scenario, work)
        faults = scenario.record()
        print("1..3")
        report(1, f"{options.scenario}: the trace tells all", f"{len(scenario.records)} records", faults)
        failed = bool(faults)
        for number, name, run in ((2, "killed", run_kills), (3, "power lost", run_losses)):
            if options.only and not name.startswith(options.only):
                print(f"ok {number} - {name} # SKIP not asked for")
                continue
            summary, faults = run(scenario, options.all)
            report(number, f"{options.scenario}: {name}", summary, faults)
            failed |= bool(faults)
    finally:
        shutil.rmtree(work)
    return failed


sys.exit(main())
