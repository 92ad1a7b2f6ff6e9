"""Where grants are kept: one row per Xero user, both tokens encrypted.

The refresh token is always written before its access token, and each write depends on the
version that was read, so that a slow process cannot put an older token over a newer one.
"""

import zlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pynamodb.attributes import (
    BinaryAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.exceptions import DeleteError, DoesNotExist, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.clock import parse_stamp, stamp
from chalicelib.connection.sealing import seal, unseal
from chalicelib.storage.rows import Row

GRANT = "grant"
SHARDS = 8
IDLE = timedelta(days=20)
"""A grant unused for so long is refreshed; Xero lets one die after 60 days."""

LEASE = timedelta(seconds=40)
"""Longer than two tries at Xero's token endpoint."""

MARGIN = timedelta(minutes=2)
"""An access token with less than this left is not begun with."""


class KeepAliveIndex(GlobalSecondaryIndex["GrantRow"]):
    """Grants by the moment they have to be refreshed."""

    class Meta:
        index_name = "keep_alive"
        projection = KeysOnlyProjection()

    keep_alive_shard = UnicodeAttribute(hash_key=True)
    keep_alive_at = UnicodeAttribute(range_key=True)


class GrantRow(Row):
    """All that one Xero user allowed us. ``used_by`` names the tenants that rely on it."""

    table = "tokens"

    class Meta:
        pass

    sealed_refresh = BinaryAttribute(null=True, legacy_encoding=False)
    sealed_access = BinaryAttribute(null=True, legacy_encoding=False)
    access_until = UnicodeAttribute(null=True)
    version = NumberAttribute(default=0)
    used_by = UnicodeSetAttribute(null=True)
    lease_holder = UnicodeAttribute(null=True)
    lease_until = UnicodeAttribute(null=True)
    revoking_until = UnicodeAttribute(null=True)
    keep_alive_shard = UnicodeAttribute(null=True)
    keep_alive_at = UnicodeAttribute(null=True)

    keep_alive_index = KeepAliveIndex()

    def usable(self, now: datetime) -> bool:
        """Whether the access token is there and has some time left."""
        return bool(
            self.sealed_access
            and self.access_until
            and parse_stamp(self.access_until) - now > MARGIN
        )

    def refresh_token(self) -> str:
        """The refresh token, in clear."""
        return unseal(self.sealed_refresh, self.pk, "refresh")

    def access_token(self) -> str:
        """The access token, in clear."""
        return unseal(self.sealed_access, self.pk, "access")


def read(xero_userid: str) -> GrantRow | None:
    """A user's grant; None when there is none, or it has ended."""
    try:
        row = GrantRow.get(xero_userid, GRANT, consistent_read=True)
    except DoesNotExist:
        return None
    return row if row.sealed_refresh else None


def adopt(
    xero_userid: str, tenant_id: str, refresh_token: str, holder: str, now: datetime
) -> GrantRow | None:
    """Store the refresh token of a new consent, which supersedes what the user had before.

    The lease comes with it, so that nobody spends the token before its access token is stored.
    Where the user had none, the version begins at the moment, so that a process which remembers
    a token of a grant that was let go does not take it for one of this.

    None when the user's earlier grant is being revoked this moment: the new one may go with it.
    """
    row = GrantRow(xero_userid, GRANT)
    free = GrantRow.revoking_until.does_not_exist() | (GrantRow.revoking_until < stamp(now))
    actions = [
        *_renewed(xero_userid, refresh_token, now),
        GrantRow.version.set((GrantRow.version | _milliseconds(now)) + 1),
        GrantRow.used_by.add({tenant_id}),
        GrantRow.lease_holder.set(holder),
        GrantRow.lease_until.set(stamp(now + LEASE)),
        GrantRow.revoking_until.remove(),
    ]
    return row if update(row, actions, free) else None


def take_lease(row: GrantRow, holder: str, now: datetime) -> bool:
    """Let one process refresh this very version; another may after ``LEASE``."""
    free = (GrantRow.version == row.version) & (
        GrantRow.lease_holder.does_not_exist() | (GrantRow.lease_until < stamp(now))
    )
    actions = [
        GrantRow.lease_holder.set(holder),
        GrantRow.lease_until.set(stamp(now + LEASE)),
    ]
    return update(row, actions, free)


def give_back(row: GrantRow, holder: str) -> None:
    """Let another process try; the tokens stay as they were."""
    actions = [GrantRow.lease_holder.remove(), GrantRow.lease_until.remove()]
    update(row, actions, GrantRow.lease_holder == holder)


def renew(row: GrantRow, holder: str, refresh_token: str, now: datetime) -> bool:
    """Store the next refresh token; False when a consent or another process was faster."""
    actions = [*_renewed(row.pk, refresh_token, now), GrantRow.version.set(row.version + 1)]
    return update(row, actions, _held(row, holder))


def add_access(row: GrantRow, holder: str, access_token: str, until: datetime) -> None:
    """Store the access token beside the refresh token it came with, and let go of the lease.

    The version grows again, so that whoever read the row without it cannot take the lease now.
    """
    actions = [
        GrantRow.sealed_access.set(seal(access_token, row.pk, "access")),
        GrantRow.access_until.set(stamp(until)),
        GrantRow.version.set(row.version + 1),
        GrantRow.lease_holder.remove(),
        GrantRow.lease_until.remove(),
    ]
    update(row, actions, _held(row, holder))


def end(row: GrantRow, holder: str) -> bool:
    """Wipe a grant that Xero declared dead; False when it was superseded meanwhile."""
    actions = [
        GrantRow.sealed_refresh.remove(),
        GrantRow.sealed_access.remove(),
        GrantRow.access_until.remove(),
        GrantRow.lease_holder.remove(),
        GrantRow.lease_until.remove(),
        GrantRow.keep_alive_shard.remove(),
        GrantRow.keep_alive_at.remove(),
        GrantRow.version.set(row.version + 1),
    ]
    return update(row, actions, _held(row, holder))


def delete_unused(xero_userid: str) -> bool:
    """Remove a grant that no tenant uses; False when one does."""
    try:
        GrantRow(xero_userid, GRANT).delete(condition=GrantRow.used_by.does_not_exist())
    except DeleteError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def abandon(xero_userid: str, tenant_id: str) -> None:
    """Drop a tenant's use without telling Xero, and wipe the tokens if it was the last."""
    row = GrantRow(xero_userid, GRANT)
    if update(row, [GrantRow.used_by.delete({tenant_id})], GrantRow.pk.exists()):
        delete_unused(xero_userid)


def due(now: datetime) -> list[str]:
    """The users whose grants were idle too long, found without reading any other."""
    return [
        row.pk
        for shard in range(SHARDS)
        for row in GrantRow.keep_alive_index.query(
            str(shard), GrantRow.keep_alive_at <= stamp(now)
        )
    ]


def is_due(row: GrantRow, now: datetime) -> bool:
    """Whether a grant was idle too long and nobody refreshed it since."""
    return bool(row.keep_alive_at) and parse_stamp(row.keep_alive_at or "") <= now


def next_keep_alive(xero_userid: str) -> date | None:
    """The day on which the grant is refreshed if nothing uses it before; None without one.

    The day only: at which moment others use the same grant is not told.
    """
    row = read(xero_userid)
    return parse_stamp(row.keep_alive_at).date() if row and row.keep_alive_at else None


def update(row: GrantRow, actions: Sequence[Action], condition: Condition) -> bool:
    """One conditional write, which also brings the row up to date; False when refused."""
    try:
        row.update(actions=list(actions), condition=condition)
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _held(row: GrantRow, holder: str) -> Condition:
    held: Condition = (GrantRow.version == row.version) & (GrantRow.lease_holder == holder)
    return held


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _renewed(xero_userid: str, refresh_token: str, now: datetime) -> list[Action]:
    return [
        GrantRow.sealed_refresh.set(seal(refresh_token, xero_userid, "refresh")),
        GrantRow.sealed_access.remove(),
        GrantRow.access_until.remove(),
        GrantRow.keep_alive_shard.set(str(zlib.crc32(xero_userid.encode()) % SHARDS)),
        GrantRow.keep_alive_at.set(stamp(now + IDLE)),
    ]
