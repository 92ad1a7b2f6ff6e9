"""What Workbill asks a person to allow in Xero, in plain words, and what it does not ask for.

The granular scopes only, the narrowest that serve. Consent adds up at Xero: asking for less
later takes nothing back, so nothing is asked for before it is needed.
"""

from collections.abc import Iterable, Mapping

READING = ".read"

ASKED: Mapping[str, str] = {
    "openid": "Know which Xero user allowed this connection.",
    "profile": "See that person's name, to show who connected.",
    "email": "See that person's e-mail address, to show who connected.",
    "offline_access": "Stay connected without asking you to sign in each time.",
    "accounting.contacts.read": "Read your contacts, to bring them in as clients.",
    "accounting.invoices": "Create your sales invoices and read what became of them.",
    "accounting.payments.read": "Read payments, to show invoices as paid.",
    "accounting.settings.read": (
        "Read your organisation's details, account codes, tax rates, tracking categories, "
        "currencies and branding themes."
    ),
}
"""Every scope that is asked for from the start, and why."""

EXTRAS: Mapping[str, str] = {
    "accounting.contacts": (
        "Read your contacts, and create contacts for clients that are not there yet."
    ),
    "accounting.attachments": "Attach timesheets to the invoices that Workbill sent.",
}
"""Scopes that are asked for when a feature that needs them is switched on, and why."""

NOT_ASKED: tuple[str, ...] = (
    "Your Xero password: you sign in at Xero, and Workbill never sees it.",
    "Your bank accounts, bank transactions and statements.",
    "Recording, changing or deleting payments.",
    "Changing your accounts, tax rates or other settings.",
    "Payroll, employees, fixed assets and files.",
    "Manual journals, the general ledger and reports.",
)
"""What the connection cannot reach, in plain words."""


def scopes(extras: Iterable[str] = ()) -> tuple[str, ...]:
    """The scopes to ask for; one that allows writing takes the place of its reading twin."""
    wanted = dict.fromkeys([*ASKED, *extras])
    return tuple(
        scope
        for scope in wanted
        if not scope.endswith(READING) or scope.removesuffix(READING) not in wanted
    )


def missing(granted: Iterable[str], extras: Iterable[str] = ()) -> tuple[str, ...]:
    """What is needed and was not granted; leave to write includes leave to read."""
    held = set(granted)
    return tuple(
        scope
        for scope in scopes(extras)
        if scope not in held and scope.removesuffix(READING) not in held
    )


def reasons(granted: Iterable[str]) -> dict[str, str]:
    """The plain words for what was granted; a scope not known here stands for itself."""
    return {scope: ASKED.get(scope) or EXTRAS.get(scope) or scope for scope in granted}
