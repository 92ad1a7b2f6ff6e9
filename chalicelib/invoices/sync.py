"""Bringing back from Xero what became of invoices: status, amounts, and the money that came in.

Xero's word is copied and never worked out here, and nothing of ours is taken away by it: an
invoice that was voided or deleted there is flagged, and a person decides about its work.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pynamodb.exceptions import DoesNotExist

from chalicelib import wiring
from chalicelib.clock import parse_stamp, stamp
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.lease import held
from chalicelib.dispatch.model import Done, Failed, Job, More, Priority, Slice, Step
from chalicelib.errors import Conflict
from chalicelib.events.outbox import Teller
from chalicelib.invoices import (
    adopt,
    cadence,
    calls,
    drift_store,
    hints,
    lost_credits,
    notice,
    send,
    store,
    tell,
)
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices.books import Books, pages_changed
from chalicelib.invoices.model import Invoice, InvoiceState
from chalicelib.invoices.rows import WatermarkRow
from chalicelib.people.caller import Caller
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice

OVERLAP = timedelta(minutes=5)
"""Xero's changes may become visible a little out of order."""

AT_ONCE = 100


def start(caller: Caller, invoice_id: str | None = None) -> Job:
    """Look at one invoice at once, or at all that changed as a job.

    Raises NotConnected, NotFound, and Conflict for an invoice that Xero does not have.
    """
    organisation_id = connections.active(caller.tenant_id).organisation_id
    if invoice_id is None:
        job = _job("sync-status", organisation_id, caller, name="sync-all")
        return enqueue.do_now(job, unless_open=True)
    invoice = store.get(caller.tenant_id, invoice_id)
    if invoice.mirror is None:
        raise Conflict("This invoice is not in Xero yet, so it has no status there.")
    tenant_books.demand_same(invoice, organisation_id)
    job = _job("sync-invoice", organisation_id, caller, name=f"sync-{invoice_id}")
    job.params["invoice_id"] = invoice_id
    return enqueue.do_now(job, unless_open=True)


def handle(job: Job, part: Slice) -> Step:
    """Look at everything in the organisation that changed since the last look."""
    tenant_id = job.tenant_id or connections.tenant_of(job.lane)
    if not tenant_id:
        return Done("This organisation is not connected here.")
    if job.news and not hints.tell_news(tenant_id, job.news):
        return Done("All of this is known already.")
    lost_credits.ask_about(tenant_id, job.lane, hints.credit_notes(job.news))
    books = tenant_books.of(tenant_id, job.lane)
    counts = {"seen": 0, "updated": 0}
    step = look_at_changes(tenant_id, job.lane, books, part, counts)
    job.progress = counts
    if isinstance(step, Done):
        cadence.settle(tenant_id, job.lane, part.now())
    return step


def handle_one(job: Job, _part: Slice) -> Step:
    """Look at one invoice, which says more than a list does."""
    invoice = store.get(job.tenant_id, job.params["invoice_id"])
    if invoice.mirror is None:
        return Failed("This invoice is not in Xero yet, so it has no status there.")
    xero_id = invoice.mirror.xero_invoice_id
    books = tenant_books.of(job.tenant_id, job.lane)
    record = books(lambda accounting: accounting.invoice(xero_id))
    changed = mirror(job.tenant_id, invoice, record)
    lease = held(job.lane)
    if lease and changed:
        lease.say(f"Status in Xero: {record.status}.")
    if invoice.credited:
        lost_credits.look(job.tenant_id, invoice.invoice_id, books, unspent=True)
    return Done(f"Status in Xero: {record.status}.", {"invoice_id": invoice.invoice_id})


def look_at_changes(
    tenant_id: str, organisation_id: str, books: Books, part: Slice, counts: dict[str, int]
) -> Step:
    """Mirror what changed, page by page in the order of change; one call when nothing did.

    The watermark is Xero's own time of the last change seen, so that a slow or unfinished run
    passes nothing over.
    """
    seen = _seen_until(tenant_id, organisation_id)
    since = (seen or _first_made(tenant_id)) - OVERLAP
    for page in pages_changed(books, since):
        counts["seen"] += len(page.items)
        changed = mirror_all(tenant_id, page.items)
        counts["updated"] += changed
        lease = held(organisation_id)
        if lease and changed:
            lease.say(f"{changed} changed here." if changed > 1 else "One changed here.")
        seen = _raise_watermark(tenant_id, organisation_id, seen, page.items)
        if part.over and not page.is_last:
            return More()
    return Done(f"{counts['updated']} invoices changed.", dict(counts))


def mirror(
    tenant_id: str,
    invoice: Invoice,
    record: XeroInvoice,
    *,
    by_us: bool = False,
    teller: Teller | None = None,
) -> bool:
    """Keep what Xero says of an invoice; False, and no write, when that is nothing new.

    Xero's time of change alone is nothing new. One in doubt is found by this, too. Where Xero
    has it otherwise than it is here, it is flagged; ``by_us`` says that it was ended from here.
    Who mirrors several gives their ``teller`` and wakes it in the end.
    """
    if teller is None:
        teller = Teller(tenant_id)
        changed = mirror(tenant_id, invoice, record, by_us=by_us, teller=teller)
        teller.wake()
        return changed
    if invoice.state is InvoiceState.UNCERTAIN:
        call = calls.get(tenant_id, invoice.call_id)
        adopted = adopt.adopt(invoice, record)
        if call is None:
            tell.save(invoice, adopted, teller)
        else:
            calls.settle_one(teller, call, adopted)
        return True
    told = adopt.mirror_of(record)
    known = invoice.mirror and replace(invoice.mirror, updated_at=told.updated_at)
    if invoice.state is not InvoiceState.SENT:
        return False
    drift = notice.noticed(tenant_id, invoice, record, by_us=by_us)
    if known == told and drift == invoice.drift:
        return False
    if lost_credits.fewer(invoice, told):
        # Before the change is kept: whoever dies in between has it looked at once too often.
        lost_credits.ask(tenant_id, invoice.organisation_id, invoice.invoice_id)
    tell.save(invoice, replace(invoice, mirror=told, drift=drift), teller)
    if invoice.drift and drift is None:
        drift_store.forget(tenant_id, invoice.invoice_id)
    return True


def mirror_all(tenant_id: str, records: Sequence[XeroInvoice]) -> int:
    """Keep what these records say; how many of our invoices changed, others are left aside."""
    ours: dict[str, XeroInvoice] = {}
    for record in records:
        invoice_id = _whose(tenant_id, record)
        if invoice_id:
            ours[invoice_id] = record
    ids, updated, teller = list(ours), 0, Teller(tenant_id)
    for start in range(0, len(ids), AT_ONCE):
        found = store.get_many(tenant_id, ids[start : start + AT_ONCE])
        updated += sum(
            mirror(tenant_id, invoice, ours[invoice_id], teller=teller)
            for invoice_id, invoice in found.items()
        )
    teller.wake()
    return updated


def _whose(tenant_id: str, record: XeroInvoice) -> str | None:
    """Our id, by the address we gave it, else by Xero's own id."""
    ours = send.address(wiring.current().settings.public_base_url, "")
    if record.url.startswith(ours):
        return record.url.removeprefix(ours)
    return store.id_of_xero(tenant_id, record.invoice_id)


def _seen_until(tenant_id: str, organisation_id: str) -> datetime | None:
    try:
        row = WatermarkRow.get(tenant_id, _watermark(organisation_id), consistent_read=True)
    except DoesNotExist:
        return None
    return parse_stamp(row.seen_until)


def _raise_watermark(
    tenant_id: str,
    organisation_id: str,
    seen: datetime | None,
    records: Sequence[XeroInvoice],
) -> datetime | None:
    latest = max((r.updated_date_utc for r in records if r.updated_date_utc), default=None)
    if latest is None or (seen is not None and latest <= seen):
        return seen
    row = WatermarkRow(tenant_id, _watermark(organisation_id), seen_until=stamp(latest))
    row.save()
    return latest


def _first_made(tenant_id: str) -> datetime:
    """Nothing of ours changed in Xero before our first invoice was made."""
    oldest = store.oldest(tenant_id)
    return oldest.created_at if oldest else wiring.current().clock.now()


def _watermark(organisation_id: str) -> str:
    return f"watermark#{organisation_id}"


def _job(kind: str, organisation_id: str, caller: Caller, *, name: str) -> Job:
    return enqueue.job(
        kind,
        organisation_id,
        caller.tenant_id,
        priority=Priority.CLICK,
        created_by=caller.actor,
        name=name,
    )
