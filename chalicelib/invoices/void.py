"""Taking an invoice back in Xero: a draft is deleted there, an approved one is voided."""

from dataclasses import replace

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Failed, Job, More, Slice, Step, Wait
from chalicelib.dispatch.setbacks import back_off
from chalicelib.errors import Conflict
from chalicelib.invoices import adopt, deposits, store, sync
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices.books import Books
from chalicelib.invoices.mirror import ENDED, XeroStatus
from chalicelib.invoices.model import Invoice
from chalicelib.invoices.release import begin_release, release_in
from chalicelib.people.caller import Caller
from chalicelib.xero.errors import XeroOutcomeUnknown, XeroRejected
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice

KIND = "void-invoice"
MOST_TRIES = 8
UNAPPROVED = frozenset({XeroStatus.DRAFT.value, XeroStatus.SUBMITTED.value})


def start(caller: Caller, invoice_id: str, *, reason: str, release: bool) -> Job:
    """Void or delete the invoice in Xero; with ``release`` its work is unbilled again.

    Raises NotConnected, NotFound, and Conflict for one that is not in Xero.
    """
    invoice = store.get(caller.tenant_id, invoice_id)
    if invoice.mirror is None:
        raise Conflict("This invoice is not in Xero. Discard the draft instead.")
    organisation_id = connections.active(caller.tenant_id).organisation_id
    tenant_books.demand_same(invoice, organisation_id)
    _check_deposit(caller.tenant_id, invoice)
    if release and invoice.redraft_id:
        raise Conflict("Its work is on the fresh draft made of it. Discard that instead.")
    trail.record(caller, "invoice.void", f"invoice:{invoice_id}", "asked", reason=reason)
    job = enqueue.job(
        KIND,
        organisation_id,
        caller.tenant_id,
        params={"invoice_id": invoice_id, "release": release, "tries": 0},
        created_by=caller.actor,
        name=f"void-{invoice_id}",
    )
    return begin_release(job, invoice)


def _check_deposit(tenant_id: str, invoice: Invoice) -> None:
    deducted = deposits.deducted(tenant_id, invoice)
    if deducted:
        raise Conflict(
            f"{deducted:,.2f} {invoice.currency} of this deposit are taken off later invoices. "
            "Take those back first."
        )


def handle(job: Job, part: Slice) -> Step:
    """Void what the job names; one that was taken back already only has its work released."""
    invoice = store.get(job.tenant_id, job.params["invoice_id"])
    books = tenant_books.of(job.tenant_id, job.lane)
    if invoice.mirror is None:
        return Failed("This invoice is not in Xero.")
    if not invoice.taken_back:
        step = _end(job, invoice, books, part)
        if step is not None:
            return step
    ended = store.get(job.tenant_id, invoice.invoice_id).xero_status in ENDED
    how = "has ended in Xero" if ended else "is credited in full"
    if not job.params["release"] or invoice.redraft_id:
        return Done(f"The invoice {how}.")
    if not release_in(job, part, invoice):
        return More()
    _note_released(job.tenant_id, invoice.invoice_id)
    released = {"released": job.progress["done"]}
    return Done(f"The invoice {how}. Its work is unbilled again.", released)


def _note_released(tenant_id: str, invoice_id: str) -> None:
    invoice = store.get(tenant_id, invoice_id)
    if invoice.holds_work:
        store.save(tenant_id, replace(invoice, records=0, materials=0, released=True))


def _end(job: Job, invoice: Invoice, books: Books, part: Slice) -> Step | None:
    """None once Xero has it as ended; what Xero says after a doubt is what counts."""
    if invoice.mirror is None:
        return None
    xero_id = invoice.mirror.xero_invoice_id
    wanted = XeroStatus.DELETED if invoice.xero_status in UNAPPROVED else XeroStatus.VOIDED
    key = f"{job.tenant_id}.{wiring.current().token()}"
    refusal: XeroRejected | None = None
    try:
        record = books(lambda books: books.update_status(xero_id, wanted.value, key))
    except XeroOutcomeUnknown:
        record = _look(books, xero_id)
    except XeroRejected as error:
        refusal, record = error, _look(books, xero_id)
    sync.mirror(job.tenant_id, invoice, record, by_us=True)
    if adopt.mirror_of(record).ended:
        return None
    if refusal is not None:
        return Failed(refusal.sentence)
    job.params["tries"] += 1
    if job.params["tries"] >= MOST_TRIES:
        return Failed("Xero did not confirm. Sync the status, then try again.")
    return Wait(part.now() + back_off(job.params["tries"]), "Xero did not confirm yet.")


def _look(books: Books, xero_id: str) -> XeroInvoice:
    return books(lambda books: books.invoice(xero_id))
