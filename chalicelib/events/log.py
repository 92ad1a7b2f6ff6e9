"""A tenant's log of events: numbered from 1 without gaps, kept for ninety days."""

from datetime import timedelta
from typing import Any

from pynamodb.exceptions import DoesNotExist
from pynamodb.transactions import TransactWrite

from chalicelib.clock import parse_stamp
from chalicelib.events.model import Event
from chalicelib.events.rows import COUNTER, CounterRow, EventRow, OutboxRow, log_key, order
from chalicelib.storage.rows import transaction_connection

KEPT = timedelta(days=90)


def last_number(tenant_id: str) -> int:
    """The number of the newest event, 0 before the first."""
    try:
        return int(CounterRow.get(tenant_id, COUNTER, consistent_read=True).number)
    except DoesNotExist:
        return 0


def after(tenant_id: str, number: int, limit: int) -> list[Event]:
    """The events with higher numbers than this, in order; a consistent read."""
    rows = EventRow.query(
        log_key(tenant_id), EventRow.sk > order(number), consistent_read=True, limit=limit
    )
    return [_event(row) for row in rows]


def take_in(untold: OutboxRow, last: int) -> int:
    """Give numbers after ``last`` to what an outbox row holds, and answer with the last of them.

    All of it and the removal of the row happen together or not at all: raises
    TransactWriteError when the row is gone or ``last`` is not the last any more.
    """
    tenant_id, happenings = untold.pk, untold.happenings
    unmoved = CounterRow.number == last if last else CounterRow.pk.does_not_exist()
    with TransactWrite(connection=transaction_connection()) as transaction:
        transaction.update(
            CounterRow(tenant_id, COUNTER),
            actions=[CounterRow.number.set(last + len(happenings))],
            condition=unmoved,
        )
        for place, happening in enumerate(happenings, 1):
            row = _row(untold, happening, place, last + place)
            transaction.save(row, condition=EventRow.pk.does_not_exist())
        transaction.delete(untold, condition=OutboxRow.pk.exists())
    return last + len(happenings)


def _row(untold: OutboxRow, happening: dict[str, Any], place: int, number: int) -> EventRow:
    name = untold.sk.partition("#")[2]
    return EventRow(
        log_key(untold.pk),
        order(number),
        event_id=f"evt_{name}{place:02d}",
        kind=happening["kind"],
        at=untold.at,
        data=happening["data"],
        expires_at=parse_stamp(untold.at) + KEPT,
    )


def _event(row: EventRow) -> Event:
    return Event(int(row.sk), row.event_id, row.kind, row.at, row.data)
