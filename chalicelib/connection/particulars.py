"""What an organisation says of itself: its name and country, and what its plan allows."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib import log
from chalicelib.connection import access, store
from chalicelib.connection.model import Connection
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Job, Priority, Slice, Step
from chalicelib.dispatch.wake import wake
from chalicelib.errors import XeroError
from chalicelib.people.caller import Caller

if TYPE_CHECKING:
    from chalicelib.xero.accounting import Accounting

KIND = "check-connection"


def described(connection: Connection, books: "Accounting", now: datetime) -> Connection:
    """The connection as its organisation describes itself, which proves that we are in.

    What the plan allows is left as it was when Xero answers for the organisation only.
    """
    organisation = books.organisation()
    found = replace(
        connection,
        organisation_name=organisation.name or connection.organisation_name,
        country=organisation.country_code,
        base_currency=organisation.base_currency,
        short_code=organisation.short_code,
        last_success_at=now,
    )
    try:
        return replace(found, acts=books.actions(), acts_read_at=now)
    except XeroError as error:
        log.event("plan_not_read", error=error.code, said=str(error))
        return found


def start(caller: Caller) -> Job:
    """Check the connection and read it all anew: two calls; raises NotConnected."""
    return enqueue.do_now(_job(store.active(caller.tenant_id), caller.actor, Priority.CLICK))


def ask(connection: Connection) -> None:
    """Have a connection checked by a worker, which asks again until Xero answers."""
    job = _job(connection, "system:connection", Priority.BACKGROUND)
    if jobs.ask(job, unless_open=True):
        wake([job.lane])


def _job(connection: Connection, asked_by: str, priority: Priority) -> Job:
    return enqueue.job(
        KIND,
        connection.organisation_id,
        connection.tenant_id,
        priority=priority,
        created_by=asked_by,
        name=KIND,
    )


def handle(job: Job, slice_: Slice) -> Step:
    """Read the particulars and keep them; safe to repeat."""
    connection = store.active(job.tenant_id)
    found = access.call(connection, lambda books: described(connection, books, slice_.now()))
    store.put_particulars(connection, found)
    return Done(f"The connection to {found.organisation_name} works.")
