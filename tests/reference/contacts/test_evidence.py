"""What a contact and a client have in common, and what of it is enough for one click."""

from datetime import UTC, datetime

import pytest

from chalicelib.reference.contacts.evidence import Kind, Unlinked, compare
from chalicelib.reference.contacts.facts import Facts
from chalicelib.work.details import Details
from chalicelib.work.model import Client

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def client(name="Acme Ltd", client_id="k1", email="", **details):
    return Client(client_id, name, NOW, email=email, details=Details(**details))


def contact(name="Acme Ltd", contact_id="c1", email="", **details):
    return Facts(contact_id, name, email=email, details=Details(**details))


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ("Acme Ltd", "Acme Ltd", Kind.SAME_NAME),
        ("ACME  LTD", "Acme Ltd.", Kind.NAME),
        ("Ngāi Tahu Cafe", "NGAI TAHU CAFÉ", Kind.NAME),
        ("O'Brien & Söhne", "OBrien & Sohne", Kind.NAME),
        ("Acme Limited", "The ACME Co. Ltd", Kind.SIMILAR_NAME),
        ("株式会社さくら", "株式会社 さくら", None),
        ("Acme Ltd", "Acme Holdings Ltd", None),
    ],
)
def test_names_are_compared_by_what_people_mean(ours, theirs, kind):
    found = Unlinked([client(ours)], {}).like(contact(theirs))
    assert [one.evidence for one in found] == ([(kind,)] if kind else [])


@pytest.mark.parametrize(
    ("ours", "theirs", "evidence", "exact"),
    [
        ({"email": "A@acme.nz"}, {"name": "Other", "email": "a@acme.nz"}, [Kind.EMAIL], False),
        (
            {"name": "ACME LTD", "email": "a@acme.nz"},
            {"email": "a@acme.nz"},
            [Kind.NAME, Kind.EMAIL],
            True,
        ),
        (
            {"name": "Us", "tax_number": "12-345"},
            {"tax_number": "12345"},
            [Kind.TAX_NUMBER],
            False,
        ),
        (
            {"name": "Us", "account_number": "AC 1"},
            {"account_number": "ac1"},
            [Kind.ACCOUNT_NUMBER],
            False,
        ),
        ({"name": "Us"}, {"contact_number": "K1"}, [Kind.CONTACT_NUMBER], True),
        ({"name": "Acme"}, {"name": "ACME Ltd"}, [Kind.SIMILAR_NAME], False),
        ({"name": "acme ltd"}, {}, [Kind.NAME], False),
    ],
)
def test_one_click_takes_an_id_or_a_name_with_a_second_sign(ours, theirs, evidence, exact):
    (found,) = Unlinked([client(**ours)], {}).like(contact(**theirs))
    assert list(found.evidence) == evidence
    assert found.exact is exact


def test_a_number_that_contradicts_is_named_and_never_exact():
    found = compare(client(tax_number="111"), contact(tax_number="222"))
    assert found.against == (Kind.TAX_NUMBER,)
    assert not found.exact


def test_a_contact_that_the_client_had_in_other_books_is_known_by_its_id():
    unlinked = Unlinked([client("Anything")], {"k1": frozenset({"c1"})})
    (found,) = unlinked.like(contact("Else"))
    assert found.evidence == (Kind.CONTACT_ID,)
    assert found.exact


def test_the_likeliest_comes_first_and_who_is_known_to_be_another_is_left_out():
    both = Unlinked([client("Acme Limited", "k1"), client("Acme Ltd", "k2")], {})
    assert [one.client_id for one in both.like(contact())] == ["k2", "k1"]
    assert [one.client_id for one in both.like(contact(), apart=["k2"])] == ["k1"]


def test_who_is_linked_meanwhile_is_found_no_more():
    unlinked = Unlinked([client()], {})
    unlinked.discard("k1")
    assert unlinked.like(contact()) == ()
    assert not unlinked
