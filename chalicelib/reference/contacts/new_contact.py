"""The contact that is made for a client, as Xero takes it."""

import hashlib

from chalicelib.errors import InvalidInput
from chalicelib.work.details import Details, Terms
from chalicelib.work.model import Client
from chalicelib.xero.formats import write_json
from chalicelib.xero.wire import contact as wire
from chalicelib.xero.wire.contact import NewContact


def new_contact(client: Client) -> NewContact:
    """All that the client has; its id goes along as the contact's number.

    By that number the contact is found again when Xero's answer is lost. Raises InvalidInput for
    a name that Xero does not take.
    """
    if "<" in client.name or ">" in client.name:
        raise InvalidInput("Xero takes no < or > in a name. Change the name first.", field="name")
    details = client.details
    if details.persons and not client.email:
        raise InvalidInput(
            "Xero takes further persons only beside an e-mail address of the client itself.",
            field="email",
        )
    return NewContact(
        name=client.name,
        contact_number=client.client_id,
        account_number=details.account_number,
        first_name=details.first_name,
        last_name=details.last_name,
        email_address=client.email,
        tax_number=details.tax_number,
        company_number=details.company_number,
        default_currency=client.currency or "",
        payment_terms=_terms(details.payment_terms),
        addresses=_addresses(details),
        phones=tuple(
            wire.Phone(one.kind, one.number, one.area, one.country) for one in details.phones
        ),
        contact_persons=tuple(
            wire.ContactPerson(one.first_name, one.last_name, one.email, one.in_emails)
            for one in details.persons
        ),
    )


def hash_of(contact: NewContact) -> str:
    """The SHA-256 of what is sent, in hexadecimal."""
    return hashlib.sha256(write_json(contact)).hexdigest()


def _addresses(details: Details) -> tuple[wire.Address, ...]:
    return tuple(
        wire.Address(
            address_type=one.kind,
            **{f"address_line{number}": line for number, line in enumerate(one.lines, 1)},
            city=one.city,
            region=one.region,
            postal_code=one.postal_code,
            country=one.country,
            attention_to=one.attention,
        )
        for one in details.addresses
    )


def _terms(terms: Terms | None) -> wire.PaymentTerms | None:
    return wire.PaymentTerms(sales=wire.Bill(terms.day, terms.kind)) if terms else None
