# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes Maildirs of varied mail, the same octets each time; every server gets hard links of the same files."""
import os
import pathlib
import random
import shutil

WORDS = ("account agenda answer budget calendar change contract copy customer date delivery draft figures friday "
         "invoice item letter list meeting minutes monday month notes number offer order page plan price project "
         "question quarter receipt report request result review schedule summary table team thanks update week").split()
NAMES = ("Ann", "Bertil", "Chiara", "Daniël", "Élise", "Farid", "Grażyna", "Hiro", "Ines", "Jörg")
START = 1_700_000_000


def text(random, octets):
    lines, size = [], 0
    while size < octets:
        line = " ".join(random.choices(WORDS, k=random.randint(4, 12))).capitalize() + "."
        lines.append(line)
        size += len(line) + 1
    return "\n".join(lines) + "\n"


def address(random):
    name = random.choice(NAMES)
    quoted = name if name.isascii() else f"=?UTF-8?Q?{''.join(f'={octet:02X}' for octet in name.encode())}?="
    return f"{quoted} <{random.choice(WORDS)}.{random.randint(1, 500)}@example.com>"


def header(random, number, content_type):
    received = "".join(
        f"Received: from relay{hop}.example.net (relay{hop}.example.net [192.0.2.{hop}])\n"
        f"\tby mail.example.com with ESMTPS id {random.getrandbits(48):x}\n"
        f"\tfor <ann@example.com>; Tue, 14 Nov 2023 22:13:{hop:02} +0000\n" for hop in range(1, 4))
    subject = " ".join(random.choices(WORDS, k=5))
    return (f"Return-Path: <sender{number}@example.com>\n{received}"
            f"Date: Tue, 14 Nov 2023 22:13:{number % 60:02} +0000\nFrom: {address(random)}\n"
            f"To: {', '.join(address(random) for _ in range(random.randint(1, 4)))}\n"
            f"Subject: {'Re: ' if number % 3 == 0 else ''}{subject}\n"
            f"Message-ID: <{number}.{random.getrandbits(64):x}@example.com>\n"
            f"References: <{number // 3}.a@example.com>\n"
            f"MIME-Version: 1.0\nContent-Type: {content_type}\nX-Mailer: Example {number % 7}.0\n\n")


def message(number, octets):
    source = random.Random(number)
    size = int(source.uniform(0.2, 1.8) * octets)
    if number % 2:
        return header(source, number, "text/plain; charset=utf-8") + text(source, size)
    mark = f"=_{source.getrandbits(96):x}"
    return (header(source, number, f'multipart/mixed; boundary="{mark}"') +
            f"--{mark}\nContent-Type: text/plain; charset=us-ascii\n\n{text(source, size // 2)}\n"
            f"--{mark}\nContent-Type: application/pdf; name=\"file{number}.pdf\"\n"
            f"Content-Disposition: attachment; filename=\"file{number}.pdf\"\n"
            f"Content-Transfer-Encoding: base64\n\n{base64_lines(source, size // 2)}\n--{mark}--\n")


def base64_lines(source, octets):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    line = "".join(source.choices(letters, k=76)) + "\n"
    return line * max(1, octets // len(line))


def file_name(number, size, flags=":2,S"):
    unique = f"M{number % 1000000:06}P4242V000000000000FE00I{number:016X}"
    return f"{START + number}.{unique}.mail.example.com,S={size}{flags}"


def make_folder(path):
    for name in ("cur", "new", "tmp"):
        (path / name).mkdir(mode=0o700, parents=True, exist_ok=True)


def write_corpus(place, count, octets):
    """A folder of messages of so many octets on average; made once, then linked."""
    if (place / "done").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    make_folder(place)
    for number in range(count):
        data = message(number, octets).encode()
        path = place / "cur" / file_name(number, len(data))
        path.write_bytes(data)
        os.utime(path, (START + number, START + number))
    (place / "done").touch()
    return place


def write_names(place, count):
    """Many messages, few different files: for rows in which no body is read."""
    if (place / "done").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    make_folder(place)
    source = None
    for number in range(count):
        if number % 2500 == 0:  # file systems limit the links to one file, and each server has its own
            data = message(number, 700).encode()
            source = place / "tmp" / f"{number}"
            source.write_bytes(data)
        os.link(source, place / "cur" / file_name(number, len(data)))
    (place / "done").touch()
    return place


def link_folder(corpus, folder, flags=None):
    """A folder with hard links of a corpus, under other flags if need be; owned by whom the corpus is."""
    make_folder(folder)
    if folder.name.startswith("."):
        (folder / "maildirfolder").touch()
    cur = folder / "cur"
    for entry in os.scandir(corpus / "cur"):
        name = entry.name if flags is None else entry.name.rsplit(":", 1)[0] + flags
        os.link(entry.path, cur / name)


def remove(folder):
    shutil.rmtree(pathlib.Path(folder), ignore_errors=True)
