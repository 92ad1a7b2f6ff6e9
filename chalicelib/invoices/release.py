"""Taking everything off an invoice that it holds: work, parts of fixed prices, deposits."""

from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Job
from chalicelib.invoices import deposits
from chalicelib.invoices.model import Invoice, InvoiceState
from chalicelib.work import claims, draws

AT_ONCE = 200
"""Up to so many pieces of work are freed while the caller waits."""


def begin_release(job: Job, invoice: Invoice) -> Job:
    """Ask for a job that frees what an invoice holds: at once where that is little.

    How much half an invoice holds is not known.
    """
    building = invoice.state is InvoiceState.BUILDING
    if building or invoice.records + invoice.materials > AT_ONCE:
        return enqueue.enqueue(job, unless_open=True)
    return enqueue.do_now(job, unless_open=True)


def release(tenant_id: str, invoice_id: str) -> int:
    """Free all that an invoice holds; answers how many pieces of work that were.

    Safe to repeat, and to finish when it stopped half-way.
    """
    released = claims.release(tenant_id, invoice_id)
    draws.release(tenant_id, invoice_id)
    deposits.release(tenant_id, invoice_id)
    return released
