# SPDX-License-Identifier: GPL-3.0-or-later
"""courierctl maildir: what it prints, what it answers, whose files it leaves behind."""
import json
import os
import pathlib
import pwd
import subprocess

import pytest

COURIERCTL = os.environ["COURIERCTL"]


@pytest.fixture
def maildir(tmp_path):
    root = tmp_path / "Maildir"
    for folder in (root, root / ".Entw&APw-rfe"):
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True)
    (root / "cur" / "1700000001.a:2,S").write_text("Subject: a\n\na\n")
    (root / "dovecot-uidlist").write_text("3 V1700000000 N9 Gabc\n7 :1700000001.a\n")
    return root


def courierctl(*arguments):
    return subprocess.run([COURIERCTL, "maildir", *arguments], text=True, capture_output=True, timeout=60,
                          env={"PATH": os.environ["PATH"]})


def test_names_are_converted_once(maildir):
    ran = courierctl("convert-names", "--dry-run", maildir)
    assert (ran.returncode, ran.stdout) == (0, ".Entw&APw-rfe: would be renamed to '.Entwürfe'\n")
    ran = courierctl("convert-names", "--json", maildir)
    assert ran.returncode == 0
    assert json.loads(ran.stdout) == {"kind": "renamed", "path": ".Entw&APw-rfe", "text": "renamed to '.Entwürfe'"}
    assert (maildir / ".Entwürfe").is_dir()
    ran = courierctl("convert-names", maildir)
    assert ran.returncode == 1 and "converted already" in ran.stderr
    ran = courierctl("convert-names", "--to", "modified-utf-7", maildir)
    assert ran.returncode == 0 and (maildir / ".Entw&APw-rfe").is_dir()


def test_export_says_what_it_wrote_and_writes_nothing_twice(maildir):
    ran = courierctl("export", "--to", "courier", maildir)
    assert ran.returncode == 0  # a mailbox with messages has its file since it was opened
    assert ran.stdout == "INBOX.Entw&APw-rfe: .Entw&APw-rfe/courierimapuiddb: written\n"
    assert (maildir / "courierimapuiddb").read_text() == "1 1700000000 9\n7 1700000001.a\n"
    (maildir / "cur" / "1700000002.b:2,").write_text("b\n")
    ran = courierctl("export", "--to", "dovecot", maildir, "INBOX")
    assert (ran.returncode, ran.stdout) == (0, "INBOX: dovecot-uidlist: written\n")
    assert (maildir / "dovecot-uidlist").read_text() == "3 V1700000000 N10 Gabc\n7 :1700000001.a\n9 :1700000002.b\n"
    ran = courierctl("export", "--to", "dovecot", maildir, "INBOX")
    assert (ran.returncode, ran.stdout) == (0, "")


def contents(maildir):
    return {path: path.read_bytes() if path.is_file() else None for path in sorted(maildir.rglob("*"))}


def test_verify_changes_nothing_and_repair_mends(maildir):
    before = contents(maildir)
    ran = courierctl("verify", maildir, "INBOX")
    assert (ran.returncode, ran.stdout) == (0, "") and contents(maildir) == before
    ran = courierctl("verify", "--json", maildir)
    assert ran.returncode == 1 and contents(maildir) == before
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(one["mailbox"], one["kind"], one["path"]) for one in found] == \
        [("INBOX.Entw&APw-rfe", "marker-missing", ".Entw&APw-rfe/maildirfolder")]
    assert found[0]["remedy"] == "courierctl maildir repair"
    (maildir / ".Entw&APw-rfe" / "cur").rmdir()
    assert "directory-missing" in courierctl("verify", "--json", maildir, "INBOX.Entw&APw-rfe").stdout
    ran = courierctl("repair", maildir)
    assert ran.returncode == 0 and "INBOX.Entw&APw-rfe: .Entw&APw-rfe/cur: made the directory\n" in ran.stdout
    ran = courierctl("verify", maildir)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_status_and_dump_tell_what_the_index_knows(maildir):
    ran = courierctl("status", "--json", maildir, "INBOX")
    assert ran.returncode == 0 and json.loads(ran.stdout)["index_octets"] == 0
    courierctl("repair", maildir, "INBOX")
    ran = courierctl("status", "--json", maildir, "INBOX")
    known = json.loads(ran.stdout)
    assert (known["messages"], known["uidvalidity"], known["uidnext"]) == (1, 1700000000, 9)
    ran = courierctl("status", maildir)
    assert ran.returncode == 0 and "UIDVALIDITY 1700000000, UIDNEXT 9" in ran.stdout
    ran = courierctl("dump", maildir, "INBOX")
    assert ran.returncode == 0 and "message uid=7 " in ran.stdout and "name=1700000001.a" in ran.stdout
    ran = courierctl("dump", "--log", maildir, "INBOX")
    assert ran.returncode == 0 and ran.stdout.startswith("log generation=")
    assert courierctl("dump", maildir).returncode == 2


def test_it_says_how_it_is_used(maildir):
    for verb in ("convert-names", "dump", "export", "repair", "status", "verify"):
        ran = courierctl(verb, "--help")
        assert ran.returncode == 0 and ran.stdout.startswith(f"usage: courierctl maildir {verb} ")
        for arguments in ([], ["--nonsense", maildir], [""]):
            ran = courierctl(verb, *arguments)
            assert ran.returncode == 2 and "usage: courierctl maildir " in ran.stderr
    for arguments in ([], ["nonsense"]):
        assert courierctl(*arguments).returncode == 2
    assert courierctl("export", "--to", "cyrus", maildir).returncode == 2
    assert courierctl("export", maildir).returncode == 2
    assert courierctl("export", "--force", "--to", "courier", maildir).returncode == 2
    assert courierctl("convert-names", "--to", "latin1", maildir).returncode == 2
    assert courierctl("convert-names", maildir, "INBOX").returncode == 2


def test_what_is_not_there_is_said(maildir, tmp_path):
    ran = courierctl("export", "--to", "courier", maildir, "INBOX.Nope")
    assert ran.returncode == 1 and "INBOX.Nope: there is no such mailbox" in ran.stderr
    ran = courierctl("export", "--to", "courier", tmp_path / "nowhere")
    assert ran.returncode == 75 and "No such file" in ran.stderr and not (tmp_path / "nowhere").exists()
    ran = courierctl("export", "--to", "courier", tmp_path)
    assert ran.returncode == 75 and "this is no Maildir" in ran.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_becomes_the_owner_and_follows_no_link(maildir, tmp_path):
    nobody = pwd.getpwnam("nobody")
    subprocess.run(["chown", "-R", "nobody:nogroup", maildir], check=True)
    secret = tmp_path / "secret"
    secret.write_text("root's")
    (maildir / "courierimapuiddb").symlink_to(secret)
    assert courierctl("export", "--to", "dovecot", maildir).returncode in (0, 75)
    assert secret.read_text() == "root's"
    assert {path.lstat().st_uid for path in maildir.rglob("*") if path.name != "courierimapuiddb"} == {nobody.pw_uid}
    link = tmp_path / "link"
    link.symlink_to(maildir)
    ran = courierctl("export", "--to", "courier", link)
    assert ran.returncode == 75 and "symbolic link" in ran.stderr
    assert courierctl("export", "--to", "courier", pathlib.Path(os.path.relpath(maildir))).returncode in (0, 75)
