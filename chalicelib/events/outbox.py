"""What happened, stored with the change that it tells; a job then gives it its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite
from ulid import ULID

from chalicelib import wiring
from chalicelib.clock import stamp
from chalicelib.dispatch import enqueue
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.kinds import NUMBER_EVENTS
from chalicelib.dispatch.model import Job, Priority
from chalicelib.dispatch.wake import wake
from chalicelib.events.model import Happening
from chalicelib.events.rows import TOLD, UNTOLD, OutboxRow, ToldRow
from chalicelib.people import tenants
from chalicelib.storage.refused import CONDITION_FAILED, refused
from chalicelib.storage.rows import transaction_connection

REMEMBERED = timedelta(days=30)


@dataclass(slots=True)
class Teller:
    """Tells of one tenant's changes while they are stored.

    ``known`` is whether anybody listens, where the tenant was read anyhow; else it is read once,
    and only when there is something to tell.
    """

    tenant_id: str
    known: bool | None = None
    told: bool = False

    def listens(self, happenings: Sequence[Happening]) -> bool:
        """Whether these are to be told; nobody asks the store about nothing."""
        if not happenings:
            return False
        if self.known is None:
            self.known = tenants.get(self.tenant_id).telling
        return self.known

    def put_in(self, transaction: TransactWrite, happenings: Sequence[Happening]) -> None:
        """Add them to the transaction of their change, with the job that goes on with them."""
        now = wiring.current().clock.now()
        transaction.save(
            OutboxRow(
                self.tenant_id,
                f"{UNTOLD}{str(ULID.from_datetime(now)).lower()}",
                at=stamp(now),
                happenings=[{"kind": one.kind.value, "data": one.data} for one in happenings],
            )
        )
        jobs.ask_in(transaction, numbering(self.tenant_id), anew=True)
        self.told = True

    def wake(self) -> None:
        """Send for a worker once the transactions are through; without it the tick does."""
        if self.told:
            self.told = False
            wake([lane_of(self.tenant_id)])


def tell_once(tenant_id: str, happening: Happening, name: str) -> None:
    """Tell of something whose change is stored elsewhere; a repetition of ``name`` tells nothing.

    Whoever calls this repeats it until it has ended, so that a crash leaves nothing untold.
    """
    teller = Teller(tenant_id)
    if not teller.listens([happening]):
        return
    expires = wiring.current().clock.now() + REMEMBERED
    marker = ToldRow(tenant_id, TOLD + name, expires_at=expires)
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.save(marker, condition=ToldRow.pk.does_not_exist())
            teller.put_in(transaction, [happening])
    except TransactWriteError as error:
        if not refused(error, CONDITION_FAILED):
            raise
        return
    teller.wake()


def lane_of(tenant_id: str) -> str:
    """The line of work in which a tenant's events get their numbers."""
    return f"events-{tenant_id}"


def numbering(tenant_id: str) -> Job:
    """The job that gives numbers to what has none."""
    return enqueue.job(
        NUMBER_EVENTS,
        lane_of(tenant_id),
        tenant_id,
        priority=Priority.HINT,
        name=NUMBER_EVENTS,
    )
