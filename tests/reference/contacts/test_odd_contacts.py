"""Whatever a contact is made of, it comes in as it is, and keeps back no other."""

import pytest

from chalicelib.dispatch.model import JobState
from chalicelib.work import clients
from chalicelib.work.details import Address, Person, Phone
from local.xero.faults import Kind
from tests.support.imports import CONTACTS, Importer

NAMES = {
    "markup": "<b>Bold</b> & <script>alert(1)</script>",
    "entities": "&lt;b&gt;Bold&lt;/b&gt;",
    "quotes": 'Ben & Jerry\'s "R&D"; DROP TABLE',
    "formula": "=cmd|'/C calc'!A0",
    "right to left": "شركة النخيل للتجارة",
    "both ways": "Acme \u202eevil\u202c \u200bLtd",
    "emoji": "👩‍👩‍👧‍👦 Quack 🦆",
    "emoji only": "🦆" * 255,
    "longest": "N" * 255,
    "longest taken apart": "뷁" * 255,
    "ligature": "ﷺ" * 100,
    "spaces": "  Wide   Open\tSpaces  ",
    "marks": "...",
    "null": "Nul\\u0000 & %00",
}

ODD = {
    "bare": {},
    "nulls": dict.fromkeys(
        ("EmailAddress", "Addresses", "Phones", "ContactPersons", "PaymentTerms", "TaxNumber")
    ),
    "new words": {
        "ContactStatus": "HIBERNATING",
        "Addresses": [{"AddressType": "BURROW", "City": "Hobbiton"}],
        "Phones": [{"PhoneType": "PIGEON", "PhoneNumber": "coo"}],
        "PaymentTerms": {"Sales": {"Day": 3, "Type": "AFTERFULLMOON"}},
        "FavouriteColour": "blue",
    },
    "numbers as text": {
        "IsCustomer": "true",
        "PaymentTerms": {"Sales": {"Day": "20", "Type": "OFCURRENTMONTH"}},
    },
    "no mail": {"EmailAddress": "not an address"},
    "foreign mail": {"EmailAddress": "jörg@münchen.example"},
    "foreign money": {"DefaultCurrency": "XBT"},
    "lines": {"Addresses": [{"AddressType": "POBOX", "AddressLine2": "Second only"}]},
    "person": {"ContactPersons": [{"FirstName": "Ann"}, {"EmailAddress": "b@c.example"}]},
}


@pytest.fixture
def importer(xero):
    return Importer.connected(xero)


def test_names_come_in_as_they_are(importer):
    planted = {what: importer.plant(name) for what, name in NAMES.items()}
    job = importer.run()
    assert job.state is JobState.DONE, job.message
    found = {what: importer.client(contact_id).name for what, contact_id in planted.items()}
    assert found == NAMES | {"spaces": "Wide Open Spaces"}
    importer.xero.world.calls.clear()
    assert importer.whole().progress["updated"] == 0
    for name in NAMES.values():
        assert clients.find("t1", name)


def test_odd_particulars_come_in_as_far_as_they_say_anything(importer):
    planted = {what: importer.plant(f"Odd {what}", **fields) for what, fields in ODD.items()}
    job = importer.run()
    assert job.state is JobState.DONE, job.message
    found = {what: importer.client(contact_id) for what, contact_id in planted.items()}
    assert found["bare"].details == found["nulls"].details
    assert found["new words"].details.addresses == (Address("BURROW", city="Hobbiton"),)
    assert found["new words"].details.phones == (Phone("PIGEON", "coo"),)
    assert found["new words"].details.payment_terms.kind == "AFTERFULLMOON"
    assert found["numbers as text"].details.payment_terms.day == 20
    assert found["no mail"].email == "not an address"
    assert found["foreign mail"].email == "jörg@münchen.example"
    assert found["foreign money"].currency == "XBT"
    assert found["lines"].details.address("POBOX").lines == ("Second only",)
    assert found["person"].details.persons == (Person("Ann"), Person(email="b@c.example"))
    assert importer.whole().progress["updated"] == 0


def test_what_cannot_be_read_at_all_is_named_and_keeps_back_no_other(importer):
    importer.plant("Unreadable", PaymentTerms={"Sales": {"Day": "soon"}})
    importer.plant("")
    job = importer.run()
    assert job.result["examples"]["Xero's answer about it could not be read."] == ["Unreadable"]
    assert job.result["skipped"]["Without a name in Xero."] == 1
    assert clients.find("t1", "Boom FM")
    assert job.progress["done"] == job.progress["total"]


def test_missing_lists_and_unheard_of_words_in_every_contact_do_no_harm(importer):
    importer.xero.fault(Kind.NULL_ARRAYS, CONTACTS, times=1)
    importer.run()
    count = len(importer.clients())
    importer.xero.fault(
        Kind.UNKNOWN_ENUM, CONTACTS, field="ContactStatus", value="ASLEEP", times=1
    )
    importer.whole()
    assert len(importer.clients()) >= count > 30


def test_changes_that_were_not_judged_here_are_taken_from_xero(importer):
    """A person could not type an address without an at sign; Xero may have one all the same."""
    importer.run()
    contact = importer.contact("Boom FM")
    contact["EmailAddress"] = "none"
    importer.books.contacts.get(contact["ContactID"])["UpdatedDateUTC"] = (
        importer.xero.world.clock.now()
    )
    assert importer.run().progress["updated"] == 1
    assert importer.client(contact["ContactID"]).email == "none"
