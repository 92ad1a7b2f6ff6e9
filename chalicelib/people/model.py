"""Users, tenants, and what either may look like."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.errors import InvalidInput
from chalicelib.people.caller import EVERYTHING, Caller, Scope

LONGEST_NAME = 120
LONGEST_EMAIL = 254
"""RFC 5321, section 4.5.3.1.3, less the two angle brackets of a path."""

EMAIL_SHAPE = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class Role(StrEnum):
    """What a user is to a tenant."""

    ADMINISTRATOR = "administrator"
    BILLER = "biller"
    VIEWER = "viewer"

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the role may do."""
        return SCOPES[self]


SCOPES = {
    Role.ADMINISTRATOR: EVERYTHING,
    Role.BILLER: EVERYTHING - {Scope.ADMIN},
    Role.VIEWER: frozenset({Scope.READ}),
}


@dataclass(frozen=True, slots=True)
class User:
    """A person of one tenant.

    ``password_hash`` is empty until the one-time link was used. ``totp_seed`` is ciphertext; it
    counts only once ``totp_confirmed_at`` is set, and ``totp_last_step`` is the last time step
    whose code was accepted. ``epoch`` grows whenever the user loses something: role, password,
    second factor; sessions of an earlier epoch are worth nothing.
    """

    user_id: str
    tenant_id: str
    email: str
    name: str
    role: Role
    created_at: datetime
    password_hash: str = field(default="", repr=False)
    totp_seed: str = field(default="", repr=False)
    totp_confirmed_at: datetime | None = None
    totp_last_step: int = 0
    deactivated_at: datetime | None = None
    signed_in_at: datetime | None = None
    epoch: int = 0
    link_hash: str = field(default="", repr=False)
    recovery_codes_left: int = 0

    @property
    def active(self) -> bool:
        """Whether the user may sign in at all."""
        return self.deactivated_at is None

    @property
    def administers(self) -> bool:
        """Whether the user can act as an administrator: the one-time link was used, too."""
        return self.active and self.role is Role.ADMINISTRATOR and bool(self.password_hash)

    @property
    def has_two_factor(self) -> bool:
        """Whether enrolment was finished."""
        return self.totp_confirmed_at is not None

    def caller(self, source: str = "") -> Caller:
        """The user as somebody who asks for something."""
        return Caller(
            self.tenant_id,
            f"user:{self.user_id}",
            self.name or self.email,
            self.role.scopes,
            source,
        )


@dataclass(frozen=True, slots=True)
class Tenant:
    """A customer company and its settings.

    ``send_as`` is the status an invoice gets in Xero: DRAFT, SUBMITTED or AUTHORISED.
    ``due_days`` counts from the invoice's date. ``numbering`` is who numbers invoices:
    workbill, from ``invoice_prefix`` on, or xero. ``auto_send`` is what is sent as soon as it is
    made: each invoice of work, or never any. ``telling`` says that what happens is kept as
    events, because somebody is told of them. What is done in Xero once an invoice is sent:
    ``history_note`` leaves a note, ``timesheet`` attaches the work behind it (none, csv, pdf,
    both), where the client sees it with ``timesheet_online``; ``email_by`` e-mails it (nobody,
    xero).
    """

    tenant_id: str
    name: str
    created_at: datetime
    time_zone: str = "UTC"
    send_as: str = "AUTHORISED"
    due_days: int = 20
    line_amount_types: str = "Exclusive"
    invoice_prefix: str = "INV-"
    numbering: str = "workbill"
    auto_send: str = "never"
    telling: bool = False
    history_note: bool = False
    timesheet: str = "none"
    timesheet_online: bool = False
    email_by: str = "nobody"

    @property
    def after_sending(self) -> tuple[str, ...]:
        """What is done once an invoice is sent, in order, by the names of ``invoices/extras``."""
        chosen = {
            "note": self.history_note,
            "timesheet_csv": self.timesheet in {"csv", "both"},
            "timesheet_pdf": self.timesheet in {"pdf", "both"},
            "email": self.email_by == "xero",
        }
        return tuple(name for name, wanted in chosen.items() if wanted)


def normal_email(text: str) -> str:
    """An e-mail address as it is kept and compared; raises InvalidInput."""
    email = text.strip().lower()
    if len(email) > LONGEST_EMAIL or not EMAIL_SHAPE.fullmatch(email):
        raise InvalidInput("This is not an e-mail address.", field="email")
    return email


def role_of(text: str) -> Role:
    """The role of that name; raises InvalidInput."""
    try:
        return Role(text)
    except ValueError:
        raise InvalidInput(f"Roles are {', '.join(Role)}.", field="role") from None


def proper_name(text: str, *, field: str = "name", label: str = "The name") -> str:
    """A name in one line of printable text; raises InvalidInput naming ``field``."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"{label} needs 1 to {LONGEST_NAME} characters.", field=field)
    return name
