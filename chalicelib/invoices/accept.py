"""Accepting what Xero has of an invoice: it becomes so here, and the work stays behind it.

What somebody accepts is what they saw: Xero is asked once more, and where it has changed again
nothing is taken over.
"""

from dataclasses import replace
from decimal import Decimal

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Failed, Job, Slice, Step
from chalicelib.dispatch.wake import wake
from chalicelib.errors import Conflict
from chalicelib.invoices import (
    adopt,
    deposits,
    drift_store,
    edit,
    facts,
    lines_work,
    notice,
    revision,
    store,
    sync,
    take_over,
)
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices.line import Line
from chalicelib.invoices.mirror import ENDED
from chalicelib.invoices.model import Drift, Invoice, InvoiceKind
from chalicelib.people.caller import Caller
from chalicelib.reference.contacts.store import Contacts
from chalicelib.storage.rows import transaction_connection
from chalicelib.work import clients, draws
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice

KIND = "accept-drift"
NO_DRIFT = "Xero has this invoice just as it is here."
WAITING = "A change of this invoice waits to be written to Xero. Write it, or drop it, first."
OTHERS = "Xero has changed it further since you looked. Look at it again."
STRANGER = (
    "Xero bills it to {}, a contact that is no client here. Import or link that client first, "
    "then accept it."
)
ACCEPTED = "Accepted as Xero has it."
DEDUCTED = "More of this deposit is taken off later invoices than would be left of it."


def start(caller: Caller, invoice_id: str, seen: str) -> Job:
    """Take over what Xero has; ``seen`` tells the differences that somebody looked at.

    Work behind a line that Xero no longer has is unbilled again. Raises NotFound, NotConnected,
    and Conflict where nothing differs, or something else than was seen.
    """
    invoice = store.get(caller.tenant_id, invoice_id)
    demand_seen(invoice, seen)
    if revision.find(caller.tenant_id, invoice_id):
        raise Conflict(WAITING)
    organisation_id = connections.active(caller.tenant_id).organisation_id
    tenant_books.demand_same(invoice, organisation_id)
    trail.record(caller, "drift.accept", f"invoice:{invoice_id}", "asked", **told(invoice))
    job = enqueue.job(
        KIND,
        organisation_id,
        caller.tenant_id,
        params={"invoice_id": invoice_id, "seen": seen, "by": caller.name},
        created_by=caller.actor,
        name=f"accept-{invoice_id}",
    )
    return enqueue.do_now(job)


def demand_seen(invoice: Invoice, seen: str) -> Drift:
    """The differences that somebody looked at; raises Conflict where they are others by now."""
    if invoice.drift is None:
        raise Conflict(NO_DRIFT)
    if invoice.drift.seen != seen:
        raise Conflict(OTHERS)
    return invoice.drift


def told(invoice: Invoice) -> dict[str, str]:
    """What the trail says of differences: both totals."""
    theirs = invoice.mirror.totals.total if invoice.mirror else invoice.totals.total
    return {
        "number": invoice.number,
        "here": f"{invoice.totals.total} {invoice.currency}",
        "theirs": f"{theirs}",
    }


def handle(job: Job, _part: Slice) -> Step:
    """Ask Xero once more and take it over; safe to repeat from any point."""
    tenant_id = job.tenant_id
    invoice = store.get(tenant_id, job.params["invoice_id"])
    if invoice.drift is None or invoice.mirror is None:
        return Done(NO_DRIFT)
    xero_id = invoice.mirror.xero_invoice_id
    books = tenant_books.of(tenant_id, job.lane)
    record = books(lambda accounting: accounting.invoice(xero_id))
    sync.mirror(tenant_id, invoice, record)
    invoice = store.get(tenant_id, invoice.invoice_id)
    if invoice.drift is None or invoice.drift.seen != job.params["seen"]:
        return Failed(OTHERS if invoice.drift else NO_DRIFT)
    try:
        _take_over(job, invoice, record)
    except Conflict as error:
        return Failed(error.sentence)
    caller = Caller(tenant_id, job.created_by, job.created_by, frozenset())
    trail.record(caller, "drift.accept", f"invoice:{invoice.invoice_id}", "done", **told(invoice))
    return Done("It is here now as Xero has it.", {"invoice_id": invoice.invoice_id})


def _take_over(job: Job, invoice: Invoice, record: XeroInvoice) -> None:
    tenant_id = job.tenant_id
    if record.status in ENDED:
        store.save(tenant_id, replace(invoice, drift=None))
        drift_store.forget(tenant_id, invoice.invoice_id)
        return
    rates = facts.load(tenant_id, job.lane)(invoice).tax_rates

    def percent_of(tax_type: str) -> Decimal:
        return rates[tax_type].percent if tax_type in rates else Decimal(0)

    after = take_over.taken_over(invoice, record, percent_of)
    after = _for_client(tenant_id, job.lane, after, record)
    _check_deposit(tenant_id, invoice, after)
    gone = take_over.gone(invoice, after)
    work = [line.work for line in gone if line.work]
    after = replace(
        after,
        records=max(invoice.records - sum(one.records for one in work), 0),
        materials=max(invoice.materials - sum(one.materials for one in work), 0),
        xero_line_ids=adopt.line_ids(after, record),
        sent_parts=drift_store.keep_as_sent(tenant_id, invoice),
        drift=_rest(job, replace(after, drift=None), record),
    )
    _store(job, after, gone)
    if after.drift is None:
        drift_store.forget(tenant_id, invoice.invoice_id)


def _rest(job: Job, after: Invoice, record: XeroInvoice) -> Drift | None:
    """What cannot be said here as Xero has it; it is accepted all the same."""
    rest = notice.noticed(job.tenant_id, after, record)
    if rest is None:
        return None
    at = wiring.current().clock.now()
    return replace(rest, ignored=ACCEPTED, ignored_by=job.params["by"], ignored_at=at)


def _store(job: Job, after: Invoice, gone: list[Line]) -> None:
    """All in one transaction: the invoice, what it holds of prices, and the job that frees."""
    tenant_id, invoice_id = job.tenant_id, after.invoice_id
    for line in gone:
        lines_work.set_aside(tenant_id, invoice_id, line)
    freeing = edit.release_job(tenant_id, job.created_by, after, gone)
    moved = edit.moves(tenant_id, after)
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            store.save_with_lines_in(transaction, tenant_id, after)
            for held, cents in moved:
                draws.change_in(transaction, tenant_id, invoice_id, held, cents)
            if gone:
                jobs.ask_in(transaction, freeing)
    except TransactWriteError:
        raise Conflict(edit.LESS_LEFT if moved else store.CHANGED) from None
    store.drop_old_lines(tenant_id, after)
    if gone:
        wake([freeing.lane])


def _for_client(tenant_id: str, lane: str, after: Invoice, record: XeroInvoice) -> Invoice:
    """Of the client whose contact it is in Xero now."""
    contact_id = record.contact.contact_id
    present = clients.get(tenant_id, after.client_id, organisation_id=lane)
    if present.contact_id == contact_id:
        return after
    client_id = Contacts(tenant_id, lane).one(contact_id).client_id
    found = clients.by_ids(tenant_id, [client_id], organisation_id=lane) if client_id else {}
    if client_id not in found:
        raise Conflict(STRANGER.format(record.contact.name or "another contact"))
    return replace(after, client_id=client_id, client_name=found[client_id].name)


def _check_deposit(tenant_id: str, invoice: Invoice, after: Invoice) -> None:
    if invoice.kind is not InvoiceKind.DEPOSIT:
        return
    if after.client_id != invoice.client_id or after.deposit < deposits.deducted(
        tenant_id, invoice
    ):
        raise Conflict(DEDUCTED)
