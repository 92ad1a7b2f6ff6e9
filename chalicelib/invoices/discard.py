"""Letting a draft go: its work is unbilled again, and a number it has stays accounted for."""

from chalicelib.audit import trail
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Job, Slice, Step, tenant_lane
from chalicelib.errors import Conflict, NotFound
from chalicelib.invoices import deposits, store
from chalicelib.invoices.model import DISCARDABLE, Invoice, InvoiceState, advance
from chalicelib.invoices.release import begin_release, release
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


def handle(job: Job, _part: Slice) -> Step:
    """Discard the invoice that the job names; safe to repeat from any point."""
    try:
        invoice = store.get(job.tenant_id, job.params["invoice_id"])
    except NotFound:
        return Done("The draft is discarded.")
    if invoice.state is not InvoiceState.DISCARDED:
        _check(invoice)
        released = put_back(job.tenant_id, invoice)
        return Done("The draft is discarded.", {"released": released})
    return Done("The draft is discarded.")


def put_back(tenant_id: str, invoice: Invoice) -> int:
    """Release the invoice's work and remove it; one that has a number stays, as discarded."""
    if invoice.state is not InvoiceState.DISCARDING:
        leaving = advance(invoice, InvoiceState.DISCARDING, problems=())
        invoice = store.save(tenant_id, leaving)
    released = release(tenant_id, invoice.invoice_id)
    deposits.forget(tenant_id, invoice)
    if invoice.number:
        gone = advance(invoice, InvoiceState.DISCARDED, records=0, materials=0)
        store.save(tenant_id, gone)
    else:
        store.remove(tenant_id, invoice)
    return released


def _check(invoice: Invoice) -> None:
    if invoice.state not in DISCARDABLE:
        raise Conflict(f"This invoice is {invoice.state} and cannot be discarded.")
