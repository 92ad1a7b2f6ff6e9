"""What Xero accepts in a contact. Sources: the Contacts page and the OpenAPI file."""

import re

from local.xero.books.errors import Problems
from local.xero.books.records import Record

UNIDENTIFIED = (
    "The Contact must contain at least 1 of the following elements to identify the "
    "contact: Name, ContactID, ContactNumber"
)
NAME_TAKEN = (
    "The contact name {name} is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)
ARCHIVED = (
    "The contact with the specified contact details has been archived. The contact must "
    "be un-archived before creating new invoices or credit notes."
)
_LONGEST = {
    "Name": 255,
    "FirstName": 255,
    "LastName": 255,
    "EmailAddress": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "CompanyNumber": 50,
    "TaxNumber": 50,
}
_LONGEST_ADDRESS = {
    **dict.fromkeys((f"AddressLine{n}" for n in range(1, 5)), 500),
    **dict.fromkeys(("City", "Region", "AttentionTo"), 255),
    **dict.fromkeys(("PostalCode", "Country"), 50),
}
_LONGEST_PHONE = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
_ADDRESS_TYPES = ("POBOX", "STREET")
_PHONE_TYPES = ("DEFAULT", "DDI", "MOBILE", "FAX", "OFFICE")
_STATUSES = ("ACTIVE", "ARCHIVED", "GDPRREQUEST")
_MOST_PERSONS = 5
# Umlauts are not supported in Xero's e-mail addresses.
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def check(contact: Record, problems: Problems) -> None:
    """Says everything wrong with a contact by itself; uniqueness is the caller's."""
    _check_name(contact["Name"], problems)
    _check_lengths(contact, _LONGEST, problems)
    for address in contact["Addresses"]:
        _check_kind(address["AddressType"], _ADDRESS_TYPES, "Address type", problems)
        _check_lengths(address, _LONGEST_ADDRESS, problems)
    for phone in contact["Phones"]:
        _check_kind(phone["PhoneType"], _PHONE_TYPES, "Phone type", problems)
        _check_lengths(phone, _LONGEST_PHONE, problems)
    _check_kind(contact["ContactStatus"], _STATUSES, "Contact status", problems)
    _check_people(contact, problems)


def _check_name(name: str, problems: Problems) -> None:
    if not name:
        problems.say("The Contact Name cannot be empty.")
    if "<" in name or ">" in name:
        problems.say("The contact name must not contain the characters < or >.")
    if name != name.strip() or "  " in name:
        problems.say("The contact name must not have leading, trailing or doubled spaces.")


def _check_lengths(record: Record, longest: dict[str, int], problems: Problems) -> None:
    for field, limit in longest.items():
        if len(record.get(field, "")) > limit:
            problems.say(f"The length of the {field} cannot be greater than {limit} characters.")


def _check_kind(value: str, known: tuple[str, ...], what: str, problems: Problems) -> None:
    if value not in known:
        problems.say(f"{what} {value} is not valid.")


def _check_people(contact: Record, problems: Problems) -> None:
    people = contact["ContactPersons"]
    addresses = [contact["EmailAddress"], *(p.get("EmailAddress", "") for p in people)]
    if any(address and not _EMAIL.fullmatch(address) for address in addresses):
        problems.say("Email address must be valid.")
    if people and not contact["EmailAddress"]:
        problems.say(
            "Additional people cannot be added when the primary person has no email address set."
        )
    if len(people) > _MOST_PERSONS:
        problems.say("A contact cannot have more than 5 additional people.")
