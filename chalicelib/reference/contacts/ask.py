"""Asking for an import of clients: one at a time per organisation, and all are remembered."""

from typing import Any

import msgspec

from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue, store
from chalicelib.dispatch.model import Job, Priority
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Caller
from chalicelib.reference.contacts.model import Choice
from chalicelib.xero.caller import LARGEST_PAGE

KIND = "import-clients"
MOST_CHOSEN = 1000


class Wish(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be brought in: what changed since the last time, all, or some that were chosen.

    Without a ``choice`` the organisation's own counts. ``whole``: all are read again, and who is
    missing is found.
    """

    choice: Choice | None = None
    contact_ids: tuple[str, ...] = ()
    whole: bool = False
    page_size: int = LARGEST_PAGE


WHAT_CHANGED = Wish()


def start(caller: Caller, wish: Wish = WHAT_CHANGED) -> Job:
    """Have contacts brought in, by the queue.

    Answers an import that is open already if it was asked for in the same way; another one waits
    its turn. Raises NotConnected, and InvalidInput for more than 1,000 chosen contacts.
    """
    lane = connections.active(caller.tenant_id).organisation_id
    if len(wish.contact_ids) > MOST_CHOSEN:
        raise InvalidInput(f"Choose at most {MOST_CHOSEN:,} contacts.", field="contact_ids")
    for job in store.open_jobs(lane):
        if job.kind == KIND and job.tenant_id == caller.tenant_id and wish_of(job) == wish:
            return job
    trail.record(caller, "import", "clients", "asked")
    return enqueue.enqueue(
        enqueue.job(
            KIND,
            lane,
            caller.tenant_id,
            params=params_of(wish),
            priority=Priority.BULK,
            created_by=caller.actor,
        )
    )


def params_of(wish: Wish) -> dict[str, Any]:
    """A wish as a job bears it."""
    return {"wish": msgspec.to_builtins(wish)}


def wish_of(job: Job) -> Wish:
    """What a job was asked for."""
    return msgspec.convert(job.params.get("wish", {}), Wish)
