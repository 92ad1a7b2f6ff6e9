"""Imports by themselves: what changed every hour, all of them every day or week.

One job per organisation lies waiting between two imports, and asks for the next one when it
falls due. What contacts do without changing (a merge, a role, a vanishing) only a whole read
shows.
"""

from datetime import datetime, timedelta

from chalicelib.dispatch import enqueue, store
from chalicelib.dispatch.model import Done, Job, Priority, Slice, Step, Wait
from chalicelib.errors import NotFound
from chalicelib.reference.contacts import ask
from chalicelib.reference.contacts.ask import Wish
from chalicelib.reference.contacts.model import Reading
from chalicelib.reference.contacts.store import Contacts

KIND = "watch-clients"
EVERY = timedelta(hours=1)
WHOLE_EVERY, MANY_WHOLE_EVERY = timedelta(days=1), timedelta(days=7)
MANY = 10_000
"""Contacts whose whole read is more than ten calls."""

WAITING = "Clients come in from Xero by themselves; the next look is due then."


def begin(tenant_id: str, organisation_id: str) -> None:
    """Import by itself from now on; nothing changes when it does already."""
    watch = enqueue.job(KIND, organisation_id, tenant_id, priority=Priority.BACKGROUND, name=KIND)
    enqueue.enqueue(watch, unless_open=True)


def handle(job: Job, slice_: Slice) -> Step:
    """Ask for the next import, unless one is open; ends when nobody wants it any more."""
    contacts = Contacts(job.tenant_id, job.lane)
    if not contacts.chosen().automatic:
        return Done("Clients no longer come in by themselves.")
    now = slice_.now()
    if not any(one.kind == ask.KIND for one in store.open_jobs(job.lane)):
        whole = _whole_is_due(contacts.reading(), now)
        job.params["last"] = _ask(job, Wish(whole=whole), job.params.get("last", ""))
    return Wait(now + EVERY, WAITING)


def _whole_is_due(reading: Reading | None, now: datetime) -> bool:
    if reading is None:
        return True
    every = WHOLE_EVERY if reading.listed <= MANY else MANY_WHOLE_EVERY
    return now - reading.whole_at >= every


def _ask(watch: Job, wish: Wish, last: str) -> str:
    """The name of the import; one that found nothing gives its place in the history to it."""
    wanted = enqueue.job(
        ask.KIND,
        watch.lane,
        watch.tenant_id,
        params=ask.params_of(wish),
        priority=Priority.BACKGROUND,
        name=last if last and _found_nothing(watch.lane, last) else None,
    )
    store.ask(wanted)
    return wanted.name


def _found_nothing(lane: str, name: str) -> bool:
    try:
        counts = store.get(lane, name).progress
    except NotFound:
        return False
    return not counts.get("created", 0) + counts.get("updated", 0)
