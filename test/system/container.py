# SPDX-License-Identifier: GPL-3.0-or-later
"""Boots a root under systemd-nspawn, runs one script in it as root, and gives back its exit status.

The root is the lower layer of an overlay: what happens inside is gone afterwards. The caller is in a mount
namespace of its own (run.py), so that nothing stays mounted here whatever happens.
"""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess

CONTROLLERS = ["memory", "pids"]


@contextlib.contextmanager
def layered(root, directory):
    """A writable tree over root, whose changes live in directory."""
    tree = directory / "tree"
    for name in ("upper", "work", "tree"):
        shutil.rmtree(directory / name, ignore_errors=True)
        (directory / name).mkdir(parents=True)
    options = f"lowerdir={root},upperdir={directory}/upper,workdir={directory}/work"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, tree], check=True)
    try:
        yield tree
    finally:
        subprocess.run(["umount", "-l", tree])
        for name in ("upper", "work", "tree"):
            shutil.rmtree(directory / name, ignore_errors=True)


def run_in(tree, command, binds=(), cwd=None):
    """The words that run a command in a tree without booting it."""
    return ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--pipe", "-D", str(tree),
            *(f"--bind={bind}" for bind in binds), *([f"--chdir={cwd}"] if cwd else []), *command]


@contextlib.contextmanager
def own_control_groups(name):
    """With version 1 control groups and no systemd here, limits count only in groups of the container's own."""
    made = []
    for controller in CONTROLLERS:
        parent = pathlib.Path("/sys/fs/cgroup") / controller
        if (parent / "cgroup.procs").exists():
            group = parent / name
            group.mkdir(exist_ok=True)
            made.append(group)

    def enter():
        for group in made:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    try:
        yield enter
    finally:
        for group in made:
            remove_group(group)


def remove_group(group):
    for path, _, _ in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(path)


def descendants(pid):
    """The processes below pid, the nearest first: the container's own first process among them."""
    try:
        children = [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return children + [below for child in children for below in descendants(child)]


def end(process):
    """Orderly if it can; killing systemd-nspawn alone would leave the container's processes behind."""
    if process.poll() is not None:
        return
    below = descendants(process.pid)
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=20)
    for pid in [*below, process.pid] if process.poll() is None else []:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def boot(tree, name, script, binds_read_only, out, seconds):
    """Runs script (a path inside) in the booted tree. Returns its exit status, or None when the time was over."""
    # However we end, the container is told to power off.
    command = ["setpriv", "--pdeathsig", "TERM",
               "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe", "--private-network",
               # Its own filter would take Landlock away, which sessions fence themselves in with.
               "--system-call-filter=landlock_create_ruleset landlock_add_rule landlock_restrict_self",
               "-D", str(tree), "-M", name, *(f"--bind-ro={bind}" for bind in binds_read_only), f"--bind={out}:/out",
               "-b", f"systemd.run={script}"]
    with own_control_groups(name) as enter, open(out / "console", "w") as console:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                                   preexec_fn=enter, start_new_session=True)
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            end(process)
