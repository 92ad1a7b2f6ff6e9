"""What a client takes from its contact, and the print by which a change is told."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from chalicelib.work import masters
from chalicelib.work.details import Address, Details, Person, Phone, Terms
from chalicelib.work.model import Client, Standing
from chalicelib.xero.wire import contact as wire
from chalicelib.xero.wire.contact import Contact

KNOWN_STATUSES = {"ARCHIVED": Standing.ARCHIVED, "GDPRREQUEST": Standing.REMOVED}


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """A contact as its client is told of it."""

    contact_id: str
    name: str
    standing: Standing = Standing.ACTIVE
    merged_to: str = ""
    customer: bool = False
    email: str = ""
    currency: str | None = None
    tax_type: str | None = None
    account_code: str | None = None
    details: Details = Details()

    @property
    def print(self) -> str:
        """Sixteen characters that change when anything does that a client is told of."""
        told = msgspec.structs.replace(self, customer=False)
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]

    def taken_by(self, client: Client | None) -> Mapping[str, Any]:
        """What of a client is to become of it, by name of field; of a new one, all."""
        wanted = {name: getattr(self, name) for name in masters.TAKEN}
        wanted["details"] = self.details
        if client is None:
            return wanted
        return {
            name: value
            for name, value in wanted.items()
            if value != getattr(client, name) and (value or name not in masters.TAKEN_WHERE_SAID)
        }


def facts_of(contact: Contact) -> Facts:
    """The facts of a contact; a status that Xero invented since counts as active."""
    return Facts(
        contact_id=contact.contact_id,
        name=" ".join(contact.name.split()),
        standing=_standing(contact),
        merged_to=contact.merged_to_contact_id,
        customer=contact.is_customer,
        email=contact.email_address.strip(),
        currency=contact.default_currency or None,
        tax_type=contact.accounts_receivable_tax_type or None,
        account_code=contact.sales_default_account_code or None,
        details=Details(
            first_name=contact.first_name,
            last_name=contact.last_name,
            tax_number=contact.tax_number,
            account_number=contact.account_number,
            company_number=contact.company_number,
            contact_number=contact.contact_number,
            default_currency=contact.default_currency,
            addresses=tuple(filter(None, map(_address, contact.addresses))),
            phones=tuple(map(_phone, filter(_has_number, contact.phones))),
            persons=tuple(map(_person, contact.contact_persons)),
            payment_terms=_terms(contact.payment_terms),
        ),
    )


def _standing(contact: Contact) -> Standing:
    if contact.merged_to_contact_id:
        return Standing.MERGED
    return KNOWN_STATUSES.get(contact.contact_status.upper(), Standing.ACTIVE)


def _address(one: wire.Address) -> Address | None:
    """Xero shows two addresses of every contact; one that is empty is none."""
    lines = (one.address_line1, one.address_line2, one.address_line3, one.address_line4)
    found = Address(
        kind=one.address_type,
        lines=tuple(line for line in lines if line),
        city=one.city,
        region=one.region,
        postal_code=one.postal_code,
        country=one.country,
        attention=one.attention_to,
    )
    return None if found == Address(one.address_type) else found


def _has_number(one: wire.Phone) -> bool:
    return bool(one.phone_number)


def _phone(one: wire.Phone) -> Phone:
    return Phone(one.phone_type, one.phone_number, one.phone_area_code, one.phone_country_code)


def _person(one: wire.ContactPerson) -> Person:
    return Person(one.first_name, one.last_name, one.email_address, one.include_in_emails)


def _terms(terms: wire.PaymentTerms | None) -> Terms | None:
    sales = terms.sales if terms else None
    return Terms(sales.day, sales.type) if sales and sales != wire.Bill() else None
