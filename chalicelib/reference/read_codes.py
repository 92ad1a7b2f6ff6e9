"""Reading what lines point at: accounts, tax rates, tracking, and how the books are set up.

Six lists, each read once; a list that is as it was costs no write. Xero tells for accounts alone
which of them changed. One that was deleted is just missing from the list, so all are read again
at least once a week.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.connection import access
from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection
from chalicelib.errors import NotConnected
from chalicelib.reference import from_xero, marks, merge, small_lists, store
from chalicelib.reference.from_xero import account_key
from chalicelib.reference.marks import Marks
from chalicelib.reference.merge import Counts
from chalicelib.reference.small_lists import SmallLists
from chalicelib.xero.wire import codes as wire

OVERLAP = timedelta(minutes=5)
"""Read again each time: Xero's times are to the second, and clocks of servers differ."""

WHOLE_EVERY = timedelta(days=7)
NOTED_EVERY = timedelta(days=1)
"""How old the noted time of a full read may be, so that not every click costs a write."""


def read(tenant_id: str, organisation_id: str, now: datetime, *, whole: bool) -> dict[str, int]:
    """Bring every list up to date; answers how many items were new, changed or the same.

    Unless ``whole``, only accounts that changed are read, as long as the last full read is not
    too old. Raises NotConnected, also when the tenant has another organisation by now.
    """
    connection = connections.active(tenant_id)
    if connection.organisation_id != organisation_id:
        raise NotConnected("The organisation is no longer connected here.")
    counts = Counts()
    _accounts(connection, now, counts, whole=whole)
    _tax_rates(connection, counts)
    _small_lists(connection, counts)
    return counts.progress


def sentence(progress: Mapping[str, int]) -> str:
    """What the reading brought, for people."""
    if not progress["created"] + progress["updated"]:
        return "Nothing has changed in Xero since the last time."
    return f"{progress['created']} codes and settings came in, {progress['updated']} changed."


def _accounts(connection: Connection, now: datetime, counts: Counts, *, whole: bool) -> None:
    tenant_id = connection.tenant_id
    noted = marks.get(tenant_id)
    since = None if whole or noted.whole_read_due(now, WHOLE_EVERY) else noted.accounts_until
    read = access.call(
        connection, lambda books: books.accounts(since - OVERLAP if since else None)
    )
    listed = from_xero.accounts(read)
    known = {account_key(account): account for account in store.accounts(tenant_id)}
    wanted = merge.with_renumbered(listed, known) if since else merge.with_gone(listed, known)
    changed = counts.changed(listed, wanted, known)
    if changed:
        store.put(tenant_id, list(changed.values()))
    _note(tenant_id, noted, _latest(read, noted.accounts_until), None if since else now)


def _note(tenant_id: str, noted: Marks, until: datetime | None, read_at: datetime | None) -> None:
    """Remember how far the accounts were read, after they are stored."""
    stale = read_at is not None and noted.whole_read_due(read_at, NOTED_EVERY)
    if stale or until != noted.accounts_until:
        marks.put(tenant_id, Marks(until, read_at if stale else noted.whole_read_at))


def _latest(read: Sequence[wire.Account], before: datetime | None) -> datetime | None:
    """The watermark: the latest change in Xero's own time, never the time of our asking."""
    times = [one.updated_date_utc for one in read if one.updated_date_utc]
    return max([*times, before] if before else times, default=None)


def _tax_rates(connection: Connection, counts: Counts) -> None:
    listed = from_xero.tax_rates(access.call(connection, lambda books: books.tax_rates()))
    known = {rate.tax_type: rate for rate in store.tax_rates(connection.tenant_id)}
    changed = counts.changed(listed, merge.with_gone(listed, known), known)
    if changed:
        store.put(connection.tenant_id, list(changed.values()))


def _small_lists(connection: Connection, counts: Counts) -> None:
    tenant_id = connection.tenant_id
    before = small_lists.everything(tenant_id)
    known = {one.category_id: one for one in before.tracking}
    listed = from_xero.tracking(
        access.call(connection, lambda books: books.tracking_categories())
    )
    tracking = merge.tracking(listed, known)
    counts.changed(listed, tracking, known)
    currencies = from_xero.currencies(access.call(connection, lambda books: books.currencies()))
    counts.changed(currencies, currencies, {one.code: one for one in before.currencies})
    looks = from_xero.branding_themes(
        access.call(connection, lambda books: books.branding_themes())
    )
    counts.changed(looks, looks, {one.theme_id: one for one in before.branding_themes})
    here = from_xero.organisation(access.call(connection, lambda books: books.organisation()))
    counts.changed(
        {"": here}, {"": here}, {"": before.organisation} if before.organisation else {}
    )
    _store(
        tenant_id,
        before,
        SmallLists(
            tuple(tracking.values()), tuple(currencies.values()), tuple(looks.values()), here
        ),
    )


def _store(tenant_id: str, before: SmallLists, after: SmallLists) -> None:
    for name, contents in after._asdict().items():
        if contents != getattr(before, name):
            small_lists.put(tenant_id, name, contents)
