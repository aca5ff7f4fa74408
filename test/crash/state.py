# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fresh open finds, and whether that is what had been promised."""
import collections
import dataclasses
import re
import zlib

from scenarios import TEXTS

BODIES = {(len(text), zlib.crc32(text.encode())): number for number, text in enumerate(TEXTS)}
CONTENTS = {text.encode(): number for number, text in enumerate(TEXTS)}
MESSAGE_FILE = re.compile(r"^Maildir/(?:\.[^/]+/)?(?:cur|new)/[^/]+$")


@dataclasses.dataclass
class Message:
    modseq: int
    flags: str
    keywords: frozenset
    body: int  # which of TEXTS; None: none of them, or not readable


@dataclasses.dataclass
class Box:
    uidvalidity: int
    uidnext: int
    modseq: int
    messages: dict  # UID: Message


@dataclasses.dataclass
class State:
    boxes: dict
    subscribed: set
    failures: list
    bodies: collections.Counter = None  # of message files, wherever they are
    names: set = None                   # of mailboxes, with or without an index


def parse(output):
    """The states that inspect printed, one a Maildir."""
    states, state = [], None
    for line in output.splitlines():
        if state is None:
            state = State({}, set(), [])
        word, _, rest = line.partition(" ")
        if word == "mailbox":
            uidvalidity, uidnext, modseq, name = rest.split(" ", 3)
            box = state.boxes[name] = Box(int(uidvalidity), int(uidnext), int(modseq), {})
        elif word == "message":
            uid, modseq, flags, size, checksum, *keywords = rest.split(" ")
            body = BODIES.get((int(size), int(checksum))) if size != "failed" else None
            if int(uid) in box.messages:
                state.failures.append(f"UID {uid} twice")
            box.messages[int(uid)] = Message(int(modseq), flags[1:], frozenset(keywords), body)
        elif word == "subscribed":
            state.subscribed.add(rest)
        elif word == "end":
            states.append(state)
            state = None
        else:
            (state or states[-1]).failures.append(line)
    return states


def count_bodies(tree):
    """Message files of a tree by what is in them; None counts those that are no whole message."""
    return collections.Counter(CONTENTS.get(octets) for path, octets in tree.items()
                               if octets is not None and MESSAGE_FILE.match(path))


def mailbox_names(tree):
    return {"INBOX"} | {"INBOX" + path.removeprefix("Maildir/").replace(".", "/") for path in tree
                        if re.match(r"^Maildir/\.[^/]+$", path)}


def has_numbers(tree, name, whole):
    """Is there any copy of a mailbox's numbers that can be read?"""
    directory = "Maildir/" + ("." + ".".join(name.split("/")[1:]) + "/" if "/" in name else "")
    return any(tree.get(directory + file) and tree[directory + file] in whole
               for file in ("imapd.index", "courierimapuiddb", "dovecot-uidlist"))


def as_client_sees(state):
    """As session.open_with_imapd() has it: {mailbox: (UIDVALIDITY, {UID: (flags, keywords, size, subject)})}."""
    result = {}
    for name, box in state.boxes.items():
        messages = {}
        for uid, message in box.messages.items():
            text = TEXTS[message.body] if message.body is not None else ""
            messages[uid] = (message.flags, message.keywords, len(text) + text.count("\n"),
                             text.partition("\n")[0].removeprefix("Subject: "))
        result[name.replace("/", ".")] = box.uidvalidity, messages
    return result


class Check:
    """Compares what was found with history[0..acknowledged], and the state that the next step would have made."""

    def __init__(self, scenario, acknowledged, power_lost):
        history, steps = scenario.history, scenario.steps
        self.before = history[acknowledged]
        self.after = history[min(acknowledged + 1, len(history) - 1)]
        self.past = history[:acknowledged + 2]
        self.told = history[:acknowledged + 1]
        self.promises, self.acknowledged = scenario.promises, acknowledged
        self.doubles = any(step.doubles for step in (steps if power_lost else steps[acknowledged:acknowledged + 1]))
        self.power_lost, self.faults = power_lost, []

    def fault(self, text):
        self.faults.append(text)

    def check(self, found, again, tree, tree_now, whole):
        for failure in found.failures + again.failures:
            self.fault(f"cannot be opened without a person: {failure}")
        if None in count_bodies(tree):
            self.fault("a message file in cur/ or new/ is not whole")
        if found != again:
            self.fault(f"a second open finds something else: {difference(found, again)}")
        self.check_bodies(count_bodies(tree_now))
        for name, box in found.boxes.items():
            self.check_box(name, box)
        self.check_names(found, tree, whole)
        self.check_subscriptions(found)
        return self.faults

    def check_bodies(self, bodies):
        for body in self.before.bodies.keys() & self.after.bodies.keys():
            if not bodies[body]:
                self.fault(f"message {body} is lost")
        for body, count in bodies.items():
            if body is not None and not self.doubles and count > max(state.bodies[body] for state in self.past):
                self.fault(f"message {body} is there {count} times")

    def check_names(self, found, tree, whole):
        for name in (self.before.names & self.after.names) - found.boxes.keys():
            self.fault(f"mailbox {name} is lost")
        for name, box in self.before.boxes.items():
            later = [new for new, other in self.after.boxes.items() if other.uidvalidity == box.uidvalidity]
            if not later:
                continue  # it is being deleted
            if names := self.names_now(found, box, name, later):
                self.check_messages(name, box, self.box_after(box), found.boxes[names[0]])
            elif not self.may_be_renumbered(box, found.boxes.get(name), has_numbers(tree, name, whole)):
                now = f"{found.boxes[name].uidvalidity} now" if name in found.boxes else "is lost"
                self.fault(f"mailbox {name} had UIDVALIDITY {box.uidvalidity}, {now}")
        for name in found.boxes.keys() - {old for state in self.past for old in state.names}:
            self.fault(f"mailbox {name} was never made")
        if not self.power_lost:
            for name in found.boxes.keys() - self.before.names - self.after.names:
                self.fault(f"mailbox {name} is back")

    def may_be_renumbered(self, box, now, has_numbers_left):
        """When no copy of the numbers is left, and no number was promised to be on disk."""
        return self.power_lost and now and not has_numbers_left and now.uidvalidity > box.uidvalidity and \
            not self.promised_in(box)

    @staticmethod
    def names_now(found, box, name, later):
        """What a mailbox is called now: as before, or as the step in between would have it."""
        return [now for now in (name, *later) if now in found.boxes and
                found.boxes[now].uidvalidity == box.uidvalidity]

    def box_after(self, box):
        return next(other for other in self.after.boxes.values() if other.uidvalidity == box.uidvalidity)

    def promised_in(self, box):
        return {uid for uid in box.messages
                if self.promises.get((box.uidvalidity, uid), self.acknowledged + 1) <= self.acknowledged}

    def check_box(self, name, found):
        """No UID names another message than it ever did for a client."""
        for state in self.told:
            for old_name, box in state.boxes.items():
                if box.uidvalidity != found.uidvalidity or old_name != name and name in state.boxes:
                    continue
                for uid, message in box.messages.items():
                    now = found.messages.get(uid)
                    if now and now.body != message.body:
                        self.fault(f"UID {uid} of {name} was message {message.body}, is {now.body}")
        for uid, message in found.messages.items():
            if message.body is None:
                self.fault(f"UID {uid} of {name} is no whole message")

    def check_messages(self, name, before, after, found):
        if found.uidnext < before.uidnext:
            self.fault(f"UIDNEXT of {name} was {before.uidnext}, is {found.uidnext}")
        if found.modseq < before.modseq:
            self.fault(f"HIGHESTMODSEQ of {name} was {before.modseq}, is {found.modseq}")
        must_be = set(before.messages) & set(after.messages)
        if self.power_lost:
            must_be &= self.promised_in(before)
        for uid in sorted(must_be - found.messages.keys()):
            self.fault(f"UID {uid} of {name} is lost")
        for uid, now in found.messages.items():
            self.check_message(f"UID {uid} of {name}", uid, now, before, after)

    def check_message(self, what, uid, now, before, after):
        old = before.messages.get(uid)
        if old is None:
            if uid < before.uidnext and not self.power_lost:
                self.fault(f"{what} was expunged, is back")
            if now.modseq <= before.modseq and not self.power_lost:
                self.fault(f"{what} is new, with modseq {now.modseq} of a client that knows {before.modseq}")
            return
        new = after.messages.get(uid, old)
        if now.flags not in (old.flags, new.flags) or not self.are_keywords_right(uid, now, old, new):
            self.fault(f"{what} had flags {show(old)} or {show(new)}, has {show(now)}")
        if now.modseq < old.modseq:
            self.fault(f"{what} had modseq {old.modseq}, has {now.modseq}")
        if (now.flags, now.keywords) != (old.flags, old.keywords) and now.modseq <= before.modseq:
            self.fault(f"{what} changed, with modseq {now.modseq} for a client that knows {before.modseq}")

    def are_keywords_right(self, uid, now, old, new):
        """On a disk put together anew Courier's list of keywords looks changed: it is read, and adds its own."""
        if now.keywords in (old.keywords, new.keywords):
            return True
        past = [box.messages[uid].keywords for state in self.past for box in state.boxes.values()
                if uid in box.messages]
        return self.power_lost and old.keywords <= now.keywords <= frozenset().union(*past)

    def check_subscriptions(self, found):
        least = self.before.subscribed & self.after.subscribed
        most = self.before.subscribed | self.after.subscribed
        if not least <= found.subscribed <= most:
            self.fault(f"subscribed was {sorted(self.before.subscribed)}, is {sorted(found.subscribed)}")


def show(message):
    return " ".join([message.flags or "-", *sorted(message.keywords)])


def difference(one, other):
    return [(name, one.boxes.get(name), other.boxes.get(name)) for name in one.boxes.keys() | other.boxes.keys()
            if one.boxes.get(name) != other.boxes.get(name)]
