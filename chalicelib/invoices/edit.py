"""Storing a change of a draft, unless somebody else changed it; work that it drops is freed."""

from collections.abc import Mapping, Sequence
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Job, Slice, Step, tenant_lane
from chalicelib.errors import Conflict
from chalicelib.invoices import lines_work, store
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import EDITABLE, Invoice, InvoiceState, advance
from chalicelib.invoices.rework import rework
from chalicelib.invoices.terms import Known
from chalicelib.people.caller import Caller
from chalicelib.storage.rows import transaction_connection
from chalicelib.work import claims, clients

KIND = "release-lines"


def change(caller: Caller, invoice_id: str, version: int, changes: Mapping[str, Any]) -> Invoice:
    """Change a draft, or an invoice that Xero did not take; answers with it as it then is.

    ``version`` is the one that the changes were made on. Work behind a line that goes is
    unbilled again. Raises NotFound, InvalidInput naming the field, and Conflict when somebody
    else changed the invoice meanwhile, or it is on its way to Xero; then nothing was changed.
    """
    invoice = store.get(caller.tenant_id, invoice_id)
    _check(invoice, version)
    after = reworked(caller.tenant_id, invoice, changes)
    gone = _gone(invoice, after)
    moved = advance(
        after,
        InvoiceState.DRAFT,
        problems=(),
        records=after.records - sum(line.work.records for line in gone if line.work),
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
    return _store(caller, moved, gone)


def preview(tenant_id: str, invoice_id: str, changes: Mapping[str, Any]) -> Invoice:
    """The draft as it would become, not stored; raises as ``change`` does."""
    return reworked(tenant_id, store.get(tenant_id, invoice_id), changes)


def reworked(tenant_id: str, invoice: Invoice, changes: Mapping[str, Any]) -> Invoice:
    """The invoice with its changes, by the codes that there are now."""
    client = clients.get(tenant_id, invoice.client_id)
    return rework(invoice, changes, Known(tenant_id, client).desk())


def handle(job: Job, _part: Slice) -> Step:
    """Free the work of the lines that the job names; safe to repeat from any point."""
    invoice_id, released = job.params["invoice_id"], 0
    for line_id in job.params["lines"]:
        ids = lines_work.records_of(job.tenant_id, invoice_id, line_id)
        released += claims.release_some(job.tenant_id, invoice_id, ids)
        lines_work.forget(job.tenant_id, invoice_id, line_id)
    return Done("The work of the lines that went is unbilled again.", {"released": released})


def _store(caller: Caller, invoice: Invoice, gone: Sequence[Line]) -> Invoice:
    """The change, and in the same transaction the job that frees the work of lines that went."""
    job = _job(caller, invoice, gone)
    for line in gone:
        lines_work.set_aside(caller.tenant_id, invoice.invoice_id, line)
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            stored = store.save_with_lines_in(transaction, caller.tenant_id, invoice)
            if gone:
                jobs.ask_in(transaction, job)
    except TransactWriteError:
        raise Conflict(_changed(store.get(caller.tenant_id, invoice.invoice_id))) from None
    store.drop_old_lines(caller.tenant_id, invoice)
    if gone:
        enqueue.work_at(job)
    return stored


def _job(caller: Caller, invoice: Invoice, gone: Sequence[Line]) -> Job:
    return enqueue.job(
        KIND,
        tenant_lane(caller.tenant_id),
        caller.tenant_id,
        params={"invoice_id": invoice.invoice_id, "lines": [line.line_id for line in gone]},
        created_by=caller.actor,
    )


def _gone(before: Invoice, after: Invoice) -> list[Line]:
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
