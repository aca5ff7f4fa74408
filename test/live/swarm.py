# SPDX-License-Identifier: GPL-3.0-or-later
"""Many sessions on two mailboxes, in one thread: each keeps its own idea of its mailbox, as a client does, and
says where the server contradicts it."""
import random
import re
import selectors
import socket
import subprocess

FOLDERS = {"INBOX": "", "INBOX.B": ".B"}
FETCH = re.compile(r"^\* (\d+) FETCH \((.*)\)$")


class Swarm:
    """What all clients together know."""

    def __init__(self):
        self.token_of = {}    # (mailbox, UID) -> which text it is, as anybody has ever seen it
        self.uid_validity = {}
        self.states = {}      # (mailbox, UID, modseq) -> flags
        self.n_texts = 0
        self.kept = set()     # texts that must survive
        self.removable = {name: set() for name in FOLDERS}  # UIDs that need not
        self.faults = []

    def fault(self, text):
        if len(self.faults) < 20:
            self.faults.append(text)

    def saw(self, mailbox, uid, token):
        known = self.token_of.setdefault((mailbox, uid), token)
        if known != token:
            self.fault(f"UID {uid} of {mailbox} is {token} and was {known}")

    def new_text(self, keep):
        self.n_texts += 1
        token = f"{'keep' if keep else 'drop'}{self.n_texts}"
        return token, f"Subject: {token}\r\n\r\nHi.\r\n"


class Session:
    """One imapd and what its client believes. One command at a time."""

    def __init__(self, swarm, number, home, environment, program, log):
        self.swarm, self.number, self.random = swarm, number, random.Random(number)
        self.socket, theirs = socket.socketpair()
        self.process = subprocess.Popen([program, "./Maildir"], cwd=home, env=environment, stdin=theirs, stdout=theirs,
                                        stderr=log)
        theirs.close()
        self.input, self.n_commands, self.n_done = b"", 0, 0
        self.mailbox, self.messages, self.flags, self.busy = None, [], [], "greeting"
        self.is_quiet = False  # nobody changes anything any more: what was heard is true
        self.pending_token, self.by_number, self.selecting = None, False, None

    # What comes.

    def receive(self):
        data = self.socket.recv(1 << 20)
        if not data:
            self.swarm.fault(f"session {self.number} was closed by the server after '{self.busy}'")
            self.busy = "closed"
            return False
        *lines, self.input = (self.input + data).split(b"\r\n")
        text = b"\r\n".join(lines).decode()
        for line in re.sub(r"\{\d+\}\r\n", "", text).split("\r\n"):
            self.take(line)
        return True

    def take(self, line):
        if match := re.match(r"^\* (\d+) EXISTS$", line):
            self.take_exists(int(match[1]))
        elif match := re.match(r"^\* (\d+) EXPUNGE$", line):
            self.take_expunge(int(match[1]))
        elif match := re.match(r"^\* (\d+) FETCH \((.*)$", line):
            self.take_fetch(int(match[1]), match[2])
        elif match := re.match(r"^Subject: (\w+)$", line):
            self.take_token(match[1])
        elif match := re.match(rf"^t{self.n_commands} (\w+)(.*)$", line):
            self.take_answer(match[1], match[2])
        elif line.startswith("* PREAUTH"):
            self.busy = None
        if match := re.search(r"COPYUID \d+ (\S+) (\S+)\]", line):
            self.take_copied(match[1], match[2])

    def take_exists(self, n):
        if n < len(self.messages):
            self.fault(f"EXISTS {n} after {len(self.messages)} messages")
        self.messages += [None] * (n - len(self.messages))
        self.flags += [None] * (n - len(self.flags))

    def take_expunge(self, seq):
        if self.by_number:
            self.fault(f"EXPUNGE {seq} during '{self.busy}'")
        if not 1 <= seq <= len(self.messages):
            self.fault(f"EXPUNGE {seq} of {len(self.messages)} messages")
        else:
            del self.messages[seq - 1], self.flags[seq - 1]

    def take_fetch(self, seq, items):
        self.fetched = None
        if not 1 <= seq <= len(self.messages):
            self.fault(f"FETCH {seq} of {len(self.messages)} messages")
            return
        if match := re.search(r"UID (\d+)", items):
            uid, known = int(match[1]), self.messages[seq - 1]
            if known not in (None, uid):
                self.fault(f"message {seq} has UID {uid} and had {known}")
            before = max((u for u in self.messages[:seq - 1] if u), default=0)
            after = min((u for u in self.messages[seq:] if u), default=1 << 32)
            if not before < uid < after:
                self.fault(f"UID {uid} of message {seq} is between {before} and {after}")
            self.messages[seq - 1] = self.fetched = uid
        if match := re.search(r"FLAGS \(([^)]*)\)", items):
            self.take_flags(seq, frozenset(match[1].split()) - {"\\Recent"})

    def take_flags(self, seq, flags):
        known = self.flags[seq - 1]
        if self.is_quiet and known not in (None, flags):
            self.fault(f"message {seq} has {sorted(flags)}, the client had heard {sorted(known)}")
        self.flags[seq - 1] = flags

    def take_token(self, token):
        if self.fetched:
            self.swarm.saw(self.mailbox, self.fetched, token)
            if token.startswith("drop"):
                self.swarm.removable[self.mailbox].add(self.fetched)

    def take_copied(self, sources, targets):
        pairs = list(zip(expand(sources), expand(targets), strict=True))
        for source, target in pairs:
            token = self.swarm.token_of.get((self.mailbox, source))
            if token:
                self.swarm.saw(self.target, target, token)
                if token.startswith("drop"):
                    self.swarm.removable[self.target].add(target)

    def take_answer(self, status, text):
        if status == "BAD" or (status == "NO" and "EXPUNGEISSUED" not in text):
            self.fault(f"'{self.busy}' was answered {status}{text}")
        if self.pending_token:
            match = re.search(r"APPENDUID \d+ (\d+)\]", text)
            if status == "OK" and match:
                self.swarm.saw(self.target, int(match[1]), self.pending_token)
                if self.pending_token.startswith("keep"):
                    self.swarm.kept.add(self.pending_token)
                else:
                    self.swarm.removable[self.target].add(int(match[1]))
        self.pending_token, self.by_number, self.busy = None, False, None
        self.n_done += 1

    def fault(self, text):
        self.swarm.fault(f"session {self.number} in {self.mailbox}: {text}")

    # What goes.

    def send(self, command, by_number=False, data=""):
        self.n_commands += 1
        self.busy, self.by_number, self.fetched = command, by_number, None
        self.socket.sendall(f"t{self.n_commands} {command}\r\n{data}".encode())

    def select(self, mailbox):
        self.mailbox, self.messages, self.flags = mailbox, [], []
        self.send(f"SELECT {mailbox}")

    def some(self, uids):
        """One UID mostly, a set of up to twenty now and then."""
        n = 1 if self.random.random() < .6 else self.random.randint(2, 20)
        return ",".join(map(str, self.random.sample(uids, min(n, len(uids))))) or "1"

    def some_uids(self):
        return self.some([uid for uid in self.messages if uid])

    def other(self):
        return next(name for name in FOLDERS if name != self.mailbox)

    def act(self):
        """The next command, whatever it is."""
        choice, removable = self.random.random(), self.swarm.removable[self.mailbox]
        if choice < .15:
            self.append(self.random.random() < .5)
        elif choice < .35:
            flag = self.random.choice(["\\Seen", "\\Flagged", "\\Answered", "work", "$Forwarded"])
            self.send(f"UID STORE {self.some_uids()} {self.random.choice('+-')}FLAGS ({flag})")
        elif choice < .45 and removable:
            self.send(f"UID STORE {self.some(sorted(removable))} +FLAGS (\\Deleted)")
        elif choice < .52:
            self.send("EXPUNGE" if self.random.random() < .7 else f"UID EXPUNGE {self.some_uids()}")
        elif choice < .58:
            self.target = self.other()
            self.send(f"UID MOVE {self.some_uids()} {self.target}")
        elif choice < .62 and removable:
            self.target = self.mailbox if self.random.random() < .5 else self.other()
            self.send(f"UID COPY {self.some(sorted(removable))} {self.target}")
        elif choice < .75 and self.messages:
            seq = self.random.randint(1, len(self.messages))
            self.send(f"FETCH {seq} (UID FLAGS BODY.PEEK[HEADER.FIELDS (Subject)])", by_number=True)
        elif choice < .80 and self.messages:
            self.send(f"FETCH {max(1, len(self.messages) - 5)}:* (UID FLAGS)", by_number=True)
        elif choice < .82:
            self.select(self.other() if self.random.random() < .3 else self.mailbox)
        else:
            self.send("NOOP")

    def append(self, keep):
        self.target = self.mailbox
        self.pending_token, text = self.swarm.new_text(keep)
        self.send(f"APPEND {self.target} {{{len(text)}+}}", data=text + "\r\n")


def expand(text):
    for part in text.split(","):
        first, _, last = part.partition(":")
        yield from range(int(first), int(last or first) + 1)


def run(sessions, go_on, between=lambda: None):
    """Each session that is not busy is asked by go_on() for its next command; ends when none is busy."""
    with selectors.DefaultSelector() as selector:
        for session in sessions:
            selector.register(session.socket, selectors.EVENT_READ, session)
        while True:
            for session in sessions:
                if session.busy is None:
                    go_on(session)
            busy = [session for session in sessions if session.busy not in (None, "closed")]
            if not busy:
                return
            ready = selector.select(60)
            assert ready, f"nothing came for a minute; '{busy[0].busy}' waits"
            for key, _ in ready:
                if not key.data.receive():
                    selector.unregister(key.fileobj)
            between()
