"""What was exchanged with Xero and did or failed something, for whoever asks why.

Every call is counted (``usage``). Kept one by one are those that wrote, those that failed, and
reads that brought a change; a look that found nothing new leaves no trace but its count. They go
into the very request that stores the count, so that sending makes none for them. Of calls to
Xero's identity side, which no lane makes, every one is kept for the tenant whose work it was made
for (``keeping``). No header, no address with an id and no content is kept: there is nothing
secret to remove.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from pynamodb.exceptions import PutError
from ulid import ULID

from chalicelib import log, wiring
from chalicelib.clock import stamp
from chalicelib.storage import pages
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.pages import Page
from chalicelib.storage.rows import Row
from chalicelib.xero.call_record import CallRecord

KEPT = timedelta(days=90)
READ_AT_ONCE = 200
READING = frozenset({"GET", "HEAD"})


CONSENT, RENEWAL, DISCONNECT = "consent", "renew-permission", "end-connection"
"""Kinds of work of whose calls the identity side's are kept."""

SAID = {
    ("POST", "/connect/token"): "Xero gave the permission.",
    ("POST", "/connect/revocation"): "The permission was given back.",
    ("GET", "/connections"): "Xero said which organisations may be reached.",
    ("DELETE", "/connections/{id}"): "The organisation is disconnected.",
}


class Outcome(StrEnum):
    """How an exchange came out; in part where Xero took some invoices of several."""

    DONE = "done"
    PARTLY = "partly"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call to Xero: ``kind`` and ``job_id`` are those of the work it was made for.

    ``failure`` is the code of our error, ``said`` what came of it in words, ``invoice_ids`` what
    it was about. ``status`` is None when no answer came.
    """

    at: str
    kind: str
    job_id: str
    method: str
    path: str
    outcome: Outcome
    status: int | None = None
    failure: str = ""
    said: str = ""
    correlation_id: str = ""
    milliseconds: int = 0
    invoice_ids: tuple[str, ...] = ()


_kept_here: ContextVar[list[Exchange] | None] = ContextVar("kept_here", default=None)


class ExchangeRow(Row):
    """The exchanges that were stored together."""

    table = "jobs"

    class Meta:
        pass

    exchanges = JSONAttribute()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; nothing means all."""

    kind: str = ""
    outcome: str = ""
    invoice_id: str = ""

    def holds(self, exchange: Exchange) -> bool:
        """Whether an exchange is among those asked for."""
        return (
            self.kind in {"", exchange.kind}
            and self.outcome in {"", exchange.outcome}
            and (not self.invoice_id or self.invoice_id in exchange.invoice_ids)
        )


def telling(record: CallRecord, said: str) -> bool:
    """Whether a call did or failed something."""
    return record.method not in READING or record.failure is not None or bool(said)


@contextmanager
def keeping(tenant_id: str, kind: str) -> Iterator[None]:
    """Keep for this tenant what is exchanged with Xero outside of a lane meanwhile.

    It is stored at the end, after whatever the answers were needed for, by one request, and by
    none where nothing was exchanged. That it cannot be stored is logged, and fails nothing.
    Within another one the outer one keeps all.
    """
    if _kept_here.get() is not None:
        yield
        return
    made: list[Exchange] = []
    before = _kept_here.set(made)
    try:
        yield
    except Exception:
        _store(tenant_id, kind, made)
        raise
    else:
        _store(tenant_id, kind, made)
    finally:
        _kept_here.reset(before)


def note(record: CallRecord) -> None:
    """Remember a call that no lane counts, for whoever keeps such calls now."""
    made = _kept_here.get()
    if made is None:
        return
    failed = record.failure is not None
    made.append(
        Exchange(
            at=stamp(wiring.current().clock.now()),
            kind="",
            job_id="",
            method=record.method,
            path=record.path,
            outcome=Outcome.FAILED if failed else Outcome.DONE,
            status=record.status,
            failure=record.failure or "",
            said="" if failed else SAID.get((record.method, record.path), ""),
            correlation_id=record.correlation_id or "",
            milliseconds=record.milliseconds,
        )
    )


def _store(tenant_id: str, kind: str, made: Sequence[Exchange]) -> None:
    if not (made and tenant_id):
        return
    now = wiring.current().clock.now()
    try:
        row_of(tenant_id, now, [replace(one, kind=kind) for one in made]).save()
    except PutError as error:
        log.event("exchange_not_kept", tenant=tenant_id, said=str(error))


def row_of(tenant_id: str, now: datetime, exchanges: Sequence[Exchange]) -> ExchangeRow:
    """The row of exchanges that are stored together."""
    name = f"{stamp(now)}#{ULID.from_datetime(now)}"
    row = ExchangeRow(_key(tenant_id), name, exchanges=list(exchanges))
    row.expires_at = now + KEPT
    return row


def listing(
    tenant_id: str, wanted: Wanted, *, limit: int, after: str | None = None
) -> Page[Exchange]:
    """A page of exchanges, newest first; it may be short and not the last.

    Raises InvalidInput for a cursor that no list gave.
    """
    place = pages.places(after, 1)
    key = {"pk": {"S": _key(tenant_id)}, "sk": {"S": place[0]}} if place else None
    rows = ExchangeRow.query(
        _key(tenant_id), scan_index_forward=False, limit=READ_AT_ONCE, last_evaluated_key=key
    )
    found: list[Exchange] = []
    for row in rows:
        kept = msgspec.convert(row.exchanges, list[Exchange])
        found += [one for one in reversed(kept) if wanted.holds(one)]
        if len(found) >= limit:
            return Page(found, pages.cursor(row.sk))
    last = rows.last_evaluated_key
    return Page(found, pages.cursor(last["sk"]["S"]) if last else None)


def _key(tenant_id: str) -> str:
    return f"exchanges#{tenant_id}"
