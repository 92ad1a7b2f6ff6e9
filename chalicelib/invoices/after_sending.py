"""What a tenant has done in Xero once an invoice is sent; nothing unless it was chosen."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from chalicelib.audit import trail
from chalicelib.connection import features
from chalicelib.connection.features import Feature
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.kinds import INVOICE_EXTRAS
from chalicelib.dispatch.model import Job, Priority
from chalicelib.people import tenants
from chalicelib.people.caller import Caller
from chalicelib.people.model import Tenant

SOON = timedelta(seconds=2)
"""Whoever waits for the sending does not wait for this: a worker is sent for in that time."""


def choose(caller: Caller, **choices: Any) -> Tenant:
    """Change what is done once an invoice is sent, by the names in ``AFTER_SENDING``.

    Who chooses timesheets has the permission asked for at the next consent. Raises InvalidInput
    naming the first choice that cannot be; then nothing is changed.
    """
    tenant = tenants.change(caller.tenant_id, **choices)
    chosen(caller, tenant, choices)
    return tenant


def chosen(caller: Caller, tenant: Tenant, choices: Collection[str]) -> None:
    """Record what was chosen, and switch on what timesheets need, where those were chosen."""
    trail.record(
        caller,
        "after sending chosen",
        f"tenant:{caller.tenant_id}",
        note="yes" if tenant.history_note else "no",
        timesheet=tenant.timesheet,
        email=tenant.email_by,
    )
    if "timesheet" in choices and tenant.timesheet != "none":
        features.switch(caller, Feature.ATTACH_TIMESHEETS, on=True)


def follow(sent_by: Job, invoice_ids: Sequence[str], names: Sequence[str] | None) -> None:
    """Ask for what the tenant chose, for invoices that a job of this lane has just sent.

    ``names`` are the choices as they were read for sending, None where they were not. Without a
    choice nothing is asked or stored. Asking again takes the place of the first.
    """
    if names is None:
        names = tenants.get(sent_by.tenant_id).after_sending
    if not (names and invoice_ids):
        return
    jobs.ask(
        enqueue.job(
            INVOICE_EXTRAS,
            sent_by.lane,
            sent_by.tenant_id,
            params={"invoice_ids": list(invoice_ids), "names": list(names)},
            priority=Priority.BACKGROUND,
            created_by=sent_by.created_by,
            name=f"extras-{sent_by.name}",
            after=SOON,
        )
    )
