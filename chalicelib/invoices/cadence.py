"""How often an organisation's invoices are looked at: often while some are open, else daily.

Xero's webhooks make looking often needless, so while they arrive the interval is longer.
"""

from datetime import datetime, timedelta

from chalicelib import wiring
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.lease import held
from chalicelib.dispatch.model import Priority
from chalicelib.errors import NotFound
from chalicelib.invoices import store

HINT = "sync-status"
"""The name of the job that a webhook leaves in the lane; its row tells when the last one came."""

TRUSTED = timedelta(hours=24)


def invoices_are_open(organisation_id: str, now: datetime) -> None:
    """Look often: at least one invoice may change.

    Where it is looked at often already, how often exactly is left to the next look.
    """
    lease = held(organisation_id)
    if lease and lease.lane.status_every not in {None, lanes.DAILY}:
        return
    _set(organisation_id, _often(organisation_id, now))


def settle(tenant_id: str, organisation_id: str, now: datetime) -> None:
    """Look as often as the tenant's invoices need now; no write where nothing changes."""
    some_open = any(True for _ in store.open_ids(tenant_id, organisation_id, limit=1))
    _set(organisation_id, _often(organisation_id, now) if some_open else lanes.DAILY)


def _often(organisation_id: str, now: datetime) -> int:
    settings = wiring.current().settings
    heard = _last_hint(organisation_id)
    if heard is not None and now - heard < TRUSTED:
        return settings.status_minutes_with_webhooks
    return settings.status_minutes


def _last_hint(organisation_id: str) -> datetime | None:
    try:
        job = jobs.get(organisation_id, HINT)
    except NotFound:
        return None
    return job.created_at if job.priority is Priority.HINT else None


def _set(organisation_id: str, minutes: int) -> None:
    if lanes.get(organisation_id).status_every != minutes:
        lanes.look_at_status_every(organisation_id, minutes)
