"""Letting a draft go: its work is unbilled again, and a number it has stays accounted for."""

from chalicelib.audit import trail
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Job, More, Slice, Step, tenant_lane
from chalicelib.errors import Conflict, NotFound
from chalicelib.invoices import deposits, store
from chalicelib.invoices.model import DISCARDABLE, Invoice, InvoiceState, advance
from chalicelib.invoices.release import begin_release, release, release_in
from chalicelib.people.caller import Caller

KIND = "discard-invoice"


def start(caller: Caller, invoice_id: str) -> Job:
    """Discard what Xero never got; raises NotFound, and Conflict for anything else."""
    invoice = store.get(caller.tenant_id, invoice_id)
    _check(invoice)
    trail.record(caller, "invoice.discard", f"invoice:{invoice_id}", "asked")
    job = enqueue.job(
        KIND,
        tenant_lane(caller.tenant_id),
        caller.tenant_id,
        params={"invoice_id": invoice_id},
        created_by=caller.actor,
        name=f"discard-{invoice_id}",
    )
    return begin_release(job, invoice)


def handle(job: Job, part: Slice) -> Step:
    """Discard the invoice that the job names; safe to repeat from any point."""
    try:
        invoice = store.get(job.tenant_id, job.params["invoice_id"])
    except NotFound:
        return _discarded(job)
    if invoice.state is not InvoiceState.DISCARDED:
        _check(invoice)
        leaving = _leave(job.tenant_id, invoice)
        if not release_in(job, part, leaving):
            return More()
        _forget(job.tenant_id, leaving)
    return _discarded(job)


def put_back(tenant_id: str, invoice: Invoice) -> None:
    """Release the invoice's work and remove it; one that has a number stays, as discarded."""
    leaving = _leave(tenant_id, invoice)
    release(tenant_id, invoice.invoice_id)
    _forget(tenant_id, leaving)


def _leave(tenant_id: str, invoice: Invoice) -> Invoice:
    if invoice.state is InvoiceState.DISCARDING:
        return invoice
    return store.save(tenant_id, advance(invoice, InvoiceState.DISCARDING, problems=()))


def _forget(tenant_id: str, leaving: Invoice) -> None:
    deposits.forget(tenant_id, leaving)
    if leaving.number:
        gone = advance(leaving, InvoiceState.DISCARDED, records=0, materials=0)
        store.save(tenant_id, gone)
    else:
        store.remove(tenant_id, leaving)


def _discarded(job: Job) -> Done:
    return Done("The draft is discarded.", {"released": job.progress.get("done", 0)})


def _check(invoice: Invoice) -> None:
    if invoice.state not in DISCARDABLE:
        raise Conflict(f"This invoice is {invoice.state} and cannot be discarded.")
