# SPDX-License-Identifier: GPL-3.0-or-later
"""imapd-tls with real clients: handshakes, certificates, ends, slow readers, restarts."""
import json
import os
import pathlib
import select
import signal
import socket
import ssl
import struct
import subprocess
import threading
import time
import warnings

import pytest

from servicebed import Service, receive_packet, send_packet, wait_until

PROGRAM = os.environ["IMAPD_TLS"]


def make_certificate(path, name, key_path=None):
    """A self-signed certificate for name; with its key in the same file unless key_path is given."""
    key, certificate = f"{path}.newkey", f"{path}.newcert"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "30", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    if key_path:
        os.rename(key, key_path)
        os.rename(certificate, path)
    else:
        with open(certificate, "ab") as out:
            out.write(pathlib.Path(key).read_bytes())
        os.rename(certificate, path)
        os.unlink(key)


class Bed:
    def __init__(self, directory):
        self.directory = directory
        self.services = []
        self.settings = {"TLS_CERTFILE": f"{directory}/imapd.pem", "STATE_DIRECTORY": f"{directory}/state",
                         "COURIER_TLS_USER": "nobody"}
        (directory / "state").mkdir()

    def start(self, **settings):
        rundir = self.directory / f"run{len(self.services)}"
        rundir.mkdir()
        self.service = Service(PROGRAM, rundir, "tls", socket.SOCK_SEQPACKET, {**self.settings, **settings})
        self.services.append(self.service)
        return self.service

    def stop(self):
        for service in self.services:
            service.stop()
            assert "Sanitizer" not in service.log()

    def tcp_pair(self):
        listener = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        listener.close()
        client.settimeout(20)
        return client, server

    def begin(self, client_socket, starttls=False, local="192.0.2.1", service="imap"):
        request = {"version": 1, "service": service, "starttls": starttls, "local": local, "remote": "198.51.100.7"}
        return send_packet(self.service.path, json.dumps(request).encode(), client_socket.fileno())

    def connect(self, context=None, name="mail.example.com", **request):
        """A whole handshake: (client's TLS socket, plaintext socket of the session, answer)."""
        client, server = self.tcp_pair()
        monitor = self.begin(server, **request)
        server.close()
        context = context or client_context()
        result = {}

        def shake():
            try:
                result["tls"] = context.wrap_socket(client, server_hostname=name)
            except (ssl.SSLError, OSError) as error:
                result["error"] = error
                client.close()

        thread = threading.Thread(target=shake)
        thread.start()
        answer, plain = receive_packet(monitor)
        thread.join()
        monitor.close()
        if plain:
            plain.settimeout(20)
        self.error = result.get("error")
        return result.get("tls"), plain, answer


def client_context(minimum=None, maximum=None, alpn=None):
    warnings.simplefilter("ignore", DeprecationWarning)  # the old versions are wanted here
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = minimum or ssl.TLSVersion.TLSv1
    if maximum:
        context.maximum_version = maximum
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


def name_of(tls):
    """The common name in the certificate that the server showed."""
    text = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-subject", "-nameopt", "multiline"],
                          input=tls.getpeercert(binary_form=True), capture_output=True, check=True).stdout.decode()
    return text.split("commonName")[1].split("=")[1].strip()


def receive_all(connection):
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


@pytest.fixture
def bed(tmp_path):
    tmp_path.chmod(0o755)
    bed = Bed(tmp_path)
    yield bed
    bed.stop()


@pytest.fixture(params=["connection", "shared"])
def isolation(request, bed):
    """Most tests hold for both ways of isolation."""
    make_certificate(bed.directory / "imapd.pem", "default.example.com")
    bed.settings["TLS_ISOLATION"] = request.param
    return request.param


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_octets_go_both_ways(bed, isolation, version):
    bed.start()
    tls, plain, answer = bed.connect(client_context(maximum=version, alpn=["imap"]))
    assert answer["result"] == "ok" and answer["protocol"] == tls.version()
    assert answer["cipher"] == tls.cipher()[0] and answer["bits"] == tls.cipher()[2]
    assert answer["server_name"] == "mail.example.com" and answer["alpn"] == "imap"
    plain.sendall(b"* OK hello\r\n")
    assert tls.recv(100) == b"* OK hello\r\n"
    tls.sendall(b"a1 NOOP\r\n")
    assert plain.recv(100) == b"a1 NOOP\r\n"
    assert name_of(tls) == "default.example.com"


def without_waiting(function, *arguments):
    """The result, or None when it would have to wait, and whether that is for room."""
    try:
        return function(*arguments), False
    except ssl.SSLWantReadError:
        return None, False
    except ssl.SSLWantWriteError:
        return None, True


def exchange(tls, up, n_down):
    """Sends and receives at once, in one thread: Python's TLS takes no reader beside a writer."""
    tls.setblocking(False)
    down, n_sent = bytearray(), 0
    while n_sent < len(up) or len(down) < n_down:
        sent, no_room = without_waiting(tls.send, up[n_sent:n_sent + 65536]) if n_sent < len(up) else (None, False)
        data, waits = without_waiting(tls.recv, 65536) if len(down) < n_down else (None, False)
        n_sent += sent or 0
        down += data or b""
        assert data != b"", f"ended after {len(down)} octets"
        if not sent and not data:
            assert any(select.select([tls], [tls] if no_room or waits else [], [], 30)), "nothing moves"
    return bytes(down)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_megabytes_arrive_whole_in_both_directions_at_once(bed, isolation, version):
    bed.start()
    tls, plain, _ = bed.connect(client_context(maximum=version))
    up, down = os.urandom(3 << 20), os.urandom(5 << 20)
    got = bytearray()

    def session_reads():
        while len(got) < len(up) and (data := plain.recv(1 << 16)):
            got.extend(data)

    threads = [threading.Thread(target=f, daemon=True) for f in (lambda: plain.sendall(down), session_reads)]
    for thread in threads:
        thread.start()
    assert exchange(tls, up, len(down)) == down
    for thread in threads:
        thread.join(30)
    assert got == up


def test_the_sessions_last_words_arrive_before_the_end(bed, isolation):
    bed.start()
    tls, plain, _ = bed.connect()
    words = os.urandom(300000) + b"* BYE\r\n"
    thread = threading.Thread(target=lambda: (plain.sendall(words), plain.close()))
    thread.start()
    assert receive_all(tls) == words  # and then a close_notify: Python would raise without one
    thread.join()


def test_a_client_that_ends_its_direction_still_gets_the_answer(bed, isolation):
    bed.start()
    client, server = bed.tcp_pair()
    monitor = bed.begin(server)
    server.close()
    # Python cannot half-close TLS: s_client sends close_notify at the end of its input and reads on.
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = client_context().wrap_bio(incoming, outgoing)

    def run(operation):
        while True:
            try:
                return operation()
            except ssl.SSLWantReadError:
                client.sendall(outgoing.read())
                incoming.write(client.recv(65536))
            finally:
                client.sendall(outgoing.read())

    run(tls.do_handshake)
    answer, plain = receive_packet(monitor)
    assert answer["result"] == "ok"
    tls.write(b"a LOGOUT\r\n")
    try:
        tls.unwrap()  # sends close_notify, and waits for the other one
    except ssl.SSLWantReadError:
        pass
    client.sendall(outgoing.read())
    plain.settimeout(20)
    assert receive_all(plain) == b"a LOGOUT\r\n"
    plain.sendall(b"* BYE\r\na OK\r\n")
    plain.close()
    before = len(client.recv(65536))
    assert before > len(b"* BYE\r\na OK\r\n")  # one record of application data at least


def test_a_session_that_ends_its_direction_still_reads(bed, isolation):
    bed.start()
    tls, plain, _ = bed.connect()
    plain.sendall(b"* BYE\r\n")
    plain.shutdown(socket.SHUT_WR)
    assert receive_all(tls) == b"* BYE\r\n"
    tls.sendall(b"still here")
    assert plain.recv(100) == b"still here"


def test_a_client_that_vanishes_ends_the_session(bed, isolation):
    bed.start()
    tls, plain, _ = bed.connect()
    tls.sendall(b"a SELECT INBOX\r\n")
    assert plain.recv(100) == b"a SELECT INBOX\r\n"
    tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(tls.detach())  # RST
    try:
        assert plain.recv(100) == b""
    except ConnectionResetError:
        pass
    assert bed.service.logged("ip=[198.51.100.7], couriertls: read: Connection reset by peer")


def test_a_connection_that_ends_without_goodbye_ends_the_session(bed, isolation):
    bed.start()
    tls, plain, _ = bed.connect()
    os.close(tls.detach())  # FIN, no close_notify
    assert plain.recv(100) == b""


def test_a_client_that_stops_reading_is_not_read_for(bed, isolation):
    bed.start()
    tls, plain, _ = bed.connect()
    other, other_plain, _ = bed.connect()
    plain.setblocking(False)
    sent = 0
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        try:
            sent += plain.send(b"x" * 65536)
        except BlockingIOError:
            time.sleep(0.01)
    assert sent < 32 << 20  # kernel buffers and one of ours, not the service's memory
    other_plain.sendall(b"others are served\r\n")
    assert other.recv(100) == b"others are served\r\n"
    assert len(tls.recv(1000)) > 0
    plain.setblocking(True)
    plain.close()
    assert len(receive_all(tls)) + 1000 >= sent


def test_a_session_that_stops_reading_slows_the_client_only(bed, isolation):
    bed.start()
    tls, plain, _ = bed.connect()
    tls.settimeout(1)
    sent = 0
    with pytest.raises((TimeoutError, socket.timeout)):
        while sent < 64 << 20:
            tls.sendall(b"x" * 65536)
            sent += 65536
    plain.sendall(b"this way is open\r\n")
    tls.settimeout(20)
    assert tls.recv(100) == b"this way is open\r\n"


def test_a_client_that_says_nothing_does_not_hold_up_others(bed, isolation):
    bed.start()
    client, server = bed.tcp_pair()
    monitor = bed.begin(server)
    start = time.monotonic()
    assert bed.connect()[2]["result"] == "ok"
    assert time.monotonic() - start < 5
    monitor.close()  # the monitor has lost patience: so does the service
    server.close()
    assert client.recv(10) == b""


def test_a_client_that_is_no_tls_client_is_refused(bed, isolation):
    bed.start()
    client, server = bed.tcp_pair()
    monitor = bed.begin(server)
    server.close()
    client.sendall(b"a1 LOGIN ann secret\r\n")
    answer, plain = receive_packet(monitor)
    assert answer["result"] == "fail" and "SSL routines" in answer["message"] and plain is None
    assert bed.service.logged("ip=[198.51.100.7], couriertls: accept: error:")


def test_foreign_alpn_is_refused_and_none_accepted(bed, isolation):
    bed.start()
    _, plain, answer = bed.connect(client_context(alpn=["h2", "http/1.1"]))
    assert answer["result"] == "fail" and plain is None
    assert "NO_APPLICATION_PROTOCOL" in str(bed.error).upper().replace(" ", "_")
    tls, _, answer = bed.connect(client_context())
    assert answer["result"] == "ok" and "alpn" not in answer
    tls, _, answer = bed.connect(client_context(alpn=["h2", "imap"]))
    assert tls.selected_alpn_protocol() == "imap" == answer["alpn"]
    bed.start(TLS_ALPN="")
    tls, _, answer = bed.connect(client_context(alpn=["h2"]))
    assert answer["result"] == "ok" and tls.selected_alpn_protocol() is None


def test_sessions_are_resumed_by_ticket(bed, isolation):
    bed.start()
    context = client_context(maximum=ssl.TLSVersion.TLSv1_2)
    tls, _, _ = bed.connect(context)
    client, server = bed.tcp_pair()
    monitor = bed.begin(server)
    server.close()
    again = context.wrap_socket(client, server_hostname="mail.example.com", session=tls.session)
    assert again.session_reused
    assert receive_packet(monitor)[0]["result"] == "ok"


def test_the_certificate_is_chosen_by_name_then_address(bed, isolation):
    base = bed.directory / "imapd.pem"
    make_certificate(f"{base}.example.com", "domain")
    make_certificate(f"{base}.mail.example.org", "exact")
    make_certificate(f"{base}.192.0.2.10", "address")
    (bed.directory / "imapd.pem.broken.example.net").write_text("no PEM")
    bed.start()
    for name, local, expected in [
            ("mail.example.org", "192.0.2.1", "exact"), ("MAIL.example.ORG", "192.0.2.1", "exact"),
            ("example.org", "192.0.2.1", "default.example.com"), ("a.b.example.com", "192.0.2.1", "domain"),
            ("example.com", "192.0.2.10", "domain"), ("other.test", "192.0.2.10", "address"),
            ("other.test", "::ffff:192.0.2.10", "address"), (None, "192.0.2.10", "address"),
            ("broken.example.net", "192.0.2.1", "default.example.com"), (None, "192.0.2.1", "default.example.com")]:
        tls, plain, answer = bed.connect(name=name, local=local)
        assert (name, local, name_of(tls)) == (name, local, expected)
        assert answer.get("server_name") == name


def test_a_renewed_certificate_is_used_for_the_next_connection(bed, isolation):
    base = bed.directory / "imapd.pem"
    bed.start()
    held, held_plain, _ = bed.connect()
    make_certificate(base, "renewed")
    assert name_of(bed.connect()[0]) == "renewed"
    base.write_text("-----BEGIN CERTIFICATE-----\nbroken\n")
    assert name_of(bed.connect()[0]) == "renewed"
    assert bed.service.logged("Cannot load certificate file") and bed.service.logged("stays in use")
    base.unlink()
    assert name_of(bed.connect()[0]) == "renewed"
    make_certificate(base, "repaired")
    assert name_of(bed.connect()[0]) == "repaired"
    make_certificate(f"{base}.new.example.com", "added")
    assert name_of(bed.connect(name="new.example.com")[0]) == "added"
    held_plain.sendall(b"old connections go on\r\n")
    assert held.recv(100) == b"old connections go on\r\n"


def test_the_key_may_be_in_a_file_of_its_own(bed, isolation):
    base, key = bed.directory / "imapd.pem", bed.directory / "imapd.key"
    make_certificate(base, "separate", key_path=key)
    make_certificate(f"{base}.name.example.com", "combined")
    bed.start(TLS_PRIVATE_KEYFILE=str(key))
    assert name_of(bed.connect()[0]) == "separate"
    assert name_of(bed.connect(name="name.example.com")[0]) == "combined"


def test_settings_say_which_versions_are_accepted(bed, isolation):
    old, old_1 = client_context(maximum=ssl.TLSVersion.TLSv1_2), client_context(maximum=ssl.TLSVersion.TLSv1_1)
    bed.start(TLS_PROTOCOL="TLSv1.3++", TLS_STARTTLS_PROTOCOL="TLSv1.1")
    assert bed.connect(old)[2]["result"] == "fail"
    assert bed.connect(old, starttls=True)[2]["protocol"] == "TLSv1.2"
    assert bed.connect(old_1, starttls=True)[2]["protocol"] == "TLSv1.1"
    bed.start(TLS_PROTOCOL="SSL23")
    assert bed.service.logged("TLS_PROTOCOL='SSL23' is not known")
    assert bed.connect(old_1)[2]["result"] == "fail"
    assert bed.connect(old)[2]["protocol"] == "TLSv1.2"
    bed.start(TLS_CIPHER_LIST="nonsense")
    assert bed.service.logged("OpenSSL refuses TLS_CIPHER_LIST='nonsense'")
    assert bed.connect(old)[2]["result"] == "ok"
    bed.start(TLS_CIPHER_LIST="ECDHE-ECDSA-AES256-GCM-SHA384")
    assert bed.connect(old)[2]["cipher"] == "ECDHE-ECDSA-AES256-GCM-SHA384"


def test_client_certificates(bed, isolation):
    trusted, other = bed.directory / "client.pem", bed.directory / "other.pem"
    make_certificate(trusted, "ann")
    make_certificate(other, "eve")

    def context(path):
        context = client_context()
        if path:
            context.load_cert_chain(path)
        return context

    bed.start(TLS_TRUSTCERTS=str(trusted))
    assert "subject" not in bed.connect(context(trusted))[2]
    bed.start(TLS_TRUSTCERTS=str(trusted), TLS_VERIFYPEER="PEER")
    assert bed.connect(context(trusted))[2]["subject"] == {"CN": "ann"}
    assert "subject" not in bed.connect(context(None))[2]
    assert bed.connect(context(other))[2]["result"] == "fail"
    bed.start(TLS_TRUSTCERTS=str(trusted), TLS_VERIFYPEER="REQUIREPEER")
    assert bed.connect(context(trusted))[2]["result"] == "ok"
    assert bed.connect(context(None))[2]["result"] == "fail"


def test_without_a_certificate_one_is_made(bed):
    made = bed.directory / "state" / "imapd.pem"
    bed.start()
    tls, _, _ = bed.connect()
    assert made.stat().st_mode & 0o777 == 0o600
    text = subprocess.run(["openssl", "x509", "-in", made, "-noout", "-text"], capture_output=True, check=True,
                          text=True).stdout
    assert "DNS:" in text and "prime256v1" in text
    first = made.read_bytes()
    bed.start()
    assert made.read_bytes() == first  # kept while it is good
    make_certificate(bed.directory / "imapd.pem", "configured")
    assert name_of(bed.connect()[0]) == "configured"


def test_requests_that_are_none_are_refused(bed, isolation):
    bed.start()
    client, server = bed.tcp_pair()
    assert receive_packet(bed.begin(server, service="gopher"))[0]["result"] == "fail"
    assert receive_packet(send_packet(bed.service.path, b"nonsense", server.fileno()))[0]["result"] == "fail"
    assert receive_packet(send_packet(bed.service.path, b'{"version":1,"service":"imap"}'))[0]["result"] == "fail"
    send_packet(bed.service.path, b"x" * 5000, server.fileno())
    assert bed.connect()[2]["result"] == "ok"


def test_a_user_who_is_not_root_is_refused(bed, isolation):
    bed.start()
    os.chmod(bed.service.path, 0o666)
    code = """if True:
        import os, socket, sys
        client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        os.setuid(65534)
        client.connect("tls")  # from the directory itself: those above may be closed to others
        sys.exit(client.recv(100) != b"")"""
    bed.service.path.parent.chmod(0o755)
    subprocess.run(["/usr/bin/python3", "-c", code], cwd=bed.service.path.parent, check=True)
    assert bed.service.logged("User 65534 asked for TLS and was refused.")


def is_refused(path):
    try:
        send_packet(path, b"{}").close()
    except OSError:
        return True
    return False


def test_reload_and_stop(bed, isolation):
    service = bed.start()
    tls, plain, _ = bed.connect()
    service.signal(signal.SIGHUP)
    assert service.logged("Read all certificates again.")
    assert bed.connect()[2]["result"] == "ok"
    workers = service.children()
    service.signal(signal.SIGTERM)
    if isolation == "connection":
        assert service.process.wait(10) == 0
        assert all(os.path.exists(f"/proc/{pid}") for pid in workers)
    plain.sendall(b"sessions go on\r\n")
    assert tls.recv(100) == b"sessions go on\r\n"
    assert wait_until(lambda: is_refused(service.path))  # it reads the signal when its loop comes around
    plain.close()
    assert receive_all(tls) == b""
    tls.close()
    if isolation == "shared":
        assert service.process.wait(10) == 0
    else:
        assert wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in workers))


def test_a_client_that_does_not_go_is_left_after_ten_seconds(bed, isolation):
    service = bed.start()
    tls, plain, _ = bed.connect()
    plain.sendall(b"* BYE\r\n")
    plain.close()
    start = time.monotonic()
    raw = socket.socket(fileno=tls.detach())  # reads, and never closes
    raw.settimeout(20)
    while raw.recv(65536):
        pass
    sockets = f"/proc/{service.process.pid}/fd"
    if isolation == "connection":
        assert wait_until(lambda: not service.children(), 15)
    else:
        assert wait_until(lambda: len(os.listdir(sockets)) <= service.idle_descriptors, 15)
    assert 8 < time.monotonic() - start < 14


def test_a_handshake_may_take_thirty_seconds(bed):
    make_certificate(bed.directory / "imapd.pem", "default.example.com")
    waiting = []
    for isolation in ("connection", "shared"):
        bed.start(TLS_ISOLATION=isolation)
        client, server = bed.tcp_pair()
        waiting.append((client, bed.begin(server), bed.service))
        server.close()
    start = time.monotonic()
    for client, monitor, service in waiting:
        client.sendall(b"\x16\x03\x01")  # the beginning of a hello
        answer, plain = receive_packet(monitor)
        assert answer == {"result": "fail", "message": "Connection timed out"} and plain is None
        client.settimeout(1)
        assert client.recv(10) == b""
        assert service.logged("couriertls: accept: Connection timed out")
    assert 28 < time.monotonic() - start < 34


def test_the_watchdog_is_served(bed):
    bed.start(WATCHDOG_USEC="400000")
    bed.service.ready.settimeout(5)
    assert any(b"WATCHDOG=1" in bed.service.ready.recv(4096) for _ in range(5))


def test_workers_have_nothing_left(bed):
    make_certificate(bed.directory / "imapd.pem", "default.example.com")
    service = bed.start()
    tls, plain, _ = bed.connect()
    (worker,) = service.children()
    status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{worker}/status").read_text().splitlines())
    assert status["Uid"].split() == ["65534"] * 4 and status["Gid"].split() == ["65534"] * 4
    assert status["Groups"].strip() == "" and status["NoNewPrivs"] == "1"
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == int(status["CapBnd"], 16) == 0
    assert wait_until(lambda: len(os.listdir(f"/proc/{worker}/fd")) <= 6)  # 0, 1, 2, client, plaintext
    if "not for production" not in service.log():
        assert status["Seccomp"] == "2"
