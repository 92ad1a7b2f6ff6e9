"""A fresh draft of an invoice that has ended in Xero: the same lines, and the very same work.

What the invoice held is put over to the draft, piece by piece in transactions, so that none of it
is unbilled or billed twice in between. The invoice that ended stays, and holds nothing.
"""

from dataclasses import replace

from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Failed, Job, More, Slice, Step, tenant_lane
from chalicelib.errors import Conflict, NotFound
from chalicelib.invoices import begin, deposits, discard, lines_work, store
from chalicelib.invoices.line import ZERO
from chalicelib.invoices.model import Invoice, InvoiceState
from chalicelib.invoices.release import begin_release
from chalicelib.people import tenants
from chalicelib.people.caller import Caller
from chalicelib.work import claims, draws

KIND = "redraft-invoice"
RELEASED = "Its work was released, in part or all of it. Bill what is unbilled anew."
NOT_ENDED = "Xero has this invoice as it was sent. Take it back there first."


def start(caller: Caller, invoice_id: str) -> Job:
    """Make a fresh draft of an invoice that was voided, deleted or credited in full.

    The job's result names it; asked for again, it is the same draft. Raises NotFound, and
    Conflict for one that still stands, or whose work was released.
    """
    invoice = store.get(caller.tenant_id, invoice_id)
    _check(caller.tenant_id, invoice)
    now = wiring.current().clock.now()
    draft_id = invoice.redraft_id or str(ULID.from_datetime(now)).lower()
    if not invoice.redraft_id:
        trail.record(caller, "invoice.redraft", f"invoice:{invoice_id}", "asked", draft=draft_id)
        invoice = store.save(caller.tenant_id, replace(invoice, redraft_id=draft_id))
    job = enqueue.job(
        KIND,
        tenant_lane(caller.tenant_id),
        caller.tenant_id,
        params={"invoice_id": invoice_id},
        created_by=caller.actor,
        name=f"redraft-{invoice_id}",
    )
    return begin_release(job, invoice)


def handle(job: Job, part: Slice) -> Step:
    """Make the draft, put all over to it, and finish it; safe to repeat from any point."""
    tenant_id = job.tenant_id
    old = store.get(tenant_id, job.params["invoice_id"])
    if not old.redraft_id:
        return Failed(NOT_ENDED)
    if old.released:
        return Done("The fresh draft is made.", {"invoice_id": old.redraft_id})
    new = _begun(job, old)
    if not claims.move_while(tenant_id, old.invoice_id, new.invoice_id, lambda: not part.over):
        return More()
    records = len(claims.claimed(tenant_id, new.invoice_id))
    materials = len(claims.claimed_materials(tenant_id, new.invoice_id))
    if records + materials < _of_lines(old):
        # Somebody released it at the same time: its lines would bill what is not on it.
        discard.put_back(tenant_id, new)
        store.save(tenant_id, replace(old, redraft_id="", records=0, materials=0, released=True))
        return Failed(RELEASED)
    draws.move(tenant_id, old.invoice_id, new.invoice_id)
    deposits.move(tenant_id, old.invoice_id, new.invoice_id)
    lines_work.copy(tenant_id, old.invoice_id, new.invoice_id, old.lines)
    if new.state is InvoiceState.BUILDING:
        deposits.keep(tenant_id, new)
        drafted = replace(
            new,
            state=InvoiceState.DRAFT,
            lines=old.lines,
            records=records,
            materials=materials,
        )
        store.save_with_lines(tenant_id, drafted)
    store.save(tenant_id, replace(old, records=0, materials=0, released=True))
    return Done("The fresh draft is made.", {"invoice_id": new.invoice_id})


def _begun(job: Job, old: Invoice) -> Invoice:
    """The draft as it is being built: what Xero said of the old one is no part of it."""
    try:
        return store.get(job.tenant_id, old.redraft_id)
    except NotFound:
        pass
    now = wiring.current().clock.now()
    today = begin.today(tenants.get(job.tenant_id), now)
    blank = replace(
        old,
        invoice_id=old.redraft_id,
        state=InvoiceState.BUILDING,
        date=today,
        due_date=today + (old.due_date - old.date),
        created_at=now,
        created_by=job.created_by,
        lines=(),
        records=0,
        materials=0,
        number="",
        former_numbers=(),
        contact_id="",
        url="",
        call_id="",
        sent_at=None,
        problems=(),
        mirror=None,
        version=0,
        edited_by="",
        edited_at=None,
        released=False,
        xero_line_ids=(),
        credited=ZERO,
        drift=None,
        sent_parts=0,
        redraft_id="",
        left_because="",
        credits_lost=0,
    )
    store.add(job.tenant_id, blank)
    return store.get(job.tenant_id, old.redraft_id)


def _of_lines(invoice: Invoice) -> int:
    """How many records and materials its lines bill."""
    works = [line.work for line in invoice.lines if line.work]
    return sum(work.records + work.materials for work in works)


def _check(tenant_id: str, invoice: Invoice) -> None:
    if invoice.state is not InvoiceState.SENT or not invoice.taken_back:
        raise Conflict(NOT_ENDED)
    if invoice.redraft_id:
        return
    if invoice.released or invoice.records + invoice.materials < _of_lines(invoice):
        raise Conflict(RELEASED)
    if deposits.deducted(tenant_id, invoice):
        raise Conflict("Part of this deposit is taken off later invoices. Take those back first.")
