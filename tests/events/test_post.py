"""A delivery over real sockets: where it connects, whom it trusts, and what bounds it."""

import datetime as dt
import http.server
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.events.post import Post

HOST = "reports.example"
PUBLIC = "93.184.216.34"
LOOPBACK = "127.0.0.1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for the receiver's name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Doorman(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["Host"], body))
        self.server.answer(self)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(certificate):
    """A receiver by https; ``answer`` is how it answers, 204 unless told otherwise."""
    with http.server.ThreadingHTTPServer((LOOPBACK, 0), Doorman) as found:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        found.socket = context.wrap_socket(found.socket, server_side=True)
        found.daemon_threads, found.got = True, []
        found.answer = lambda door: answer(door, 204)
        threading.Thread(target=found.serve_forever, args=(0.02,), daemon=True).start()
        yield found
        found.shutdown()


def answer(door, status, **headers):
    door.send_response(status)
    for name, value in {"Content-Length": "0", **headers}.items():
        door.send_header(name, value)
    door.end_headers()


class Network:
    """Names and routes of a made-up internet, in which a public address is the server's."""

    def __init__(self, server, *answers):
        self.port = server.server_address[1]
        self.answers = list(answers) or [[PUBLIC]]
        self.asked, self.connected = 0, []

    def resolve(self, _host, _port):
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]

    def connect(self, address, port, seconds):
        self.connected.append((address, port))
        return socket.create_connection((LOOPBACK, self.port), timeout=seconds)

    def post(self, certificate, url=f"https://{HOST}/hooks?a=1", **how):
        trusted = ssl.create_default_context(cafile=certificate)
        way = Post(resolve=self.resolve, connect=self.connect, trusted=lambda: trusted, **how)
        return way(url, {"webhook-id": "evt_1"}, b"{}")


def test_delivers_to_the_very_address_that_was_judged(server, certificate):
    network = Network(server)

    assert network.post(certificate).delivered
    assert server.got == [("/hooks?a=1", HOST, b"{}")]
    assert network.connected == [(PUBLIC, 443)]


def test_a_name_that_changes_its_answer_leads_nowhere_else(server, certificate):
    """The first answer is judged and connected; nobody asks a second time."""
    network = Network(server, [PUBLIC], [LOOPBACK])

    network.post(certificate)

    assert (network.asked, network.connected) == (1, [(PUBLIC, 443)])


@pytest.mark.parametrize("answers", [[LOOPBACK], ["169.254.169.254"], [PUBLIC, "10.0.0.1"], []])
@pytest.mark.parametrize("local", [False, True])
def test_never_connects_to_what_is_not_public(server, certificate, answers, local):
    network = Network(server, answers)

    outcome = network.post(certificate, local=local)

    assert (outcome.delivered, network.connected) == (False, [])
    assert outcome.words == "The address does not lead to the public internet."


def test_http_goes_to_this_machine_alone_and_only_where_allowed(server, certificate):
    for url, local, reached in (
        (f"http://{HOST}/", True, False),
        ("http://localhost/", False, False),
        ("http://localhost/", True, True),
    ):
        network = Network(server, [PUBLIC] if HOST in url else [LOOPBACK])
        network.post(certificate, url, local=local)
        assert bool(network.connected) is reached, url


def test_a_certificate_of_another_name_is_not_trusted(server, certificate):
    outcome = Network(server).post(certificate, "https://other.example/")

    assert outcome.words == "The server's certificate is not valid for its name."
    assert server.got == []


def test_does_not_follow_a_redirect(server, certificate):
    server.answer = lambda door: answer(door, 307, Location=f"https://{HOST}/elsewhere")

    outcome = Network(server).post(certificate)

    assert outcome.words == "It answered 307: redirects are not followed."
    assert len(server.got) == 1


def test_a_receiver_that_answers_byte_by_byte_is_left(server, certificate):
    """Each wait is short enough for itself; the sum of them is what has to be bounded."""

    def drip(door):
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: yes\r\n" * 4:
            door.wfile.write(bytes([byte]))
            time.sleep(0.05)

    server.answer, began = drip, time.monotonic()

    assert not Network(server).post(certificate, seconds=0.4).delivered
    assert time.monotonic() - began < 3


def test_reads_no_more_of_an_answer_than_it_needs(server, certificate):
    written = []

    def flood(door):
        answer(door, 200, **{"Content-Length": str(10**9)})
        try:
            while True:
                written.append(door.wfile.write(bytes(65536)))
        except OSError:
            return

    server.answer = flood

    assert Network(server).post(certificate).delivered
    assert sum(written) < 20_000_000


def test_a_refusal_and_a_lost_server_are_told_apart(server, certificate):
    server.answer = lambda door: answer(door, 500)
    assert Network(server).post(certificate).words == "It answered 500."

    server.answer = lambda door: door.connection.close()
    assert not Network(server).post(certificate).delivered
