# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the swarm that knows QRESYNC: it keeps what it has heard when it leaves a mailbox, and holds the server
to it when it comes back (RFC 7162, sections 3.2.5 and 6)."""
import re

import swarm


class Memory:
    """Of one mailbox: what the client still knows when it is not there."""

    def __init__(self):
        self.highest, self.flags, self.modseqs = 0, {}, {}


class ResyncSession(swarm.Session):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.memories = {name: Memory() for name in swarm.FOLDERS}
        self.heard, self.told, self.vanished, self.enabled = 0, None, set(), False
        self.verified, self.seen, self.until = None, set(), 0

    @property
    def memory(self):
        return self.memories[self.mailbox]

    # What comes.

    def take(self, line):
        if match := re.match(r"^\* VANISHED (\(EARLIER\) )?(\S+)$", line):
            for uid in swarm.expand(match[2]):
                self.take_earlier(uid) if match[1] else self.take_vanished(uid)
        if match := re.search(r"^\S+ OK \[HIGHESTMODSEQ (\d+)\]", line):
            self.told = int(match[1])
        if match := re.match(r"^\* OK \[UIDVALIDITY (\d+)\]", line):
            self.swarm.uid_validity[self.mailbox] = match[1]
        super().take(line)

    def take_earlier(self, uid):
        """May be one that the client has never heard of."""
        self.memory.flags.pop(uid, None)
        if not self.busy.startswith("SELECT"):
            self.fault(f"VANISHED (EARLIER) {uid} during '{self.busy}'")

    def take_vanished(self, uid):
        if self.by_number:
            self.fault(f"VANISHED {uid} during '{self.busy}'")
        self.vanished.add(uid)
        self.memory.flags.pop(uid, None)
        at = self.position_of(uid)
        if at is None:
            self.fault(f"VANISHED {uid}, which was never there")
        else:
            del self.messages[at], self.flags[at]

    def position_of(self, uid):
        """Where it is, or must be: between its neighbours somebody may be of whom only the number is known."""
        if uid in self.messages:
            return self.messages.index(uid)
        first = max((i + 1 for i, known in enumerate(self.messages) if known and known < uid), default=0)
        return first if first < len(self.messages) and self.messages[first] is None else None

    def take_fetch(self, seq, items):
        super().take_fetch(seq, items)
        match, flags = re.search(r"MODSEQ \((\d+)\)", items), re.search(r"FLAGS \(([^)]*)\)", items)
        if not self.fetched or not match:
            return
        uid, modseq = self.fetched, int(match[1])
        self.heard = max(self.heard, modseq)
        if modseq < self.memory.modseqs.get(uid, 0):
            self.fault(f"the modseq of UID {uid} went back to {modseq}")
        self.memory.modseqs[uid] = modseq
        if flags:
            self.take_state(uid, modseq, frozenset(flags[1].split()) - {"\\Recent"})

    def take_state(self, uid, modseq, flags):
        """One modseq stands for one state of a message, whoever hears of it."""
        known = self.swarm.states.setdefault((self.mailbox, uid, modseq), flags)
        if known != flags:
            self.fault(f"UID {uid} has {sorted(flags)} with modseq {modseq}, others have heard {sorted(known)}")
        if self.verified is not None:
            self.seen.add(uid)
            if modseq <= self.until and self.verified.get(uid, flags) != flags:
                self.fault(f"UID {uid} has {sorted(flags)} since {modseq}, after a synchronization up to "
                           f"{self.until} it should have {sorted(self.verified[uid])}")
        self.memory.flags[uid] = flags

    def take_answer(self, status, text):
        if self.mailbox:
            self.note_highest()
        if self.verified is not None:
            for uid in self.verified.keys() - self.seen - self.vanished:
                self.fault(f"UID {uid} is gone, and no synchronization has said so")
        was_select, self.verified, self.vanished = self.busy.startswith("SELECT"), None, set()
        super().take_answer(status, text)
        if was_select:
            self.verify()

    def note_highest(self):
        """As section 6 wants it: a code counts, and without one the highest modseq of all."""
        highest = self.told if self.told is not None else max(self.heard, self.memory.highest)
        if highest < self.memory.highest:
            self.fault(f"HIGHESTMODSEQ went back from {self.memory.highest} to {highest} after '{self.busy}'")
        self.memory.highest, self.heard, self.told = highest, 0, None

    # What goes.

    def verify(self):
        """What the client believes now has to be so, except for what changes from now on."""
        self.verified, self.seen, self.until = dict(self.memory.flags), set(), self.memory.highest
        self.send("UID FETCH 1:* (FLAGS MODSEQ)")

    def select(self, mailbox):
        """Who was there before asks for the difference."""
        if not self.enabled:
            self.enabled = True
            self.send("ENABLE QRESYNC")
            return
        self.mailbox, self.messages, self.flags = mailbox, [], []
        validity = self.swarm.uid_validity.get(mailbox)
        if not self.memory.highest or not validity:
            self.send(f"SELECT {mailbox}")
        elif self.random.random() < .5 or not self.memory.flags:
            self.send(f"SELECT {mailbox} (QRESYNC ({validity} {self.memory.highest}))")
        else:
            known = ",".join(map(str, sorted(self.memory.flags)))
            self.send(f"SELECT {mailbox} (QRESYNC ({validity} {self.memory.highest} {known}))")
