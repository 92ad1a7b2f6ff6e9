"""What is counted of the calls that were really made, against the local Xero."""

from datetime import timedelta

import pytest

from chalicelib.connection import store, usage
from chalicelib.dispatch import drain
from chalicelib.reference import import_codes
from chalicelib.reference.contacts import ask
from tests.support.xero import caller_of

ACCOUNTING = "/api.xro/2.0/"


def work(xero, lane):
    drain.drain(lane, deadline=xero.aws.clock.now() + timedelta(seconds=20))


def logged(xero):
    return [call for call in xero.world.calls.listed() if call["path"].startswith(ACCOUNTING)]


@pytest.fixture
def connection(xero):
    return xero.connect()


def test_calls_are_counted_as_xero_counts_them(xero, connection):
    import_codes.start(caller_of("t1"))
    ask.start(caller_of("t1"))
    work(xero, connection.organisation_id)

    use = usage.of("t1")
    counts, made = use.days[0].counts, logged(xero)
    assert use.days[0].in_all.calls == len(made)
    assert use.days[0].in_all.received == sum(call["bytes_out"] for call in made)
    # Connecting asks for the organisation and for what its plan allows.
    assert counts["keep-alive"].calls == 2
    assert set(counts) == {"import", "keep-alive"}
    # Xero does not charge for the organisation itself.
    charged = [call["bytes_out"] for call in made if call["path"] != f"{ACCOUNTING}Organisation"]
    assert use.charged == sum(charged)
    assert use.remaining == 5_000 - len(made)
    assert len(use.days) == usage.SHOWN_DAYS


def test_calls_of_identity_do_not_count(xero, connection):
    import_codes.start(caller_of("t1"))
    xero.expire()
    import_codes.start(caller_of("t1"))

    assert usage.of("t1").days[0].in_all.calls == len(logged(xero))
    assert xero.calls("POST", "/connect/token") >= 2
    assert connection.live


def test_a_day_is_shown_with_the_days_before_it(xero, connection):
    import_codes.start(caller_of("t1"))
    xero.aws.clock.advance(days=2)
    xero.expire()
    import_codes.start(caller_of("t1"))

    calls = [day.in_all.calls for day in usage.of("t1").days]
    assert calls[0] > 0
    assert calls[1] == 0
    assert calls[2] > calls[0]
    assert connection.live


def test_the_last_success_is_that_of_the_last_call(xero, connection):
    xero.aws.clock.advance(minutes=3)
    import_codes.start(caller_of("t1"))
    at = xero.aws.clock.now()
    xero.aws.clock.advance(minutes=3)

    assert usage.standing(connection).last_success_at == at


def test_what_rests_says_until_when_and_why(xero, connection):
    xero.fault("rate_limit", "/Accounts", problem="day", retry_after=7_200)
    import_codes.start(caller_of("t1"))

    standing = usage.standing(connection)
    assert standing.rests_until == xero.aws.clock.now() + timedelta(hours=2)
    assert "daily limit" in standing.why
    assert usage.of("t1").remaining == 0
    xero.aws.clock.advance(hours=2)
    assert usage.standing(connection).rests_until is None
    assert usage.of("t1").remaining is None


@pytest.mark.usefixtures("xero")
def test_a_tenant_that_never_connected_has_used_nothing():
    use = usage.of("nobody")
    assert use.standing == usage.Standing()
    assert {day.in_all.calls for day in use.days} == {0}
    assert store.get("nobody").organisation_id == ""
