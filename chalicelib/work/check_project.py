"""What is said of a project or a phase, checked on entry; each raises InvalidInput by field."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from chalicelib.errors import InvalidInput
from chalicelib.money import CENT, parse_decimal
from chalicelib.work.currencies import clean_currency
from chalicelib.work.model import Project, ProjectKind, ProjectStatus
from chalicelib.work.names import clean_name

LONGEST_CODE = 50
LONGEST_ORDER = 255
LONGEST_PERSON = 120
LONGEST_EMAIL = 254
MOST_MINUTES = 60_000_000

Choice = TypeVar("Choice", bound=StrEnum)


def amount_of(field: str, label: str) -> Callable[[Decimal | str | None], Decimal | None]:
    """Reads an amount at two decimals, None for none; more decimals are refused."""

    def check(value: Decimal | str | None) -> Decimal | None:
        if value is None or value == "":
            return None
        found = parse_decimal(value, field=field) if isinstance(value, str) else value
        if found < 0:
            raise InvalidInput(f"{label} is not negative.", field=field)
        if found != found.quantize(CENT):
            raise InvalidInput(f"{label} has at most 2 decimals.", field=field)
        return found.quantize(CENT)

    return check


def consistent(project: Project) -> Project:
    """The project, if its parts go together."""
    if project.fixed and not project.price:
        raise InvalidInput("Say the price that was agreed.", field="price")
    if project.budget_minutes is not None and project.budget_amount is not None:
        raise InvalidInput("A budget is in hours or in money, not both.", field="budget_amount")
    if project.fixed and project.remaining < 0:
        raise InvalidInput(
            f"{project.drawn} of the price is on invoices already; it cannot be less.",
            field="price",
        )
    return project


def _one_of(field: str, kind: type[Choice], sentence: str) -> Callable[[str], Choice]:
    def check(value: str) -> Choice:
        if value not in set(kind):
            raise InvalidInput(sentence, field=field)
        return kind(value)

    return check


def _text(field: str, most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        text = " ".join(value.split())
        if len(text) > most:
            raise InvalidInput(f"This has at most {most} characters.", field=field)
        return text

    return check


def _email(value: str) -> str:
    email = value.strip()
    if email and ("@" not in email or " " in email or len(email) > LONGEST_EMAIL):
        raise InvalidInput("This is not an e-mail address.", field="contact_email")
    return email


def _minutes(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= MOST_MINUTES:
        raise InvalidInput("A budget is not negative.", field="budget_minutes")
    return value


def _currency(text: str) -> str:
    currency = clean_currency(text)
    if not currency:
        raise InvalidInput("A project needs a currency.", field="currency")
    return currency


CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": clean_name,
    "code": _text("code", LONGEST_CODE),
    "currency": _currency,
    "archived": bool,
    "kind": _one_of("kind", ProjectKind, "A project bills time and materials, or a fixed price."),
    "status": _one_of("status", ProjectStatus, f"A status is one of {', '.join(ProjectStatus)}."),
    "price": amount_of("price", "A price"),
    "budget_minutes": _minutes,
    "budget_amount": amount_of("budget_amount", "A budget"),
    "purchase_order": _text("purchase_order", LONGEST_ORDER),
    "contact_name": _text("contact_name", LONGEST_PERSON),
    "contact_email": _email,
}
