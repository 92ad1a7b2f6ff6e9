"""The tenant's settings."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.api.routing import API, Call
from chalicelib.audit import trail
from chalicelib.invoices import numbering
from chalicelib.people import tenants
from chalicelib.people.caller import Scope
from chalicelib.people.model import Tenant

api = API(__name__)


class SettingsView(msgspec.Struct):
    """Name and time zone of the company, and what invoices begin with.

    ``send_as`` is the status an invoice gets in Xero; ``due_days`` count from its date, where
    neither the client nor the organisation in Xero has payment terms.
    ``numbering`` is ``workbill``, which goes on from ``next_invoice_number``, or ``xero``.
    ``auto_send`` is ``work`` where each invoice of work is sent as soon as it is made by somebody
    who may send, else ``never``.

    What is done in Xero once an invoice is sent is nothing by default. ``history_note`` leaves a
    note in its history; ``timesheet`` attaches the work behind it as ``csv``, ``pdf`` or
    ``both`` (else ``none``), where the client sees it with ``timesheet_online``; with
    ``email_by`` ``xero`` (else ``nobody``) Xero e-mails it, once.
    """

    name: str
    time_zone: str
    send_as: str
    due_days: int
    line_amount_types: str
    invoice_prefix: str
    numbering: str
    next_invoice_number: int
    auto_send: str
    history_note: bool
    timesheet: str
    timesheet_online: bool
    email_by: str


class SettingsChange(msgspec.Struct, forbid_unknown_fields=True):
    """The settings to change; those left out stay.

    Timesheets need one more permission of Xero, which is asked for at the next consent.
    """

    name: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    send_as: str | UnsetType = UNSET
    due_days: Annotated[int, Meta(ge=0, le=tenants.LONGEST_DUE)] | UnsetType = UNSET
    invoice_prefix: str | UnsetType = UNSET
    numbering: str | UnsetType = UNSET
    next_invoice_number: int | UnsetType = UNSET
    auto_send: str | UnsetType = UNSET
    history_note: bool | UnsetType = UNSET
    timesheet: str | UnsetType = UNSET
    timesheet_online: bool | UnsetType = UNSET
    email_by: str | UnsetType = UNSET


@api.get("/settings", scope=Scope.READ, answer=SettingsView)
def read_settings(call: Call) -> SettingsView:
    """The settings as they are."""
    return _view(tenants.get(call.tenant_id))


@api.patch("/settings", scope=Scope.ADMIN, body=SettingsChange, answer=SettingsView)
def change_settings(call: Call) -> SettingsView:
    """Change some settings; all of them or, when one cannot be, none."""
    sent = msgspec.structs.asdict(call.body)
    wanted = {name: value for name, value in sent.items() if value is not UNSET}
    number = wanted.pop("next_invoice_number", None)
    tenant = tenants.change(call.tenant_id, **wanted)
    if number is not None:
        numbering.begin_at(call.tenant_id, number)
        wanted["next_invoice_number"] = number
    trail.record(
        call.caller, "settings changed", f"tenant:{call.tenant_id}", fields=" ".join(wanted)
    )
    if wanted.keys() & set(tenants.AFTER_SENDING):
        from chalicelib.invoices import after_sending

        after_sending.chosen(call.caller, tenant, wanted)
    return _view(tenant)


def _view(tenant: Tenant) -> SettingsView:
    return SettingsView(
        name=tenant.name,
        time_zone=tenant.time_zone,
        send_as=tenant.send_as,
        due_days=tenant.due_days,
        line_amount_types=tenant.line_amount_types,
        invoice_prefix=tenant.invoice_prefix,
        numbering=tenant.numbering,
        next_invoice_number=numbering.load(tenant.tenant_id).start,
        auto_send=tenant.auto_send,
        history_note=tenant.history_note,
        timesheet=tenant.timesheet,
        timesheet_online=tenant.timesheet_online,
        email_by=tenant.email_by,
    )
