"""What people ask of Xero for an invoice that is there: its client's link, and its PDF.

The PDF goes to the object store, and from there to whoever asked by a link (``pdf_link.py``).
"""

from dataclasses import replace

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Failed, Job, Slice, Step
from chalicelib.errors import Conflict
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices import extras, store
from chalicelib.invoices.extras import Extras, Pdf
from chalicelib.invoices.model import Invoice
from chalicelib.people.caller import Caller
from chalicelib.xero.errors import XeroNotFound

LINK, PDF = "fetch-online-link", "fetch-pdf"
NO_LINK = "Xero has a link for the client only once the invoice is approved."


def start(caller: Caller, invoice_id: str, kind: str) -> Job:
    """Fetch the link or the PDF now; raises NotConnected, NotFound and Conflict."""
    invoice = store.get(caller.tenant_id, invoice_id)
    if invoice.mirror is None:
        raise Conflict("This invoice is not in Xero. Send it first.")
    organisation_id = connections.active(caller.tenant_id).organisation_id
    tenant_books.demand_same(invoice, organisation_id)
    what = "link" if kind == LINK else "PDF"
    trail.record(caller, "invoice.fetch", f"invoice:{invoice_id}", "asked", document=what)
    return enqueue.do_now(
        enqueue.job(
            kind,
            organisation_id,
            caller.tenant_id,
            params={"invoice_id": invoice_id},
            created_by=caller.actor,
            name=f"{kind}-{invoice_id}",
        ),
        unless_open=True,
    )


def handle_link(job: Job, _part: Slice) -> Step:
    """Keep where the client sees the invoice; safe to repeat."""
    invoice, known = _both(job)
    books = tenant_books.of(job.tenant_id, job.lane)
    try:
        url = books(lambda accounting: accounting.online_invoice_url(_xero_id(invoice)))
    except XeroNotFound:
        url = None
    if not url:
        return Failed(NO_LINK)
    extras.save(job.tenant_id, replace(known, online_url=url))
    return Done("The client's link is there.")


def handle_pdf(job: Job, _part: Slice) -> Step:
    """Keep the invoice as Xero prints it; safe to repeat, each time as a file of its own."""
    invoice, known = _both(job)
    books = tenant_books.of(job.tenant_id, job.lane)
    present = wiring.current()
    try:
        content = books(lambda accounting: accounting.invoice_pdf(_xero_id(invoice)))
    except XeroNotFound as error:
        return Failed(error.sentence)
    key = f"exports/{job.tenant_id}/{invoice.invoice_id}/{present.token()}.pdf"
    present.s3.put_object(
        Bucket=present.settings.uploads_bucket,
        Key=key,
        Body=content,
        ContentType="application/pdf",
    )
    pdf = Pdf(key, invoice.version, present.clock.now())
    extras.save(job.tenant_id, replace(known, pdf=pdf))
    return Done("The PDF is there.")


def _both(job: Job) -> tuple[Invoice, Extras]:
    invoice_id = job.params["invoice_id"]
    return store.get(job.tenant_id, invoice_id), extras.of_invoice(job.tenant_id, invoice_id)


def _xero_id(invoice: Invoice) -> str:
    return invoice.mirror.xero_invoice_id if invoice.mirror else ""
