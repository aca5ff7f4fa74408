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


def boot(tree, name, script, binds_read_only, out, seconds):
    """Runs script (a path inside) in the booted tree. Returns its exit status, or None when the time was over."""
    command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe", "--private-network",
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
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
