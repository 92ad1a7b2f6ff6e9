"""Judging what a person types in about a client; what comes from Xero is not judged."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from chalicelib.errors import InvalidInput
from chalicelib.work.details import (
    BILLING,
    STREET,
    TERMS_KINDS,
    Address,
    Details,
    Person,
    Phone,
    Terms,
)

ADDRESS_KINDS = (BILLING, STREET)
PHONE_KINDS = ("DEFAULT", "MOBILE", "DDI", "OFFICE", "FAX")
MOST_LINES = 4
MOST_PERSONS = 5
MOST_DAYS = 365

SHORT, LONG, LINE, EMAIL = 50, 255, 500, 254
AREA_CODE, COUNTRY_CODE = 10, 20


def changed(before: Details, changes: dict[str, Any]) -> Details:
    """Details after what a person typed; raises InvalidInput naming the field."""
    checked = {name: CHECKS[name](value) for name, value in changes.items()}
    return msgspec.structs.replace(before, **checked)


def clean_email(text: str, field: str = "email") -> str:
    """An e-mail address, or nothing; raises InvalidInput for what cannot be one."""
    email = text.strip()
    if email and ("@" not in email or len(email) > EMAIL or " " in email):
        raise InvalidInput("This is not an e-mail address.", field=field)
    return email


def _text(field: str, longest: int) -> Callable[[Any], str]:
    return lambda text: _fits(" ".join(str(text).split()), longest, field)


def _fits(text: str, longest: int, field: str) -> str:
    if len(text) > longest:
        raise InvalidInput(f"A part of this has over {longest} characters.", field=field)
    return text


def _addresses(given: Iterable[Address]) -> tuple[Address, ...]:
    """Those that say anything."""
    found = tuple(one for one in given if one != Address(one.kind))
    _of_known_kinds((one.kind for one in found), ADDRESS_KINDS, "addresses")
    for one in found:
        if len(one.lines) > MOST_LINES:
            raise InvalidInput(f"An address has at most {MOST_LINES} lines.", field="addresses")
        for line in one.lines:
            _fits(line, LINE, "addresses")
        for text in (one.city, one.region, one.attention):
            _fits(text, LONG, "addresses")
        for text in (one.postal_code, one.country):
            _fits(text, SHORT, "addresses")
    return found


def _phones(given: Iterable[Phone]) -> tuple[Phone, ...]:
    """Those with a number."""
    found = tuple(one for one in given if one.number)
    _of_known_kinds((one.kind for one in found), PHONE_KINDS, "phones")
    for one in found:
        _fits(one.number, SHORT, "phones")
        _fits(one.area, AREA_CODE, "phones")
        _fits(one.country, COUNTRY_CODE, "phones")
    return found


def _persons(given: Iterable[Person]) -> tuple[Person, ...]:
    """Those who are named."""
    found = tuple(one for one in given if one.first_name or one.last_name or one.email)
    if len(found) > MOST_PERSONS:
        raise InvalidInput(f"Xero takes at most {MOST_PERSONS} persons.", field="persons")
    for one in found:
        _fits(one.first_name, LONG, "persons")
        _fits(one.last_name, LONG, "persons")
        clean_email(one.email, "persons")
    return found


def _terms(given: Terms | None) -> Terms | None:
    if given is None or given == Terms():
        return None
    if given.kind not in TERMS_KINDS or given.day is None or not 0 <= given.day <= MOST_DAYS:
        raise InvalidInput(
            f"Payment terms are a number up to {MOST_DAYS} and how it is counted.",
            field="payment_terms",
        )
    return given


def _of_known_kinds(kinds: Iterable[str], known: tuple[str, ...], field: str) -> None:
    found = list(kinds)
    if set(found) - set(known):
        raise InvalidInput(f"The kind is one of {', '.join(known)}.", field=field)
    if len(set(found)) < len(found):
        raise InvalidInput("There is one of a kind.", field=field)


CHECKS: dict[str, Callable[[Any], Any]] = {
    "first_name": _text("first_name", LONG),
    "last_name": _text("last_name", LONG),
    "tax_number": _text("tax_number", SHORT),
    "account_number": _text("account_number", SHORT),
    "company_number": _text("company_number", SHORT),
    "addresses": _addresses,
    "phones": _phones,
    "persons": _persons,
    "payment_terms": _terms,
}
"""What a person may set, and how it is judged."""
