# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds with both compilers and runs every suite; the last line is 'N passed, N failed, N skipped'.

Four builds, because each finds something else: GCC as packages are built, with real system call filters; GCC and
Clang with the address and undefined-behaviour sanitizers, the latter with libFuzzer targets; and GCC with the back
doors through which the tests try to escape from the sandboxes.
Single tests are counted, not programs: lines of TAP, or what pytest says, or one for a program that prints neither.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SANITIZED = ["-Db_sanitize=address,undefined", "-Db_lundef=false"]
BUILDS = {
    # name: compiler, meson options, suites
    "gcc": ("gcc", [], ["unit", "lint", "dialogue", "live", "crash", "scale", "budget",
                       "differential", "door"]),
    "gcc-sanitized": ("gcc", SANITIZED, ["unit", "fuzz", "dialogue", "live"]),
    "clang-sanitized": ("clang", [*SANITIZED, "-Dfuzzing=enabled"], ["unit", "dialogue"]),
    "gcc-test-hooks": ("gcc", ["-Dtest-hooks=true"], ["escape"]),
}
SUITES = ["unit", "lint", "fuzz", "dialogue", "live", "crash", "scale", "budget", "escape", "differential", "door",
          "fuzzing", "system"]
ENVIRONMENT = {
    "ASAN_OPTIONS": "abort_on_error=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "halt_on_error=1:abort_on_error=1:print_stacktrace=1",
}


# pytest's last line: "== 2 failed, 1 passed in 3.21s ==", without the signs when it is quiet.
PYTEST = re.compile(
    r"^(?:=+ )?((?:\d+ \w+, )*\d+ (?:passed|failed|skipped|errors?|warnings?|xfailed)) in [\d.]+s", re.M)


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add(self, passed, failed, skipped):
        self.passed, self.failed, self.skipped = self.passed + passed, self.failed + failed, self.skipped + skipped

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def say(text):
    print(text, flush=True)


def count_output(output, result):
    """What one program's output says about its tests; result is meson's word for the program."""
    points = re.findall(r"^(not ok|ok)\b(.*)$", output, re.M)
    if points:
        skipped = sum("# skip" in rest.lower() for _, rest in points)
        failed = sum(word == "not ok" and "# skip" not in rest.lower() for word, rest in points)
        passed = len(points) - skipped - failed
    elif summaries := PYTEST.findall(output):
        number = {word: int(n) for n, word in re.findall(r"(\d+) (\w+)", summaries[-1])}
        passed, skipped = number.get("passed", 0), number.get("skipped", 0)
        failed = number.get("failed", 0) + number.get("errors", 0) + number.get("error", 0)
    else:
        passed, failed, skipped = 0, 0, 0
        if result in ("OK", "EXPECTEDFAIL"):
            passed = 1
        elif result == "SKIP":
            skipped = 1
    if result not in ("OK", "SKIP", "EXPECTEDFAIL") and failed == 0:
        failed = 1
    return passed, failed, skipped


def build(directory, name):
    compiler, options, _ = BUILDS[name]
    ccache = shutil.which("ccache")
    environment = {**os.environ, "CC": f"{ccache + ' ' if ccache else ''}{compiler}"}
    place = directory / name
    log = directory / f"{name}.log"
    with open(log, "w") as out:
        steps = [["ninja", "-C", place]]
        if not (place / "build.ninja").exists():
            steps.insert(0, ["meson", "setup", place, ROOT, "-Dwerror=true", *options])
        for step in steps:
            if subprocess.run(step, stdout=out, stderr=out, env=environment).returncode != 0:
                say(log.read_text()[-8000:])
                return False
    return True


def run_meson_suite(place, suite, count):
    command = ["meson", "test", "-C", place, "--no-rebuild", "--suite", suite, "--logbase", f"check-{suite}"]
    log = place / "meson-logs" / f"check-{suite}.json"
    log.unlink(missing_ok=True)
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         env={**os.environ, **ENVIRONMENT})
    if not log.exists():
        if ran.returncode != 0:
            say(ran.stdout)
            count.add(0, 1, 0)
        return
    for line in log.read_text().splitlines():
        test = json.loads(line)
        output = test.get("stdout", "") + test.get("stderr", "")
        numbers = count_output(test.get("stdout", ""), test["result"])
        count.add(*numbers)
        if numbers[1]:
            say(f"FAILED {place.name} {test['name']} ({test['result']})\n{output[-6000:]}")


def fuzz_one(target, seconds, crashes):
    """Plays and mutates the seeds; what libFuzzer finds stays in the folder of crashes."""
    noun = target.name.removeprefix("fuzz-")
    with tempfile.TemporaryDirectory() as corpus:
        command = [target, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=0",
                   "-verbosity=0", f"-artifact_prefix={crashes}/{noun}-", corpus, ROOT / "test/fuzz/seeds" / noun]
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                             env={**os.environ, **ENVIRONMENT}, cwd=corpus)
    return target.name, ran.returncode, ran.stdout


def run_fuzzers(place, seconds, count):
    crashes = place / "crashes"
    crashes.mkdir(exist_ok=True)
    targets = sorted(path for path in (place / "test/fuzz").glob("fuzz-*") if path.is_file())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, status, output in pool.map(lambda target: fuzz_one(target, seconds, crashes), targets):
            count.add(status == 0, status != 0, 0)
            if status != 0:
                say(f"FAILED {name} found something, kept in {crashes}\n{output[-6000:]}")


def run_system(release, count):
    runner = ROOT / "test/system/run.py"
    if not runner.exists():
        return
    command = [sys.executable, runner, *(["--release", release] if release else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as ran:
        output = ""
        for line in ran.stdout:
            output += line
            if line.startswith(("not ok", "#", "Bail")):
                say(line.rstrip())
    result = {0: "OK", 77: "SKIP"}.get(ran.returncode, "FAIL")
    count.add(*count_output(output, result))


def main():
    parser = argparse.ArgumentParser(prog="tools/check", description="build and run every suite")
    parser.add_argument("--quick", action="store_true", help="no fuzzing and no booted system")
    parser.add_argument("--only", metavar="SUITE", choices=SUITES, help=f"one of {', '.join(SUITES)}")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build-check")
    parser.add_argument("--fuzz-seconds", type=int, default=30, help="for each target")
    parser.add_argument("--release", action="append", default=[],
                        help="what the system suite boots instead of this machine's release; may be given again")
    options = parser.parse_args()
    left_out = {"fuzzing", "system"} if options.quick else set()
    suites = [options.only] if options.only else [suite for suite in SUITES if suite not in left_out]
    directory = options.build_dir.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    total, started = Count(), time.monotonic()

    def stage(name, run, *arguments):
        count, begun = Count(), time.monotonic()
        run(*arguments, count)
        if count.passed or count.failed or count.skipped:
            say(f"{name}: {count} ({time.monotonic() - begun:.0f} s)")
        total.add(count.passed, count.failed, count.skipped)

    for name, (_, _, of_build) in BUILDS.items():
        wanted = [suite for suite in suites if suite in of_build]
        fuzzing = name == "clang-sanitized" and "fuzzing" in suites
        if not wanted and not fuzzing:
            continue
        begun = time.monotonic()
        if not build(directory, name):
            say(f"{name}: does not build")
            total.add(0, 1, 0)
            continue
        say(f"{name}: built ({time.monotonic() - begun:.0f} s)")
        for suite in wanted:
            stage(f"{name} {suite}", run_meson_suite, directory / name, suite)
        if fuzzing:
            stage(f"{name} fuzzing", run_fuzzers, directory / name, options.fuzz_seconds)
    if "system" in suites:
        for release in options.release or [None]:
            stage(f"system {release}" if release else "system", run_system, release)
    say(f"checked in {time.monotonic() - started:.0f} s")
    say(str(total))
    return 1 if total.failed or not total.passed else 0


sys.exit(main())
