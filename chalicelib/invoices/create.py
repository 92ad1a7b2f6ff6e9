"""Asking for an invoice: small ones are made at once, large ones as a job."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import msgspec
from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Job, Priority, tenant_lane
from chalicelib.errors import InvalidInput
from chalicelib.invoices import begin, bill, deductions, deposits
from chalicelib.invoices import scope as scopes
from chalicelib.invoices.bill import Gathered
from chalicelib.invoices.build import check_rounding
from chalicelib.invoices.compose import amount_of, compose
from chalicelib.invoices.model import Basis, Invoice
from chalicelib.invoices.portions import Portion
from chalicelib.invoices.portions import amount_of as portion_amount
from chalicelib.invoices.rework import MOST_LINES
from chalicelib.invoices.scope import Scope, Selection
from chalicelib.invoices.terms import Known
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people import tenants
from chalicelib.people.caller import Caller
from chalicelib.people.caller import Scope as Right
from chalicelib.storage.pages import Page
from chalicelib.work import phases, time_records
from chalicelib.work.fixed_price import CENTS, Draw, left
from chalicelib.work.materials import find as materials
from chalicelib.work.materials.model import Material
from chalicelib.work.model import TimeRecord

KIND = "build-invoice"
AT_ONCE = 200
"""Up to so many pieces of work, the invoice is made while the caller waits."""

SHOWN = 2000
LOOKED_THROUGH = 10_000
NOTHING = (
    "There is nothing to bill: no work in this selection is unbilled, and nothing is left of an "
    "agreed price."
)

Piece = TypeVar("Piece", TimeRecord, Material)


def start(caller: Caller, wanted: NewInvoice) -> Job:
    """Make a draft; the job's result names the invoice.

    The job of a small invoice is done when it is answered, that of one over 200 pieces of work
    is not. Raises NotFound, InvalidInput and Conflict for what cannot be billed; then nothing
    was made.
    """
    tenant_id = caller.tenant_id
    scope, asked = _checked(tenant_id, wanted)
    few = True
    if asked.of_work:
        selection = scopes.select(tenant_id, asked, scope)
        found = _would_gather(tenant_id, selection, AT_ONCE + 1)
        if not found and not found.more:
            raise InvalidInput(NOTHING, field="project_ids")
        few = found.pieces <= AT_ONCE and not found.more
    invoice_id = _new_id(wiring.current().clock.now())
    trail.record(
        caller, "invoice.made", f"invoice:{invoice_id}", "asked", client=scope.client.client_id
    )
    job = enqueue.job(
        KIND,
        tenant_lane(tenant_id),
        tenant_id,
        params={
            "wanted": msgspec.to_builtins(_with_sending(caller, asked)),
            "invoice_id": invoice_id,
        },
        priority=Priority.CLICK if few else Priority.BULK,
        created_by=caller.actor,
    )
    return enqueue.do_now(job) if few else enqueue.enqueue(job)


def _with_sending(caller: Caller, wanted: NewInvoice) -> NewInvoice:
    """The wish with the tenant's rule where it says nothing; it sends for nobody who may not."""
    if wanted.send is not None:
        return wanted
    by_rule = (
        wanted.of_work
        and Right.SEND in caller.scopes
        and tenants.get(caller.tenant_id).auto_send == "work"
    )
    return msgspec.structs.replace(wanted, send=by_rule)


def preview(tenant_id: str, wanted: NewInvoice) -> tuple[Invoice, bool]:
    """The draft as it would become, not stored; True when more work would be on it than shown."""
    scope, asked = _checked(tenant_id, wanted)
    now = wiring.current().clock.now()
    job = enqueue.job(KIND, "", tenant_id, params={"invoice_id": ""})
    known = Known(tenant_id, scope.client)
    blank = begin.blank_invoice(job, asked, scope, tenants.get(tenant_id), now)
    blank = known.registered(blank)
    if not asked.of_work:
        return _less_deposits(
            tenant_id, asked, compose(blank, begin.by_hand(asked, known)), known
        ), False
    selection = scopes.select(tenant_id, asked, scope)
    found = _would_gather(tenant_id, selection, SHOWN + 1)
    shown = Gathered(found.records[:SHOWN], found.materials[:SHOWN], found.drawn)
    lines = bill.lines_of(tenant_id, shown, selection, known)
    counted = replace(blank, records=len(shown.records), materials=len(shown.materials))
    drawn = _less_deposits(tenant_id, asked, compose(counted, lines), known)
    return drawn, found.more or found.pieces > shown.pieces


def _less_deposits(tenant_id: str, wanted: NewInvoice, invoice: Invoice, known: Known) -> Invoice:
    """The invoice less the deposits that are wanted, as far as they are left now."""
    lines = list(invoice.lines)
    for one in wanted.deduct:
        deposit = deposits.get(tenant_id, one.deposit_id)
        taken = deposits.wanted_of(deposit, invoice, one.amount, amount_of(lines))
        lines += deductions.lines_of(deposit.invoice, taken, known.percent_of)
    return compose(invoice, lines)


def _checked(tenant_id: str, wanted: NewInvoice) -> tuple[Scope, NewInvoice]:
    """Whose work is wanted, and the wish with every part of a fixed price named."""
    scope = scopes.of(tenant_id, wanted)
    if scope.client.archived:
        raise InvalidInput(f"{scope.client.name} is archived.", field="client_id")
    if wanted.start and wanted.end and wanted.start > wanted.end:
        raise InvalidInput("The first day is after the last.", field="start")
    check_rounding(wanted.rounding)
    if not wanted.of_work:
        if not scope.currency:
            raise InvalidInput("Say in which currency to bill.", field="currency")
        if not 1 <= len(wanted.lines) <= MOST_LINES:
            raise InvalidInput(f"An invoice has 1 to {MOST_LINES} lines.", field="lines")
        return scope, wanted
    portions = scopes.resolved(tenant_id, wanted, scope)
    return scope, msgspec.structs.replace(wanted, portions=portions)


def _would_gather(tenant_id: str, selection: Selection, limit: int) -> Gathered:
    """What would be on the invoice now; up to so many records and so many materials."""
    wanted = selection.wanted
    drawn = [_would_draw(tenant_id, one, selection) for one in wanted.portions]
    records, more = _some(tenant_id, selection, limit, time_records.unbilled, selection.has_time)
    if wanted.basis is not Basis.PROJECT or not wanted.materials:
        return Gathered(records, (), drawn, more)
    used, more_used = _some(
        tenant_id, selection, limit, materials.unbilled, selection.has_material
    )
    return Gathered(records, used, drawn, more or more_used)


def _would_draw(tenant_id: str, portion: Portion, selection: Selection) -> Draw:
    project = selection.projects[portion.project_id]
    phase = phases.get(tenant_id, portion.phase_id) if portion.phase_id else None
    amount = portion_amount(portion, project, phase)
    cents = int((left(project, phase) if amount is None else amount) * CENTS)
    return Draw(portion.project_id, portion.phase_id, cents)


def _some(
    tenant_id: str,
    selection: Selection,
    limit: int,
    unbilled: Callable[..., Page[Piece]],
    wants: Callable[[Piece], bool],
) -> tuple[list[Piece], bool]:
    """Up to so many that are wanted, and whether some were not looked at."""
    found: list[Piece] = []
    looked_through, cursor = 0, None
    while len(found) < limit and looked_through < LOOKED_THROUGH:
        page = unbilled(
            tenant_id,
            selection.project_ids,
            selection.wanted.start,
            selection.wanted.end,
            limit=limit,
            cursor=cursor,
        )
        found += [one for one in page.items if wants(one)]
        looked_through += limit
        cursor = page.next
        if cursor is None:
            break
    return found[:limit], cursor is not None or len(found) > limit


def _new_id(now: datetime) -> str:
    return str(ULID.from_datetime(now)).lower()
