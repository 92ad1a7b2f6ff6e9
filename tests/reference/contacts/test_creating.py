"""A client that was born here becomes a contact in Xero: once, whatever happens on the way."""

from contextlib import suppress

import pytest

from chalicelib.connection import features
from chalicelib.connection import store as connections
from chalicelib.connection.features import Feature, FeatureOff, PermissionNeeded
from chalicelib.dispatch import store
from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.reference.contacts import creations
from chalicelib.reference.contacts.create import NearMatches, start
from chalicelib.reference.contacts.near import near
from chalicelib.work import clients
from chalicelib.work.details import Address, Person, Phone, Terms
from local.xero.faults import Kind, Moment
from tests.support.imports import CONTACTS, Importer
from tests.support.power import Power, PowerCut
from tests.support.xero import caller_of


@pytest.fixture
def allowed(xero):
    """A tenant that switched the feature on and was granted what it needs."""
    xero.connect()
    features.switch(caller_of("t1"), Feature.CREATE_CONTACTS, on=True)
    return Importer.connected(xero)


@pytest.fixture
def client(xero):  # noqa: ARG001  the account must be there first
    return clients.create(
        "t1",
        "Kererū Kites",
        email="ana@kereru.example",
        currency="NZD",
        first_name="Ana",
        tax_number="111-222",
        addresses=(Address(lines=("1 Hill St", "Level 2"), city="Nelson", country="NZ"),),
        phones=(Phone("MOBILE", "555", "021"),),
        persons=(Person("Bo", "Li", "bo@kereru.example", in_emails=True),),
        payment_terms=Terms(20, "OFFOLLOWINGMONTH"),
    )


def make(importer, client, *, despite=False):
    job = start(importer.caller, client.client_id, despite_matches=despite)
    return finished(importer, job)


def finished(importer, job):
    for _ in range(20):
        job = store.get(job.lane, job.name)
        if not job.state.open:
            return job
        importer.xero.aws.clock.advance(minutes=4)
        importer.work()
    raise AssertionError(job)


def made(importer, client):
    """The contacts in Xero that bear the client's number."""
    return [
        one
        for one in importer.books.contacts.all()
        if one.get("ContactNumber") == client.client_id
    ]


def test_xero_gets_all_that_the_client_has_and_the_two_are_linked(allowed, client):
    job = make(allowed, client)
    assert job.state is JobState.DONE, job.message
    (contact,) = made(allowed, client)
    assert contact["Name"] == "Kererū Kites"
    assert contact["Addresses"][1]["AddressLine2"] == "Level 2"
    assert contact["ContactPersons"][0]["IncludeInEmails"] is True
    assert contact["PaymentTerms"]["Sales"]["Day"] == 20
    after = clients.get("t1", client.client_id)
    assert after.contact_id == contact["ContactID"]
    assert after.details.contact_number == client.client_id
    assert (after.email, after.details.persons) == (client.email, client.details.persons)
    assert creations.get(allowed.contacts, client.client_id) is None
    assert allowed.run().progress["created"] == 36


def test_near_matches_are_shown_before_anything_is_made(allowed, client):
    allowed.plant("Kereru Kites Limited")
    allowed.plant("Kererū Kite")
    allowed.plant("Somebody", EmailAddress="ANA@kereru.example")
    allowed.plant("Kererū Consulting")
    connection = connections.active("t1")
    found = near(allowed.contacts, connection, client)
    assert [(one.facts.name, [str(kind) for kind in one.evidence]) for one in found] == [
        ("Kereru Kites Limited", ["similar_name"]),
        ("Somebody", ["email"]),
        ("Kererū Kite", ["looks_alike"]),
    ]
    with pytest.raises(NearMatches):
        make(allowed, client)
    assert not made(allowed, client)
    assert make(allowed, client, despite=True).state is JobState.DONE
    assert len(made(allowed, client)) == 1


def test_a_name_that_xero_has_already_is_said_and_nothing_is_merged(allowed, client):
    taken = allowed.plant("kererū kites")
    job = make(allowed, client, despite=True)
    assert job.state is JobState.FAILED
    assert "already" in job.message
    assert clients.get("t1", client.client_id).contact_id is None
    assert allowed.books.contacts.get(taken)["Name"] == "kererū kites"
    assert creations.get(allowed.contacts, client.client_id) is None


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": Kind.DROP, "when": Moment.AFTER},
        {"kind": Kind.DROP, "when": Moment.BEFORE},
        {"kind": Kind.STATUS, "status": 500, "when": Moment.AFTER, "memorised": True},
        {"kind": Kind.STATUS, "status": 500, "when": Moment.BEFORE, "memorised": True},
        {"kind": Kind.STATUS, "status": 503},
        {"kind": Kind.TRUNCATE},
        {"kind": Kind.RATE_LIMIT, "retry_after": 30},
        {"kind": Kind.TOKEN_EXPIRED},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
def test_one_contact_is_made_whatever_becomes_of_the_answer(allowed, client, fault):
    kind = fault.pop("kind")
    allowed.xero.fault(kind, CONTACTS, method="PUT", times=1, **fault)
    job = make(allowed, client, despite=True)
    assert job.state is JobState.DONE, job.message
    (contact,) = made(allowed, client)
    assert clients.get("t1", client.client_id).contact_id == contact["ContactID"]
    assert creations.get(allowed.contacts, client.client_id) is None


def test_where_the_look_up_fails_nothing_is_repeated(allowed, client):
    allowed.xero.fault(Kind.DROP, CONTACTS, method="PUT", when=Moment.AFTER, times=1)
    job = start(allowed.caller, client.client_id, despite_matches=True)
    allowed.xero.fault(Kind.STATUS, f"{CONTACTS}/", method="GET", status=503, times=0)
    allowed.xero.world.calls.clear()
    for _ in range(3):
        allowed.xero.aws.clock.advance(minutes=10)
        allowed.work()
    assert store.get(job.lane, job.name).state.open
    assert allowed.xero.calls("PUT", CONTACTS) == 0
    allowed.xero.world.faults.clear()
    allowed.xero.aws.clock.advance(hours=1)
    assert finished(allowed, job).state is JobState.DONE
    assert allowed.xero.calls("PUT", CONTACTS) == 0
    assert len(made(allowed, client)) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_worker_that_dies_at_any_write_makes_one_contact(allowed, client, after):
    power = Power()
    for write in range(1, 30):
        other = clients.create("t1", f"{client.name} {write}", client_id=f"client-{write:03}")
        power.cut_at(write, after=after)
        died = _dies(allowed, other)
        power.restore()
        allowed.xero.aws.clock.advance(minutes=2)
        with suppress(Conflict):  # It was linked before the cut.
            finished(allowed, start(allowed.caller, other.client_id, despite_matches=True))
        (contact,) = made(allowed, other)
        assert clients.get("t1", other.client_id).contact_id == contact["ContactID"]
        if not died:
            assert write > 8
            return
    raise AssertionError("There were more writes than tried.")


def _dies(allowed, client) -> bool:
    try:
        start(allowed.caller, client.client_id, despite_matches=True)
    except PowerCut:
        return True
    return False


def test_it_needs_the_feature_and_its_permission(xero, client):
    xero.connect()
    with pytest.raises(FeatureOff):
        start(caller_of("t1"), client.client_id, despite_matches=True)
    features.switch(caller_of("t1"), Feature.CREATE_CONTACTS, on=True)
    with pytest.raises(PermissionNeeded):
        start(caller_of("t1"), client.client_id, despite_matches=True)


@pytest.mark.parametrize(
    ("change", "field"), [({"name": "Kites <3"}, "name"), ({"email": ""}, "email")]
)
def test_what_xero_would_refuse_is_said_before(allowed, client, change, field):
    clients.change("t1", client.client_id, **change)
    with pytest.raises(InvalidInput) as refusal:
        start(allowed.caller, client.client_id, despite_matches=True)
    assert refusal.value.field == field


def test_who_is_linked_is_not_made_again(allowed, client):
    make(allowed, client)
    with pytest.raises(Conflict):
        start(allowed.caller, client.client_id, despite_matches=True)
    assert len(made(allowed, client)) == 1
