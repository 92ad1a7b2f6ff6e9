"""Letting go of a grant: it is revoked only when nobody's connection uses it any more."""

from datetime import datetime, timedelta

from chalicelib import wiring
from chalicelib.clock import stamp
from chalicelib.connection import grants, pending, reach, store, tokens
from chalicelib.connection.grants import GrantRow

REVOKING = timedelta(seconds=60)
"""While this lasts no consent of that user is stored, for the revocation would end it too."""


def let_go(xero_userid: str, tenant_id: str) -> None:
    """This tenant no longer uses the grant; the last one out revokes it and wipes the tokens.

    Not while the tenant's connection stands on it, or one that waits to be confirmed. Raises
    XeroError when Xero could not be told; it is safe to repeat.
    """
    if _needed(xero_userid, tenant_id):
        return
    row = GrantRow(xero_userid, grants.GRANT)
    exists = GrantRow.pk.exists()
    if grants.update(row, [GrantRow.used_by.delete({tenant_id})], exists) and not row.used_by:
        revoke_unused(row)


def _needed(xero_userid: str, tenant_id: str) -> bool:
    present, waiting = store.get(tenant_id), pending.get(tenant_id)
    live = present.live and present.xero_userid == xero_userid
    return live or (waiting is not None and waiting.xero_userid == xero_userid)


def revoke_unused(row: GrantRow) -> None:
    """Revoke a grant that no tenant uses, unless one begins to; then it is left alone."""
    now = wiring.current().clock.now()
    if not _reserve(row, now):
        return
    if row.sealed_refresh:
        reach.identity().revoke(row.refresh_token())
    if grants.delete_unused(row.pk):
        tokens.forget(row.pk)


def _reserve(row: GrantRow, now: datetime) -> bool:
    unused = GrantRow.used_by.does_not_exist() & (GrantRow.version == row.version)
    until = stamp(now + REVOKING)
    return grants.update(row, [GrantRow.revoking_until.set(until)], unused)
