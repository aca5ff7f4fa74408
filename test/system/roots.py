# SPDX-License-Identifier: GPL-3.0-or-later
"""Roots of Debian releases, made by mmdebstrap from this machine's own package sources, kept between runs.

A root is keyed by what is in it: release and list of packages. The oldest ones are removed.
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

CACHE = pathlib.Path(os.environ.get("COURIER_TEST_CACHE", "/var/cache/courier-imapd-test"))
KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
KEPT = 4  # roots


class Unavailable(Exception):
    """This machine cannot make the root; the tests are skipped."""


def host_release():
    text = pathlib.Path("/etc/os-release").read_text()
    match = re.search(r"^VERSION_CODENAME=(\S+)", text, re.M)
    return match[1] if match else ""


def sources(release):
    """This machine's sources of Debian, for another release when need be."""
    form = "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)"
    command = ["apt-get", "indextargets", "--format", form, "Created-By: Packages"]
    lines = []
    for attempt in ("as it is", "updated"):
        if attempt == "updated":
            subprocess.run(["apt-get", "-qq", "update"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        found = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
        lines = [line.split("|") for line in found if line.startswith("Debian|")]
        if lines:
            break
    if not lines:
        raise Unavailable("no package source of Debian is configured here")
    option = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    return sorted({f"deb {option}{uri} {suite.replace(host_release(), release)} {component}"
                   for _, uri, suite, component in lines})


def apt_options():
    """What this machine's apt is told about fetching, proxies for example, holds for the root as well."""
    dump = subprocess.run(["apt-config", "dump", "--format", "%f %v%n"], capture_output=True, text=True).stdout
    wanted = re.compile(r"(Acquire::(?:http|https|Check-Valid-Until|Check-Date|Retries)\S*) (.+)")
    for line in dump.splitlines():
        match = wanted.fullmatch(line)
        if match:
            yield f'--aptopt={match[1]} "{match[2]}"'


def forget_old_roots():
    roots = sorted(CACHE.glob("root-*"), key=lambda path: path.stat().st_mtime)
    for path in roots[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)


def make(release, packages):
    """The path of a root of this release with these packages; shared and never written to."""
    listed = ",".join(sorted(set(packages)))
    key = hashlib.sha256(f"{release} {listed}".encode()).hexdigest()[:12]
    root = CACHE / f"root-{release}-{key}"
    if root.exists():
        os.utime(root)
        return root
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        # Not 0700: it becomes the root directory of a system with users.
        os.chmod(name, 0o755)
        new, lists, log = pathlib.Path(name) / "root", pathlib.Path(name) / "sources.list", CACHE / f"{root.name}.log"
        lists.write_text("".join(f"{line}\n" for line in sources(release)))
        command = ["mmdebstrap", "--variant=minbase", "--skip=output/dev", f"--include={listed}", *apt_options(),
                   release, new, lists]
        with open(log, "w") as out:
            ran = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        if ran.returncode != 0:
            raise Unavailable(f"mmdebstrap made no root of {release}: {log.read_text()[-1500:]}")
        new.rename(root)
        log.unlink()
    forget_old_roots()
    return root
