# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripted sessions. A scenario prepares a Maildir and gives steps; a step is over when it is answered OK."""
import dataclasses
import pathlib

N_TEXTS = 400
FIRST_UIDVALIDITY = 2000000000  # greater than any made from the time, so that a second run gets the same


def text(number, size=0):
    """Message number so-and-so; all are different, none is a piece of another."""
    lines = f"Subject: message {number}\nMessage-Id: <{number}@example.org>\n\nThe text of message {number}.\n"
    return lines + "Some more of it.\n" * (size // 17) + f"End of message {number}.\n"


LARGE = text(900, 150_000)
TEXTS = [text(number) for number in range(N_TEXTS)] + [LARGE]
LARGE_NUMBER = N_TEXTS


@dataclasses.dataclass
class Step:
    command: str
    session: str = "A"
    literals: tuple = ()
    before: tuple = ()      # what other programs do first: (verb, arguments...)
    synced: bool = False    # answered OK means: on disk
    doubles: bool = False   # killed in it, a message may be there twice


class Folder:
    """A mailbox of the Maildir before the session."""

    def __init__(self, maildir, name=""):
        self.path = maildir / name if name else maildir
        for part in ("cur", "new", "tmp"):
            (self.path / part).mkdir(parents=True)
        if name:
            (self.path / "maildirfolder").touch()
        else:
            (maildir / "imapd.uidvalidity").write_text(f"{FIRST_UIDVALIDITY}\n")

    def put(self, number, flags=None):
        path = file_name(number) if flags is None else f"{file_name(number)}:2,{flags}"
        (self.path / ("new" if flags is None else "cur") / path).write_text(text(number))
        return self


def file_name(number):
    return f"{1700000000 + number}.M{number}P1.host"


def deliver(number, folder=""):
    return ("deliver", folder, number)


def append(mailbox, *numbers, flags="", session="A", texts=None):
    texts = tuple(texts or (text(number) for number in numbers))
    literals = tuple(part.replace("\n", "\r\n").encode() for part in texts)
    return Step(f"APPEND {mailbox} ({flags}) %", session, literals, synced=True)


def replace(command, number, flags=""):
    literal = TEXTS[number].replace("\n", "\r\n").encode()
    return Step(f"{command} ({flags}) %", literals=(literal,), synced=True)


def synced(command, **more):
    return Step(command, synced=True, **more)


def plain(*commands, session="A"):
    return [Step(command, session) for command in commands]


def scenario_append(maildir):
    Folder(maildir)
    Folder(maildir, ".Work")
    return [
        append("INBOX", 1), append("INBOX", 2, flags="\\Seen $Work"), append("INBOX", 3, flags="\\Flagged urgent"),
        *plain("SELECT INBOX"),
        append("INBOX", 4, flags="\\Draft"), append("INBOX.Work", 5, flags="$Work"), append("INBOX.Work", 6),
        append("INBOX", texts=[LARGE]), append("INBOX", 7),
        *plain("NOOP", "LOGOUT"),
    ]


def scenario_copy(maildir):
    Folder(maildir).put(1, "S").put(2, "F").put(3, "").put(4, "DR")
    Folder(maildir, ".Work").put(10, "S")
    return [
        *plain("SELECT INBOX", "UID STORE 1:2 +FLAGS (kw1 kw2)"),
        synced("UID COPY 1 INBOX.Work"), synced("UID COPY 1:3 INBOX.Work"), synced("UID COPY 2:4 INBOX"),
        *plain("UID STORE 1 -FLAGS (kw1)"), synced("COPY 1:* INBOX.Work"),
        *plain("SELECT INBOX.Work"), synced("UID COPY 2:3 INBOX"), *plain("CLOSE", "LOGOUT"),
    ]


def scenario_deliveries(maildir):
    Folder(maildir).put(1).put(2).put(3, "S")
    Folder(maildir, ".Work").put(10)
    return [
        *plain("SELECT INBOX", "UID FETCH 1:* (FLAGS)"),
        Step("NOOP", before=(deliver(20), deliver(21))),
        Step("UID FETCH 1:* (FLAGS)", before=(deliver(15),)),
        Step("NOOP", before=(("flags", 20, "S"), ("delete", 1))),
        *plain("UID STORE 2:3 +FLAGS (\\Deleted)"), Step("EXPUNGE", before=(deliver(22),)),
        Step("STATUS INBOX.Work (MESSAGES UIDNEXT UIDVALIDITY)", before=(deliver(23, ".Work"),)),
        append("INBOX", 24), Step("SELECT INBOX.Work", before=(deliver(25, ".Work"), deliver(26))),
        *plain("UID FETCH 1:* (FLAGS)", "UID STORE 1:* +FLAGS.SILENT (\\Seen)", "UNSELECT"),
        Step("EXAMINE INBOX", before=(deliver(27),)), *plain("SELECT INBOX", "LOGOUT"),
    ]


def scenario_expunge(maildir):
    Folder(maildir).put(1, "S").put(2, "T").put(3, "T").put(4, "").put(5, "ST").put(6, "T")
    return [
        *plain("SELECT INBOX", "UID EXPUNGE 2:3"), append("INBOX", 20), *plain("EXPUNGE"), append("INBOX", 21),
        *plain("UID STORE 7:8 +FLAGS.SILENT (\\Deleted)", "EXPUNGE"), append("INBOX", 22),
        *plain("UID STORE 1 +FLAGS (\\Deleted)", "CLOSE", "SELECT INBOX"), append("INBOX", 23), *plain("LOGOUT"),
    ]


def scenario_fetch(maildir):
    """What is remembered about messages is no truth: lost or torn, it is read from them again."""
    inbox = Folder(maildir)
    for number in range(1, 7):
        inbox.put(number, "S" if number < 4 else "")
    return [
        *plain("SELECT INBOX", "UID FETCH 1:2 (ENVELOPE BODYSTRUCTURE RFC822.SIZE)", "UID FETCH 1:4 (ENVELOPE)",
               "UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT DATE)])"),
        append("INBOX", 20), *plain("UID FETCH 4:* (ENVELOPE BODY[])"), synced("UID COPY 1:3 INBOX"),
        *plain("UID STORE 2 +FLAGS (\\Deleted)", "EXPUNGE", "UID FETCH 1:* (RFC822.SIZE ENVELOPE)", "LOGOUT"),
    ]


def scenario_first_open_dovecot(maildir):
    inbox = Folder(maildir).put(1, "Sa").put(2, "").put(3, "Fab").put(4)
    (inbox.path / "dovecot-uidlist").write_text(
        f"3 V700000000 N40 G0123456789abcdef0123456789abcdef\n7 :{file_name(1)}\n11 :{file_name(2)}\n"
        f"30 :{file_name(3)}\n")
    (inbox.path / "dovecot-keywords").write_text("0 work\n1 play\n")
    (inbox.path / "subscriptions").write_text("V\t2\n\nINBOX\nWork\n")
    Folder(maildir, ".Work").put(10, "S")
    return [*plain("SELECT INBOX", "UID FETCH 1:* (FLAGS)", "UID STORE 7 +FLAGS (\\Flagged new)"), append("INBOX", 20),
            synced("UID COPY 7:30 INBOX.Work"), *plain("SUBSCRIBE INBOX.Play", "SELECT INBOX.Work", "LOGOUT")]


def scenario_first_open(maildir):
    inbox = Folder(maildir).put(1, "S").put(2, "").put(3, "F").put(4).put(5)
    (inbox.path / "courierimapuiddb").write_text(
        f"1 700000000 40\n7 {file_name(1)}\n11 {file_name(2)}\n30 {file_name(3)}\n31 {file_name(99)}\n")
    (inbox.path / "courierimapkeywords").mkdir()
    (inbox.path / "courierimapkeywords" / ":list").write_text(f"work\nplay\n\n{file_name(1)}:0\n{file_name(3)}:0 1\n")
    (inbox.path / "courierimapkeywords" / file_name(2)).write_text("play\n")
    (inbox.path / "courierimapsubscribed").write_text("INBOX\nINBOX.Work\n")
    Folder(maildir, ".Work").put(10, "S").put(11, "").put(12)
    return [
        *plain("SELECT INBOX", "UID FETCH 1:* (FLAGS)", "UID STORE 7 +FLAGS (\\Flagged new)"), append("INBOX", 20),
        *plain("SELECT INBOX.Work", "UID FETCH 1:* (FLAGS)", "UID STORE 1:* +FLAGS (\\Answered)"),
        synced("UID COPY 1:2 INBOX"), *plain("CLOSE", "SELECT INBOX", "UNSELECT", "LOGOUT"),
    ]


def scenario_flags(maildir):
    inbox = Folder(maildir)
    for number in range(1, 6):
        inbox.put(number, "S" if number % 2 else "")
    return [
        *plain("SELECT INBOX", "UID STORE 1:3 +FLAGS (\\Flagged)", "UID STORE 2 FLAGS (\\Draft kw1)",
               "UID STORE 1:4 +FLAGS.SILENT (kw1 kw2)", "UID STORE 3 -FLAGS (kw1 \\Flagged)", "FETCH 2 BODY[]",
               "UID STORE 1:* -FLAGS (\\Seen)"),
        Step("NOOP", before=(("flags", 4, "F"),)), *plain("UID STORE 4 +FLAGS (\\Answered)"),
        *plain("UID STORE 5 FLAGS ()", "UID STORE 5 +FLAGS (kw3)", "CLOSE", "SELECT INBOX",
               "UID STORE 1 FLAGS (kw3 \\Seen)", "LOGOUT"),
    ]


def scenario_fold(maildir):
    """Keywords need no rename, so the log outgrows the snapshot with few calls."""
    inbox = Folder(maildir)
    for number in range(1, 21):
        inbox.put(number, "")
    words = [f"keyword-number-{number}" for number in range(180)]
    steps = plain("SELECT INBOX")
    for i in range(12):
        sign = "+" if i % 2 == 0 else "-"
        steps += plain(f"UID STORE 1:* {sign}FLAGS.SILENT ({' '.join(words[i // 2:])})")
        if i > 7:
            steps += [append("INBOX", 30 + i, flags="\\Seen last")]
            steps += plain(f"UID STORE {i} +FLAGS.SILENT (\\Deleted)", "EXPUNGE")
    return steps + plain("LOGOUT")


def scenario_folders(maildir):
    Folder(maildir).put(1, "S")
    return [
        *plain("SELECT INBOX", "CREATE INBOX.Work"), append("INBOX.Work", 20, flags="kw"),
        *plain("CREATE INBOX.Work.Old", "CREATE INBOX.Work.New", "SUBSCRIBE INBOX.Work"),
        append("INBOX.Work.Old", 21), synced("UID COPY 1 INBOX.Work.New"),
        *plain("RENAME INBOX.Work INBOX.Play", "SUBSCRIBE INBOX.Play", "UNSUBSCRIBE INBOX.Work"),
        append("INBOX.Play.Old", 22), append("INBOX.Play", 23),
        *plain("DELETE INBOX.Play.New", "CREATE INBOX.Play.New"), append("INBOX.Play.New", 24),
        *plain("DELETE INBOX.Play", "LOGOUT"),
    ]


def scenario_move(maildir):
    Folder(maildir).put(1, "S").put(2, "F").put(3, "").put(4, "").put(5, "R")
    Folder(maildir, ".Work").put(10, "S")
    return [
        *plain("SELECT INBOX", "UID STORE 1:3 +FLAGS (kw)"), synced("UID MOVE 1 INBOX.Work"),
        synced("UID MOVE 2:4 INBOX.Work"), synced("UID MOVE 5 INBOX", doubles=True), append("INBOX", 20),
        *plain("SELECT INBOX.Work"), synced("MOVE 2:* INBOX"), synced("UID MOVE 1 INBOX"), *plain("LOGOUT"),
    ]


def scenario_new_maildir(maildir):
    """There is nothing at all, but for the line that makes numbers the same in each run."""
    maildir.mkdir()
    (maildir / "imapd.uidvalidity").write_text(f"{FIRST_UIDVALIDITY}\n")
    return [append("INBOX", 1), *plain("CREATE INBOX.Work"), append("INBOX.Work", 2), *plain("SELECT INBOX", "LOGOUT")]


def scenario_rename_inbox(maildir):
    Folder(maildir).put(1, "S").put(2, "F").put(3, "")
    return [*plain("SELECT INBOX", "UID STORE 1 +FLAGS (kw)", "UNSELECT"), synced("RENAME INBOX INBOX.Old"),
            append("INBOX", 20), *plain("SELECT INBOX", "LOGOUT")]


def scenario_replace(maildir):
    """And several messages in one APPEND: all of them or none."""
    Folder(maildir).put(1, "S").put(2, "D").put(3, "DF").put(4, "")
    Folder(maildir, ".Work").put(10, "S")
    return [
        *plain("SELECT INBOX"), append("INBOX", 20, 21, 22, flags="\\Seen kw"),
        replace("UID REPLACE 2 INBOX", 23, "\\Draft"), replace("UID REPLACE 3 INBOX.Work", 24, "kw"),
        *plain("NOOP"), replace("REPLACE 1 INBOX", LARGE_NUMBER),
        *plain("CREATE INBOX.Sent (USE (\\Sent))"), append("INBOX.Sent", 25, 26),
        replace("UID REPLACE 4 INBOX.Sent", 27), *plain("RENAME INBOX.Sent INBOX.Old", "LOGOUT"),
    ]


def scenario_two_sessions(maildir):
    Folder(maildir).put(1, "S").put(2, "").put(3, "").put(4, "")
    Folder(maildir, ".Work")
    return [
        *plain("SELECT INBOX"), *plain("SELECT INBOX", session="B"), append("INBOX", 20),
        *plain("NOOP", "UID STORE 1:3 +FLAGS (\\Flagged kw)", session="B"),
        *plain("UID STORE 2:4 +FLAGS (\\Deleted)"), *plain("UID EXPUNGE 2:3", session="B"),
        append("INBOX", 21, session="B", flags="kw"), *plain("EXPUNGE"),
        Step("NOOP", before=(deliver(30),)), Step("NOOP", session="B", before=(deliver(29),)),
        synced("UID MOVE 5 INBOX.Work", session="B"), synced("UID COPY 1 INBOX.Work"),
        *plain("LOGOUT", session="B"), *plain("LOGOUT"),
    ]


SCENARIOS = {name.removeprefix("scenario_").replace("_", "-"): function
             for name, function in sorted(globals().items()) if name.startswith("scenario_")}


def prepare(name, home: pathlib.Path):
    """Makes the Maildir; the steps."""
    home.mkdir()
    return SCENARIOS[name](home / "Maildir")
