# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian packages of this tree: built from a copy of it, on this machine or in a root of another release."""
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def copy_tree(target):
    """Tracked and new files; everything but build folders when this is an unpacked archive."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    listed = subprocess.run(["git", "-C", ROOT, "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard"],
                            capture_output=True, text=True)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    else:
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")
                 if path.is_file() and not path.relative_to(ROOT).parts[0].startswith("build")]
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)


def build(directory, hooks, run_in=None):
    """Returns the .deb; run_in wraps the command to run it in another root, where directory is at /build."""
    source = directory / "source"
    copy_tree(source)
    for old in directory.glob("*.deb"):
        old.unlink()
    environment = {
        "DEB_BUILD_OPTIONS": f"nocheck noautodbgsym parallel={os.cpu_count()}",
        "COURIER_IMAPD_HOOKS": "true" if hooks else "false",
        "PATH": f"{'' if run_in else '/usr/lib/ccache:'}/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": os.environ.get("HOME", "/root"),
        "LC_ALL": "C.UTF-8",
    }
    words = [f"{name}={value}" for name, value in environment.items()]
    command = ["env", "-i", *words, "dpkg-buildpackage", "-us", "-uc", "-b"]
    with open(directory / "log", "w") as log:
        ran = subprocess.run(run_in(command) if run_in else command, cwd=source, stdin=subprocess.DEVNULL, stdout=log,
                             stderr=log)
    packages = list(directory.glob("*.deb"))
    if ran.returncode != 0 or len(packages) != 1:
        raise RuntimeError("the package does not build:\n" + (directory / "log").read_text()[-6000:])
    return packages[0]


def depends(package):
    """Names of the packages it needs; the first of alternatives."""
    text = subprocess.run(["dpkg-deb", "-f", package, "Depends"], capture_output=True, text=True, check=True).stdout
    return [re.sub(r"[ (|:].*", "", word.strip()) for word in text.split(",") if word.strip()]


def build_depends():
    """Names of the packages that building needs; all alternatives, whoever installs them knows which exist."""
    control = (ROOT / "debian/control").read_text()
    field = re.search(r"^Build-Depends:(.*(?:\n[ \t].*)*)", control, re.M)[1]
    return [re.sub(r"\s+", " ", word.strip()) for word in field.split(",") if word.strip()]
