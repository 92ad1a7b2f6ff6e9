"""The table of tokens, read by somebody who has it and not the key."""

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.connection import authorise
from chalicelib.connection.consents import ConsentRow
from chalicelib.connection.grants import GrantRow
from tests.support.aws import REGION
from tests.support.xero import SECOND, caller_of, session_of


@pytest.fixture
def two(xero):
    """Two tenants with grants of two people, and a consent under way."""
    first = xero.connect("t1")
    other = xero.connect("t2", email=SECOND, organisation="Demo Company (UK)")
    authorise.begin(session_of("t1"), caller_of("t1"))
    return [GrantRow.get(made.xero_userid, "grant") for made in (first, other)]


def everything(xero):
    """Each value of the table as bytes, however it is stored."""
    table = boto3.resource("dynamodb", region_name=REGION).Table(
        xero.aws.wiring.settings.tables["tokens"]
    )
    for item in table.scan()["Items"]:
        for value in item.values():
            yield bytes(value) if hasattr(value, "value") else str(value).encode()


def test_no_token_of_the_table_can_be_read(xero, two):
    stored = list(everything(xero))
    known = {token for grant in xero.world.grants.values() for token in grant.tokens}
    known |= {row.access_token() for row in two}
    assert len(known) == 4
    for secret in known:
        assert not any(secret.encode() in value for value in stored)
    # A signed token betrays itself by its first letters, whoever's it is.
    assert not any(b"eyJ" in value for value in stored)


def test_the_state_and_the_verifier_of_a_consent_cannot_be_read(xero):
    session = session_of("t1")
    query = xero.consent(authorise.begin(session, caller_of("t1")))
    stored = list(everything(xero))
    consent = authorise.recall(session, query)
    for secret in (query["state"], consent.code_verifier):
        assert not any(secret.encode() in value for value in stored)


@pytest.mark.parametrize("sealed", ["sealed_refresh", "sealed_access"])
def test_a_ciphertext_moved_to_another_record_does_not_open(two, sealed):
    mine, other = two
    setattr(mine, sealed, getattr(other, sealed))
    mine.save()
    moved = GrantRow.get(mine.pk, "grant")
    with pytest.raises(ClientError):
        moved.refresh_token() if sealed == "sealed_refresh" else moved.access_token()


def test_a_ciphertext_moved_to_the_other_field_does_not_open(two):
    mine, _ = two
    mine.sealed_access, mine.sealed_refresh = mine.sealed_refresh, mine.sealed_access
    with pytest.raises(ClientError):
        mine.access_token()
    with pytest.raises(ClientError):
        mine.refresh_token()


def test_a_verifier_moved_to_another_browsers_consent_does_not_open(xero):
    sessions = [session_of("t1"), session_of("t1", "browser-2")]
    queries = [xero.consent(authorise.begin(one, caller_of("t1"))) for one in sessions]
    rows = [ConsentRow.get(f"session#{one.id_hash}", "consent") for one in sessions]
    rows[0].verifier = rows[1].verifier
    rows[0].save()
    with pytest.raises(ClientError):
        authorise.recall(sessions[0], queries[0])
