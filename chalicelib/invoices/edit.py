"""Storing a change of a draft, unless somebody else changed it; work that it drops is freed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Job, Slice, Step, tenant_lane
from chalicelib.errors import Conflict
from chalicelib.invoices import deductions, deposits, lines_work, store
from chalicelib.invoices.compose import amount_of, compose
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import EDITABLE, Invoice, InvoiceState, advance
from chalicelib.invoices.portions import cents_of
from chalicelib.invoices.rework import rework
from chalicelib.invoices.terms import Known
from chalicelib.invoices.wanted import Deduct
from chalicelib.people.caller import Caller
from chalicelib.storage.rows import transaction_connection
from chalicelib.work import claims, clients, draws, phases, projects
from chalicelib.work.fixed_price import Draw, Overdrawn, called, left

KIND = "release-lines"
LESS_LEFT = "Less is left of a fixed price or a deposit than this needs. Look again."


@dataclass(frozen=True, slots=True)
class Rework:
    """A draft as it would become, and the deposits that it would take off for the first time."""

    invoice: Invoice
    deducted: Mapping[str, tuple[Invoice, Decimal]] = field(default_factory=dict)


def change(caller: Caller, invoice_id: str, version: int, changes: Mapping[str, Any]) -> Invoice:
    """Change a draft, or an invoice that Xero did not take; answers with it as it then is.

    ``version`` is the one that the changes were made on. Work behind a line that goes is
    unbilled again; a line that bills part of a fixed price bills another part when its amount
    changes. Raises NotFound, InvalidInput naming the field, and Conflict when somebody else
    changed the invoice meanwhile, less is left than is wanted, or it is on its way to Xero; then
    nothing was changed.
    """
    invoice = store.get(caller.tenant_id, invoice_id)
    _check(invoice, version)
    found = reworked(caller.tenant_id, invoice, changes)
    dropped = gone(invoice, found.invoice)
    work = [line.work for line in dropped if line.work]
    moved = advance(
        found.invoice,
        InvoiceState.DRAFT,
        problems=(),
        records=invoice.records - sum(one.records for one in work),
        materials=invoice.materials - sum(one.materials for one in work),
        edited_by=caller.name,
        edited_at=wiring.current().clock.now(),
    )
    trail.record(
        caller,
        "invoice.edit",
        f"invoice:{invoice_id}",
        version=version,
        before=f"{invoice.totals.total}",
        after=f"{moved.totals.total} {invoice.currency}",
    )
    return _store(caller, moved, dropped, found.deducted)


def preview(tenant_id: str, invoice_id: str, changes: Mapping[str, Any]) -> Invoice:
    """The draft as it would become, not stored; raises as ``change`` does."""
    return reworked(tenant_id, store.get(tenant_id, invoice_id), changes).invoice


def reworked(tenant_id: str, invoice: Invoice, changes: Mapping[str, Any]) -> Rework:
    """The invoice with its changes, by the codes, prices and deposits that there are now."""
    known = Known(tenant_id, clients.get(tenant_id, invoice.client_id))
    plain = {name: value for name, value in changes.items() if name != "deduct"}
    after = rework(invoice, plain, known.desk(next(iter(invoice.project_ids), "")))
    before = deductions.deposits_in(after)
    lines, deducted = list(after.lines), dict[str, tuple[Invoice, Decimal]]()
    wanted: Sequence[Deduct] = changes.get("deduct", ())
    for one in wanted:
        if one.deposit_id in before:
            continue
        deposit = deposits.get(tenant_id, one.deposit_id)
        taken = deposits.wanted_of(deposit, after, one.amount, amount_of(lines))
        lines += deductions.lines_of(deposit.invoice, taken, known.percent_of)
        deducted[one.deposit_id] = deposit.invoice, taken
    return Rework(compose(after, lines), deducted)


def handle(job: Job, _part: Slice) -> Step:
    """Free what the lines that went held; safe to repeat from any point."""
    tenant_id, invoice_id, released = job.tenant_id, job.params["invoice_id"], 0
    for line_id in job.params["lines"]:
        ids = lines_work.ids_of(tenant_id, invoice_id, line_id)
        released += claims.release_some(tenant_id, invoice_id, ids)
        lines_work.forget(tenant_id, invoice_id, line_id)
    for project_id, phase_id in job.params["drawn"]:
        draws.release(tenant_id, invoice_id, Draw(project_id, phase_id, 0))
    return Done("The work of the lines that went is unbilled again.", {"released": released})


def _store(
    caller: Caller,
    invoice: Invoice,
    dropped: Sequence[Line],
    deducted: Mapping[str, tuple[Invoice, Decimal]],
) -> Invoice:
    """All in one transaction: the change, what it holds more or less, and the job that frees."""
    tenant_id, invoice_id = caller.tenant_id, invoice.invoice_id
    job = release_job(caller.tenant_id, caller.actor, invoice, dropped)
    for line in dropped:
        lines_work.set_aside(tenant_id, invoice_id, line)
    moved = moves(tenant_id, invoice)
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            stored = store.save_with_lines_in(transaction, tenant_id, invoice)
            if dropped:
                jobs.ask_in(transaction, job)
            for held, cents in moved:
                draws.change_in(transaction, tenant_id, invoice_id, held, cents)
            # Not by the job: another change may take the same deposit off before it is done.
            for deposit_id in sorted({one.work.deposit_id for one in dropped if one.work} - {""}):
                deposits.give_back_in(transaction, tenant_id, invoice_id, deposit_id)
            for deposit, amount in deducted.values():
                deposits.deduct_in(transaction, tenant_id, invoice_id, deposit, amount)
    except TransactWriteError:
        raise _why(tenant_id, invoice, moved) from None
    store.drop_old_lines(tenant_id, invoice)
    if dropped:
        enqueue.work_at(job)
    return stored


def moves(tenant_id: str, invoice: Invoice) -> list[tuple[Draw, int]]:
    """Parts of fixed prices whose lines come to another amount than the invoice holds."""
    drawn = {
        (line.work.project_id, line.work.phase_id): cents_of(line)
        for line in invoice.lines
        if line.work and line.work.drawn
    }
    if not drawn:
        return []
    held = draws.of_invoice(tenant_id, invoice.invoice_id)
    found = [(one, drawn.get((one.project_id, one.phase_id), one.cents)) for one in held]
    return [(one, cents) for one, cents in found if cents != one.cents]


def _why(tenant_id: str, invoice: Invoice, moved: Sequence[tuple[Draw, int]]) -> Conflict:
    """What to tell somebody whose change could not be stored."""
    present = store.get(tenant_id, invoice.invoice_id)
    if present.version != invoice.version:
        return Conflict(_changed(present))
    for held, cents in moved:
        project = projects.get(tenant_id, held.project_id)
        phase = phases.get(tenant_id, held.phase_id) if held.phase_id else None
        more = Decimal(cents) / 100 - held.amount
        if more > left(project, phase):
            remaining = left(project, phase) + held.amount
            return Overdrawn(called(project, phase), remaining, project.currency)
    return Conflict(LESS_LEFT)


def release_job(tenant_id: str, asked_by: str, invoice: Invoice, dropped: Sequence[Line]) -> Job:
    """The job that frees what these lines held, not stored; their ids are set aside before."""
    work = [line.work for line in dropped if line.work]
    return enqueue.job(
        KIND,
        tenant_lane(tenant_id),
        tenant_id,
        params={
            "invoice_id": invoice.invoice_id,
            "lines": [line.line_id for line in dropped],
            "drawn": [[one.project_id, one.phase_id] for one in work if one.drawn],
        },
        created_by=asked_by,
    )


def gone(before: Invoice, after: Invoice) -> list[Line]:
    """The lines with work behind them that are no longer there."""
    kept = {line.line_id for line in after.lines}
    return [line for line in before.lines if line.work and line.line_id not in kept]


def _check(invoice: Invoice, version: int) -> None:
    if invoice.state not in EDITABLE:
        raise Conflict(f"This invoice is {invoice.state} and can no longer be changed here.")
    if invoice.version != version:
        raise Conflict(_changed(invoice))


def _changed(invoice: Invoice) -> str:
    who = invoice.edited_by or "Somebody"
    return f"{who} changed this draft since you opened it. Your changes are not saved."
