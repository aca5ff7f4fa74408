#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What imapd-tls costs by itself: tls.py PROGRAM [--isolation connection|shared] [--rounds 300].

Prints the time of one request with its handshake (median, 99th percentile), handshakes a second with several clients,
the throughput of one connection, and the private memory that one more idle connection adds. The clients are Python and
share the machine, so compare lines of one run with each other rather than with elsewhere.
"""
import argparse
import multiprocessing
import os
import pathlib
import re
import ssl
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "live/services"))
import socket  # noqa: E402

from servicebed import Service, receive_packet, send_packet  # noqa: E402

REQUEST = b'{"version":1,"service":"imap","starttls":false,"local":"127.0.0.1","remote":"127.0.0.1"}'


def connect(path, listener, context):
    """The client's half runs in memory between the packets, so that one thread is enough."""
    client = socket.create_connection(listener.getsockname())
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server, _ = listener.accept()
    monitor = send_packet(path, REQUEST, server.fileno())
    server.close()
    tls = context.wrap_socket(client, server_hostname="mail.example.com")
    answer, plain = receive_packet(monitor)
    monitor.close()
    assert answer["result"] == "ok", answer
    return tls, plain


def new_context(version=None):
    context = ssl._create_unverified_context()
    if version:
        context.maximum_version = version
    return context


def times(path, rounds):
    listener, context, taken = socket.create_server(("127.0.0.1", 0)), new_context(), []
    for _ in range(rounds):
        start = time.monotonic()
        tls, plain = connect(path, listener, context)
        taken.append((time.monotonic() - start) * 1000)
        plain.close()
        tls.close()
    return taken


def private_kib(pids):
    total = 0
    for pid in pids:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += sum(int(n) for n in re.findall(r"^Private_(?:Clean|Dirty): +(\d+) kB", text, re.M))
    return total


def throughput(path):
    listener = socket.create_server(("127.0.0.1", 0))
    tls, plain = connect(path, listener, new_context())
    block, total = b"x" * 65536, 256 << 20
    writer = threading.Thread(target=lambda: [plain.sendall(block) for _ in range(total // len(block))])
    start, got = time.monotonic(), 0
    writer.start()
    while got < total:
        got += len(tls.recv(65536))
    writer.join()
    return total / (time.monotonic() - start) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--isolation", default="connection")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--held", type=int, default=100)
    parser.add_argument("--parallel", type=int, default=4)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        service = Service(os.path.abspath(args.program), directory, "tls", socket.SOCK_SEQPACKET,
                          {"TLS_ISOLATION": args.isolation, "STATE_DIRECTORY": directory, "COURIER_TLS_USER": "nobody",
                           "TLS_CERTFILE": f"{directory}/none.pem"})
        try:
            taken = sorted(times(service.path, args.rounds))
            print(f"{args.isolation}: one handshake {statistics.median(taken):.2f} ms, "
                  f"99 % under {taken[int(len(taken) * 0.99)]:.2f} ms")
            start = time.monotonic()
            with multiprocessing.Pool(args.parallel) as pool:
                pool.starmap(times, [(service.path, args.rounds)] * args.parallel)
            rate = args.rounds * args.parallel / (time.monotonic() - start)
            print(f"{args.isolation}: {rate:.0f} handshakes a second, {args.parallel} clients")
            print(f"{args.isolation}: {throughput(service.path):.0f} MB a second from session to client")
            listener, context = socket.create_server(("127.0.0.1", 0)), new_context()
            time.sleep(0.5)
            before = private_kib([service.process.pid, *service.children()])
            held = [connect(service.path, listener, context) for _ in range(args.held)]
            for tls, plain in held:
                plain.sendall(b"* OK ready\r\n")
                tls.recv(100)
            time.sleep(2)
            after = private_kib([service.process.pid, *service.children()])
            print(f"{args.isolation}: {(after - before) / args.held:.0f} KiB private memory an idle connection")
        finally:
            service.stop()


if __name__ == "__main__":
    main()
