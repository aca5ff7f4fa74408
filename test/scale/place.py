# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes Maildirs with very many messages or folders: generated names, hard links to a few bodies."""
import os
import pathlib
import shutil
import tempfile

LINKS_A_BODY = 50_000  # ext4 stops at 65,000
START = 1_700_000_000


def file_name(number):
    return f"{START + number}.M{number % 1_000_000:06}P4242V0000FE00I{number:016X}.mail.example.com,S={SIZE}"


TEXT = b"From: Ann <ann@example.com>\nTo: ben@example.com\nSubject: one of many\n\nHello.\n"
SIZE = len(TEXT)


def make_folder(path):
    for name in ("cur", "new", "tmp"):
        (path / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


class Place:
    """A home with a Maildir, on a real disk: in a tmpfs, files would count as the session's memory."""

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="imapd-scale-", dir=os.environ.get("SCALE_DIR", "/var/tmp")))
        self.maildir = make_folder(self.home / "Maildir")
        self.n_links = 0

    def link(self, directory, names):
        """Messages with these names, made as fast as Python can."""
        bodies = self.home / "bodies"
        bodies.mkdir(exist_ok=True)
        target = os.open(directory, os.O_RDONLY)
        source = os.open(bodies, os.O_RDONLY)
        for name in names:
            body = str(self.n_links // LINKS_A_BODY)
            if self.n_links % LINKS_A_BODY == 0:
                (bodies / body).write_bytes(TEXT)
            os.link(body, name, src_dir_fd=source, dst_dir_fd=target)
            self.n_links += 1
        os.close(target)
        os.close(source)

    def remove(self):
        shutil.rmtree(self.home)
