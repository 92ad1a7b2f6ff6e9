"""The audit trail: who did what, when, from where, with what result.

Entries are numbered per tenant and each carries the hash of the one before, so that a change, a
removal or another order shows. The policies allow writing new entries and reading, no more.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.audit.model import BEGINNING, Entry, hash_of
from chalicelib.clock import stamp
from chalicelib.errors import Conflict
from chalicelib.people.caller import Caller
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.refused import CONFLICT, refused
from chalicelib.storage.rows import Row, transaction_connection

ATTEMPTS = 20
REMEMBERED = 1000
"""Tenants whose last entry a process remembers."""

TOO_MUCH = "Too much is happening at once. Try again in a moment."

STORED = ("at", "actor", "name", "source", "what", "about", "result", "previous", "facts")


class EntryRow(Row):
    """An entry as stored; its key orders it by number."""

    table = "audit"

    class Meta:
        pass

    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    name = UnicodeAttribute()
    source = UnicodeAttribute()
    what = UnicodeAttribute()
    about = UnicodeAttribute()
    result = UnicodeAttribute()
    facts = JSONAttribute()
    previous = UnicodeAttribute()
    entry_hash = UnicodeAttribute()


def record(
    caller: Caller, what: str, about: str, result: str = "done", **facts: str | int | None
) -> None:
    """Add an entry, after the last one of the caller's tenant.

    ``what`` names the act, ``about`` the thing (``invoice:<id>``); ``facts`` hold no secrets.
    Raises Conflict when others are writing so fast that no place could be had.
    """
    for _ in range(ATTEMPTS):
        entry = _next(caller, what, about, result, facts)
        if _put(entry):
            _remember(entry)
            return
        _forget(caller.tenant_id)
    raise Conflict(TOO_MUCH)


def record_with(
    write: Callable[[TransactWrite], None],
    caller: Caller,
    what: str,
    about: str,
    result: str = "done",
    **facts: str | int | None,
) -> None:
    """Add an entry as ``record`` does and, in the same request, what ``write`` adds; or neither.

    Raises TransactWriteError where it is another of the writes that is refused.
    """
    for _ in range(ATTEMPTS):
        entry = _next(caller, what, about, result, facts)
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                transaction.save(_row(entry), condition=EntryRow.pk.does_not_exist())
                write(transaction)
        except TransactWriteError as error:
            _forget(caller.tenant_id)
            # Whoever was writing at the same moment may have taken this very place.
            taken = refused(error, CONFLICT) or _end(caller.tenant_id)[0] >= entry.number
            if not taken:
                raise
        else:
            _remember(entry)
            return
    raise Conflict(TOO_MUCH)


def entries(tenant_id: str, after: int = 0, limit: int | None = None) -> list[Entry]:
    """A tenant's entries with higher numbers than ``after``, oldest first."""
    rows = EntryRow.query(
        tenant_id, EntryRow.sk > _order(after), consistent_read=True, limit=limit
    )
    return [_entry(row) for row in rows]


def entries_before(tenant_id: str, number: int, limit: int) -> list[Entry]:
    """A tenant's entries with lower numbers than this, newest first."""
    rows = EntryRow.query(
        tenant_id,
        EntryRow.sk < _order(number),
        scan_index_forward=False,
        limit=limit,
        consistent_read=True,
    )
    return [_entry(row) for row in rows]


def last(tenant_id: str) -> Entry | None:
    """A tenant's newest entry; a consistent read."""
    rows = EntryRow.query(tenant_id, scan_index_forward=False, limit=1, consistent_read=True)
    return next((_entry(row) for row in rows), None)


def _next(caller: Caller, what: str, about: str, result: str, facts: dict[str, Any]) -> Entry:
    """The entry after the last; one that is remembered never changes, so it is at worst taken."""
    end = wiring.current().trail_ends.get(caller.tenant_id)
    number, previous = end or _end(caller.tenant_id)
    entry = Entry(
        tenant_id=caller.tenant_id,
        number=number + 1,
        at=stamp(wiring.current().clock.now()),
        actor=caller.actor,
        name=caller.name,
        source=caller.source,
        what=what,
        about=about,
        result=result,
        facts=facts,
        previous=previous,
    )
    return replace(entry, hash=hash_of(entry))


def _remember(entry: Entry) -> None:
    ends = wiring.current().trail_ends
    if len(ends) >= REMEMBERED:
        ends.clear()
    ends[entry.tenant_id] = (entry.number, entry.hash)


def _forget(tenant_id: str) -> None:
    wiring.current().trail_ends.pop(tenant_id, None)


def _end(tenant_id: str) -> tuple[int, str]:
    """Number and hash that the next entry goes on from."""
    newest = last(tenant_id)
    return (newest.number, newest.hash) if newest else (0, BEGINNING)


def _put(entry: Entry) -> bool:
    """Store an entry; False when its number is taken."""
    try:
        _row(entry).save(condition=EntryRow.pk.does_not_exist())
    except PutError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _row(entry: Entry) -> EntryRow:
    row = EntryRow(entry.tenant_id, _order(entry.number))
    for name in STORED:
        setattr(row, name, getattr(entry, name))
    row.entry_hash = entry.hash
    return row


def _order(number: int) -> str:
    return f"{number:012d}"


def _entry(row: EntryRow) -> Entry:
    return Entry(
        tenant_id=row.pk,
        number=int(row.sk),
        at=row.at,
        actor=row.actor,
        name=row.name,
        source=row.source,
        what=row.what,
        about=row.about,
        result=row.result,
        facts=row.facts,
        previous=row.previous,
        hash=row.entry_hash,
    )
