"""Keeping grants alive: one that was idle for 20 days is refreshed, and its connections checked.

Only the grants that are due are read. A grant in daily use is refreshed by its use, and is never
due.
"""

from datetime import timedelta

from chalicelib import log, wiring
from chalicelib.connection import access, grants, revoke, store, tokens
from chalicelib.connection.grants import GrantRow
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.errors import WorkbillError

WORKING = timedelta(seconds=40)
"""What is not done by then is still due in an hour."""


def keep_alive() -> int:
    """Refresh what is due and confirm its connections; answers how many grants were seen to.

    Xero's faults are noted and the grant stays due, so that the next hour tries again.
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
        seen += 1
    log.event("keep_alive", seen=seen)
    return seen


def _keep(xero_userid: str) -> None:
    row = grants.read(xero_userid)
    if row is None:
        return
    used = [connection for connection in _users(row) if _stands_on(connection, xero_userid)]
    if not used:
        _drop(row)
        return
    tokens.access_to(xero_userid, refused=int(row.version))
    for connection in used:
        _confirm(connection)


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


def _confirm(connection: Connection) -> None:
    """Ask for the organisation, which Xero does not charge for; the answer is judged."""
    if connection.state is not ConnectionState.ACTIVE:
        return
    try:
        access.call(connection, lambda books: books.organisation())
    except WorkbillError as error:
        log.event("connection_not_confirmed", tenant=connection.tenant_id, error=error.code)
