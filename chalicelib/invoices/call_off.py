"""Calling off what waited to be done in an organisation that the tenant has left.

An invoice whose outcome is in doubt is left alone, with the job that looks it up: only that
organisation knows, and it is asked when the tenant comes back to it.
"""

from collections.abc import Iterable
from datetime import timedelta

from chalicelib import wiring
from chalicelib.connection import store as connections
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Job, JobState, More, Slice, Step, Wait
from chalicelib.errors import Conflict
from chalicelib.events.outbox import Teller
from chalicelib.invoices import send, store, tell
from chalicelib.invoices.model import UNSETTLED, Invoice, InvoiceState, Problem, advance
from chalicelib.invoices.preflight import OTHER_BOOKS

CALLED_OFF = "Called off, because Workbill was connected to another organisation."
AT_ONCE = 100
SOON = timedelta(seconds=5)


def handle(job: Job, part: Slice) -> Step:
    """Call off what is open in the organisation's lane; safe to repeat at any point."""
    organisation_id = job.params["organisation_id"]
    present = connections.get(job.tenant_id)
    if present.live and present.organisation_id == organisation_id:
        return Done("It is connected again.")
    lane = lanes.take(organisation_id, wiring.current().token(), part.now())
    if lane is None:
        # Whoever is at work there comes to an end first, and stores how far it got.
        return Wait(part.now() + SOON, "Work there is just coming to its end.")
    try:
        return _call_off_all(job.tenant_id, organisation_id, part)
    except Conflict:
        return More()
    finally:
        lanes.release(lane)


def _call_off_all(tenant_id: str, organisation_id: str, part: Slice) -> Step:
    teller = Teller(tenant_id)
    try:
        return _call_off_each(teller, organisation_id, part)
    finally:
        teller.wake()


def _call_off_each(teller: Teller, organisation_id: str, part: Slice) -> Step:
    for waiting in jobs.open_jobs(organisation_id):
        if waiting.tenant_id != teller.tenant_id:
            continue
        if part.over:
            return More()
        in_doubt = waiting.kind == send.KIND and _take_back(teller, waiting)
        if not in_doubt:
            waiting.state, waiting.message = JobState.CANCELLED, CALLED_OFF
            waiting.finished_at = part.now()
            jobs.update(waiting)
    return Done("What waited for the organisation before is called off.")


def _take_back(teller: Teller, waiting: Job) -> bool:
    """Let what was to be sent fail, and say why; answers whether something is in doubt."""
    in_doubt = False
    for invoice in _invoices(teller.tenant_id, waiting.params["invoice_ids"]):
        in_doubt = in_doubt or invoice.state in UNSETTLED
        if invoice.state is InvoiceState.QUEUED:
            problem = Problem("other_books", OTHER_BOOKS, "organisation")
            failed = advance(invoice, InvoiceState.FAILED, problems=(problem,))
            tell.save(invoice, failed, teller)
    return in_doubt


def _invoices(tenant_id: str, invoice_ids: list[str]) -> Iterable[Invoice]:
    for start in range(0, len(invoice_ids), AT_ONCE):
        yield from store.get_many(tenant_id, invoice_ids[start : start + AT_ONCE]).values()
