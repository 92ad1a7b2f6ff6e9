"""Xero's identity side: consent, the grant's tokens, and the organisations it opens."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import requests
from requests.auth import HTTPBasicAuth

from chalicelib.xero.call import FORM, Bearer, Call
from chalicelib.xero.errors import (
    GrantEnded,
    XeroCodeRefused,
    XeroMisconfigured,
)
from chalicelib.xero.failures import json_of, unreadable
from chalicelib.xero.grants import TokenSet, read_access_token, read_token_set
from chalicelib.xero.scopes import scopes
from chalicelib.xero.transport import Transport
from chalicelib.xero.wire.base import quoted
from chalicelib.xero.wire.connection import Connection

AUTHORISE = "/identity/connect/authorize"
GRANT = "/connect/token"
REVOKE = "/connect/revocation"
CONNECTIONS = "/connections"
APP_SCOPE = "app.connections"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
INSECURE_ALLOWED = "OAUTHLIB_INSECURE_TRANSPORT"


@dataclass(frozen=True, slots=True)
class Identity:
    """This app, as Xero's identity side knows it.

    ``tokens`` goes to the identity address, ``api`` to that of the API. Nothing is retried: a
    refresh whose answer is lost (XeroOutcomeUnknown) or that Xero could not do
    (XeroUnavailable) is repeated by the caller with the same refresh token, which Xero takes
    for another 30 minutes.
    """

    login_url: str
    tokens: Transport
    api: Transport
    client_id: str
    client_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse to send a secret in the clear, before there is one to send."""
        for url in (self.login_url, self.tokens.base_url, self.api.base_url):
            _demand_safe(url)

    def new_code_verifier(self) -> str:
        """A secret for one consent, to be kept until its code is exchanged (PKCE)."""
        from chalicelib.xero import consent  # costly to import, and seldom needed

        return consent.new_code_verifier()

    def authorise_url(
        self,
        *,
        state: str,
        code_verifier: str,
        redirect_uri: str,
        scope: tuple[str, ...] = scopes(),
    ) -> str:
        """Where a person goes to allow access; the verifier itself is not in it."""
        from chalicelib.xero import consent  # costly to import, and seldom needed

        _allow_loopback(self.login_url)
        return consent.address(
            self.login_url + AUTHORISE,
            client_id=self.client_id,
            redirect_uri=redirect_uri,
            scope=scope,
            state=state,
            code_verifier=code_verifier,
        )

    def exchange_code(self, *, code: str, code_verifier: str, redirect_uri: str) -> TokenSet:
        """The grant behind a code, which is spent by this.

        Raises XeroCodeRefused for one that is spent or older than five minutes, and
        XeroGrantIncomplete when the grant would not last. The granted scope is often wider than
        what was asked; the caller compares.
        """
        from chalicelib.xero import consent  # costly to import, and seldom needed

        _allow_loopback(self.tokens.base_url)
        try:
            answer = consent.exchange(
                self.tokens,
                GRANT,
                client_id=self.client_id,
                auth=self._auth,
                redirect_uri=redirect_uri,
                code=code,
                code_verifier=code_verifier,
            )
        except GrantEnded as ended:
            refused = XeroCodeRefused(
                correlation_id=ended.correlation_id, http_status=ended.http_status
            )
        else:
            return read_token_set(answer)
        raise refused

    def refresh(self, refresh_token: str) -> TokenSet:
        """A fresh access token, and the refresh token that takes the old one's place.

        Only GrantEnded means that the grant is dead. After any other error the old refresh
        token is still to be kept, and used again.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return read_token_set(json_of(self._post(GRANT, form)))

    def app_token(self) -> str:
        """An access token of the app's own, which can only list and end its connections.

        It ends what a person allowed whose grant is dead; it opens nobody's books.
        """
        form = {"grant_type": "client_credentials", "scope": APP_SCOPE}
        response = self._post(GRANT, form)
        return read_access_token(json_of(response))

    def revoke(self, refresh_token: str) -> None:
        """End the grant, and with it every connection of that person with this app."""
        self._post(REVOKE, {"token": refresh_token})

    def connections(
        self, access_token: str, authentication_event_id: str | None = None
    ) -> tuple[Connection, ...]:
        """What the grant opens; with an event's id, only what that consent added.

        An organisation that was linked before keeps its first event, so the narrowed list may
        be empty after a person consents again.
        """
        query = {"authEventId": authentication_event_id} if authentication_event_id else {}
        call = Call("GET", CONNECTIONS, query=query, auth=Bearer(access_token))
        response = self.api.send(call)
        listed = json_of(response)
        if not isinstance(listed, list):
            raise unreadable(response, call)
        return tuple(Connection.read(element) for element in listed if element)

    def delete_connection(self, access_token: str, connection_id: str) -> None:
        """Take one organisation out of the grant, by the connection's id.

        Raises XeroNotFound when it is gone already.
        """
        self.api.send(
            Call(
                "DELETE",
                f"{CONNECTIONS}/{quoted(connection_id)}",
                f"{CONNECTIONS}/{{id}}",
                auth=Bearer(access_token),
                writes=True,
            )
        )

    @property
    def _auth(self) -> HTTPBasicAuth:
        return HTTPBasicAuth(self.client_id, self.client_secret)

    def _post(self, path: str, form: Mapping[str, str]) -> requests.Response:
        return self.tokens.send(
            Call(
                "POST",
                path,
                headers={"Content-Type": FORM},
                body=urlencode(form).encode(),
                auth=self._auth,
                writes=True,
            )
        )


def _demand_safe(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return
    raise XeroMisconfigured(
        f"{parts.scheme}://{parts.hostname} is not https. Credentials may go in the clear to "
        "this very machine only."
    )


def _allow_loopback(url: str) -> None:
    """Let the OAuth library speak plain http, which it can be told by the environment only.

    The address was found safe when the identity was made, so this is a simulator on this
    machine; elsewhere the switch is never set.
    """
    if urlsplit(url).scheme == "http":
        os.environ[INSECURE_ALLOWED] = "1"
