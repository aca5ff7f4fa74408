#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a dialogue against a real imapd in a temporary Maildir: play.py IMAPD DIALOGUE.txt

    # a comment
    C: a1 NOOP             the client sends this line; C2: is a second connection, and so on
    S: a1 OK …             the server answers this line; … matches anything
    U: * LIST …            lines of one run of U: may come in any order
    L: LOGOUT, user=ann…   the server has logged a line that starts so
    ! directive            something happens outside the connection, see DIRECTIVES

In C: and S: lines «name» stands for a number: the first S: line that has it finds it out, later lines
must agree, C: lines send it («id…» for an object ID). What a later extension adds to SELECT (MORE_CODES) may be
left out where the dialogue is not about it. In C: lines {{3 * ab}} repeats a text, {{hex 00 ff}} gives octets,
{{next 4}} is the size of the next four C: lines with their CRLF (for literals), and {{cut}} at the end leaves
the CRLF away.

The greeting is skipped unless the first line of a connection is S:. At the end the client closes; then
nothing more may come, and imapd must end with 0 (or with what '! exit N' said).
"""
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

WAIT_SECONDS = 20
MORE_CODES = ("* OK [MAILBOXID ",)


class Mismatch(Exception):
    pass


class Connection:
    def __init__(self, play, argument):
        ours, theirs = socket.socketpair()
        self.socket, self.input, self.log = ours, b"", tempfile.TemporaryFile(dir=play.home)
        self.expected_exit, self.greeted = 0, False
        environment, passed = dict(play.environment), []
        if play.pending is not None:
            fd = os.memfd_create("pending")
            os.write(fd, play.pending)
            os.lseek(fd, 0, os.SEEK_SET)
            environment["IMAP_PENDING_FD"] = str(fd)
            passed.append(fd)
        self.process = subprocess.Popen([play.imapd, argument], cwd=play.home, env=environment, stdin=theirs,
                                        stdout=theirs, stderr=self.log, pass_fds=passed)
        theirs.close()

    def read_line(self):
        deadline = time.monotonic() + WAIT_SECONDS
        while b"\n" not in self.input:
            if not select.select([self.socket], [], [], max(0, deadline - time.monotonic()))[0]:
                raise Mismatch(f"nothing came for {WAIT_SECONDS} s" + (f", only {self.input!r}" if self.input else ""))
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                raise Mismatch("the server closed the connection" + (f" after {self.input!r}" if self.input else ""))
            self.input += data
        line, self.input = self.input.split(b"\n", 1)
        if not line.endswith(b"\r"):
            raise Mismatch(f"a line ends without CR: {line!r}")
        return line[:-1].decode("utf-8", "backslashreplace")

    def logged(self):
        return os.pread(self.log.fileno(), 1 << 20, 0).decode("utf-8", "replace")

    def finish(self):
        """The client closes; whatever still comes was not in the dialogue."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
            self.socket.settimeout(WAIT_SECONDS)
            while data := self.socket.recv(65536):
                self.input += data
        except (ConnectionResetError, OSError):
            pass
        status = self.process.wait(WAIT_SECONDS)
        if self.input:
            raise Mismatch(f"the server also said {self.input!r}")
        if status != self.expected_exit:
            raise Mismatch(f"imapd ended with {status}, not {self.expected_exit}")


class Play:
    def __init__(self, imapd, script):
        self.imapd, self.script = os.path.abspath(imapd), script
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="dialogue-"))
        self.maildir, self.n_messages = self.home / "Maildir", 0
        self.connections, self.numbers, self.pending = {}, {}, None
        keep = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
        self.environment = {name: os.environ[name] for name in keep if name in os.environ}
        self.environment |= {"HOME": str(self.home), "AUTHENTICATED": "ann", "HOSTNAME": "host"}
        self.lines, self.at = script.read_text().split("\n"), 0
        self.make_folder(self.maildir)

    def close(self):
        for connection in self.connections.values():
            connection.process.kill()
            connection.process.wait()
        for path in [self.home, *self.home.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(self.home)

    # ---- directives -------------------------------------------------------------------------------

    @staticmethod
    def make_folder(path):
        for name in ("cur", "new", "tmp"):
            (path / name).mkdir(mode=0o700, parents=True)

    def folder_path(self, name):
        assert name == "INBOX" or name.startswith("INBOX."), name
        return self.maildir / name[len("INBOX"):]

    def text_below(self):
        lines = []
        while self.at < len(self.lines) and self.lines[self.at].startswith("|"):
            lines.append(self.lines[self.at][2:] + "\n")
            self.at += 1
        return "".join(lines)

    def do_env(self, text):
        """env NAME=value        for connections that start later; 'env NAME' removes it"""
        name, is_set, value = text.partition("=")
        self.environment.pop(name, None)
        if is_set:
            self.environment[name] = value

    def do_login(self, tag):
        """login TAG             connections that start later come from the login program"""
        self.environment |= {"IMAPLOGINTAG": tag, "TCPREMOTEIP": "192.0.2.1", "TCPREMOTEPORT": "4711"}

    def do_pending(self, text):
        """pending TEXT          the login program read this line behind the LOGIN"""
        self.pending = (self.pending or b"") + self.octets(text, 0)

    def do_folder(self, name):
        """folder INBOX.Work     a mailbox exists"""
        self.make_folder(self.folder_path(name))
        (self.folder_path(name) / "maildirfolder").touch()

    def do_message(self, text):
        """message INBOX [new] [flags=FS] [date=SECONDS] [size=OCTETS]    arrives; '| ' lines below are its text"""
        words = text.split()
        options = dict(word.split("=", 1) for word in words[1:] if "=" in word)
        content = self.text_below() or f"Subject: message {self.n_messages + 1}\n\nHello.\n"
        content = content.encode() + b"x" * int(options.get("size", 0))
        self.n_messages += 1
        name = f"{1700000000 + self.n_messages}.M{self.n_messages}P1.host,S={len(content)}"
        path = self.folder_path(words[0]) / "tmp" / name
        path.write_bytes(content)
        date = int(options.get("date", 1700000000 + self.n_messages))
        os.utime(path, (date, date))
        is_new = "new" in words
        final = name if is_new else name + ":2," + options.get("flags", "")
        path.rename(path.parent.parent / ("new" if is_new else "cur") / final)

    def message_path(self, text):
        folder, number = text.split()[:2]
        pattern = f"{1700000000 + int(number)}.M*"
        return next(path for part in ("cur", "new") for path in (self.folder_path(folder) / part).glob(pattern))

    def do_remove(self, text):
        """remove INBOX 3        the third message that was made is removed behind the server's back"""
        self.message_path(text).unlink()

    def do_flags(self, text):
        """flags INBOX 3 FS      another program changes the flags of the third message"""
        path = self.message_path(text)
        flags = (text.split() + [""])[2]
        path.rename(path.parent.parent / "cur" / (path.name.split(":")[0] + ":2," + flags))

    def do_file(self, text):
        """file PATH             a file below the home directory; '| ' lines below are its text"""
        path = self.home / text
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text_below())

    def do_mode(self, text):
        """mode 0500 PATH        permissions of something below the home directory"""
        mode, path = text.split()
        (self.home / path).chmod(int(mode, 8))

    def do_erase(self, text):
        """erase PATH            remove a file or a whole folder below the home directory"""
        path = self.home / text
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    def do_exists(self, text):
        """exists GLOB N         exactly N files match below the home directory"""
        pattern, number = text.rsplit(" ", 1)
        found = sorted(str(path.relative_to(self.home)) for path in self.home.glob(pattern))
        if len(found) != int(number):
            raise Mismatch(f"{len(found)} files match: {found}")

    def do_content(self, text):
        """content GLOB          the one file that matches has the '| ' lines below as its text"""
        found, wanted = list(self.home.glob(text)), self.text_below()
        if len(found) != 1 or found[0].read_text() != wanted:
            raise Mismatch(f"{[(str(path), path.read_text()) for path in found]}")

    def do_unprivileged(self, text):
        """unprivileged          skip this dialogue when run by root, whom permissions do not stop"""
        if os.getuid() == 0:
            print(f"{self.script.name}: skipped, root may read everything")
            sys.exit(77)

    def do_signal(self, text):
        """signal TERM [2]       to the imapd of a connection"""
        name, number = (text.split() + ["1"])[:2]
        self.connections[number].process.send_signal(getattr(signal, "SIG" + name))

    def do_exit(self, text):
        """exit 1 [2]            imapd will end with this status"""
        status, number = (text.split() + ["1"])[:2]
        self.connection(number).expected_exit = int(status)

    def do_closed(self, text):
        """closed [2]            the server has closed the connection and said nothing more"""
        self.connections.pop(text or "1").finish()

    def do_close(self, text):
        """close [2]             the client closes its side; the server must end in silence"""
        self.connections.pop(text or "1").finish()

    # ---- lines ------------------------------------------------------------------------------------

    def connection(self, number):
        if number not in self.connections:
            self.connections[number] = Connection(self, "./Maildir")
        return self.connections[number]

    def expand(self, macro, at):
        if macro.startswith("hex "):
            return bytes.fromhex(macro[4:])
        if macro.startswith("next "):
            lines = [line for line in self.lines[at:] if re.match(r"C\d*:", line)][: int(macro[5:])]
            return str(sum(len(self.octets(line.partition(":")[2][1:], at)) for line in lines)).encode()
        count, _, repeated = macro.partition(" * ")
        return repeated.encode() * int(count)

    def octets(self, text, at):
        """What a C: line sends; the lines that follow it begin at index `at`."""
        end = b"" if text.endswith("{{cut}}") else b"\r\n"
        text = re.sub(r"«(\w+)»", lambda match: self.numbers[match[1]], text.removesuffix("{{cut}}"))
        return re.sub(rb"\{\{([^{].*?)\}\}", lambda match: self.expand(match[1].decode(), at), text.encode()) + end

    def matches(self, pattern, line):
        parts, names = [], []
        for part in re.split(r"(…|«\w+»)", pattern):
            if part == "…":
                parts.append(".*")
            elif part.startswith("«") and part[1:-1] in self.numbers:
                parts.append(self.numbers[part[1:-1]])
            elif part.startswith("«"):
                names.append(part[1:-1])
                parts.append(r"([A-Za-z0-9_-]+)" if part.startswith("«id") else r"(\d+)")
            else:
                parts.append(re.escape(part))
        match = re.fullmatch("".join(parts), line, re.DOTALL)
        if match:
            self.numbers.update(zip(names, match.groups()))
        return match is not None

    def expect_log(self, connection, pattern):
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            for line in connection.logged().splitlines():
                if self.matches(pattern + "…", line.removeprefix("imapd: ")):
                    return
            time.sleep(0.01)
        raise Mismatch("no such line in the log")

    def play_line(self, line):
        if line.startswith("! "):
            verb, _, text = line[2:].partition(" ")
            getattr(self, "do_" + verb)(text)
            return
        match = re.fullmatch(r"([CSUL])(\d*):(?: (.*))?", line)
        if not match:
            raise Mismatch("this is no line of a dialogue")
        kind, number, text = match[1], match[2] or "1", match[3] or ""
        connection = self.connection(number)
        if kind == "L":
            self.expect_log(connection, text)
            return
        if kind == "C":
            if not connection.greeted:
                connection.read_line()
            connection.greeted = True
            try:
                connection.socket.sendall(self.octets(text, self.at))
            except (BrokenPipeError, ConnectionResetError):
                pass # what the server said before it closed is looked at next
            return
        connection.greeted = True
        if kind == "S":
            got = connection.read_line()
            while got.startswith(MORE_CODES) and not self.matches(text, got):
                got = connection.read_line()
            if not self.matches(text, got):
                raise Mismatch(f"the server said\n  {got[:2000]}")
        else:
            self.unordered(connection, f"U{match[2]}: ", text)

    def unordered(self, connection, prefix, first):
        wanted = [first]
        while self.at < len(self.lines) and self.lines[self.at].startswith(prefix):
            wanted.append(self.lines[self.at][len(prefix):])
            self.at += 1
        for _ in range(len(wanted)):
            got = connection.read_line()
            found = next((pattern for pattern in wanted if self.matches(pattern, got)), None)
            if found is None:
                raise Mismatch(f"the server said\n  {got[:2000]}\nwhich is none of\n  " + "\n  ".join(wanted))
            wanted.remove(found)

    def run(self):
        number = 0
        try:
            while self.at < len(self.lines):
                line, number = self.lines[self.at], self.at + 1
                self.at += 1
                if line.strip() and not line.startswith("#"):
                    self.play_line(line)
            for connection in list(self.connections.values()):
                connection.finish()
        except (Mismatch, subprocess.TimeoutExpired) as fault:
            print(f"{self.script}:{number}: {self.lines[number - 1][:2000]}\n{fault}")
            for name, connection in self.connections.items():
                connection.process.kill()
                print(f"log of connection {name}:\n{connection.logged()}")
            return 1
        return 0


def main():
    status = 0
    for name in sys.argv[2:]:
        play = Play(sys.argv[1], pathlib.Path(name))
        try:
            status = play.run() or status
        finally:
            play.close()
    return status


sys.exit(main())
