"""Tenants and their settings: the table of tenants."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.transactions import TransactWrite

from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.people import time_zones
from chalicelib.people.model import Tenant, proper_name
from chalicelib.storage.rows import Row

TENANT = "tenant"
SEND_AS = ("DRAFT", "SUBMITTED", "AUTHORISED")
NUMBERINGS = ("workbill", "xero")
AUTO_SENDS = ("never", "work")
TIMESHEETS = ("none", "csv", "pdf", "both")
EMAIL_BYS = ("nobody", "xero")
AFTER_SENDING = ("history_note", "timesheet", "timesheet_online", "email_by")
"""The settings that say what is done in Xero once an invoice is sent."""

LONGEST_DUE = 365
LONGEST_PREFIX = 20


class TenantRow(Row):
    """A tenant."""

    table = "tenants"

    class Meta:
        pass

    name = UnicodeAttribute()
    created_at = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    send_as = UnicodeAttribute()
    due_days = NumberAttribute()
    line_amount_types = UnicodeAttribute()
    invoice_prefix = UnicodeAttribute()
    numbering = UnicodeAttribute(default="workbill")
    auto_send = UnicodeAttribute(default="never")
    telling = NumberAttribute(default=0)
    history_note = NumberAttribute(default=0)
    timesheet = UnicodeAttribute(default="none")
    timesheet_online = NumberAttribute(default=0)
    email_by = UnicodeAttribute(default="nobody")


def key(tenant_id: str) -> TenantRow:
    """The row to read where a tenant is read together with others; ``tenant_of`` reads it."""
    return TenantRow(tenant_id, TENANT)


def get(tenant_id: str) -> Tenant:
    """The tenant with its settings; raises NotFound."""
    try:
        row = TenantRow.get(tenant_id, TENANT, consistent_read=True)
    except DoesNotExist:
        raise NotFound("There is no such tenant.") from None
    return tenant_of(row)


def change(tenant_id: str, **settings: Any) -> Tenant:
    """Change some settings, by the names that ``CHECKS`` has.

    Raises InvalidInput naming the first one that cannot be; then nothing is changed.
    """
    valid = {name: CHECKS[name](value) for name, value in settings.items()}
    row = TenantRow(tenant_id, TENANT)
    if not valid:
        return get(tenant_id)
    row.update(
        actions=[getattr(TenantRow, name).set(value) for name, value in valid.items()],
        condition=TenantRow.pk.exists(),
    )
    return tenant_of(row)


def keep_telling(transaction: TransactWrite, tenant_id: str, *, telling: bool) -> None:
    """Add to a transaction whether what happens is kept as events from now on."""
    transaction.update(
        TenantRow(tenant_id, TENANT),
        actions=[TenantRow.telling.set(int(telling))],
        condition=TenantRow.pk.exists(),
    )


def row_of(tenant: Tenant) -> TenantRow:
    """The row that makes a new tenant."""
    row = TenantRow(tenant.tenant_id, TENANT)
    row.name = tenant.name
    row.created_at = stamp(tenant.created_at)
    row.time_zone = tenant.time_zone
    row.send_as = tenant.send_as
    row.due_days = tenant.due_days
    row.line_amount_types = tenant.line_amount_types
    row.invoice_prefix = tenant.invoice_prefix
    row.numbering = tenant.numbering
    row.auto_send = tenant.auto_send
    return row


def tenant_of(row: TenantRow | None) -> Tenant:
    """The tenant in a row; raises NotFound where there is none."""
    if row is None:
        raise NotFound("There is no such tenant.")
    return Tenant(
        tenant_id=row.pk,
        name=row.name,
        created_at=parse_stamp(row.created_at),
        time_zone=row.time_zone,
        send_as=row.send_as,
        due_days=int(row.due_days),
        line_amount_types=row.line_amount_types,
        invoice_prefix=row.invoice_prefix,
        numbering=row.numbering,
        auto_send=row.auto_send,
        telling=bool(row.telling),
        history_note=bool(row.history_note),
        timesheet=row.timesheet,
        timesheet_online=bool(row.timesheet_online),
        email_by=row.email_by,
    )


def _time_zone(value: str) -> str:
    time_zones.zone(value)
    return value


def _one_of(name: str, choices: Sequence[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in choices:
            raise InvalidInput(f"Choose one of {', '.join(choices)}.", field=name)
        return value

    return check


def _due_days(value: int) -> int:
    if not 0 <= value <= LONGEST_DUE:
        raise InvalidInput(f"Choose 0 to {LONGEST_DUE} days.", field="due_days")
    return value


def _prefix(value: str) -> str:
    if len(value) > LONGEST_PREFIX or not value.isprintable() or value != value.strip():
        raise InvalidInput(
            f"Use at most {LONGEST_PREFIX} characters, without blanks around them.",
            field="invoice_prefix",
        )
    return value


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "name": proper_name,
    "time_zone": _time_zone,
    "send_as": _one_of("send_as", SEND_AS),
    "due_days": _due_days,
    "invoice_prefix": _prefix,
    "numbering": _one_of("numbering", NUMBERINGS),
    "auto_send": _one_of("auto_send", AUTO_SENDS),
    "history_note": int,
    "timesheet": _one_of("timesheet", TIMESHEETS),
    "timesheet_online": int,
    "email_by": _one_of("email_by", EMAIL_BYS),
}
