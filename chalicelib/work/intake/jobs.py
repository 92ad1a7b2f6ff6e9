"""The three jobs of an import: looking through its file, taking it, and taking it back."""

from enum import StrEnum
from typing import Any

from chalicelib.dispatch import store
from chalicelib.dispatch.enqueue import do_now, job
from chalicelib.dispatch.model import Job, JobState, Priority, tenant_lane
from chalicelib.errors import NotFound
from chalicelib.people.caller import Caller

INLINE_SECONDS = 3
"""A small file is done when the next page opens; a large one shows its progress there."""


class Kind(StrEnum):
    """What can be done with a file that has arrived; an import has one job of each."""

    LOOK = "look-at-time-records"
    TAKE = "import-time-records"
    TAKE_BACK = "take-back-time-records"


NAMES = {Kind.LOOK: "look", Kind.TAKE: "import", Kind.TAKE_BACK: "take-back"}


def found(tenant_id: str, kind: Kind, import_id: str) -> Job | None:
    """The import's last job of a kind, None before the first."""
    try:
        return store.get(tenant_lane(tenant_id), f"{NAMES[kind]}-{import_id}")
    except NotFound:
        return None


def wanted(caller: Caller, kind: Kind, import_id: str, params: dict[str, Any]) -> Job:
    """A job of an import in the tenant's lane, not stored yet."""
    return job(
        kind,
        tenant_lane(caller.tenant_id),
        caller.tenant_id,
        name=f"{NAMES[kind]}-{import_id}",
        created_by=caller.actor,
        priority=Priority.CLICK if kind is Kind.LOOK else Priority.BULK,
        params={"import_id": import_id, **params},
    )


def begin(wanted: Job) -> Job:
    """Ask for a job in the place of an earlier one, and work at it here for a moment."""
    return do_now(wanted, seconds=INLINE_SECONDS)


def taken_back(tenant_id: str, import_id: str, taken: Job | None) -> Job | None:
    """The job that took back what ``taken`` brought, or is about to; None when none does."""
    back = found(tenant_id, Kind.TAKE_BACK, import_id)
    if back is None or taken is None or back.created_at <= taken.created_at:
        return None
    return None if back.state in {JobState.FAILED, JobState.CANCELLED} else back
