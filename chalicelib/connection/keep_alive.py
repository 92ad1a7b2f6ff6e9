"""Keeping grants alive: one that was idle for 20 days is refreshed, and its connections checked.

The check is a job in each organisation's own lane, so that a slow one delays no other.

Only the grants that are due are read. A grant in daily use is refreshed by its use, and is never
due. A refresh that went wrong is taken up within minutes: its answer may be lost, and Xero takes
the old token for 30 minutes only after that.
"""

from contextlib import suppress
from datetime import timedelta

from chalicelib import log, wiring
from chalicelib.connection import grants, particulars, revoke, store, tokens
from chalicelib.connection.grants import GrantRow
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.dispatch import enqueue, exchanges
from chalicelib.dispatch.model import Done, Job, Priority, Slice, Step, tenant_lane
from chalicelib.errors import WorkbillError
from chalicelib.xero.errors import GrantEnded

WORKING = timedelta(seconds=40)
"""What is not done by then is still due in an hour."""

KIND = "keep-grant"


def keep_alive() -> int:
    """Refresh what is due and have its connections checked; answers how many were seen to.

    Xero's faults are noted, and a job tries again from the next minute on.
    """
    clock = wiring.current().clock
    stop = clock.now() + WORKING
    seen = 0
    for xero_userid in grants.due(clock.now()):
        if clock.now() >= stop:
            break
        try:
            _keep(xero_userid)
        except WorkbillError as error:
            log.event("keep_alive_failed", error=error.code, said=str(error))
            _try_again(xero_userid)
        seen += 1
    log.event("keep_alive", seen=seen)
    return seen


def handle(job: Job, _slice: Slice) -> Step:
    """Refresh a grant that could not be; raises XeroUnavailable while it still cannot."""
    with suppress(GrantEnded):
        _keep(job.params["xero_userid"])
    return Done("The permission to reach Xero is renewed as far as it still stands.")


def _try_again(xero_userid: str) -> None:
    """By a job of one of its tenants; a grant that has ended needs none."""
    row = grants.read(xero_userid)
    tenant_ids = sorted(row.used_by or ()) if row else []
    if not tenant_ids:
        return
    wanted = enqueue.job(
        KIND,
        tenant_lane(tenant_ids[0]),
        tenant_ids[0],
        params={"xero_userid": xero_userid},
        priority=Priority.BACKGROUND,
        created_by="system:connection",
        name=f"{KIND}-{xero_userid}",
        after=timedelta(minutes=1),
    )
    enqueue.enqueue(wanted)


def _keep(xero_userid: str) -> None:
    row = grants.read(xero_userid)
    if row is None or not grants.is_due(row, wiring.current().clock.now()):
        return
    used = [connection for connection in _users(row) if _stands_on(connection, xero_userid)]
    if not used:
        _drop(row)
        return
    # What this process remembers may be of an earlier grant, and would be given in its place.
    tokens.forget(xero_userid)
    # Of a grant that several tenants use none is told of the others' use of it.
    told = used[0].tenant_id if len(used) == 1 else ""
    with exchanges.keeping(told, exchanges.RENEWAL):
        tokens.access_to(xero_userid, refused=int(row.version))
    for connection in used:
        if connection.state is ConnectionState.ACTIVE:
            particulars.ask(connection)


def _users(row: GrantRow) -> list[Connection]:
    return [store.get(tenant_id) for tenant_id in sorted(row.used_by or ())]


def _stands_on(connection: Connection, xero_userid: str) -> bool:
    return connection.xero_userid == xero_userid and (connection.live or connection.ending)


def _drop(row: GrantRow) -> None:
    """A consent that was never finished left it behind."""
    for tenant_id in sorted(row.used_by or ()):
        revoke.let_go(row.pk, tenant_id)
    if not row.used_by:
        revoke.revoke_unused(row)
