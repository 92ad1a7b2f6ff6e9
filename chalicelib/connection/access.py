"""Calling Xero for a tenant: only by its connection, and with a token that is valid."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from chalicelib.connection import features, health, reach, tokens
from chalicelib.connection.features import Feature
from chalicelib.connection.model import Connection
from chalicelib.dispatch import exchanges
from chalicelib.dispatch.meter import meter_of
from chalicelib.errors import WorkbillError, XeroError
from chalicelib.xero.errors import (
    GrantEnded,
    XeroForbidden,
    XeroScopeMissing,
    XeroTokenExpired,
    XeroUnauthorised,
)

if TYPE_CHECKING:
    from chalicelib.xero.accounting import Accounting

Answer = TypeVar("Answer")


def accounting(connection: Connection) -> "Accounting":
    """The books of the connection's organisation, with a token that lasts two minutes or more.

    Raises GrantEnded. Failures of the calls made with it are the caller's; ``call`` judges them.
    """
    with exchanges.keeping(connection.tenant_id, exchanges.RENEWAL):
        access = tokens.access_to(connection.xero_userid)
    return _books(connection, access.token)


def call(
    connection: Connection,
    use: "Callable[[Accounting], Answer]",
    *,
    feature: Feature | None = None,
) -> Answer:
    """What ``use`` answers with the organisation's books.

    A call that belongs to a ``feature`` raises FeatureOff or PermissionNeeded where that may
    not be used, before Xero is asked, and where Xero refuses its scope; the connection stays.

    ``use`` makes one call, or more that may be repeated: it is run once more with a new token
    when Xero takes the first for expired. Raises NotConnected, and moves the connection's
    state, when Xero no longer lets us in; other errors of Xero's pass through.
    """
    if feature:
        features.demand(connection, feature)

    def with_token(token: str) -> Answer:
        return use(_books(connection, token))

    with exchanges.keeping(connection.tenant_id, exchanges.RENEWAL):
        try:
            return tokens.using(connection.xero_userid, with_token)
        except (
            GrantEnded,
            XeroForbidden,
            XeroScopeMissing,
            XeroTokenExpired,
            XeroUnauthorised,
        ) as error:
            verdict = _judge(connection, error, feature)
        raise verdict


def _books(connection: Connection, token: str) -> "Accounting":
    """Every call made with these is counted."""
    meter = meter_of(connection.organisation_id, connection.tenant_id)
    return reach.accounting(token, connection.organisation_id, meter)


def _judge(connection: Connection, error: XeroError, feature: Feature | None) -> WorkbillError:
    if feature and isinstance(error, XeroScopeMissing):
        return features.lost(connection, feature)
    return health.judge(connection, error)
