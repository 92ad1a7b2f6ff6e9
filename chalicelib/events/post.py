"""One delivery: a POST to an address that was judged first, bounded in time and in answer.

The name is looked up once, and the very address that passed is connected, so that a name which
answers differently the second time leads nowhere. The certificate is held against the name. No
redirect is followed, and nothing of the answer is kept but its status.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

from chalicelib.events import addresses

CONNECT_SECONDS = 3.0
SECONDS = 8.0
"""In all: a receiver takes the delivery and does its work later."""

ANSWER_READ = 4096
SUCCESSES = 2
REDIRECTS = 3
HTTPS, HTTP = 443, 80

Deliver = Callable[[str, Mapping[str, str], bytes], "Outcome"]
Resolve = Callable[[str, int], list[str]]
Connect = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery went: ``words`` are for people, ``delivered`` for the program."""

    delivered: bool
    words: str


TOO_SLOW = f"The server did not answer within {SECONDS:g} seconds."


class NotPublic(Exception):
    """The host's name leads to an address that no delivery may go to."""


def look_up(host: str, port: int) -> list[str]:
    """Every numeric address of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to a numeric address."""
    return socket.create_connection((address, port), timeout=seconds)


@cache
def certificates() -> ssl.SSLContext:
    """What a receiver's certificate is held against."""
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


@dataclass(frozen=True, slots=True)
class Post:
    """Posts to the addresses outside; with ``local``, to this machine as well."""

    local: bool = False
    resolve: Resolve = look_up
    connect: Connect = connect
    trusted: Callable[[], ssl.SSLContext] = field(default=certificates)
    seconds: float = SECONDS

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Deliver once; whatever happens is an outcome, and nothing is raised."""
        try:
            status = self._status(url, headers, body)
        except (NotPublic, OSError, http.client.HTTPException, ValueError) as error:
            return Outcome(False, _why(error))
        if status // 100 == REDIRECTS:
            return Outcome(False, f"It answered {status}: redirects are not followed.")
        return Outcome(status // 100 == SUCCESSES, f"It answered {status}.")

    def _status(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (HTTPS if secure else HTTP)
        address = self._address(host, port, local=self.local and addresses.is_local(parts))
        if not secure and not addresses.loopback(address):
            raise NotPublic
        reach = self.connect(address, port, CONNECT_SECONDS)
        # Its own default port is left out of the header that names the host.
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(host, port)
        late = threading.Event()
        connection.sock = reach
        watch = threading.Timer(self.seconds, _break_off, (connection, late))
        watch.daemon = True
        watch.start()
        try:
            reach.settimeout(self.seconds)
            if secure:
                # The time that is left counts for the handshake, too, so it begins under watch.
                connection.sock = self.trusted().wrap_socket(
                    reach, server_hostname=host, do_handshake_on_connect=False
                )
                connection.sock.do_handshake()
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            response.read(ANSWER_READ)
        except (OSError, http.client.HTTPException):
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            watch.cancel()
            connection.close()
        if late.is_set():
            raise TimeoutError
        return response.status

    def _address(self, host: str, port: int, *, local: bool) -> str:
        """The address to connect; one refused among several means that none is trusted."""
        found = self.resolve(host, port)
        allowed = [
            one
            for one in found
            if not addresses.refused(one) or (local and addresses.loopback(one))
        ]
        if not found or len(allowed) < len(found):
            raise NotPublic
        return allowed[0]


def _why(error: Exception) -> str:
    match error:
        case NotPublic():
            return "The address does not lead to the public internet."
        case socket.gaierror():
            return "The server's name is not known."
        case ssl.SSLCertVerificationError():
            return "The server's certificate is not valid for its name."
        case TimeoutError():
            return TOO_SLOW
    return "The server could not be reached, or broke off."


def _break_off(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    """Each wait for a few bytes is short; this bounds them all together.

    The plain shutdown is used, since that of TLS may not be called beside a read.
    """
    late.set()
    with suppress(OSError):
        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
