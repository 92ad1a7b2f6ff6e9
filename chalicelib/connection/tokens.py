"""Access tokens that are valid, refreshed by one process at a time.

A refresh token is spent by its use, and Xero forgives a lost answer for 30 minutes. So one
process at a time holds a short lease; what Xero gives is stored before it is used; a loser waits
and reads what the winner stored. Only Xero's ``invalid_grant`` ends a grant.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib import wiring
from chalicelib.clock import parse_stamp
from chalicelib.connection import grants, marks, reach
from chalicelib.connection.grants import MARGIN, GrantRow
from chalicelib.xero.errors import (
    GrantEnded,
    XeroOutcomeUnknown,
    XeroScopeMissing,
    XeroTokenExpired,
    XeroUnauthorised,
    XeroUnavailable,
)
from chalicelib.xero.grants import TokenSet

LOOKS = 120
LOOK_SECONDS = 0.1
"""A loser looks so often, so long apart: 12 s, enough for one try of the winner."""

NEWER = 3
"""A token of this process's, one that others refreshed, and one refreshed for the call."""

TRIES = 2
PAUSE_SECONDS = 0.3

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Access:
    """An access token in clear, and the version of the grant that it belongs to.

    ``fresh`` says that this very answer came from a refresh, so that there is none newer.
    """

    token: str = field(repr=False)
    version: int
    until: datetime
    fresh: bool = False


_kept: dict[str, Access] = {}
"""Access tokens that this process decrypted, by user; no key is asked twice for the same one."""


def access_to(xero_userid: str, *, refused: int | None = None) -> Access:
    """A valid access token of this user, refreshing the grant when it is due.

    ``refused`` is the version whose token Xero did not accept: it is not given again. Raises
    GrantEnded when a person has to reconnect, XeroUnavailable when that cannot be known now.
    """
    present = wiring.current()
    kept = _kept.get(xero_userid)
    if kept and kept.version != refused and kept.until - present.clock.now() > MARGIN:
        return kept
    for _ in range(LOOKS):
        found = _read_or_refresh(xero_userid, refused)
        if found:
            _kept[xero_userid] = replace(found, fresh=False) if found.fresh else found
            return found
        present.sleep(LOOK_SECONDS)
    raise XeroUnavailable("The permission to reach Xero is being renewed. Try again shortly.")


def forget(xero_userid: str) -> None:
    """Drop what this process remembers of a user's tokens."""
    _kept.pop(xero_userid, None)


def using(xero_userid: str, use: Callable[[str], Answer]) -> Answer:
    """What ``use`` answers with an access token; again with a newer one if Xero refuses it.

    What another process refreshed may have ended meanwhile, too. Only a token that was refreshed
    for this very call is the last word. One that was kept from before a consent allows less than
    the one since.
    """
    access = access_to(xero_userid)
    for _ in range(NEWER):
        try:
            return use(access.token)
        except (XeroTokenExpired, XeroUnauthorised):
            if access.fresh:
                raise
        except XeroScopeMissing:
            if not _superseded(xero_userid, access):
                raise
        access = access_to(xero_userid, refused=access.version)
    return use(access.token)


def _superseded(xero_userid: str, access: Access) -> bool:
    """Whether there is a token since this one; one read."""
    row = None if access.fresh else grants.read(xero_userid)
    return row is not None and int(row.version) != access.version


def store(token_set: TokenSet, tenant_id: str) -> Access | None:
    """Keep the grant of a new consent, for this tenant; None when it is being revoked.

    It takes the place of what the user had before, for every tenant that uses it.
    """
    present = wiring.current()
    holder, now = present.token(), present.clock.now()
    user = token_set.xero_user_id
    row = grants.adopt(user, tenant_id, token_set.refresh_token, holder, now)
    if row is None:
        return None
    _kept[user] = replace(_add_access(row, holder, token_set, now), fresh=False)
    return _kept[user]


def _read_or_refresh(xero_userid: str, refused: int | None) -> Access | None:
    """None when another process is at it, or was faster."""
    present = wiring.current()
    now = present.clock.now()
    row = grants.read(xero_userid)
    if row is None:
        forget(xero_userid)
        raise GrantEnded
    if row.usable(now) and row.version != refused:
        return Access(row.access_token(), int(row.version), parse_stamp(row.access_until or ""))
    holder = present.token()
    if not grants.take_lease(row, holder, now):
        return None
    return _refresh(row, holder)


def _refresh(row: GrantRow, holder: str) -> Access | None:
    try:
        token_set = _ask(row.refresh_token())
    except GrantEnded:
        if grants.end(row, holder):
            forget(row.pk)
            marks.grant_ended(row.pk, row.used_by or set())
            raise
        return None
    except Exception:
        grants.give_back(row, holder)
        raise
    now = wiring.current().clock.now()
    if not grants.renew(row, holder, token_set.refresh_token, now):
        return None
    return _add_access(row, holder, token_set, now)


def _ask(refresh_token: str) -> TokenSet:
    """The next tokens; a lost answer is asked for again with the same refresh token."""
    identity = reach.identity()
    for _ in range(TRIES - 1):
        try:
            return identity.refresh(refresh_token)
        except (XeroUnavailable, XeroOutcomeUnknown):
            wiring.current().sleep(PAUSE_SECONDS)
    try:
        return identity.refresh(refresh_token)
    except XeroOutcomeUnknown as error:
        unsure = XeroUnavailable(correlation_id=error.correlation_id)
    raise unsure


def _add_access(row: GrantRow, holder: str, token_set: TokenSet, now: datetime) -> Access:
    until = now + timedelta(seconds=token_set.expires_in)
    grants.add_access(row, holder, token_set.access_token, until)
    return Access(token_set.access_token, int(row.version), until, fresh=True)
