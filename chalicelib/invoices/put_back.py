"""Work that a credit note released which is gone by now: where it is, and putting it back.

The invoice bills it again then, so that whatever of it is billed elsewhere is billed twice, and
what is unbilled soon would be.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Job, More, Slice, Step, tenant_lane
from chalicelib.errors import Conflict
from chalicelib.invoices import credit, lines_work, store
from chalicelib.invoices.credit import Credit, CreditState
from chalicelib.invoices.model import Invoice
from chalicelib.people.caller import Caller
from chalicelib.work import claims, time_records
from chalicelib.work.materials import find as materials
from chalicelib.work.materials.model import Material
from chalicelib.work.model import TimeRecord

KIND = "put-work-back"
SHOWN = 500
"""Of more work only the first is followed on a page."""

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where released work is by now: pieces on each other invoice, and those on none.

    ``numbers`` are the other invoices' numbers, by id. ``followed`` says how many pieces of the
    ``released`` were looked for.
    """

    released: int = 0
    followed: int = 0
    billed: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    unbilled: int = 0


def whereabouts(tenant_id: str, invoice: Invoice, notes: Sequence[Credit]) -> Whereabouts:
    """Where the work is that credit notes released which are gone by now."""
    ids = _released(tenant_id, invoice, notes)
    if not ids:
        return Whereabouts()
    followed = ids[:SHOWN]
    places = Counter(one.invoice_id or "" for one in _work(tenant_id, followed))
    unbilled = places.pop("", 0)
    places.pop(invoice.invoice_id, None)
    heads = store.heads(tenant_id, places)
    numbers = {key: one.number or "a draft" for key, one in heads.items()}
    return Whereabouts(len(ids), len(followed), dict(places), numbers, unbilled)


def explained(tenant_id: str, invoice: Invoice) -> Whereabouts | None:
    """The same of an invoice that stands again; None, and no request, for any other."""
    again = invoice.released and not invoice.taken_back
    if not (invoice.credits_lost or again):
        return None
    return whereabouts(tenant_id, invoice, credit.of_invoice(tenant_id, invoice.invoice_id))


def start(caller: Caller, invoice: Invoice) -> Job:
    """Put what is unbilled of it back on its invoice; what others bill stays with them."""
    job = enqueue.job(
        KIND,
        tenant_lane(caller.tenant_id),
        caller.tenant_id,
        params={"invoice_id": invoice.invoice_id},
        created_by=caller.actor,
        name=f"put-back-{invoice.invoice_id}",
    )
    return enqueue.do_now(job, unless_open=True)


def handle(job: Job, part: Slice) -> Step:
    """Claim it again, piece by piece in transactions; safe to repeat from any point."""
    tenant_id = job.tenant_id
    invoice = store.get(tenant_id, job.params["invoice_id"])
    if invoice.taken_back:
        return Done("Its credit notes take it back, so its work stays unbilled.")
    ids = _released(tenant_id, invoice, credit.of_invoice(tenant_id, invoice.invoice_id))
    for start_at in range(job.params.get("position", 0), len(ids), AT_ONCE):
        if part.over:
            return More()
        some = ids[start_at : start_at + AT_ONCE]
        records = time_records.by_ids(tenant_id, some)
        goods = materials.by_ids(tenant_id, some)
        claims.claim(tenant_id, invoice.invoice_id, [r for r in records if not r.invoice_id])
        claims.claim(tenant_id, invoice.invoice_id, [g for g in goods if not g.invoice_id])
        job.params["position"] = start_at + AT_ONCE
    return _counted(tenant_id, invoice)


def _counted(tenant_id: str, invoice: Invoice) -> Step:
    records = len(claims.claimed(tenant_id, invoice.invoice_id))
    more = len(claims.claimed_materials(tenant_id, invoice.invoice_id))
    again = replace(invoice, records=records, materials=more, released=not (records or more))
    try:
        store.save(tenant_id, again)
    except Conflict:
        return More()
    pieces = records + more
    return Done(f"{pieces} pieces of work are on it." if pieces != 1 else "One piece is on it.")


def _released(tenant_id: str, invoice: Invoice, notes: Sequence[Credit]) -> list[str]:
    """The ids of work that credit notes released which Xero has no more."""
    gone = [one for one in notes if one.state is CreditState.VOIDED]
    if any(one.release for one in gone):
        works = [(line, line.work) for line in invoice.lines if line.work]
        of_lines = (
            work.ids or lines_work.ids_of(tenant_id, invoice.invoice_id, line.line_id)
            for line, work in works
        )
        return list(dict.fromkeys(one for ids in of_lines for one in ids))
    return list(dict.fromkeys(one for ended in gone for one in ended.work_ids))


def _work(tenant_id: str, ids: Sequence[str]) -> list[TimeRecord | Material]:
    return [*time_records.by_ids(tenant_id, ids), *materials.by_ids(tenant_id, ids)]
