"""Closing a month: every invoice dated in it, how it stands, and the same sums asked of Xero.

Xero's invoices of the month are read a page of a thousand at a time, and each is taken over as a
look at its status would, so that what is compared is what Xero has now. Nothing in Xero changes.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.connection.model import ConnectionState
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Failed, Job, More, Priority, Slice, Step, tenant_lane
from chalicelib.errors import NotFound
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices import gaps, month_store, numbering, reckon, send, store, sync
from chalicelib.invoices.gaps import Numbers
from chalicelib.invoices.month import Month, month_of, read_month
from chalicelib.invoices.month_store import HERE, THERE
from chalicelib.invoices.reckon import Apart, Control, Ours, Theirs
from chalicelib.people import tenants
from chalicelib.people.caller import Caller
from chalicelib.people.time_zones import zone

KIND = "month-end"
AT_ONCE = 100
MOST_NAMED = 500
"""Invoices that differ, as many as one row may name."""

MOST_TRIES = 3
MOST_PROJECTS = 1000
RESTLESS = "Invoices of this month are being changed in Xero all the time. Try again in a while."


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What a month came to when it was worked out.

    ``counts`` is of the invoices here by how they stand. ``calls`` were made to Xero, none where
    it was not connected: then the sums are of here alone. ``apart`` names every invoice that is
    not the same on both sides, at most 500 of ``apart_in_all``. ``unbilled`` is what work on no
    invoice comes to now, by currency; ``unbilled_complete`` says whether all of it was counted.
    """

    month: str
    made_at: dt.datetime
    organisation: str
    calls: int
    counts: dict[str, int]
    differing: int
    controls: tuple[Control, ...]
    apart: tuple[Apart, ...]
    apart_in_all: int
    numbers: Numbers
    numbered_by_xero: bool
    unbilled: dict[str, Decimal]
    unbilled_complete: bool

    @property
    def agrees(self) -> bool:
        """Whether Xero was asked, and has everything just as it is here."""
        return bool(self.calls) and not self.apart_in_all


def start(caller: Caller, month: Month) -> Job:
    """Work a month out anew; what is shown stays until that is done."""
    connection = connections.get(caller.tenant_id)
    active = connection.state is ConnectionState.ACTIVE
    lane = connection.organisation_id if active else tenant_lane(caller.tenant_id)
    trail.record(caller, "month-end", f"month:{month}", "asked")
    job = enqueue.job(
        KIND,
        lane,
        caller.tenant_id,
        params={"month": str(month)},
        priority=Priority.BULK,
        created_by=caller.actor,
        name=f"{KIND}-{month}" if active else f"{KIND}-{month}-{caller.tenant_id}",
    )
    return enqueue.do_now(job, unless_open=True)


def present(tenant_id: str) -> Month:
    """The month that it is where the tenant is."""
    tenant = tenants.get(tenant_id)
    return month_of(wiring.current().clock.now().astimezone(zone(tenant.time_zone)).date())


def find(tenant_id: str, month: Month) -> MonthEnd | None:
    """What the month last came to; None before it was worked out."""
    found = month_store.get(tenant_id, month, MonthEnd)
    return found[1] if found else None


def get(tenant_id: str, month: Month) -> MonthEnd:
    """The same; raises NotFound."""
    found = find(tenant_id, month)
    if found is None:
        raise NotFound(f"{month.words} has not been worked out yet.")
    return found


def invoices(tenant_id: str, month: Month) -> list[Ours]:
    """Every invoice of the month as it stood then, by date; none before it was worked out."""
    found = month_store.get(tenant_id, month, MonthEnd)
    return list(month_store.lists(tenant_id, month, found[0], HERE, Ours)) if found else []


def handle(job: Job, part: Slice) -> Step:
    """Read Xero's side page by page, then put both together; safe to repeat from any point."""
    month = read_month(job.params["month"])
    job.params.setdefault("run", wiring.current().token())
    if job.lane == tenant_lane(job.tenant_id):
        return _finish(job, month, None, "")
    connection = connections.active(job.tenant_id)
    step = _read(job, part, month)
    if step is not None:
        return step
    run = job.params["run"]
    there = {one.xero_id: one for one in _there(job.tenant_id, month, run)}
    if len(there) < job.params["listed"]:
        # A record that was changed meanwhile moved to a page that had been read.
        return _again(job)
    return _finish(job, month, list(there.values()), connection.organisation_name)


def _read(job: Job, part: Slice, month: Month) -> Step | None:
    """Xero's pages from where an earlier slice stopped; None when all are there."""
    books = tenant_books.of(job.tenant_id, job.lane)
    address = send.address(wiring.current().settings.public_base_url, "")
    while not job.params.get("read"):
        if part.over:
            return More()
        number = job.params.get("page", 0) + 1
        page = tenant_books.page_dated(books, month.first, month.until, number)
        job.params["calls"] = job.params.get("calls", 0) + 1
        sync.mirror_all(job.tenant_id, page.items)
        found = [reckon.theirs(record, address) for record in page.items]
        name = f"{THERE}{number:05d}"
        month_store.put_list(job.tenant_id, month, job.params["run"], name, found)
        job.params |= {"page": number, "listed": page.item_count or 0, "read": page.is_last}
        job.progress = {"done": number, "total": page.page_count or 0}
    return None


def _again(job: Job) -> Step:
    job.params["tries"] = job.params.get("tries", 0) + 1
    if job.params["tries"] >= MOST_TRIES:
        return Failed(RESTLESS)
    job.params |= {"page": 0, "read": False, "run": wiring.current().token()}
    return More()


def _there(tenant_id: str, month: Month, run: str) -> list[Theirs]:
    return list(month_store.lists(tenant_id, month, run, THERE, Theirs))


def _finish(job: Job, month: Month, there: Sequence[Theirs] | None, organisation: str) -> Step:
    tenant_id, run = job.tenant_id, job.params["run"]
    here = _here(tenant_id, month, job.lane)
    made = reckon.reckon(here, there)
    tenant = tenants.get(tenant_id)
    unbilled, complete = _unbilled(tenant_id)
    month_store.put_list(tenant_id, month, run, HERE, here)
    whole = MonthEnd(
        month=str(month),
        made_at=wiring.current().clock.now(),
        organisation=organisation,
        calls=job.params.get("calls", 0),
        counts=made.counts,
        differing=sum(one.differs for one in here),
        controls=tuple(made.controls),
        apart=tuple(made.apart[:MOST_NAMED]),
        apart_in_all=len(made.apart),
        numbers=_numbers(tenant_id, tenant.invoice_prefix, month),
        numbered_by_xero=tenant.numbering == numbering.BY_XERO,
        unbilled=unbilled,
        unbilled_complete=complete,
    )
    month_store.put(tenant_id, month, run, whole)
    month_store.forget(tenant_id, month, but=run)
    caller = Caller(tenant_id, job.created_by, job.created_by, frozenset())
    result = "done" if whole.agrees or there is None else "partly"
    trail.record(caller, KIND, f"month:{month}", result, apart=len(made.apart))
    return Done(_told(whole, month), {"month": str(month), "apart": len(made.apart)})


def _told(whole: MonthEnd, month: Month) -> str:
    if not whole.calls:
        return f"{month.words} is worked out. Xero was not asked, since it is not connected."
    if whole.agrees:
        return f"{month.words} is the same here and in Xero, to the cent."
    return f"{month.words} is worked out: {whole.apart_in_all} not the same here and in Xero."


def _here(tenant_id: str, month: Month, organisation_id: str) -> list[Ours]:
    ids, found = list(store.dated(tenant_id, month.first, month.until)), list[Ours]()
    for begin in range(0, len(ids), AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        heads = store.heads(tenant_id, some)
        found += [reckon.ours(heads[one], organisation_id) for one in some if one in heads]
    return found


def _numbers(tenant_id: str, prefix: str, month: Month) -> Numbers:
    given = numbering.load(tenant_id).start - 1
    found = store.numbered(tenant_id)
    return gaps.account_for(found, prefix, given, month.first, month.until)


def _unbilled(tenant_id: str) -> tuple[dict[str, Decimal], bool]:
    from chalicelib.work import unbilled_list

    found, complete = unbilled_list.every(tenant_id, None, MOST_PROJECTS)
    sums = dict[str, Decimal]()
    for one in found:
        money = one.amount
        sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return sums, complete
