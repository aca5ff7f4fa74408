# SPDX-License-Identifier: GPL-3.0-or-later
"""The trace that shim.c writes: records of calls that changed the disk, in the order in which they did."""
import dataclasses
import os
import struct

# In the order of shim.c's Kind; the last ones are written by the driver, for what other programs do.
KINDS = ["open", "dup", "write", "truncate", "sync", "sync-all", "rename", "link", "unlink", "mkdir", "time", "mode",
         "reply", "other", "foreign-write", "foreign-rename", "foreign-unlink"]
HEADER = struct.Struct("=IIIIiiQIIII")


@dataclasses.dataclass
class Record:
    kind: str
    pid: int = 0
    flags: int = 0
    fd: int = -1
    other_fd: int = -1
    offset: int = 0
    name: str = ""
    other_name: str = ""
    data: bytes = b""
    number: int = 0  # of the call, among those that count
    end: int = 0     # octets of the trace up to and with this record


def read(path):
    octets, at, records = path.read_bytes() if path.exists() else b"", 0, []
    while at + HEADER.size <= len(octets):
        size, pid, kind, flags, fd, other_fd, offset, n_name, n_other, n_data, number = HEADER.unpack_from(octets, at)
        name = at + HEADER.size
        other, data = name + n_name, name + n_name + n_other
        records.append(Record(KINDS[kind], pid, flags, fd, other_fd, offset, octets[name:other].decode(),
                              octets[other:data].decode(), octets[data:data + n_data], number, at + size))
        at += size
    return records


def append(path, kind, name, other_name="", data=b""):
    """What another program did, in its place in the trace."""
    name, other_name = name.encode(), other_name.encode()
    size = HEADER.size + len(name) + len(other_name) + len(data)
    header = HEADER.pack(size, 0, KINDS.index(kind), 0, -1, -1, 0, len(name), len(other_name), len(data), 0)
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(fd, header + name + other_name + data)
    os.close(fd)
