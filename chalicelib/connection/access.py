"""Calling Xero for a tenant: only by its connection, and with a token that is valid."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from chalicelib import wiring
from chalicelib.connection import health, reach, store, tokens
from chalicelib.connection.model import Connection
from chalicelib.xero.errors import (
    GrantEnded,
    XeroForbidden,
    XeroScopeMissing,
    XeroTokenExpired,
    XeroUnauthorised,
)

if TYPE_CHECKING:
    from chalicelib.xero.accounting import Accounting

NOTED_EVERY = timedelta(minutes=10)
"""How old the noted last success may be, so that not every call costs a write."""

Answer = TypeVar("Answer")


def accounting(connection: Connection) -> "Accounting":
    """The books of the connection's organisation, with a token that lasts two minutes or more.

    Raises GrantEnded. Failures of the calls made with it are the caller's; ``call`` judges them.
    """
    access = tokens.access_to(connection.xero_userid)
    return reach.accounting(access.token, connection.organisation_id)


def call(connection: Connection, use: "Callable[[Accounting], Answer]") -> Answer:
    """What ``use`` answers with the organisation's books.

    ``use`` makes one call, or more that may be repeated: it is run once more with a new token
    when Xero takes the first for expired. Raises NotConnected, and moves the connection's
    state, when Xero no longer lets us in; other errors of Xero's pass through.
    """

    def with_token(token: str) -> Answer:
        return use(reach.accounting(token, connection.organisation_id))

    try:
        answer = tokens.using(connection.xero_userid, with_token)
    except (
        GrantEnded,
        XeroForbidden,
        XeroScopeMissing,
        XeroTokenExpired,
        XeroUnauthorised,
    ) as error:
        verdict = health.judge(connection, error)
    else:
        _note_success(connection)
        return answer
    raise verdict


def _note_success(connection: Connection) -> None:
    now = wiring.current().clock.now()
    noted = connection.last_success_at
    if noted is None or now - noted >= NOTED_EVERY:
        store.succeeded(connection, now)
