# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hundred sessions at work on one folder, with a delivery agent and a mail reader that know nothing of them.
A third of them come and go with QRESYNC.

$SWARM_SECONDS says for how long; the full test is 60."""
import os
import re
import time

import resync
import swarm

N_SESSIONS = 200
SECONDS = float(os.environ.get("SWARM_SECONDS", "10"))


class Others:
    """Delivers into new/, and changes flags by renaming in cur/; without a lock, as such programs do."""

    def __init__(self, account, world):
        self.account, self.world, self.next, self.n = account, world, 0, 0

    def act(self):
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + .02
        self.n += 1
        token, text = self.world.new_text(keep=True)
        self.account.deliver(text.replace("\r\n", "\n"))
        self.world.kept.add(token)
        if self.n % 4 == 0:
            self.rename()

    def rename(self):
        cur = self.account.maildir / "cur"
        names = [name for name in os.listdir(cur) if name.endswith(".host:2,")]
        if names:
            name = names[self.n % len(names)]
            try:
                os.rename(cur / name, cur / (name + "F"))
            except FileNotFoundError:
                pass  # somebody else was faster


def look_at_all(account, mailbox):
    """UID, flags and text of each message, from a session of its own."""
    client = account.client()
    lines = client.ok(f"SELECT {mailbox}") and client.ok("UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (Subject)])")
    text = "\n".join(lines)
    found = re.findall(r"FETCH \(UID (\d+) FLAGS \(([^)]*)\) BODY[^\n]*\nSubject: (\w+)", text)
    return {int(uid): (frozenset(flags.split()) - {"\\Recent"}, token) for uid, flags, token in found}


def start(account, world):
    account.client().ok("CREATE INBOX.B")
    log = open(account.home / "log-swarm", "wb")
    kinds = (resync.ResyncSession, swarm.Session, swarm.Session)
    sessions = [kinds[number % 3](world, number, account.home, account.environment, os.environ["IMAPD"], log)
                for number in range(N_SESSIONS)]
    account.clients += sessions  # the fixture ends them
    swarm.run(sessions, lambda session: session.mailbox or session.select("INBOX"))
    return sessions


def finish(sessions):
    """Everybody looks once more, at the same mailbox state."""
    todo = {session: ["NOOP", "UID FETCH 1:* (FLAGS)"] for session in sessions}

    def go_on(session):
        session.is_quiet = len(todo[session]) == 1  # after the NOOP it knows all
        if todo[session]:
            session.send(todo[session].pop(0))

    swarm.run(sessions, go_on)


def test_all_agree_with_each_other_and_with_the_directory(account):
    world = swarm.Swarm()
    sessions, others = start(account, world), Others(account, world)
    end = time.monotonic() + SECONDS
    swarm.run(sessions, lambda session: session.act() if time.monotonic() < end else None, others.act)
    assert not world.faults, "\n".join(world.faults)
    assert min(session.n_done for session in sessions) > 1

    time.sleep(1)  # so that the times of the directories are old
    for mailbox in swarm.FOLDERS:
        look_at_all(account, mailbox)  # numbers what was delivered last
    for mailbox, folder in swarm.FOLDERS.items():
        there = look_at_all(account, mailbox)
        mine = [session for session in sessions if session.mailbox == mailbox]
        finish(mine)
        assert not world.faults, "\n".join(world.faults)
        for session in mine:
            assert session.messages == sorted(there), f"session {session.number} in {mailbox}"
            assert session.flags == [there[uid][0] for uid in session.messages], f"session {session.number}"
        for uid, (_, token) in there.items():
            world.saw(mailbox, uid, token)
        files = account.files(f"{folder}/cur/*" if folder else "cur/*")
        assert len(files) == len(there), f"{len(files)} files, {len(there)} messages in {mailbox}"
        flagged = sum("F" in name.rpartition(":2,")[2] for name in files)
        assert flagged == sum("\\Flagged" in flags for flags, _ in there.values())
        assert not account.files(f"{folder}/new/*" if folder else "new/*")
    assert not world.faults, "\n".join(world.faults)
    kept = [token for mailbox in swarm.FOLDERS for _, token in look_at_all(account, mailbox).values()
            if token.startswith("keep")]
    assert sorted(kept) == sorted(world.kept)
    assert world.states  # modseqs were told
    print(f"{sum(session.n_done for session in sessions)} commands, {world.n_texts} texts, {len(kept)} kept")
