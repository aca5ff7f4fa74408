#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The system suite: build the package, install it into a fresh root, boot that, test it from inside. Prints TAP.

usage: run.py [--release RELEASE] [--keep DIR] [-k EXPRESSION]

What cannot run here is skipped with the reason: without root, mmdebstrap, systemd-nspawn or package sources.
"""
import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import container
import packages
import roots

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = ["mmdebstrap", "systemd-nspawn", "dpkg-buildpackage", "mount", "unshare"]
IN_EACH_ROOT = ["systemd", "systemd-sysv", "dbus", "python3", "python3-pytest", "procps", "passwd", "libpam-modules",
                "curl", "isync", "mutt", "ca-certificates", "openssl"]
IN_BUILD_ROOT = ["build-essential", "fakeroot"]
BOOT_SECONDS = 900
# What is booted: name, package with the back doors that the escape tests use, tests
BOOTS = [
    ("package", False, "not test_escape"),
    ("back doors", True, "test_escape"),
]


class Report:
    def __init__(self):
        self.number = self.failed = 0

    def line(self, good, sentence, details="", skip=""):
        self.number += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.number} - {sentence}{f' # SKIP {skip}' if skip else ''}", flush=True)
        for line in details.splitlines():
            print(f"# {line}", flush=True)

    def junit(self, path, prefix):
        """One line for each test that pytest ran inside."""
        for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
            sentence = f"{prefix}: {case.get('name').removeprefix('test_').replace('_', ' ').replace('#', '')}"
            skipped, fault = case.find("skipped"), case.find("failure")
            if fault is None:
                fault = case.find("error")
            if skipped is not None:
                self.line(True, sentence, skip=skipped.get("message", ""))
            else:
                self.line(fault is None, sentence, (fault.text or "")[-5000:] if fault is not None else "")


def reason_to_skip():
    if os.geteuid() != 0:
        return "needs root"
    missing = [name for name in TOOLS if not shutil.which(name)]
    return f"needs {' '.join(missing)}" if missing else ""


def build_package(release, work, hooks):
    directory = work / ("hooks" if hooks else "build")
    directory.mkdir(exist_ok=True)
    if release == roots.host_release():
        return packages.build(directory, hooks)
    names = [*IN_BUILD_ROOT, *(choose(word, release) for word in packages.build_depends())]
    root = roots.make(release, names)
    with container.layered(root, work / "build-layer") as tree:
        return packages.build(directory, hooks, lambda command: container.run_in(
            tree, command, [f"{directory}:/build"], "/build/source"))


def choose(alternatives, release):
    """Of 'a | b (<< 2)' the one that the release has: what is newer comes first in our control file."""
    words = [word.strip() for word in alternatives.split("<!")[0].split("|")]
    word = words[-1] if release == "bookworm" else words[0]
    name = word.split()[0]
    return "debhelper" if name == "debhelper-compat" else "debhelper" if name.startswith("dh-sequence-") else name


def run_boot(release, work, boot, expression, report):
    name, hooks, selection = boot
    package = build_package(release, work, hooks)
    report.line(True, f"{name}: the package builds in {release}")
    root = roots.make(release, [*IN_EACH_ROOT, *packages.depends(package)])
    out = work / f"out-{'hooks' if hooks else 'plain'}"
    out.mkdir(exist_ok=True)
    (out / "package").mkdir(exist_ok=True)
    shutil.copy(package, out / "package/courier-imapd.deb")
    selection = f"({selection}) and ({expression})" if expression else selection
    (out / "selection").write_text(selection)
    with container.layered(root, work / "layer") as tree:
        status = container.boot(tree, f"courier-test-{os.getpid()}", "/test/inside/start", [f"{HERE}:/test"], out,
                                BOOT_SECONDS)
    junit = out / "junit.xml"
    if junit.exists():
        report.junit(junit, name)
    if status != 0 and (report.failed == 0 or not junit.exists()):
        log = "".join(path.read_text(errors="replace")[-3000:] for path in (out / "log", out / "console")
                      if path.exists())
        report.line(False, f"{name}: the container ends well (it gave {status})", log)


def main():
    parser = argparse.ArgumentParser(description="boot the package and test it from inside")
    parser.add_argument("--release", default=roots.host_release())
    parser.add_argument("--keep", type=pathlib.Path, help="work in this directory and leave it: logs, journal")
    parser.add_argument("-k", dest="expression", default="", help="only tests that match, as pytest understands it")
    options = parser.parse_args()
    reason = reason_to_skip()
    if reason:
        print(f"1..0 # SKIP {reason}")
        return 77
    if os.environ.get("COURIER_TEST_NAMESPACE") != "1":
        os.environ["COURIER_TEST_NAMESPACE"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report()
    with tempfile.TemporaryDirectory(prefix="courier-system-", dir="/var/tmp") as temporary:
        work = options.keep.resolve() if options.keep else pathlib.Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        for boot in BOOTS:
            try:
                run_boot(options.release, work, boot, options.expression, report)
            except roots.Unavailable as reason:
                report.line(True, f"{boot[0]}: a root of {options.release}", skip=str(reason).replace("\n", " "))
            except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
                report.line(False, f"{boot[0]}: can be built and booted", str(error))
    print(f"1..{report.number}")
    return 1 if report.failed else 0


sys.exit(main())
