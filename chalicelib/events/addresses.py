"""Which addresses a webhook may go to: public ones, by https.

A program that posts wherever it is told can be led into its own network: the runtime of a
function listens on loopback, and clouds hand out credentials at a link-local address. So the
host's name is looked up first, every answer is judged here, and the very address that passed is
what is connected (see ``post``).
"""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from chalicelib.errors import InvalidInput

LONGEST = 500
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


def checked(url: str, *, local: bool) -> str:
    """The address as it is kept; raises InvalidInput naming ``url``.

    With ``local``, an operator's setting for one machine, http to this machine will do, too.
    """
    url = url.strip()
    parts = _parts(url)
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise _refusal(f"Give an address of at most {LONGEST} plain characters.")
    if parts.username or parts.password or "@" in parts.netloc:
        raise _refusal("Leave name and password out of the address; deliveries are signed.")
    if parts.fragment:
        raise _refusal("Leave out the part after #.")
    if parts.scheme != "https" and not (local and is_local(parts)):
        raise _refusal("The address has to begin with https://.")
    if not parts.hostname or ("." not in parts.hostname and not (local and is_local(parts))):
        raise _refusal("This is not the address of a server on the internet.")
    if _is_number(parts.hostname) and refused(parts.hostname) and not (local and is_local(parts)):
        raise _refusal("This address is not on the public internet.")
    return url


def is_local(parts: SplitResult) -> bool:
    """Whether an address names this very machine."""
    return parts.scheme in {"http", "https"} and (parts.hostname or "") in LOCAL_NAMES


def refused(address: str) -> bool:
    """Whether a numeric address is anything but a public one of a single machine.

    Private, loopback, link-local (with the clouds' metadata), shared (100.64.0.0/10), multicast
    and reserved ones are, and those of IPv6 that stand for one of IPv4, such as ::ffff:10.0.0.1.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return True
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner or found.scope_id:
            return True
    return not found.is_global or found.is_multicast or found.is_reserved


def loopback(address: str) -> bool:
    """Whether a numeric address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _refusal("This is not an address.") from None
    return parts


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _refusal(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, field="url")
