from datetime import UTC, datetime, timedelta

import pytest
from xero_python.accounting import (
    Address,
    Contact,
    ContactPerson,
    Contacts,
    HistoryRecord,
    HistoryRecords,
    Phone,
)
from xero_python.exceptions import AccountingBadRequestException


def create(customer, *contacts, **options):
    return customer.accounting.create_contacts(
        customer.tenant, Contacts(contacts=list(contacts)), **options
    ).contacts


def test_sdk_pages_through_every_active_contact(customer):
    seen, page = [], 1
    while True:
        answer = customer.accounting.get_contacts(customer.tenant, page=page, page_size=15)
        seen += [c.contact_id for c in answer.contacts]
        if page == answer.pagination.page_count:
            break
        page += 1

    assert len(seen) == len(set(seen)) == answer.pagination.item_count
    assert answer.pagination.page_size == 15


def test_sdk_creates_a_contact_with_all_its_parts(customer):
    (made,) = create(
        customer,
        Contact(
            name="Kiwi Kites",
            contact_number="WB-1",
            email_address="kites@example.com",
            addresses=[Address(address_type="POBOX", address_line1="P O Box 1", city="Nelson")],
            phones=[Phone(phone_type="MOBILE", phone_number="021 555 012")],
            contact_persons=[ContactPerson(first_name="Ana", email_address="ana@example.com")],
        ),
    )

    read = customer.accounting.get_contact(customer.tenant, made.contact_id).contacts[0]
    by_number = customer.accounting.get_contact_by_contact_number(customer.tenant, "WB-1")
    assert by_number.contacts[0].contact_id == made.contact_id
    assert {a.address_type: a.city for a in read.addresses}["POBOX"] == "Nelson"
    assert read.contact_persons[0].first_name == "Ana"
    assert read.contact_status == "ACTIVE"


def test_sdk_updates_only_the_fields_it_sends(customer):
    (made,) = create(customer, Contact(name="Kiwi Kites", email_address="kites@example.com"))

    customer.accounting.update_contact(
        customer.tenant, made.contact_id, Contacts(contacts=[Contact(first_name="Rangi")])
    )

    read = customer.accounting.get_contact(customer.tenant, made.contact_id).contacts[0]
    assert (read.first_name, read.email_address) == ("Rangi", "kites@example.com")


def test_post_updates_the_contact_of_that_name(customer):
    (made,) = create(customer, Contact(name="Kiwi Kites"))

    (saved,) = customer.accounting.update_or_create_contacts(
        customer.tenant, Contacts(contacts=[Contact(name="Kiwi Kites", tax_number="12")])
    ).contacts

    assert saved.contact_id == made.contact_id


def test_put_refuses_a_name_in_use(customer):
    with pytest.raises(AccountingBadRequestException) as refused:
        create(customer, Contact(name="Boom FM"))

    assert "already assigned to another contact" in str(refused.value.error_data)


def test_each_contact_of_a_batch_has_its_own_result(customer):
    made, refused = create(
        customer, Contact(name="Kiwi Kites"), Contact(name="Boom FM"), summarize_errors=False
    )

    assert made.status_attribute_string == "OK"
    assert not made.has_validation_errors
    assert refused.has_validation_errors
    assert refused.contact_id == "00000000-0000-0000-0000-000000000000"
    assert "unique across all active" in refused.validation_errors[0].message


def test_archived_contacts_are_listed_only_when_asked_for(customer):
    (made,) = create(customer, Contact(name="Kiwi Kites"))
    customer.accounting.update_contact(
        customer.tenant,
        made.contact_id,
        Contacts(contacts=[Contact(contact_status="ARCHIVED")]),
    )

    where = 'Name=="Kiwi Kites"'
    active = customer.accounting.get_contacts(customer.tenant, where=where).contacts
    every = customer.accounting.get_contacts(
        customer.tenant, where=where, include_archived=True
    ).contacts
    assert active == []
    assert [c.contact_status for c in every] == ["ARCHIVED"]


def test_if_modified_since_gives_only_what_changed(customer):
    since = datetime.now(UTC) - timedelta(seconds=2)
    (made,) = create(customer, Contact(name="Kiwi Kites"))

    found = customer.accounting.get_contacts(customer.tenant, if_modified_since=since, page=1)

    assert [c.contact_id for c in found.contacts] == [made.contact_id]


def test_sdk_searches_contacts_and_asks_for_summaries(customer):
    found = customer.accounting.get_contacts(
        customer.tenant, search_term="boom", summary_only=True, page=1
    ).contacts

    assert [c.name for c in found] == ["Boom FM"]
    assert found[0].addresses == []


def test_sdk_writes_and_reads_history_of_a_contact(customer):
    (made,) = create(customer, Contact(name="Kiwi Kites"))

    customer.accounting.create_contact_history(
        customer.tenant,
        made.contact_id,
        HistoryRecords(history_records=[HistoryRecord(details="Brought over")]),
    )

    records = customer.accounting.get_contact_history(customer.tenant, made.contact_id)
    assert records.history_records[0].details == "Brought over"
