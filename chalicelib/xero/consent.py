"""The two steps of consent that OAuth's own library does: the address, and the code's exchange.

Kept apart because the library costs some 90 ms to import, and only connecting needs it.
"""

import logging
from typing import Any
from urllib.parse import urlencode

import requests
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from requests_oauthlib import OAuth2Session

from chalicelib.xero.call import FORM, JSON, Call
from chalicelib.xero.errors import XeroUnreadable
from chalicelib.xero.transport import Transport

# The library writes codes, secrets and tokens to its log at debug level. Disabled rather than
# raised to a level, so that no logging set-up brings them back.
logging.getLogger("requests_oauthlib.oauth2_session").disabled = True

CHALLENGE_METHOD = "S256"
VERIFIER_LENGTH = 64


def new_code_verifier() -> str:
    """A secret for one consent, to be kept until its code is exchanged (RFC 7636)."""
    return WebApplicationClient("").create_code_verifier(VERIFIER_LENGTH)


def address(
    authorise_url: str,
    *,
    client_id: str,
    redirect_uri: str,
    scope: tuple[str, ...],
    state: str,
    code_verifier: str,
) -> str:
    """Where a person goes to allow access."""
    session = OAuth2Session(client_id, redirect_uri=redirect_uri, scope=list(scope))
    challenge = WebApplicationClient(client_id).create_code_challenge(
        code_verifier, CHALLENGE_METHOD
    )
    url, _ = session.authorization_url(
        authorise_url,
        state=state,
        code_challenge=challenge,
        code_challenge_method=CHALLENGE_METHOD,
    )
    return str(url)


def exchange(
    transport: Transport,
    path: str,
    *,
    client_id: str,
    auth: requests.auth.HTTPBasicAuth,
    redirect_uri: str,
    code: str,
    code_verifier: str,
) -> dict[str, Any]:
    """The answer to a code, as the library read it; raises XeroCallError.

    The session knows no scope: granted scopes add up over consents, and the library would take
    a difference for a fault after the code is spent. Our caller compares them.
    """
    session = _TokenSession(transport, path, client_id, redirect_uri)
    try:
        return dict(
            session.fetch_token(
                transport.base_url + path, code=code, code_verifier=code_verifier, auth=auth
            )
        )
    except (OAuth2Error, ValueError):
        pass
    raise XeroUnreadable


class _TokenSession(OAuth2Session):
    """The library's session, with its one request going out by our transport."""

    def __init__(
        self, transport: Transport, path: str, client_id: str, redirect_uri: str
    ) -> None:
        super().__init__(client_id, redirect_uri=redirect_uri)
        self._transport = transport
        self._path = path

    def request(  # type: ignore[override]  # only fetch_token calls it, and by these names
        self, method: str, *, data: dict[str, str], auth: Any, **_: Any
    ) -> requests.Response:
        """Send the form; the address is fixed by ``path``."""
        return self._transport.send(
            Call(
                method,
                self._path,
                headers={"Accept": JSON, "Content-Type": FORM},
                body=urlencode(data).encode(),
                auth=auth,
                writes=True,
            )
        )
