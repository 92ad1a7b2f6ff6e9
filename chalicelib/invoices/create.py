"""Asking for an invoice: small ones are made at once, large ones as a job."""

from dataclasses import replace
from datetime import datetime

import msgspec
from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Job, Priority, tenant_lane
from chalicelib.errors import InvalidInput
from chalicelib.invoices import build, build_job
from chalicelib.invoices import scope as scopes
from chalicelib.invoices.compose import compose
from chalicelib.invoices.model import Basis, Invoice
from chalicelib.invoices.rework import MOST_LINES
from chalicelib.invoices.scope import Scope
from chalicelib.invoices.terms import Known
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people import tenants
from chalicelib.people.caller import Caller
from chalicelib.work import time_records
from chalicelib.work.model import TimeRecord

KIND = "build-invoice"
AT_ONCE = 200
"""Up to so many records, the invoice is made while the caller waits."""

SHOWN = 2000
NOTHING = "There is no unbilled time in this selection."


def start(caller: Caller, wanted: NewInvoice) -> Job:
    """Make a draft; the job's result names the invoice.

    The job of a small invoice is done when it is answered, that of one over 200 records is not.
    Raises NotFound and InvalidInput for what cannot be billed; then nothing was made.
    """
    scope = _checked(caller.tenant_id, wanted)
    few = True
    if wanted.basis is Basis.TRACKED_TIME:
        found = _unbilled(caller.tenant_id, wanted, AT_ONCE + 1)
        if not found:
            raise InvalidInput(NOTHING, field="project_ids")
        few = len(found) <= AT_ONCE
    invoice_id = _new_id(wiring.current().clock.now())
    trail.record(
        caller, "invoice.made", f"invoice:{invoice_id}", "asked", client=scope.client.client_id
    )
    job = enqueue.job(
        KIND,
        tenant_lane(caller.tenant_id),
        caller.tenant_id,
        params={"wanted": msgspec.to_builtins(wanted), "invoice_id": invoice_id},
        priority=Priority.CLICK if few else Priority.BULK,
        created_by=caller.actor,
    )
    return enqueue.do_now(job) if few else enqueue.enqueue(job)


def preview(tenant_id: str, wanted: NewInvoice) -> tuple[Invoice, bool]:
    """The draft as it would become, not stored; True when more work would be on it than shown."""
    scope = _checked(tenant_id, wanted)
    now = wiring.current().clock.now()
    job = enqueue.job(KIND, "", tenant_id, params={"invoice_id": ""})
    blank = build_job.blank_invoice(job, wanted, scope, tenants.get(tenant_id), now)
    known = Known(tenant_id, scope.client)
    if wanted.basis is not Basis.TRACKED_TIME:
        return compose(known.registered(blank), build_job.by_hand(wanted, known)), False
    found = _unbilled(tenant_id, wanted, SHOWN + 1)
    book = scopes.book(tenant_id, scope, known)
    lines = build.time_lines(found[:SHOWN], book, wanted.grouping)
    drawn = compose(known.registered(blank), lines)
    shown = replace(drawn, records=min(len(found), SHOWN))
    return shown, len(found) > SHOWN


def _checked(tenant_id: str, wanted: NewInvoice) -> Scope:
    scope = scopes.of(tenant_id, wanted)
    if scope.client.archived:
        raise InvalidInput(f"{scope.client.name} is archived.", field="client_id")
    if wanted.start and wanted.end and wanted.start > wanted.end:
        raise InvalidInput("The first day is after the last.", field="start")
    if wanted.basis is not Basis.TRACKED_TIME:
        _currency(scope)
        if not 1 <= len(wanted.lines) <= MOST_LINES:
            raise InvalidInput(f"An invoice has 1 to {MOST_LINES} lines.", field="lines")
    return scope


def _currency(scope: Scope) -> str:
    if not scope.currency:
        raise InvalidInput("Say in which currency to bill.", field="currency")
    return scope.currency


def _unbilled(tenant_id: str, wanted: NewInvoice, limit: int) -> list[TimeRecord]:
    found: list[TimeRecord] = []
    cursor = None
    while len(found) < limit:
        page = time_records.unbilled(
            tenant_id,
            scopes.project_ids(tenant_id, wanted),
            wanted.start,
            wanted.end,
            limit=limit - len(found),
            cursor=cursor,
        )
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    return found


def _new_id(now: datetime) -> str:
    return str(ULID.from_datetime(now)).lower()
