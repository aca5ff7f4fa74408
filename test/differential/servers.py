# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts this server and Debian's Dovecot on standard input and output, logged in already, each on its own Maildir."""
import os
import pathlib
import shutil
import subprocess

import imap

DOVECOT = pathlib.Path("/usr/lib/dovecot/imap")
SETTINGS = """{mail}
protocols = imap
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = no
"""
MAIL_2_3 = "mail_location = maildir:{home}/Maildir"
# Since 2.4 the file begins with the version whose defaults it means.
MAIL_2_4 = """dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
mail_driver = maildir
mail_path = {home}/Maildir"""


def have_dovecot():
    return DOVECOT.is_file() and os.access(DOVECOT, os.X_OK)


def dovecot_version():
    """Major and minor number."""
    text = subprocess.run(["/usr/sbin/dovecot", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in text.split(".")[:2])


def start_dovecot(home):
    """Dovecot refuses root: as root it runs as nobody, who must be able to reach home."""
    mail = MAIL_2_3 if dovecot_version() < (2, 4) else MAIL_2_4
    (home / "dovecot.conf").write_text(SETTINGS.format(mail=mail.format(home=home), home=home))
    environment = {"HOME": str(home), "USER": "example", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
    options = {}
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "nobody:", home], check=True)
        options = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    # -k: it keeps USER and HOME while it reads its settings.
    return imap.Client([DOVECOT, "-k", "-c", home / "dovecot.conf"], env=environment, cwd=home, **options)


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
