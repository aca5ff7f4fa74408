# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts this server and Debian's Dovecot on standard input and output, logged in already, each on its own Maildir."""
import os
import pathlib
import shutil
import subprocess

import imap

DOVECOT = pathlib.Path("/usr/lib/dovecot/imap")
SETTINGS = """mail_location = maildir:{home}/Maildir
protocols = imap
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = no
"""


def have_dovecot():
    return DOVECOT.is_file() and os.access(DOVECOT, os.X_OK)


def start_dovecot(home):
    """Dovecot refuses root: as root it runs as nobody, who must be able to reach home."""
    (home / "dovecot.conf").write_text(SETTINGS.format(home=home))
    environment = {"HOME": str(home), "USER": "example", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
    options = {}
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "nobody:", home], check=True)
        options = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    return imap.Client([DOVECOT, "-c", home / "dovecot.conf"], env=environment, cwd=home, **options)


def start_ours(program, home):
    environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    environment |= {"HOME": str(home), "PATH": "/usr/bin:/bin", "TZ": "UTC"}
    log = open(home / "log", "wb")
    return imap.Client([program, home / "Maildir"], env=environment, cwd=home, stderr=log)


def make_home(directory, name):
    home = pathlib.Path(directory) / name
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o755)
    return home
