"""Bringing in contacts as clients, page by page; a write only for what changed.

Each page is stored, with how far the import has got, before the next is read, so a crash costs
at most one page, which is then read again and found unchanged. The id of a new client follows
from its contact, so reading a page twice makes no client twice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.audit import trail
from chalicelib.clock import parse_stamp, stamp
from chalicelib.connection import access
from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Job, JobState, More, Priority, Slice, Step
from chalicelib.people.caller import Caller
from chalicelib.reference import ask, store
from chalicelib.reference.upsert_clients import Upsert
from chalicelib.xero.caller import Page
from chalicelib.xero.wire.contact import Contact

KIND = "import-clients"
OVERLAP = timedelta(minutes=5)
"""Read again each time: Xero's times are to the second, and clocks of servers differ."""

ROUNDS = 3


def start(caller: Caller) -> Job:
    """Bring in what changed since the last import, all the first time; always by the queue.

    Answers the import that is still under way, if there is one. Raises NotConnected.
    """
    job, begun = ask.one_at_a_time(KIND, caller)
    if not begun:
        return job
    job.priority = Priority.BULK
    trail.record(caller, "import", "clients", "asked")
    return enqueue.enqueue(job)


def handle(job: Job, slice_: Slice) -> Step:
    """Some pages of the import; stops between two pages when the slice is over."""
    connection = connections.active(job.tenant_id)
    if not job.params:
        _begin(job, slice_.now())
    upsert = Upsert(connection, slice_.now)
    while True:
        page = _read(job, connection)
        _count(job, page, upsert)
        if page.is_last:
            return _finish(job)
        job.params["page"] += 1
        job.state = JobState.RUNNING
        if slice_.over or not jobs.update(job):
            return More()


def _begin(job: Job, now: datetime) -> None:
    watermark = store.contacts_watermark(job.tenant_id)
    since = stamp(watermark - OVERLAP) if watermark else ""
    job.params |= {"since": since, "round": 1, "began": stamp(now), "latest": "", "reasons": {}}
    _first_page(job)


def _first_page(job: Job) -> None:
    job.params |= {"page": 1, "moved": False}
    job.progress = dict.fromkeys(
        ("done", "total", "created", "updated", "unchanged", "skipped"), 0
    )
    job.params["reasons"] = {}


def _read(job: Job, connection: Connection) -> Page[Contact]:
    since = parse_stamp(job.params["since"]) if job.params["since"] else None
    number = job.params["page"]
    return access.call(
        connection, lambda books: books.contacts_page(number, modified_since=since)
    )


def _count(job: Job, page: Page[Contact], upsert: Upsert) -> None:
    outcomes = upsert.page(page.items)
    for outcome, reason in outcomes:
        job.progress[outcome] += 1
        if reason:
            job.params["reasons"][reason] = job.params["reasons"].get(reason, 0) + 1
    job.progress["done"] += len(page.items)
    job.progress["total"] = max(page.item_count or 0, job.progress["done"])
    latest = _latest(page.items)
    job.params["latest"] = max(job.params["latest"], latest)
    if page.page > 1 and latest > job.params["began"]:
        job.params["moved"] = True


def _latest(contacts: Iterable[Contact]) -> str:
    times = (stamp(one.updated_date_utc) for one in contacts if one.updated_date_utc)
    return max(times, default="")


def _finish(job: Job) -> Step:
    """Remember how far Xero was read, by Xero's own times; read again if pages shifted.

    The list is ordered by the time of change, so a contact that changes while pages are read
    moves to the end, and all behind it move up by one: the first of a page may be missed.
    """
    if job.params["moved"] and job.params["round"] < ROUNDS:
        job.params["round"] += 1
        job.params["began"] = job.params["latest"]
        _first_page(job)
        return More()
    latest = job.params["latest"]
    before = store.contacts_watermark(job.tenant_id)
    if latest and (before is None or parse_stamp(latest) > before):
        store.put_contacts_watermark(job.tenant_id, parse_stamp(latest))
    return Done(_sentence(job), {"skipped": job.params["reasons"]})


def _sentence(job: Job) -> str:
    counts = job.progress
    if not counts["created"] + counts["updated"]:
        return "Nothing has changed in Xero since the last import."
    return f"{counts['created']} clients came in, {counts['updated']} were updated."
