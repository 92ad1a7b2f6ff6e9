"""Taking everything off an invoice that it holds: work, parts of fixed prices, deposits."""

from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Job, Slice
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
    _release_rest(tenant_id, invoice_id)
    return released


def release_in(job: Job, part: Slice, invoice: Invoice) -> bool:
    """The same within a slice of a job, counted in its progress; False when more is left."""
    released, ended = claims.release_while(
        job.tenant_id, invoice.invoice_id, lambda: not part.over
    )
    done = job.progress.get("done", 0) + released
    total = job.progress.get("total", invoice.records + invoice.materials)
    job.progress = {"done": done, "total": max(done, total)}
    if ended:
        _release_rest(job.tenant_id, invoice.invoice_id)
    return ended


def _release_rest(tenant_id: str, invoice_id: str) -> None:
    draws.release(tenant_id, invoice_id)
    deposits.release(tenant_id, invoice_id)
