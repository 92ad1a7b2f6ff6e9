"""What is exchanged with Xero outside of a lane is kept, without secrets and without others."""

import pytest

from chalicelib.connection import access, authorise, disconnect, store, tokens
from chalicelib.connection.grants import GrantRow
from chalicelib.connection.model import ConsentRefused
from chalicelib.dispatch import exchanges
from chalicelib.dispatch.exchanges import CONSENT, DISCONNECT, RENEWAL, Wanted
from tests.support.dynamo import writes_to
from tests.support.xero import caller_of, session_of

TOKEN = "/connect/token"


def kept(tenant="t1", kind=""):
    """Oldest first."""
    found = exchanges.listing(tenant, Wanted(kind=kind), limit=50).items
    return [(one.method, one.path, one.outcome.value) for one in reversed(found)]


def ask(tenant="t1"):
    return access.call(store.active(tenant), lambda books: books.organisation())


def test_connecting_is_kept_call_by_call(xero):
    xero.connect()

    assert kept(kind=CONSENT) == [
        ("POST", TOKEN, "done"),
        ("GET", "/connections", "done"),
    ]
    said = [one.said for one in exchanges.listing("t1", Wanted(), limit=9)]
    assert all(said)


def test_a_renewal_is_kept_and_what_needs_none_costs_nothing(xero):
    xero.connect()
    with writes_to("jobs") as before:
        ask()
    xero.expire()
    tokens.forget(store.get("t1").xero_userid)
    with writes_to("jobs") as after:
        ask()

    assert kept(kind=RENEWAL) == [("POST", TOKEN, "done")]
    assert len(after) == len(before) + 1


def test_a_disconnect_is_kept(xero):
    xero.connect()
    disconnect.start(caller_of("t1"))

    assert kept(kind=DISCONNECT) == [
        ("DELETE", "/connections/{id}", "done"),
        ("POST", "/connect/revocation", "done"),
    ]


def test_what_failed_is_kept_with_its_reason(xero):
    session = session_of("t1")
    query = xero.consent(authorise.begin(session, caller_of("t1")))
    consent = authorise.recall(session, query)
    xero.fault("status", TOKEN, status=503, times=1)
    with pytest.raises(ConsentRefused):
        authorise.finish(consent, caller_of("t1"), query)

    assert kept() == [("POST", TOKEN, "failed")]
    (one,) = exchanges.listing("t1", Wanted(outcome="failed"), limit=9)
    assert (one.status, bool(one.failure)) == (503, True)


def test_no_secret_and_no_other_tenants_use_is_in_it(xero):
    made = xero.connect()
    xero.connect("t2", session_of("t2"), organisation="Demo Company (AU)")
    row = GrantRow.get(made.xero_userid, "grant")
    xero.expire()
    tokens.forget(made.xero_userid)
    count = len(kept("t2"))
    ask("t1")

    assert len(kept("t2")) == count
    stored = repr(xero.aws.rows("jobs"))
    for secret in (row.access_token(), row.refresh_token(), made.connection_id):
        assert secret not in stored
