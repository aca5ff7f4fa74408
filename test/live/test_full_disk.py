# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full: NO [OVERQUOTA], nothing half-written, and the session goes on."""
import subprocess

import pytest


@pytest.fixture
def small_disk(account):
    account.maildir.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(account.maildir)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
        pytest.skip("no right to mount a small disk")
    yield account
    account.close()
    subprocess.run(["umount", str(account.maildir)], check=True)


def test_an_append_to_a_full_disk_leaves_nothing(small_disk):
    client = small_disk.client()
    client.append("INBOX", "Subject: small\n\n")
    data = "Subject: large\r\n\r\n" + 20000 * "Fifty octets of text, all of them the same, abc.\r\n"
    answer = client.command(f"APPEND INBOX {{{len(data)}+}}\r\n{data}")
    assert answer[-1].startswith("NO [OVERQUOTA]")
    assert len(small_disk.files("cur/*")) == 1
    assert small_disk.files("new/*") == small_disk.files("tmp/*") == []
    assert " 2]" in client.append("INBOX", "Subject: small again\n\n")[-1]
    assert "* 2 EXISTS" in client.ok("SELECT INBOX")
