"""Every way in which Xero shows a broken connection, made by the local Xero, and what follows.

Each row of the table that is known of Xero is here by its own words.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from chalicelib.connection import access, store, switch, tokens
from chalicelib.connection.model import ConnectionState
from chalicelib.errors import NotConnected
from chalicelib.xero.errors import XeroForbidden, XeroNotFound
from local.xero.world import Organisation
from tests.support.xero import caller_of

ACTIVE = ConnectionState.ACTIVE
RECONNECT = ConnectionState.NEEDS_RECONNECT
ENDED = ConnectionState.DISCONNECTED
AU = "Demo Company (AU)"
ACCESS_DENIED = "<html><head><title>Access Denied</title></head></html>"


def token_expired(xero, _made):
    for issued in xero.world.issued.values():
        issued.expires = xero.world.clock.now()


def token_unknown(xero, _made):
    xero.world.issued.clear()


def refused(detail):
    """Xero does not take any token, and says it so."""

    def happens(xero, _made):
        body = f'{{"Title": "Unauthorized", "Status": 401, "Detail": "{detail}"}}'
        xero.fault("status", "/Organisation", status=401, times=0, body=body)

    return happens


def scope_missing(xero, made):
    for grant in xero.world.grants.values():
        grant.scopes.remove("accounting.settings.read")
    xero.expire()
    tokens.access_to(made.xero_userid)


def scope_missing_spelt_otherwise(xero, _made):
    xero.fault("insufficient_scope", "/Organisation", field="insufficent_scope", times=0)


def disconnected_in_xero(xero, made):
    xero.world.disconnect("test-client", tenant_id=made.organisation_id)


def disconnected_and_refreshed(xero, made):
    disconnected_in_xero(xero, made)
    xero.expire()


def user_lost_access(xero, made):
    xero.world.users[made.xero_userid].organisations.remove(made.organisation_id)


def role_changed(xero, _made):
    body = '{"Title": "Forbidden", "Status": 403, "Detail": "AuthenticationUnsuccessful"}'
    xero.fault("status", "/Organisation", status=403, times=0, body=body)


def organisation_deleted(xero, made):
    del xero.world.organisations[made.organisation_id]


def demo_company_reset(xero, made):
    """Gone, with another of the same name and another id in its place."""
    books = xero.world.organisations.pop(made.organisation_id).books
    xero.world.organisations["new"] = Organisation("new", books)


def not_found_for_the_tenant(xero, _made):
    xero.fault("status", "/Organisation", status=404, times=1, body="{}")


def old_tls(xero, _made):
    xero.fault(
        "status",
        "/Organisation",
        status=403,
        times=1,
        body=ACCESS_DENIED,
        content_type="text/html",
    )


def refresh_token_dead(xero, _made):
    xero.expire()
    xero.end_grants()


class Row(NamedTuple):
    """What happened, what a call raises, the state afterwards, and how often it refreshes."""

    situation: str
    happens: Callable
    raised: type[Exception] | None
    state: ConnectionState
    refreshes: int


ROWS = (
    Row("access token expired", token_expired, None, ACTIVE, 1),
    Row("token invalid", token_unknown, None, ACTIVE, 1),
    Row(
        "token refused, AuthenticationUnsuccessful",
        refused("AuthenticationUnsuccessful"),
        NotConnected,
        RECONNECT,
        1,
    ),
    Row(
        "token refused, AuthorizationUnsuccessful",
        refused("AuthorizationUnsuccessful"),
        NotConnected,
        RECONNECT,
        1,
    ),
    Row("scope missing", scope_missing, NotConnected, RECONNECT, 0),
    Row(
        "scope missing, as the FAQ spells it",
        scope_missing_spelt_otherwise,
        NotConnected,
        RECONNECT,
        0,
    ),
    Row("user disconnected the app in Xero", disconnected_in_xero, NotConnected, ENDED, 0),
    Row("the same, and the refresh succeeds", disconnected_and_refreshed, NotConnected, ENDED, 1),
    Row("user lost access", user_lost_access, XeroForbidden, ACTIVE, 0),
    Row("role changed", role_changed, XeroForbidden, ACTIVE, 0),
    Row("organisation deleted", organisation_deleted, NotConnected, ENDED, 0),
    Row("demo company reset", demo_company_reset, NotConnected, ENDED, 0),
    Row("wrong tenant, sometimes 404", not_found_for_the_tenant, XeroNotFound, ACTIVE, 0),
    Row("old TLS, 403 in HTML", old_tls, XeroForbidden, ACTIVE, 0),
    Row("refresh token dead", refresh_token_dead, NotConnected, RECONNECT, 1),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.situation for row in ROWS])
def test_what_xero_answers_is_understood(xero, row):
    made = xero.connect()
    row.happens(xero, made)
    xero.world.calls.clear()

    if row.raised:
        with pytest.raises(row.raised):
            access.call(made, lambda books: books.organisation().name)
    else:
        assert access.call(made, lambda books: books.organisation().name)

    found = store.get("t1")
    assert found.state is row.state
    assert xero.calls("POST", "/connect/token") == row.refreshes
    assert bool(found.problem) is (row.state is not ACTIVE)


def test_a_wrong_tenant_id_of_before_ends_nothing_of_now(xero):
    """Row "wrong tenant id": a slow worker still names the organisation that was left."""
    before = xero.connect()
    xero.aws.clock.advance(seconds=1)
    now = switch.confirm(caller_of("t1"), xero.connect(organisation=AU).organisation_id)
    with pytest.raises(NotConnected):
        access.call(before, lambda books: books.organisation().name)
    assert store.get("t1") == now
