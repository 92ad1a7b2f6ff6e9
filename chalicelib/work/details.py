"""What is known of a client beside its name: addresses, phones, persons, numbers and terms.

Kinds and lengths are Xero's (its Contacts page and OpenAPI file), so that what is typed in here
can become a contact there. What comes from Xero is kept as it came, unknown kinds too.
"""

from typing import Any

import msgspec

BILLING, STREET = "POBOX", "STREET"
TERMS_KINDS = {
    "DAYSAFTERBILLDATE": "days after the invoice date",
    "DAYSAFTERBILLMONTH": "days after the end of the invoice's month",
    "OFCURRENTMONTH": "of the invoice's month",
    "OFFOLLOWINGMONTH": "of the following month",
}


class Address(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """``kind`` POBOX is where bills go, whatever its name says; STREET is where people are."""

    kind: str = BILLING
    lines: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    attention: str = ""


class Phone(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """``kind`` is DEFAULT, MOBILE, DDI, OFFICE or FAX."""

    kind: str = "DEFAULT"
    number: str = ""
    area: str = ""
    country: str = ""


class Person(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Somebody else at the client; ``in_emails``: is sent invoices, too."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    in_emails: bool = False


class Terms(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """When invoices fall due: a number of days, or a day of a month, and how it is counted."""

    day: int | None = None
    kind: str = ""


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """``contact_number`` and ``default_currency`` are the contact's in Xero and only read.

    The first is the id that some app gave it.
    """

    first_name: str = ""
    last_name: str = ""
    tax_number: str = ""
    account_number: str = ""
    company_number: str = ""
    contact_number: str = ""
    default_currency: str = ""
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    persons: tuple[Person, ...] = ()
    payment_terms: Terms | None = None

    def address(self, kind: str) -> Address | None:
        """The address of a kind, if there is one."""
        return next((one for one in self.addresses if one.kind == kind), None)


NOTHING_KNOWN = Details()


def read(tree: Any) -> Details:
    """Details as they were stored."""
    return msgspec.convert(tree, Details) if tree else NOTHING_KNOWN


def terms_sentence(terms: Terms | None) -> str:
    """When an invoice falls due, in words; nothing for terms that say nothing."""
    if terms is None or terms.day is None:
        return ""
    words = TERMS_KINDS.get(terms.kind, terms.kind)
    return f"Day {terms.day} {words}" if words.startswith("of ") else f"{terms.day} {words}"
