#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a connection costs: connect.py USER PASSWORD [--port 143] [--tls-port 993] [--rounds 200] [--parallel 8].

Prints, in milliseconds (median, 99th percentile), the time from connect() to the greeting, to LOGIN's answer and to
SELECT's answer, logins a second with several clients at a time, and the memory that one more idle session adds: private
memory (Private_Clean + Private_Dirty of smaps_rollup) by program name, over --held sessions. Run it as root on the
server's machine; other servers can be measured with the same words for comparison, best in one run, alternating.
"""
import argparse
import concurrent.futures
import os
import re
import socket
import ssl
import statistics
import time

SEEN = ("greeting", "login", "select")


class Client:
    def __init__(self, args, tls):
        port = args.tls_port if tls else args.port
        self.socket = socket.create_connection((args.host, port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            context = ssl._create_unverified_context()
            self.socket = context.wrap_socket(self.socket)
        self.left = b""

    def line(self):
        while b"\n" not in self.left:
            octets = self.socket.recv(65536)
            if not octets:
                raise EOFError("the server closed the connection")
            self.left += octets
        line, self.left = self.left.split(b"\n", 1)
        return line

    def command(self, text):
        self.socket.sendall(b"a " + text.encode() + b"\r\n")
        while True:
            line = self.line()
            if line.startswith(b"a "):
                if not line.startswith(b"a OK"):
                    raise RuntimeError(line.decode(errors="replace"))
                return

    def close(self):
        self.socket.close()


def walk(args, tls):
    """One connection; the seconds at which each answer was there."""
    start = time.perf_counter()
    client = Client(args, tls)
    client.line()
    times = [time.perf_counter() - start]
    client.command(f"LOGIN {args.user} {args.password}")
    times.append(time.perf_counter() - start)
    client.command("SELECT INBOX")
    times.append(time.perf_counter() - start)
    client.command("LOGOUT")
    client.close()
    return times


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def show_latency(args, tls):
    rounds = [walk(args, tls) for _ in range(args.rounds)]
    for index, name in enumerate(SEEN):
        values = [1000 * times[index] for times in rounds]
        print(f"{kind(tls):9} connect to {name:9} {statistics.median(values):8.2f} ms  "
              f"p99 {percentile(values, 0.99):8.2f} ms")


def show_rate(args, tls):
    with concurrent.futures.ThreadPoolExecutor(args.parallel) as pool:
        start = time.perf_counter()
        list(pool.map(lambda _: walk(args, tls), range(args.rounds)))
        seconds = time.perf_counter() - start
    print(f"{kind(tls):9} {args.rounds / seconds:8.0f} sessions/s, {args.parallel} at a time")


def private_kilobytes():
    """Private memory of every process, summed by program name, and how many there are."""
    totals = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm") as file:
                name = file.read().strip()
            with open(f"/proc/{pid}/smaps_rollup") as file:
                private = sum(int(n) for n in re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+)", file.read(), re.M))
        except OSError:
            continue
        count, kilobytes = totals.get(name, (0, 0))
        totals[name] = (count + 1, kilobytes + private)
    return totals


def show_memory(args, tls):
    before = private_kilobytes()
    clients = []
    for _ in range(args.held):
        client = Client(args, tls)
        client.line()
        client.command(f"LOGIN {args.user} {args.password}")
        client.command("SELECT INBOX")
        clients.append(client)
    time.sleep(0.5)
    after = private_kilobytes()
    for name, (count, kilobytes) in sorted(after.items()):
        more, grown = count - before.get(name, (0, 0))[0], kilobytes - before.get(name, (0, 0))[1]
        if more >= args.held or (grown > args.held and name.startswith("imap")):
            print(f"{kind(tls):9} one idle session adds {grown / args.held:8.0f} kB private memory in "
                  f"{more / args.held:.0f} process(es) of {name}")
    for client in clients:
        client.close()


def kind(tls):
    return "TLS" if tls else "plaintext"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("user")
    parser.add_argument("password")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=143)
    parser.add_argument("--tls-port", type=int, default=993)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--parallel", type=int, default=8)
    parser.add_argument("--held", type=int, default=20)
    args = parser.parse_args()
    for tls in (False, True):
        show_latency(args, tls)
        show_rate(args, tls)
        show_memory(args, tls)


main()
