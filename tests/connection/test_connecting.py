"""From the click to the connection, and every way it may fail."""

from dataclasses import replace

import pytest

from chalicelib.connection import authorise, consents, store
from chalicelib.connection.grants import GrantRow
from chalicelib.connection.model import ConnectionState, ConsentRefused, OrganisationTaken
from chalicelib.xero.errors import XeroCodeRefused, XeroGrantIncomplete
from local.xero.identity.grants import Grant
from tests.support.xero import FIRST, SECOND, caller_of, session_of


def test_connecting_names_the_organisation(xero):
    made = xero.connect()
    found = store.get("t1")
    assert found == made
    assert found.state is ConnectionState.ACTIVE
    assert found.organisation_id == xero.organisation()
    assert (found.organisation_name, found.country, found.base_currency) == (
        "Demo Company (NZ)",
        "NZ",
        "NZD",
    )
    assert found.short_code.startswith("!")
    assert found.connected_by == "Ann"
    assert found.xero_user == "Dana Demo, demo@xero.test"
    assert "accounting.invoices" in found.scopes
    assert store.tenant_of(found.organisation_id) == "t1"


def test_nothing_readable_is_stored(xero):
    made = xero.connect()
    row = GrantRow.get(made.xero_userid, "grant")
    stored = repr(row.serialize())
    assert row.access_token() not in stored
    assert row.refresh_token() not in stored
    assert xero.accepts(row.refresh_token())


def test_cancelling_connects_nothing(xero):
    session = session_of("t1")
    query = xero.consent(authorise.begin(session, caller_of("t1")), act="cancel")
    consent = authorise.recall(session, query)
    with pytest.raises(ConsentRefused, match="not allowed"):
        authorise.finish(consent, caller_of("t1"), query)
    assert store.get("t1").state is ConnectionState.NONE


class TestState:
    def begun(self, xero):
        session = session_of("t1")
        return session, xero.consent(authorise.begin(session, caller_of("t1")))

    def test_serves_once(self, xero):
        session, query = self.begun(xero)
        authorise.recall(session, query)
        with pytest.raises(ConsentRefused):
            authorise.recall(session, query)

    def test_of_another_browser_is_refused(self, xero):
        _, query = self.begun(xero)
        with pytest.raises(ConsentRefused):
            authorise.recall(session_of("t1", "browser-2"), query)

    def test_of_another_user_is_refused(self, xero):
        session, query = self.begun(xero)
        with pytest.raises(ConsentRefused):
            authorise.recall(replace(session, user_id="bob"), query)

    def test_of_another_tenant_is_refused(self, xero):
        session, query = self.begun(xero)
        with pytest.raises(ConsentRefused):
            authorise.recall(replace(session, tenant_id="t2"), query)

    def test_that_is_forged_is_refused_and_spends_nothing(self, xero):
        session, query = self.begun(xero)
        with pytest.raises(ConsentRefused):
            authorise.recall(session, {**query, "state": "guess"})
        assert authorise.recall(session, query).tenant_id == "t1"

    def test_ways_that_ended_are_counted_for_the_page_that_waits(self, xero):
        session, query = self.begun(xero)
        authorise.recall(session, query)
        assert consents.answered(session.id_hash) == 0
        consents.ended(session.id_hash)
        assert consents.answered(session.id_hash) == 1
        consents.ended("a session without a consent")
        assert consents.answered("a session without a consent") == 0

    def test_ends_after_ten_minutes(self, xero):
        session, query = self.begun(xero)
        xero.aws.clock.advance(minutes=10)
        with pytest.raises(ConsentRefused):
            authorise.recall(session, query)


def test_a_code_that_came_too_late_is_refused(xero):
    session = session_of("t1")
    query = xero.consent(authorise.begin(session, caller_of("t1")))
    for code in xero.world.codes.values():
        code.expires = xero.world.clock.now()
    consent = authorise.recall(session, query)
    with pytest.raises(XeroCodeRefused):
        authorise.finish(consent, caller_of("t1"), query)


def test_a_code_begun_with_another_verifier_is_refused(xero):
    session = session_of("t1")
    stolen = xero.consent(authorise.begin(session, caller_of("t1")))
    other = session_of("t2")
    own = xero.consent(authorise.begin(other, caller_of("t2")))
    consent = authorise.recall(other, own)
    with pytest.raises(XeroCodeRefused):
        authorise.finish(consent, caller_of("t2"), {**own, "code": stolen["code"]})


def test_a_grant_without_refresh_token_connects_nothing(xero):
    session = session_of("t1")
    query = xero.consent(authorise.begin(session, caller_of("t1")))
    for grant in xero.world.grants.values():
        grant.scopes.remove("offline_access")
    consent = authorise.recall(session, query)
    with pytest.raises(XeroGrantIncomplete):
        authorise.finish(consent, caller_of("t1"), query)
    assert store.get("t1").state is ConnectionState.NONE


def test_a_grant_of_too_little_connects_nothing(xero):
    session = session_of("t1")
    query = xero.consent(authorise.begin(session, caller_of("t1")))
    for grant in xero.world.grants.values():
        grant.scopes.remove("accounting.invoices")
    consent = authorise.recall(session, query)
    with pytest.raises(ConsentRefused, match="less than"):
        authorise.finish(consent, caller_of("t1"), query)
    assert store.get("t1").state is ConnectionState.NONE
    assert not xero.world.grants


def test_an_organisation_belongs_to_one_tenant(xero):
    first = xero.connect("t1")
    with pytest.raises(OrganisationTaken) as refusal:
        xero.connect("t2", email=SECOND)
    assert "t1" not in refusal.value.sentence
    assert "Ann" not in refusal.value.sentence
    assert store.get("t2").state is ConnectionState.NONE
    assert store.get("t1") == first
    assert len(xero.world.connections) == 1


def test_two_that_connect_at_once_do_not_share(xero):
    first = xero.connect("t1")
    unaware = replace(first, tenant_id="t2", version=0)
    with pytest.raises(OrganisationTaken):
        store.claim(unaware, store.get("t2"))
    assert store.tenant_of(first.organisation_id) == "t1"
    assert store.get("t2").state is ConnectionState.NONE


def test_an_organisation_taken_by_the_same_user_leaves_that_grant_alone(xero):
    first = xero.connect("t1")
    with pytest.raises(ConsentRefused):
        xero.connect("t2", email=FIRST)
    row = GrantRow.get(first.xero_userid, "grant")
    assert row.used_by == {"t1"}
    assert xero.accepts(row.refresh_token())
    assert len(xero.world.connections) == 1


def test_one_user_connects_two_tenants_by_one_grant(xero):
    first = xero.connect("t1")
    second = xero.connect("t2", organisation="Demo Company (AU)")
    assert first.xero_userid == second.xero_userid
    row = GrantRow.get(first.xero_userid, "grant")
    assert row.used_by == {"t1", "t2"}
    assert store.get("t1") == first


def test_consenting_again_finds_the_organisation_that_keeps_its_first_event(xero):
    first = xero.connect()
    again = xero.connect()
    assert again.organisation_id == first.organisation_id
    assert again.connection_id == first.connection_id
    assert again.state is ConnectionState.ACTIVE


def test_a_refused_first_consent_leaves_no_grant(xero):
    xero.connect("t1")
    with pytest.raises(OrganisationTaken):
        xero.connect("t2", email=SECOND)
    assert [row.used_by for row in GrantRow.scan(GrantRow.sk == "grant")] == [{"t1"}]
    assert not [grant for grant in xero.world.grants.values() if _of(xero, grant) == SECOND]


def _of(xero, grant: Grant) -> str:
    return xero.world.users[grant.user_id].email
