"""Sending invoices to Xero: asked for here, done in the organisation's lane, 50 to a call."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pynamodb.transactions import TransactWrite

from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Job, Priority
from chalicelib.dispatch.wish import Wish, Write
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.invoices import store
from chalicelib.invoices.model import (
    SENDABLE,
    UNSETTLED,
    Invoice,
    InvoiceState,
    SendAs,
    advance,
)
from chalicelib.invoices.preflight import OTHER_BOOKS
from chalicelib.people.caller import Caller
from chalicelib.storage import read_many

KIND = "send-invoices"
MOST_ASKED = 1000
SOON = timedelta(minutes=1)


def start(
    caller: Caller,
    invoice_ids: Sequence[str],
    send_as: SendAs | None = None,
    *,
    renumber: bool = False,
    approved: str = "",
) -> Job:
    """Send these invoices, one at once and several as a job.

    One that is on its way already is followed, never sent again; one in doubt is looked up
    first. ``send_as`` None: as each draft says. ``renumber`` gives the next number to one whose
    own is taken in Xero. ``approved`` is the approval of the one invoice that is named: anything
    else than what it was given for fails. Of several, those that cannot be sent are told beside
    the others. Raises NotConnected, NotFound, and Conflict where nothing of it can be sent.
    """
    wanted = list(dict.fromkeys(invoice_ids))
    if not 1 <= len(wanted) <= MOST_ASKED:
        raise InvalidInput(f"Name 1 to {MOST_ASKED} invoices.", field="invoice_ids")
    organisation_id, found = _read(caller.tenant_id, wanted)
    refused = {one.invoice_id: why for one in found if (why := _refusal(one, organisation_id))}
    if len(refused) == len(found):
        raise Conflict(refused[wanted[0]])
    going = [one for one in found if one.invoice_id not in refused]
    job = job_for(caller.tenant_id, organisation_id, wanted, caller.actor)
    if len(wanted) == 1:
        job.params["approved"] = approved
        queued = as_queued(going[0], send_as, renumber=renumber)
        return _send_one(caller, job, queued) if queued else _follow(caller, job, going[0])
    trail.record(caller, "invoices.send", about(wanted), "asked", invoices=len(wanted))
    job.params["refused"] = refused
    return _send_many(job, going, send_as, renumber=renumber)


def _send_one(caller: Caller, job: Job, queued: Invoice) -> Job:
    """Work at it here and now.

    What it becomes first, its job and the line in the trail are stored together, or nothing is.
    """
    from chalicelib.invoices import send_job

    def alone(transaction: TransactWrite) -> None:
        store.save_in(transaction, job.tenant_id, queued)

    def ask(write: Write) -> None:
        def both(transaction: TransactWrite) -> None:
            jobs.ask_in(transaction, job, anew=True)
            write(transaction)

        one = about([queued.invoice_id])
        trail.record_with(both, caller, "invoices.send", one, "asked", invoices=1)

    wish = Wish(job, alone, ask, store.CHANGED)
    return enqueue.do_first(wish, send_job.handler_of(queued, wish))


def _follow(caller: Caller, job: Job, invoice: Invoice) -> Job:
    """Go on with one that was asked for before."""
    trail.record(caller, "invoices.send", about([invoice.invoice_id]), "asked", invoices=1)
    if invoice.stopped:
        store.save(job.tenant_id, replace(invoice, problems=()))
    # One in doubt may have a job that waits; who asks now wants it looked up now.
    return enqueue.do_now(job, unless_open=invoice.state not in UNSETTLED)


def _send_many(
    job: Job, invoices: Sequence[Invoice], send_as: SendAs | None, *, renumber: bool
) -> Job:
    """Queue them under a job; whoever dies at it leaves one that soon takes up what is queued."""
    jobs.ask(replace(job, due_at=job.due_at + SOON))
    for invoice in invoices:
        try:
            queue(job.tenant_id, invoice, send_as, renumber=renumber)
        except Conflict as error:
            job.params["refused"][invoice.invoice_id] = error.sentence
    return enqueue.enqueue(job)


def job_for(
    tenant_id: str, organisation_id: str, invoice_ids: Sequence[str], created_by: str
) -> Job:
    """The job that sends queued invoices; one invoice has one such job at a time."""
    single = len(invoice_ids) == 1
    return enqueue.job(
        KIND,
        organisation_id,
        tenant_id,
        params={"invoice_ids": list(invoice_ids)},
        priority=Priority.CLICK if single else Priority.BULK,
        created_by=created_by,
        name=f"send-{invoice_ids[0]}" if single else None,
    )


def queue(
    tenant_id: str, invoice: Invoice, send_as: SendAs | None, *, renumber: bool = False
) -> None:
    """Mark a draft, or one that failed, as to be sent; others stay as they are."""
    queued = as_queued(invoice, send_as, renumber=renumber)
    if queued:
        store.save(tenant_id, queued)


def as_queued(
    invoice: Invoice, send_as: SendAs | None, *, renumber: bool = False
) -> Invoice | None:
    """A draft, or one that failed, as it is once it is to be sent; None of any other."""
    if invoice.state not in SENDABLE or invoice.state is InvoiceState.QUEUED:
        return None
    queued = advance(
        invoice, InvoiceState.QUEUED, problems=(), send_as=send_as or invoice.send_as
    )
    if renumber and queued.number:
        former = (*queued.former_numbers, queued.number)
        queued = replace(queued, number="", former_numbers=former)
    return queued


def address(base_url: str, invoice_id: str) -> str:
    """Where an invoice is seen in Workbill; it is how we know our own in Xero."""
    return f"{base_url}/invoices/{invoice_id}"


def _read(tenant_id: str, invoice_ids: Sequence[str]) -> tuple[str, list[Invoice]]:
    """The organisation that is connected, and the invoices; one request per hundred."""
    (connection,), rows = read_many.groups(
        [connections.key(tenant_id)], [store.key(tenant_id, one) for one in invoice_ids]
    )
    active = connections.demand_active(connections.found_in(connection, tenant_id))
    if not all(rows):
        raise NotFound(store.UNKNOWN)
    return active.organisation_id, [store.invoice_in(row) for row in rows]


def _refusal(invoice: Invoice, organisation_id: str) -> str:
    """Why it cannot be sent, or not to this organisation; empty where it can."""
    if invoice.state in UNSETTLED and invoice.organisation_id != organisation_id:
        return (
            "This invoice was being sent to another organisation, which has to be connected "
            "again to find out whether it arrived."
        )
    if invoice.state not in SENDABLE | UNSETTLED:
        return f"This invoice is {invoice.state} and cannot be sent."
    if invoice.organisation_id not in {"", organisation_id}:
        return OTHER_BOOKS
    return ""


def about(invoice_ids: Sequence[str]) -> str:
    """What the audit trail calls these invoices."""
    if len(invoice_ids) == 1:
        return f"invoice:{invoice_ids[0]}"
    return f"invoices:{len(invoice_ids)}"
