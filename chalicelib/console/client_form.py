"""The form of a client: from what is known to fields, and from what was typed back."""

from typing import Any

from chalicelib.console.forms import Form
from chalicelib.errors import InvalidInput
from chalicelib.work.check_details import MOST_PERSONS
from chalicelib.work.details import BILLING, STREET, Address, Details, Person, Phone, Terms
from chalicelib.work.model import Client

PLAIN = ("name", "email", "currency")
NUMBERS = ("first_name", "last_name", "tax_number", "account_number", "company_number")
ADDRESSES = {"billing": BILLING, "street": STREET}
PARTS = ("city", "region", "postal_code", "country", "attention")
PHONES = {"phone": "DEFAULT", "mobile": "MOBILE"}
PERSONS = range(1, MOST_PERSONS + 1)
FIELDS = (
    *PLAIN,
    *NUMBERS,
    *(f"{place}_{part}" for place in ADDRESSES for part in ("lines", *PARTS)),
    *PHONES,
    *(f"person{n}_{part}" for n in PERSONS for part in ("first_name", "last_name", "email")),
    *(f"person{n}_in_emails" for n in PERSONS),
    "terms_day",
    "terms_kind",
)
"""Every field of the form."""


def values(client: Client | None) -> dict[str, str]:
    """What the fields hold before anything is typed."""
    found = dict.fromkeys(FIELDS, "")
    if client is None:
        return found
    details = client.details
    found |= {"name": client.name, "email": client.email, "currency": client.currency or ""}
    found |= {name: getattr(details, name) for name in NUMBERS}
    for place, kind in ADDRESSES.items():
        address = details.address(kind) or Address(kind)
        found[f"{place}_lines"] = "\n".join(address.lines)
        found |= {f"{place}_{part}": getattr(address, part) for part in PARTS}
    for name, kind in PHONES.items():
        found[name] = next((shown(one) for one in details.phones if one.kind == kind), "")
    for number, person in zip(PERSONS, details.persons, strict=False):
        found |= {
            f"person{number}_{part}": getattr(person, part)
            for part in ("first_name", "last_name", "email")
        }
        found[f"person{number}_in_emails"] = "yes" if person.in_emails else ""
    if details.payment_terms:
        found["terms_day"] = str(details.payment_terms.day or 0)
        found["terms_kind"] = details.payment_terms.kind
    return found


def changes(form: Form, before: Details) -> dict[str, Any]:
    """What was typed, by field of a client; raises InvalidInput for days that are no number.

    Kinds of addresses and phones that the form does not show stay as they are.
    """
    found: dict[str, Any] = {name: form.get(name) for name in (*PLAIN, *NUMBERS)}
    found["addresses"] = tuple(
        one for one in before.addresses if one.kind not in ADDRESSES.values()
    ) + tuple(_address(form, place, kind) for place, kind in ADDRESSES.items())
    found["phones"] = tuple(
        one for one in before.phones if one.kind not in PHONES.values()
    ) + tuple(_phone(form.get(name), kind, before) for name, kind in PHONES.items())
    found["persons"] = tuple(_person(form, number) for number in PERSONS)
    found["payment_terms"] = _terms(form)
    return found


def shown(phone: Phone) -> str:
    """A phone number as people read it."""
    return " ".join(part for part in (phone.country, phone.area, phone.number) if part)


def _address(form: Form, place: str, kind: str) -> Address:
    lines = tuple(line.strip() for line in form.get(f"{place}_lines").splitlines())
    parts = {part: form.get(f"{place}_{part}") for part in PARTS}
    return Address(kind=kind, lines=tuple(filter(None, lines)), **parts)


def _phone(typed: str, kind: str, before: Details) -> Phone:
    """The parts of a number stay apart unless somebody typed another."""
    known = next((one for one in before.phones if one.kind == kind), None)
    return known if known and shown(known) == typed else Phone(kind=kind, number=typed)


def _person(form: Form, number: int) -> Person:
    return Person(
        first_name=form.get(f"person{number}_first_name"),
        last_name=form.get(f"person{number}_last_name"),
        email=form.get(f"person{number}_email"),
        in_emails=form.get(f"person{number}_in_emails") == "yes",
    )


def _terms(form: Form) -> Terms | None:
    day, kind = form.get("terms_day"), form.get("terms_kind")
    if not day and not kind:
        return None
    if not day.isdecimal():
        raise InvalidInput("Say how many days, as a number.", field="terms_day")
    if not kind:
        raise InvalidInput("Say how the days are counted.", field="terms_kind")
    return Terms(int(day), kind)
