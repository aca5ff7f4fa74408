# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured: each row makes a mailbox ready, and says what a client does with it.

A row is called with a server and the places of the corpora; it yields (wall seconds, processor seconds) once, or for
memory octets. Everything before the first octet that is measured has been answered, and everything else is closed.
"""
import contextlib
import os
import time

import corpus

HEADERS = (b"UID FETCH 1:* (FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM TO CC SUBJECT MESSAGE-ID REFERENCES "
           b"IN-REPLY-TO CONTENT-TYPE)])")
ENVELOPE = b"UID FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)"
BODYSTRUCTURE = b"UID FETCH 1:* (BODYSTRUCTURE)"
N_NOOPS, NOOPS_SECONDS, N_APPENDS, N_FOLDERS, N_LISTED = 300, 2, 300, 200, 1000
N_PARTIALS, PARTIAL = 320, 65536


class Lab:
    """The corpora, made once, and the servers' mailboxes made of them."""

    def __init__(self, place):
        self.many = corpus.write_names(place / "corpus-100k", 100_000)
        self.mail = corpus.write_corpus(place / "corpus-10k", 10_000, 8192)
        self.large = corpus.write_corpus(place / "corpus-large", 50, 20_000_000)
        self.small = corpus.write_corpus(place / "corpus-small", 20, 1700)

    @staticmethod
    def ready(server, mailbox, source, flags=None, fresh=False):
        """A mailbox with these messages that the server has opened, unless it is there already."""
        folder = server.folder(mailbox)
        if folder.exists() and not fresh:
            return
        corpus.remove(folder)
        corpus.make_folder(server.folder("INBOX"))
        corpus.link_folder(source, folder, flags)
        server.own()
        with opened(server, mailbox):
            pass
        with opened(server, mailbox):  # what is done at the second time only
            pass


@contextlib.contextmanager
def opened(server, mailbox=None):
    session = server.session()
    try:
        if mailbox:
            session.command(b"SELECT " + name(mailbox))
        yield session
    finally:
        session.close()


def name(mailbox):
    return b"INBOX" if mailbox == "INBOX" else b"INBOX." + mailbox.encode()


class Clock:
    def __init__(self, session):
        self.session = session

    def __enter__(self):
        self.processor = self.session.processor_seconds()
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.wall = time.perf_counter() - self.start
        self.processor = self.session.processor_seconds() - self.processor

    def result(self, divisor=1):
        return self.wall / divisor, self.processor / divisor


def timed(session, *commands):
    with Clock(session) as clock:
        for command in commands:
            session.command(command)
    return clock.result()


# Opening

def select_warm(server, lab):
    lab.ready(server, "many", lab.many)
    with opened(server) as session:
        return timed(session, b"SELECT INBOX.many")


def select_first(server, lab):
    lab.ready(server, "many", lab.many)
    server.forget("many", server.numbers)
    with opened(server) as session:
        return timed(session, b"SELECT INBOX.many")


def noop(server, lab):
    lab.ready(server, "many", lab.many)
    with opened(server, "many") as session:
        with Clock(session) as clock:
            done = 0
            while done < N_NOOPS and time.perf_counter() - clock.start < NOOPS_SECONDS:
                session.command(b"NOOP")
                done += 1
        return clock.result(done)


def new_mail(server, lab):
    lab.ready(server, "many", lab.many)
    folder = server.folder("many")
    with opened(server, "many") as session:
        time.sleep(1.2)  # so that the time of the last change is old enough to prove something
        path = folder / "tmp" / "delivery"
        path.write_bytes(b"From: ann@example.com\nSubject: new\n\nhello\n")
        os.chown(path, server.uid, server.uid)
        target = f"{int(time.time())}.M{time.time_ns() % 10**9 // 1000}P{os.getpid()}.mail.example.com"
        with Clock(session) as clock:
            os.rename(path, folder / "new" / target)
            while b"EXISTS" not in session.answer(b"NOOP"):
                pass
        return clock.result()


def memory_private(server, lab):
    lab.ready(server, "many", lab.many)
    with opened(server, "many") as session:
        session.command(b"NOOP")
        private, shared = session.memory()
        return private, shared


# Fetching

def fetch(mailbox, source, items, cold):
    def row(server, lab):
        lab.ready(server, mailbox, getattr(lab, source))
        if cold:
            server.forget(mailbox, server.caches)
        with opened(server, mailbox) as session:
            if not cold:
                session.command(items)
        with opened(server, mailbox) as session:
            return timed(session, items)
    return row


def fetch_cold(mailbox, source, items):
    def row(server, lab):
        lab.ready(server, mailbox, getattr(lab, source))
        server.forget(mailbox, server.caches)
        with opened(server, mailbox) as session:
            return timed(session, items)
    return row


def partials(server, lab):
    lab.ready(server, "large", lab.large)
    with opened(server, "large") as session:
        return timed(session, *[b"UID FETCH 1 (BODY.PEEK[]<%d.%d>)" % (i * PARTIAL, PARTIAL)
                                for i in range(N_PARTIALS)])


# Changing

def change(command, flags=":2,S"):
    def row(server, lab):
        lab.ready(server, "changed", lab.mail, flags, fresh=True)
        corpus.remove(server.folder("target"))
        corpus.link_folder(lab.small, server.folder("target"))
        server.own()
        with opened(server, "changed") as session:
            return timed(session, command)
    return row


def append(server, lab):
    messages = [path.read_bytes().replace(b"\n", b"\r\n") for path in sorted((lab.small / "cur").iterdir())]
    lab.ready(server, "appended", lab.small, fresh=True)
    with opened(server) as session:
        with Clock(session) as clock:
            for i in range(N_APPENDS):
                session.append(b"INBOX.appended", messages[i % len(messages)], server.literal_plus)
        return clock.result(N_APPENDS)


def append_large(server, lab):
    message = next((lab.large / "cur").iterdir()).read_bytes().replace(b"\n", b"\r\n")
    lab.ready(server, "appended", lab.small, fresh=True)
    with opened(server) as session:
        with Clock(session) as clock:
            session.append(b"INBOX.appended", message, server.literal_plus)
        return clock.result()


# Many mailboxes

def ready_folders(server, lab):
    for i in range(N_FOLDERS):
        if not server.folder(f"status.f{i}").exists():
            corpus.link_folder(lab.small, server.folder(f"status.f{i}"))
    server.own()
    with opened(server) as session:
        for i in range(N_FOLDERS):
            session.command(b"SELECT INBOX.status.f%d" % i)


def status(server, lab):
    ready_folders(server, lab)
    commands = [b"STATUS INBOX.status.f%d (MESSAGES UNSEEN UIDNEXT)" % i for i in range(N_FOLDERS)]
    time.sleep(1.2)
    with opened(server) as session:
        for command in commands:
            session.command(command)
        return timed(session, *commands)


def status_after_delivery(server, lab):
    ready_folders(server, lab)
    commands = [b"STATUS INBOX.status.f%d (MESSAGES UNSEEN UIDNEXT)" % i for i in range(N_FOLDERS)]
    with opened(server) as session:
        for command in commands:
            session.command(command)
        for i in range(N_FOLDERS):
            path = server.folder(f"status.f{i}") / "new" / f"{time.time_ns()}.M{i}.mail.example.com"
            path.write_bytes(b"Subject: new\n\nhello\n")
            os.chown(path, server.uid, server.uid)
        return timed(session, *commands)


def list_all(server, lab):
    for i in range(N_LISTED):
        folder = server.folder(f"list.a{i // 100}.b{i // 10 % 10}.c{i}" if i % 2 else f"list{i}")
        if not folder.exists():
            corpus.make_folder(folder)
            (folder / "maildirfolder").touch()
    server.own()
    with opened(server) as session:
        return timed(session, b'LIST "" "*"')


ROWS = {  # name: (unit, function); ms of wall and processor, or KiB of private and proportional memory
    "SELECT of 100,000, warm": ("ms", select_warm),
    "first open of 100,000": ("ms", select_first),
    "NOOP in 100,000": ("ms", noop),
    "one new message in 100,000": ("ms", new_mail),
    "memory with 100,000 selected": ("KiB", memory_private),
    "FLAGS of 100,000": ("ms", fetch("many", "many", b"UID FETCH 1:* (FLAGS)", False)),
    "ENVELOPE of 10,000, cold": ("ms", fetch_cold("mail", "mail", ENVELOPE)),
    "ENVELOPE of 10,000, warm": ("ms", fetch("mail", "mail", ENVELOPE, False)),
    "BODYSTRUCTURE of 10,000, cold": ("ms", fetch_cold("mail", "mail", BODYSTRUCTURE)),
    "BODYSTRUCTURE of 10,000, warm": ("ms", fetch("mail", "mail", BODYSTRUCTURE, False)),
    "RFC822.SIZE of 10,000, cold": ("ms", fetch_cold("mail", "mail", b"UID FETCH 1:* (RFC822.SIZE)")),
    "RFC822.SIZE of 10,000, warm": ("ms", fetch("mail", "mail", b"UID FETCH 1:* (RFC822.SIZE)", False)),
    "header fields of 10,000, cold": ("ms", fetch_cold("mail", "mail", HEADERS)),
    "header fields of 10,000, warm": ("ms", fetch("mail", "mail", HEADERS, False)),
    "bodies of 10,000": ("ms", fetch("mail", "mail", b"UID FETCH 1:* (BODY.PEEK[])", False)),
    "bodies of 50 of 20 MB": ("ms", fetch("large", "large", b"UID FETCH 1:* (BODY.PEEK[])", False)),
    "320 partial fetches": ("ms", partials),
    "SEARCH SUBJECT in 10,000, warm": ("ms", fetch("mail", "mail", b"UID SEARCH SUBJECT invoice", False)),
    "SORT DATE of 10,000, cold": ("ms", fetch_cold("mail", "mail", b"UID SORT (DATE) UTF-8 ALL")),
    "SORT DATE of 10,000, warm": ("ms", fetch("mail", "mail", b"UID SORT (DATE) UTF-8 ALL", False)),
    "SORT SUBJECT of 10,000, warm": ("ms", fetch("mail", "mail", b"UID SORT (SUBJECT) UTF-8 ALL", False)),
    "THREAD REFERENCES of 10,000, warm": ("ms", fetch("mail", "mail", b"UID THREAD REFERENCES UTF-8 ALL", False)),
    "SEARCH BODY in 10,000": ("ms", fetch("mail", "mail", b"UID SEARCH BODY nosuchword", False)),
    "STORE of 10,000": ("ms", change(b"UID STORE 1:* +FLAGS (\\Flagged)")),
    "STORE of a keyword, 10,000": ("ms", change(b"UID STORE 1:* +FLAGS.SILENT ($Label1)")),
    "COPY of 10,000": ("ms", change(b"UID COPY 1:* INBOX.target")),
    "MOVE of 10,000": ("ms", change(b"UID MOVE 1:* INBOX.target")),
    "EXPUNGE of 10,000": ("ms", change(b"EXPUNGE", ":2,ST")),
    "APPEND, each": ("ms", append),
    "APPEND of 20 MB": ("ms", append_large),
    "STATUS of 200": ("ms", status),
    "STATUS of 200 after deliveries": ("ms", status_after_delivery),
    "LIST of 1,000": ("ms", list_all),
}
