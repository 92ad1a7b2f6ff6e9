"""API keys: what is stored, what they may do, and when they end."""

from datetime import date, timedelta

import pytest

from chalicelib.audit import trail
from chalicelib.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn
from chalicelib.people import api_keys, tenants
from chalicelib.people.api_keys import KeyExpired
from chalicelib.people.caller import EVERYTHING, Caller, Scope
from chalicelib.people.make_tenant import make_tenant

ANN = Caller("tenant-a", "user:ann", "Ann", EVERYTHING)
BOB = Caller("tenant-b", "user:bob", "Bob", EVERYTHING)

pytestmark = pytest.mark.usefixtures("aws")


def test_a_key_acts_for_its_tenant_with_its_scopes():
    key, plain = api_keys.make(ANN, "Tracker", ["read", "write"])
    caller = api_keys.caller_of(plain)
    assert caller.tenant_id == "tenant-a"
    assert caller.actor == f"key:{key.key_id}"
    assert caller.scopes == {Scope.READ, Scope.WRITE}


def test_a_key_has_256_random_bits_and_our_prefix():
    _, plain = api_keys.make(ANN, "Tracker", ["read"])
    assert plain.startswith("wb_")
    assert len(plain) == 3 + 43


def test_a_key_is_stored_as_a_hash_only():
    _, plain = api_keys.make(ANN, "Tracker", ["read"])
    stored = str([row.to_simple_dict() for row in api_keys.KeyRow.scan()])
    assert plain not in stored
    assert plain.removeprefix("wb_") not in stored


@pytest.mark.parametrize("key", ["", "wb_", "wb_unknown", "x" * 5000])
def test_unknown_keys_are_nobody(key):
    with pytest.raises(NotSignedIn):
        api_keys.caller_of(key)


def test_a_revoked_key_is_nobody():
    key, plain = api_keys.make(ANN, "Tracker", ["read"])
    api_keys.revoke(ANN, key.key_id)
    with pytest.raises(NotSignedIn):
        api_keys.caller_of(plain)
    assert api_keys.listing("tenant-a") == []


def test_another_tenants_key_cannot_be_revoked():
    key, plain = api_keys.make(ANN, "Tracker", ["read"])
    with pytest.raises(NotFound):
        api_keys.revoke(BOB, key.key_id)
    assert api_keys.caller_of(plain)


def test_a_tenant_sees_its_own_keys_oldest_first(aws):
    for name in ("One", "Two", "Three"):
        api_keys.make(ANN, name, ["read"])
        aws.clock.advance(seconds=1)
    api_keys.make(BOB, "Other", ["read"])
    assert [key.name for key in api_keys.listing("tenant-a")] == ["One", "Two", "Three"]


def test_nobody_gives_a_scope_they_do_not_have():
    reader = Caller("tenant-a", "key:reader", "Reader", frozenset({Scope.READ, Scope.ADMIN}))
    with pytest.raises(NotAllowed):
        api_keys.make(reader, "Sender", ["send"])


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_scopes_that_are_none_are_refused(scopes):
    with pytest.raises(InvalidInput):
        api_keys.make(ANN, "Tracker", scopes)


def test_last_use_is_written_at_most_every_ten_minutes(aws):
    _, plain = api_keys.make(ANN, "Tracker", ["read"])
    api_keys.caller_of(plain)
    first = api_keys.listing("tenant-a")[0].last_used_at
    aws.clock.advance(minutes=9)
    api_keys.caller_of(plain)
    assert api_keys.listing("tenant-a")[0].last_used_at == first
    aws.clock.advance(minutes=1)
    api_keys.caller_of(plain)
    assert api_keys.listing("tenant-a")[0].last_used_at == aws.clock.now()


@pytest.fixture
def owner():
    """An administrator of a tenant in Auckland, where it is 22:00 on the 23rd."""
    tenant_id = make_tenant(name="Acme Ltd", email="ann@acme.test")["tenant_id"]
    tenants.change(tenant_id, time_zone="Pacific/Auckland")
    return Caller(tenant_id, "user:ann", "Ann", EVERYTHING)


TODAY = date(2026, 11, 23)


def test_a_key_works_to_the_end_of_its_last_day_on_the_tenants_clock(owner, aws):
    key, plain = api_keys.make(owner, "Tracker", ["read"], expires_on=TODAY)
    assert (key.expires_on, key.expired) == (TODAY, False)
    aws.clock.advance(hours=1, minutes=59)
    assert api_keys.caller_of(plain)
    aws.clock.advance(minutes=1)
    with pytest.raises(KeyExpired, match="good until 2026-11-23"):
        api_keys.caller_of(plain)


def test_an_expired_key_is_listed_until_it_is_revoked(owner, aws):
    key, _ = api_keys.make(owner, "Tracker", ["read"], expires_on=TODAY)
    aws.clock.advance(days=400)
    assert [one.expired for one in api_keys.listing(owner.tenant_id)] == [True]
    api_keys.revoke(owner, key.key_id)
    assert api_keys.listing(owner.tenant_id) == []


def test_the_use_of_an_expired_key_is_no_use(owner, aws):
    _, plain = api_keys.make(owner, "Tracker", ["read"], expires_on=TODAY)
    aws.clock.advance(days=1)
    with pytest.raises(KeyExpired):
        api_keys.caller_of(plain)
    assert api_keys.listing(owner.tenant_id)[0].last_used_at is None


@pytest.mark.parametrize("days", [-1, 3661])
def test_a_last_day_that_cannot_be_makes_no_key(owner, days):
    with pytest.raises(InvalidInput) as refused:
        api_keys.make(owner, "Tracker", ["read"], expires_on=TODAY + timedelta(days=days))
    assert refused.value.field == "expires_on"
    assert api_keys.listing(owner.tenant_id) == []


def test_the_trail_says_what_a_key_may_do_and_how_long(owner):
    key, _ = api_keys.make(owner, "Tracker", ["read"], expires_on=TODAY)
    api_keys.revoke(owner, key.key_id)
    made, revoked = trail.entries(owner.tenant_id)[-2:]
    facts = {"key_name": "Tracker", "scopes": "read", "expires_on": "2026-11-23"}
    assert (made.what, made.facts) == ("api-key made", facts)
    assert (revoked.what, revoked.facts) == ("api-key revoked", {"key_name": "Tracker"})
