#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Units: systemd knows every word in them, and the long-lived services are fenced well enough.

usage: units.py SOURCE_ROOT BUILD_ROOT
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

source, built = pathlib.Path(sys.argv[1]) / "units", pathlib.Path(sys.argv[2]) / "units"
FENCED = ["imapd-tls.service", "imapd-auth@pam.service", "imapd-auth@userdb.service", "imapd-notify.service"]
THRESHOLD = 20  # an exposure of 2.0, in tenths
STARTED = ["imapd.socket", "imapd-ssl.socket", "imapd@1.service", "imapd-ssl@1.service", "imapd-auth@pam.socket",
           *FENCED]
number = 0


def report(good, sentence, details=""):
    global number
    number += 1
    for line in "" if good else details.splitlines():
        print(f"# {line}")
    print(f"{'ok' if good else 'not ok'} {number} - {sentence}")
    return good


def collect(directory):
    """As installed, except that the programs need not be: each becomes one that exists."""
    for path in [*source.iterdir(), *built.iterdir()]:
        if path.suffix in (".socket", ".service", ".slice"):
            text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(), flags=re.M)
            (directory / path.name).write_text(text)
    dropin = directory / "imapd-auth@pam.service.d"
    dropin.mkdir()
    shutil.copy(source / "imapd-auth@pam.service.conf", dropin / "50-network.conf")


def analyze(directory, *arguments):
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{directory}:", "SYSTEMD_COLORS": "0", "SYSTEMD_EMOJI": "0"}
    return subprocess.run(["systemd-analyze", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=environment)


def check_verify(directory):
    ran = analyze(directory, "verify", "--man=no", "--recursive-errors=one", *STARTED)
    ours = [line for line in ran.stdout.splitlines() if "imapd" in line]
    return report(not ours and ran.returncode == 0, "systemd-analyze verify has nothing to say", ran.stdout)


def check_security(directory, unit):
    ran = analyze(directory, "security", "--offline=true", f"--threshold={THRESHOLD}", unit)
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", ran.stdout)
    sentence = f"{unit} is exposed {exposure[1] if exposure else '?'}, less than {THRESHOLD / 10}"
    return report(ran.returncode == 0 and exposure, sentence, ran.stdout)


def check_instance(directory):
    """No threshold: what an instance cannot have is explained in doc/architecture.md, with this figure."""
    ran = analyze(directory, "security", "--offline=true", "imapd@1.service")
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", ran.stdout)
    told = re.search(r"`imapd@\.service`.*?\| ([\d.]+) \|", (source.parent / "doc/architecture.md").read_text())
    # Versions of systemd weigh a little differently.
    good = exposure and told and abs(float(exposure[1]) - float(told[1])) < 0.5
    return report(good, f"imapd@.service is exposed {exposure[1] if exposure else '?'}, as doc/architecture.md says",
                  ran.stdout)


def settings_of(path):
    return [line for line in path.read_text().splitlines() if line and not line.startswith(("#", ";"))]


def check_same(template):
    """Ports 143 and 993 differ only in what they are called and in what is read last."""
    first, second = (settings_of(built / template.format(name)) for name in ("imapd", "imapd-ssl"))
    differing = {a.split("=")[0] for a, b in zip(first, second) if a != b}
    allowed = {"Description", "ListenStream", "Environment", "EnvironmentFile", "SyslogIdentifier"}
    good = len(first) == len(second) and differing <= allowed
    return report(good, f"{template.format('imapd')} and its twin for port 993 agree", f"differing: {differing}")


def main():
    if not shutil.which("systemd-analyze"):
        print("1..0 # SKIP no systemd-analyze")
        return 0
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        collect(directory)
        good = [check_verify(directory), *(check_security(directory, unit) for unit in FENCED),
                check_instance(directory), check_same("{}.socket"), check_same("{}@.service")]
    print(f"1..{number}")
    return 0 if all(good) else 1


sys.exit(main())
