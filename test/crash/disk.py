# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that loses its power: which files are there, depending on what had arrived.

A trace becomes a list of changes. A change of a file's octets is durable once that file was synced, a change of a
directory once that directory was (POSIX promises no more: syncing a file does not keep its name). What is not durable
may have arrived or not, each change for itself; but a rename arrives as a whole, and after what gave the file the name
that it takes away, as every journaling file system has it.
"""
import dataclasses
import errno
import os
import time

CREATE, TRUNCATE = os.O_CREAT, os.O_TRUNC
AT_FDCWD = -100
START_SEC, TICK_SEC = 1000, 0.01  # when a trace began that is replayed, and how long a record lasts


class Node:
    """A file or a directory, as the running system sees it."""

    def __init__(self, is_directory):
        self.is_directory, self.entries, self.octets = is_directory, {}, bytearray()
        self.is_executable = False  # our mark on a lock


class Files(dict):
    """{path: octets, or None for a directory}; of modes only who may be executed matters, of times which is later."""

    def __init__(self):
        super().__init__()
        self.executable, self.changed_at = set(), {}


@dataclasses.dataclass(eq=False)
class Change:
    kind: str            # write, truncate: of node's octets; add, remove, rename: of entries
    node: Node           # what is changed: a file, or the directory that gets or loses an entry
    at: int              # index of the record in the trace
    offset: int = 0
    data: bytes = b""
    name: str = ""
    child: Node = None   # what the entry is of
    source: Node = None  # rename: the directory it leaves, and its name there
    source_name: str = ""
    durable_at: int = None  # index of the record that made it durable

    @property
    def is_data(self):
        return self.kind in ("write", "truncate")


class Disk:
    """Replays a trace on what stood on a disk at the start; paths are relative to the parent of the Maildir."""

    def __init__(self, start, records, home):
        self.home, self.root = home, Node(True)  # start stands in for home as it was
        self.original = {}  # node: octets, or entries, that were there before
        self.was_whole = set()  # contents that files have had
        self.descriptors, self.changes, self.index = {}, [], -1
        self.read_start(start, self.root)
        for index, record in enumerate(records):
            self.index = index
            getattr(self, "on_" + record.kind.replace("-", "_"))(record)

    def read_start(self, path, node):
        for entry in os.scandir(path):
            child = Node(entry.is_dir(follow_symlinks=False))
            if child.is_directory:
                self.read_start(entry.path, child)
            else:
                with open(entry.path, "rb") as file:
                    child.octets = bytearray(file.read())
                self.original[child] = bytes(child.octets)
                self.was_whole.add(bytes(child.octets))
            node.entries[entry.name] = child
        self.original[node] = dict(node.entries)

    # ---- names ---------------------------------------------------------------------------------------

    def start_of(self, pid, fd, name):
        if name.startswith("/"):
            if name != self.home and not name.startswith(self.home + "/"):
                return None, ""
            return self.root, name[len(self.home):]
        return (self.root if fd == AT_FDCWD else self.descriptors.get((pid, fd))), name

    def parent_of(self, pid, fd, name):
        """The directory that holds the last part of a name; None for what is not ours."""
        node, name = self.start_of(pid, fd, name)
        parts = [part for part in name.split("/") if part not in ("", ".")]
        for part in parts[:-1]:
            node = node.entries.get(part) if node else None
        return node, parts[-1] if parts else ""

    def find(self, pid, fd, name):
        parent, last = self.parent_of(pid, fd, name)
        return parent.entries.get(last) if parent and last else parent

    def change(self, kind, node, **more):
        self.changes.append(Change(kind, node, self.index, **more))

    def add(self, directory, name, child):
        directory.entries[name] = child
        self.change("add", directory, name=name, child=child)

    # ---- records -------------------------------------------------------------------------------------

    def on_open(self, record):
        parent, name = self.parent_of(record.pid, record.fd, record.name)
        node = parent.entries.get(name) if parent and name else parent
        if node is None and parent and record.flags & CREATE:
            node = Node(False)
            node.is_executable = bool(record.offset & 0o100)
            self.add(parent, name, node)
        elif node and record.flags & TRUNCATE and node.octets:
            node.octets = bytearray()
            self.change("truncate", node)
        self.descriptors[record.pid, record.other_fd] = node

    def on_dup(self, record):
        self.descriptors[record.pid, record.other_fd] = self.descriptors.get((record.pid, record.fd))

    def on_write(self, record):
        if node := self.descriptors.get((record.pid, record.fd)):
            put(node.octets, record.offset, record.data)
            self.was_whole.add(bytes(node.octets))
            self.change("write", node, offset=record.offset, data=record.data)

    def on_truncate(self, record):
        if (node := self.descriptors.get((record.pid, record.fd))) and len(node.octets) != record.offset:
            cut(node.octets, record.offset)
            self.change("truncate", node, offset=record.offset)

    def on_sync(self, record):
        if node := self.descriptors.get((record.pid, record.fd)):
            self.sync_node(node)

    def on_sync_all(self, record):
        for change in self.changes:
            if change.durable_at is None:
                change.durable_at = self.index

    def on_rename(self, record):
        source, source_name = self.parent_of(record.pid, record.fd, record.name)
        target, name = self.parent_of(record.pid, record.other_fd, record.other_name)
        child = source.entries.pop(source_name)
        target.entries[name] = child
        self.change("rename", target, name=name, child=child, source=source, source_name=source_name)

    def on_link(self, record):
        child = self.find(record.pid, record.fd, record.name)
        self.add(*self.parent_of(record.pid, record.other_fd, record.other_name), child)

    def on_unlink(self, record):
        parent, name = self.parent_of(record.pid, record.fd, record.name)
        self.change("remove", parent, name=name, child=parent.entries.pop(name))

    def on_mkdir(self, record):
        self.add(*self.parent_of(record.pid, record.fd, record.name), Node(True))

    def on_time(self, record):
        """Only the order of times is simulated, by that of the writes."""

    on_mode = on_time
    on_reply = on_time

    def on_other(self, record):
        raise AssertionError(f"the simulated disk does not know this call: {record}")

    # What other programs do is on disk at once, and with it what had been done to that directory.

    def sync_node(self, node):
        """A name that is durable makes those durable that the same file had before: they are not there any more."""
        taken = set()  # entries that renames took away
        for change in reversed(self.changes):
            if node in (change.node, change.source) or (change.node, change.name, change.child) in taken:
                taken.add((change.source, change.source_name, change.child))
                if change.durable_at is None:
                    change.durable_at = self.index

    def on_foreign_write(self, record):
        parent, name = self.parent_of(0, AT_FDCWD, record.name)
        node = Node(False)
        node.octets = bytearray(record.data)
        self.add(parent, name, node)
        self.change("write", node, data=record.data)
        self.changes[-1].durable_at = self.index
        self.sync_node(parent)

    def on_foreign_rename(self, record):
        self.on_rename(dataclasses.replace(record, fd=AT_FDCWD, other_fd=AT_FDCWD))
        self.sync_node(self.changes[-1].node)

    def on_foreign_unlink(self, record):
        self.on_unlink(dataclasses.replace(record, fd=AT_FDCWD))
        self.sync_node(self.changes[-1].node)

    # ---- what a crash leaves -------------------------------------------------------------------------

    def pending(self, at):
        """Changes that were made before the record with this index, and are not durable by then."""
        return [change for change in self.changes
                if change.at < at and (change.durable_at is None or change.durable_at >= at)]

    def after(self, at, fate):
        """The files when power is lost before the record with this index.

        fate(change) says what became of a change that is not durable: 'yes', 'no', 'zero' (a write whose
        octets are zeroes) or 'half' (a write whose second half is missing).
        """
        tree = Tree(self.original)
        for change in self.changes:
            if change.at < at:
                durable = change.durable_at is not None and change.durable_at < at
                tree.apply(change, "yes" if durable else fate(change))
        files = Files()
        tree.list(self.root, "", files)
        return files

    def seen(self, at):
        """The tree as the running system saw it before the record with this index."""
        return self.after(at, lambda change: "yes")


def put(octets, offset, data):
    if len(octets) < offset:
        octets.extend(bytes(offset - len(octets)))
    octets[offset:offset + len(data)] = data


def cut(octets, size):
    del octets[size:]
    octets.extend(bytes(size - len(octets)))


class Tree:
    """What has arrived."""

    def __init__(self, original):
        self.original, self.state, self.changed_at = original, {}, {}

    def of(self, node):
        if node not in self.state:
            default = {} if node.is_directory else b""
            original = self.original.get(node, default)
            self.state[node] = dict(original) if node.is_directory else bytearray(original)
        return self.state[node]

    def apply(self, change, fate):
        if fate == "no":
            return
        if change.is_data:
            self.changed_at[change.node] = change.at
        if change.kind == "write":
            data = {"zero": bytes(len(change.data)), "half": change.data[:len(change.data) // 2]}.get(fate, change.data)
            put(self.of(change.node), change.offset, data)
        elif change.kind == "truncate":
            cut(self.of(change.node), change.offset)
        elif change.kind == "remove":
            if self.of(change.node).get(change.name) is change.child:
                del self.of(change.node)[change.name]
        elif change.kind == "add":
            self.of(change.node)[change.name] = change.child
        elif self.of(change.source).get(change.source_name) is change.child:
            del self.of(change.source)[change.source_name]
            self.of(change.node)[change.name] = change.child

    def list(self, node, prefix, files):
        for name, child in self.of(node).items():
            path = prefix + name
            if child.is_directory:
                files[path] = None
                self.list(child, path + "/", files)
            else:
                files[path] = bytes(self.of(child))
                files.changed_at[path] = self.changed_at.get(child, -1)
                if child.is_executable:
                    files.executable.add(path)


def make(home, tree, age_sec=0):
    """Puts files into an empty directory; directories then look as if nobody had changed them since so long."""
    start = int(time.time()) - START_SEC
    for path in sorted(tree):
        target = os.path.join(home, path)
        if tree[path] is None:
            os.mkdir(target, 0o700)
        else:
            with open(target, "wb") as file:
                file.write(tree[path])
            if path in tree.executable:
                os.chmod(target, 0o744)
            if path in tree.changed_at:
                then = start + tree.changed_at[path] * TICK_SEC
                os.utime(target, (then, then))
    if age_sec:
        then = time.time() - age_sec
        for path in tree:
            if tree[path] is None:
                os.utime(os.path.join(home, path), (then, then))


def read(home):
    """The files that stand in a directory."""
    tree = Files()
    for directory, names, files in os.walk(home):
        prefix = os.path.relpath(directory, home) + "/"
        prefix = "" if prefix == "./" else prefix
        tree |= {prefix + name: None for name in names}
        for name in files:
            try:
                with open(os.path.join(directory, name), "rb") as file:
                    tree[prefix + name] = file.read()
            except OSError as error:
                if error.errno != errno.ENOENT:
                    raise
    return tree
