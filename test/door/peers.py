# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers on both sides of the door, each on the same Maildir, logged in already on standard input and output."""
import hashlib
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "differential"), str(HERE.parent / "system")]

import imap  # noqa: E402
import roots  # noqa: E402
import servers  # noqa: E402

Unavailable = roots.Unavailable


USER = "nobody:nogroup"


class Peer:
    """The other server; home/Maildir is what both serve."""
    name = prefix = target = None
    private = re.compile(r"(^|/)(imapd[.-].*|courier-imap.*)$")  # of no meaning to them, or not mail

    def __init__(self, directory, imapd, courierctl):
        self.home = servers.make_home(directory, "home")
        self.imapd, self.courierctl = imapd, courierctl
        (self.home / "Maildir").mkdir(mode=0o700)
        for part in ("cur", "new", "tmp"):
            (self.home / "Maildir" / part).mkdir(mode=0o700)
        self.give_to(USER)

    def give_to(self, owner):
        """As root: the mail is a user's, because Dovecot refuses root and courierctl becomes its owner; and it is
        root's for our own server, which is started from a place that other users may not reach."""
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", owner, self.home], check=True)

    def ours(self):
        import door
        self.give_to("root:root")
        return door.Session(servers.start_ours(self.imapd, self.home), b"INBOX.")

    def run_courierctl(self, *arguments):
        self.give_to(USER)
        ran = subprocess.run([self.courierctl, "maildir", *arguments], capture_output=True, text=True, timeout=60)
        self.give_to(USER)
        if ran.returncode != 0:
            raise AssertionError(f"courierctl maildir {arguments} said {ran.returncode}: {ran.stdout}{ran.stderr}")

    def adopt(self):
        """What an administrator does before we take over: nothing, unless names need it."""

    def export(self):
        self.run_courierctl("export", "--to", self.target, self.home / "Maildir")

    def files(self):
        """Every file that is theirs, or mail: {path: digest}."""
        maildir = self.home / "Maildir"
        found = {}
        for path in sorted(maildir.rglob("*")):
            name = str(path.relative_to(maildir))
            if path.is_file() and not self.private.search(name):
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        return found


class Dovecot(Peer):
    name, prefix, target = "dovecot", b"", "dovecot"
    private = re.compile(r"(^|/)(imapd[.-].*|courierimap.*|:list)$|/dovecot\.index|^dovecot\.(index|list|mailbox)")

    def theirs(self):
        import door
        self.give_to(USER)
        return door.Session(servers.start_dovecot(self.home), self.prefix)

    def adopt(self):
        self.run_courierctl("convert-names", self.home / "Maildir")


class Courier(Peer):
    name, prefix, target = "courier", b"INBOX.", "courier"
    packages = ["courier-imap"]
    root = None

    def theirs(self):
        import door
        self.give_to(USER)
        environment = {"HOME": "/mnt", "TZ": "UTC", "PATH": "/usr/sbin:/usr/bin:/bin",
                       "IMAP_CAPABILITY": "IMAP4rev1 UIDPLUS", "IMAP_KEYWORDS": "1", "IMAP_USELOCKS": "1",
                       "HOSTNAME": "courier.example", "MAILDIR": "Maildir"}
        inside = ["mount --bind \"$1\" \"$2/mnt\"", "exec chroot --userspec=nobody:nogroup \"$2\" "
                  "/bin/sh -c 'cd /mnt && exec /usr/bin/imapd Maildir'"]
        command = ["unshare", "--mount", "sh", "-c", " && ".join(inside), "sh", self.home, self.root]
        log = open(self.home / "peer.log", "ab")
        return door.Session(imap.Client(command, env=environment, stderr=log), self.prefix)


def find(name):
    """The class of a peer that can be started here, or Unavailable."""
    if name == "dovecot":
        if not servers.have_dovecot():
            raise Unavailable("Dovecot is not installed")
        return Dovecot
    if os.geteuid() != 0:
        raise Unavailable("Courier is started in a root of its own, which only root can make")
    Courier.root = roots.make(roots.host_release(), Courier.packages)
    return Courier
