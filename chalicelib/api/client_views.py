"""Clients as the API shows them."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.work.details import Address, Details, Person, Phone, Terms
from chalicelib.work.model import Client, Source, Standing


class ClientView(msgspec.Struct):
    """A client.

    ``contact_id`` is the contact in Xero it is linked to, null until it is, and ``standing`` how
    that stands there. ``tax_type`` and ``account_code`` are the contact's own, ``contact_number``
    is the id that some app gave it. The address of kind POBOX is the one bills go to.
    """

    id: str
    name: str
    email: str
    contact_id: str | None
    standing: Standing | None
    currency: str | None
    tax_type: str | None
    account_code: str | None
    first_name: str
    last_name: str
    tax_number: str
    account_number: str
    company_number: str
    contact_number: str
    addresses: list[Address]
    phones: list[Phone]
    persons: list[Person]
    payment_terms: Terms | None
    archived: bool
    source: Source
    updated_at: datetime


class NewClient(msgspec.Struct, forbid_unknown_fields=True):
    """A client to be made; without ``currency``, projects take the organisation's."""

    name: str
    email: str = ""
    currency: str | None = None
    first_name: str = ""
    last_name: str = ""
    tax_number: str = ""
    account_number: str = ""
    company_number: str = ""
    addresses: list[Address] = []
    phones: list[Phone] = []
    persons: list[Person] = []
    payment_terms: Terms | None = None


class ClientChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of a client is to change; what is left out stays, a list that is sent replaces all.

    Of a linked client, what comes from Xero is refused.
    """

    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    currency: str | UnsetType | None = UNSET
    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    tax_number: str | UnsetType = UNSET
    account_number: str | UnsetType = UNSET
    company_number: str | UnsetType = UNSET
    addresses: list[Address] | UnsetType = UNSET
    phones: list[Phone] | UnsetType = UNSET
    persons: list[Person] | UnsetType = UNSET
    payment_terms: Terms | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET


SHOWN = tuple(name for name in Details.__struct_fields__ if name in ClientView.__struct_fields__)


def client_view(client: Client) -> ClientView:
    """A client as the API shows it."""
    details = {name: getattr(client.details, name) for name in SHOWN}
    for name in ("addresses", "phones", "persons"):
        details[name] = list(details[name])
    return ClientView(
        id=client.client_id,
        name=client.name,
        email=client.email,
        contact_id=client.contact_id,
        standing=client.standing,
        currency=client.currency,
        tax_type=client.tax_type,
        account_code=client.account_code,
        archived=client.archived,
        source=client.source,
        updated_at=client.updated_at,
        **details,
    )
