"""What is done in Xero only where a tenant wants it, and allowed it there."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.audit import trail
from chalicelib.connection import access, authorise, disconnect, features, store
from chalicelib.connection.features import Feature, FeatureOff, PermissionNeeded, Standing
from chalicelib.connection.model import ConnectionState
from chalicelib.errors import NotAllowed
from chalicelib.people.caller import Caller, Scope
from tests.support.xero import caller_of, session_of

CONTACTS = Feature.CREATE_CONTACTS
ANN = caller_of("t1")


def asked(url):
    return set(parse_qs(urlsplit(url).query)["scope"][0].split())


def name_of_the_books(books):
    return books.organisation().name


def test_nothing_is_asked_for_before_it_is_wanted(xero):
    made = xero.connect()
    assert "accounting.contacts" not in made.scopes
    assert not features.enabled("t1", CONTACTS)
    with pytest.raises(FeatureOff):
        features.demand(made, CONTACTS)


def test_a_feature_that_is_switched_on_rests_until_xero_was_asked_again(xero):
    xero.connect()
    switched = features.switch(ANN, CONTACTS, on=True)
    assert features.standing(switched, CONTACTS) is Standing.NEEDS_PERMISSION
    assert features.newly_asked(switched) == ("accounting.contacts",)
    assert not features.enabled("t1", CONTACTS)
    assert store.active("t1") == switched
    assert access.call(switched, name_of_the_books)

    made = xero.connect()

    assert "accounting.contacts" in made.scopes
    assert features.enabled("t1", CONTACTS)
    assert features.newly_asked(made) == ()


@pytest.mark.usefixtures("xero")
def test_the_writing_scope_is_asked_for_in_the_place_of_the_reading_one():
    features.switch(ANN, CONTACTS, on=True)
    wanted = asked(authorise.begin(session_of("t1"), ANN))
    assert "accounting.contacts" in wanted
    assert "accounting.contacts.read" not in wanted
    assert "accounting.attachments" not in wanted


def test_a_consent_without_the_extra_still_connects(xero):
    features.switch(ANN, CONTACTS, on=True)
    session = session_of("t1")
    query = xero.consent(authorise.begin(session, ANN))
    for grant in xero.world.grants.values():
        grant.scopes.remove("accounting.contacts")
        grant.scopes.append("accounting.contacts.read")
    made = authorise.finish(authorise.recall(session, query), ANN, query)
    assert made.state is ConnectionState.ACTIVE
    assert features.standing(made, CONTACTS) is Standing.NEEDS_PERMISSION


def test_a_scope_that_xero_refuses_rests_the_feature_and_nothing_else(xero):
    features.switch(ANN, CONTACTS, on=True)
    made = xero.connect()
    xero.fault("insufficient_scope", "/Contacts")
    with pytest.raises(PermissionNeeded, match="Permissions need updating"):
        access.call(made, lambda books: books.contacts_page(1), feature=CONTACTS)
    assert not features.enabled("t1", CONTACTS)
    assert store.get("t1").state is ConnectionState.ACTIVE
    assert access.call(store.active("t1"), name_of_the_books)


def test_a_call_for_a_feature_that_is_off_does_not_reach_xero(xero):
    made = xero.connect()
    xero.world.calls.clear()
    with pytest.raises(FeatureOff):
        access.call(made, name_of_the_books, feature=CONTACTS)
    assert not xero.world.calls.listed()


def test_switching_off_ends_the_use_although_xero_keeps_the_scope(xero):
    features.switch(ANN, CONTACTS, on=True)
    xero.connect()
    features.switch(ANN, CONTACTS, on=False)
    assert "accounting.contacts" in store.get("t1").scopes
    assert not features.enabled("t1", CONTACTS)


def test_what_was_switched_on_outlives_a_disconnect(xero):
    features.switch(ANN, CONTACTS, on=True)
    xero.connect()
    disconnect.start(ANN)
    assert "accounting.contacts" in asked(authorise.begin(session_of("t1"), ANN))


@pytest.mark.usefixtures("xero")
def test_switching_is_for_administrators_and_in_the_trail():
    biller = Caller("t1", "user:bo", "Bo", frozenset({Scope.READ, Scope.WRITE}))
    with pytest.raises(NotAllowed):
        features.switch(biller, CONTACTS, on=True)
    features.switch(ANN, CONTACTS, on=True)
    features.switch(ANN, CONTACTS, on=True)
    entries = [(entry.what, entry.facts["way"]) for entry in trail.entries("t1")]
    assert entries == [("feature switched", "on")]
