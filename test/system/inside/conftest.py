# SPDX-License-Identifier: GPL-3.0-or-later
"""What each test finds: the sockets enabled by the one documented command, and accounts that can log in."""
import subprocess

import pytest

# name, password, uid
ACCOUNTS = [
    ("ann", "correct horse", 1001),
    ("john", "battery staple", 1002),
    ("clerk", "too small a number", 99),
]


def run(*words, check=True, **options):
    return subprocess.run(words, stdin=options.pop("stdin", subprocess.DEVNULL), capture_output=True, text=True,
                          timeout=60, check=check, **options)


@pytest.fixture(scope="session", autouse=True)
def server():
    for name, password, uid in ACCOUNTS:
        run("useradd", "--create-home", "--uid", str(uid), "--shell", "/bin/bash", name)
        subprocess.run(["chpasswd"], input=f"{name}:{password}\n", text=True, check=True)
    subprocess.run(["chpasswd"], input="root:the root password\n", text=True, check=True)
    run("systemctl", "enable", "--now", "imapd.socket", "imapd-ssl.socket")
