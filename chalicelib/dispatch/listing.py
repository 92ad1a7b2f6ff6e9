"""A tenant's jobs, open and ended, for whoever looks back."""

from typing import Any

from chalicelib.clock import stamp
from chalicelib.dispatch import store
from chalicelib.dispatch.model import Job
from chalicelib.storage.pages import Page, cursor, places


def listing(tenant_id: str, limit: int, *, after: str | None = None) -> Page[Job]:
    """A page of the jobs, newest first; ``after`` is the cursor of the page before.

    Raises InvalidInput for a cursor that no list gave.
    """
    place = places(after, 3)
    key = _key(tenant_id, *place) if place else None
    found, last = store.tenant_jobs(tenant_id, limit, key)
    following = None
    if last:
        following = cursor(found[-1].lane, found[-1].name, stamp(found[-1].created_at))
    return Page(found, following)


def _key(tenant_id: str, lane: str, name: str, created_at: str) -> dict[str, Any]:
    parts = {"tenant_id": tenant_id, "pk": lane, "sk": name, "created_at": created_at}
    return {part: {"S": value} for part, value in parts.items()}
