import pytest

from local.xero.books import Refused


def enter(desk, **fields):
    return desk.books.create_contact({"Name": "Kiwi Kites", **fields})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Name": ""}, "cannot be empty"),
        ({"Name": "boom fm"}, "The contact name boom fm is already assigned to another contact."),
        ({"Name": "A <b>"}, "< or >"),
        ({"Name": " Kites"}, "leading, trailing or doubled"),
        ({"Name": "Kiwi  Kites"}, "leading, trailing or doubled"),
        ({"Name": "x" * 256}, "255"),
        ({"ContactNumber": "x" * 51}, "50"),
        ({"EmailAddress": "kites"}, "Email address must be valid."),
        ({"EmailAddress": "kites@müller.example"}, "Email address must be valid."),
        ({"ContactPersons": [{"FirstName": "Ann"}]}, "primary person has no email"),
        (
            {"EmailAddress": "a@b.example", "ContactPersons": [{"FirstName": "A"}] * 6},
            "more than 5",
        ),
        ({"Addresses": [{"AddressType": "HOME"}]}, "Address type HOME"),
        ({"Addresses": [{"AddressType": "POBOX", "City": "x" * 256}]}, "City"),
        ({"Phones": [{"PhoneType": "PAGER"}]}, "Phone type PAGER"),
        ({"Phones": [{"PhoneType": "DDI", "PhoneAreaCode": "x" * 11}]}, "PhoneAreaCode"),
    ],
)
def test_wrong_contact_is_refused_and_nothing_is_kept(desk, fields, words):
    before = len(desk.books.contacts.all())

    with pytest.raises(Refused) as refused:
        enter(desk, **fields)

    assert words in " ".join(refused.value.messages)
    assert len(desk.books.contacts.all()) == before


def test_names_are_unique_among_active_contacts_only(desk):
    first = enter(desk)
    desk.books.archive_contact(first["ContactID"])

    second = enter(desk)

    assert second["ContactID"] != first["ContactID"]
    with pytest.raises(Refused, match="already assigned"):
        desk.books.update_contact(first, {"ContactStatus": "ACTIVE"})


def test_numbers_are_unique_even_when_archived(desk):
    first = enter(desk, ContactNumber="WB-1")
    desk.books.archive_contact(first["ContactID"])

    with pytest.raises(Refused, match="contact number"):
        enter(desk, Name="Other", ContactNumber="wb-1")


@pytest.mark.parametrize("name", ["Acme Ltd", "Acme Ltd.", "Acme, Ltd"])
def test_names_that_differ_in_punctuation_are_different(desk, name):
    assert desk.books.contacts.named(name)["Name"] == name


def test_renamed_contact_is_found_by_its_new_name_alone(desk):
    contact = enter(desk)

    desk.books.rename_contact(contact["ContactID"], "Kiwi Kites 2")

    assert desk.books.contacts.named("Kiwi Kites") is None
    assert desk.books.contacts.named("kiwi kites 2") is contact


def test_refused_rename_changes_nothing(desk):
    contact = enter(desk)

    with pytest.raises(Refused):
        desk.books.rename_contact(contact["ContactID"], "Boom FM")

    assert contact["Name"] == "Kiwi Kites"
    assert desk.books.contacts.named("Kiwi Kites") is contact


def test_sent_address_replaces_its_kind_and_no_other(desk):
    contact = enter(desk, Addresses=[{"AddressType": "POBOX", "City": "Nelson"}])

    desk.books.update_contact(contact, {"Addresses": [{"AddressType": "STREET", "City": "Hope"}]})

    cities = {a["AddressType"]: a["City"] for a in contact["Addresses"]}
    assert cities == {"POBOX": "Nelson", "STREET": "Hope"}


def test_merged_contact_points_at_the_winner_who_gets_the_invoices(desk):
    loser, winner = desk.books.contacts.named("Boom FM"), desk.books.contacts.named("Bank West")
    invoice = desk.enter()
    before = loser["UpdatedDateUTC"], winner["UpdatedDateUTC"], invoice["UpdatedDateUTC"]
    desk.time.pass_by()

    desk.books.merge_contacts(loser["ContactID"], winner["ContactID"])

    assert loser["ContactStatus"] == "ARCHIVED"
    assert loser["MergedToContactID"] == winner["ContactID"]
    assert invoice["Contact"] is winner
    assert winner["IsCustomer"]
    after = loser["UpdatedDateUTC"], winner["UpdatedDateUTC"], invoice["UpdatedDateUTC"]
    assert after == before


def test_balances_are_what_is_due_and_overdue(desk):
    contact = desk.books.contacts.named("Acme Ltd")
    assert desk.books.balances(contact) is None

    desk.enter(Contact={"Name": "Acme Ltd"})
    desk.enter(Contact={"Name": "Acme Ltd"}, DueDate=desk.books.today().replace(day=1))
    desk.enter(Contact={"Name": "Acme Ltd"}, Status="DRAFT")

    receivable = desk.books.balances(contact)["AccountsReceivable"]
    assert [str(n) for n in receivable.values()] == ["230.00", "115.00"]


def test_becoming_a_customer_leaves_no_trace(desk):
    contact = desk.books.contacts.named("Acme Ltd")
    before = contact["UpdatedDateUTC"]
    desk.time.pass_by()

    desk.enter(Contact={"ContactID": contact["ContactID"]})

    assert contact["IsCustomer"]
    assert contact["UpdatedDateUTC"] == before
