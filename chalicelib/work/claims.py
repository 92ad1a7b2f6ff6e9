"""Putting time on an invoice and taking it off again, so that none is billed twice or lost.

A claim is one transaction per 50 records: each record gets its invoice if it has none, and the
pair of invoice and record is put beside it in the table of invoices. The two can only exist
together. Undoing reads the pairs consistently, so it finds all that was claimed, even by a
worker that died half-way.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.storage.rows import Row, transaction_connection
from chalicelib.work import keys, time_records
from chalicelib.work.model import TimeRecord
from chalicelib.work.store import TimeRow

PER_WRITE = 50
"""Two writes for each record, and DynamoDB takes a hundred in one transaction."""

T = TypeVar("T")

TRIES = 5
PAIR = "record#"


class PairRow(Row):
    """That a time record is on an invoice; enough to put it back in its place."""

    table = "invoices"

    class Meta:
        pass

    tenant_id = UnicodeAttribute()
    unbilled_key = UnicodeAttribute()
    unbilled_order = UnicodeAttribute()


def claim(tenant_id: str, invoice_id: str, records: Sequence[TimeRecord]) -> list[str]:
    """Put records on an invoice; answers with the ids of those that could not be.

    Refused are those on another invoice, changed since they were read, not billable, or gone;
    all others are then on the invoice. Claiming again what the invoice has changes nothing.
    """
    refused: list[str] = []
    for batch in _batches({record.record_id: record for record in records}.values()):
        refused += _claim(tenant_id, invoice_id, batch)
    return refused


def release(tenant_id: str, invoice_id: str) -> int:
    """Put everything on an invoice back to unbilled; answers how many records that were.

    Safe to repeat, and to finish when it stopped half-way.
    """
    count = 0
    for batch in _batches(_pairs(tenant_id, invoice_id)):
        count += _release(tenant_id, invoice_id, batch)
    return count


def release_some(tenant_id: str, invoice_id: str, record_ids: Iterable[str]) -> int:
    """Put these records of an invoice back to unbilled; those that are not on it stay put.

    Safe to repeat, and to finish when it stopped half-way.
    """
    count, key = 0, _pair(tenant_id, invoice_id, "").pk
    for some in _batches(dict.fromkeys(record_ids)):
        keys_of = [(key, f"{PAIR}{record_id}") for record_id in some]
        pairs = list(PairRow.batch_get(keys_of, consistent_read=True))
        count += _release(tenant_id, invoice_id, pairs) if pairs else 0
    return count


def claimed(tenant_id: str, invoice_id: str) -> list[str]:
    """The ids of all records on an invoice; consistent."""
    return [pair.sk.removeprefix(PAIR) for pair in _pairs(tenant_id, invoice_id)]


def _claim(tenant_id: str, invoice_id: str, batch: list[TimeRecord]) -> list[str]:
    wanted, refused = batch, [record.record_id for record in batch if not record.billable]
    for attempt in range(TRIES):
        wanted = [record for record in wanted if record.record_id not in refused]
        if not wanted:
            return refused
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                for record in wanted:
                    _put_on(transaction, tenant_id, invoice_id, record)
        except TransactWriteError as error:
            failed = _failed(error, wanted)
            if attempt == TRIES - 1:
                raise
        else:
            return refused
        ours = _on_invoice(tenant_id, invoice_id, failed)
        refused += [record_id for record_id in failed if record_id not in ours]
        wanted = [record for record in wanted if record.record_id not in ours]
    return refused


def _put_on(
    transaction: TransactWrite, tenant_id: str, invoice_id: str, record: TimeRecord
) -> None:
    row = TimeRow(tenant_id, keys.time_sk(record.record_id))
    transaction.update(
        row,
        actions=[
            TimeRow.invoice_id.set(invoice_id),
            TimeRow.unbilled_key.remove(),
            TimeRow.unbilled_order.remove(),
        ],
        condition=TimeRow.unbilled_key.exists()
        & TimeRow.invoice_id.does_not_exist()
        & (TimeRow.version == record.version),
    )
    pair = _pair(tenant_id, invoice_id, record.record_id)
    pair.tenant_id = tenant_id
    pair.unbilled_key = keys.unbilled_key(tenant_id, record.project_id)
    pair.unbilled_order = keys.time_order(record)
    transaction.save(pair)


def _release(tenant_id: str, invoice_id: str, batch: list[PairRow]) -> int:
    """One transaction; pairs whose record is not (any more) on this invoice just go."""
    held = [pair.sk.removeprefix(PAIR) for pair in batch]
    for attempt in range(TRIES):
        ours = _on_invoice(tenant_id, invoice_id, held)
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                for pair in batch:
                    if pair.sk.removeprefix(PAIR) in ours:
                        _take_off(transaction, tenant_id, invoice_id, pair)
                    transaction.delete(PairRow(pair.pk, pair.sk))
        except TransactWriteError:
            if attempt == TRIES - 1:
                raise
        else:
            return len(ours)
    return 0


def _take_off(transaction: TransactWrite, tenant_id: str, invoice_id: str, pair: PairRow) -> None:
    transaction.update(
        TimeRow(tenant_id, keys.time_sk(pair.sk.removeprefix(PAIR))),
        actions=[
            TimeRow.invoice_id.remove(),
            TimeRow.unbilled_key.set(pair.unbilled_key),
            TimeRow.unbilled_order.set(pair.unbilled_order),
        ],
        condition=TimeRow.invoice_id == invoice_id,
    )


def _on_invoice(tenant_id: str, invoice_id: str, record_ids: Iterable[str]) -> set[str]:
    found = time_records.by_ids(tenant_id, record_ids)
    return {record.record_id for record in found if record.invoice_id == invoice_id}


def _failed(error: TransactWriteError, records: list[TimeRecord]) -> list[str]:
    """The records whose own condition failed; DynamoDB reports puts first, then updates."""
    updates = error.cancellation_reasons[len(records) :]
    return [
        record.record_id
        for record, reason in zip(records, updates, strict=False)
        if reason and reason.code == "ConditionalCheckFailed"
    ]


def _pairs(tenant_id: str, invoice_id: str) -> Iterator[PairRow]:
    yield from PairRow.query(
        f"{tenant_id}#{invoice_id}", PairRow.sk.startswith(PAIR), consistent_read=True
    )


def _pair(tenant_id: str, invoice_id: str, record_id: str) -> PairRow:
    return PairRow(f"{tenant_id}#{invoice_id}", f"{PAIR}{record_id}")


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(items)
    while batch := list(islice(waiting, PER_WRITE)):
        yield batch
