"""Putting work on an invoice and taking it off again, so that none is billed twice or lost.

Work is time records and materials. A claim is one transaction per 50 of them: each gets its
invoice if it has none, and the pair of invoice and work is put beside it in the table of
invoices. The two can only exist together. Undoing reads the pairs consistently, so it finds all
that was claimed, even by a worker that died half-way.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.storage.rows import Row, transaction_connection
from chalicelib.work import keys
from chalicelib.work.materials.model import Material
from chalicelib.work.model import TimeRecord
from chalicelib.work.store import WorkRow

PER_WRITE = 50
"""Two writes for each piece of work, and DynamoDB takes a hundred in one transaction."""

PER_MOVE = 33
"""Three writes for each."""

T = TypeVar("T")

TRIES = 5
TIME, MATERIAL = "record#", "material#"
WORK_KEYS = {TIME: keys.time_sk(""), MATERIAL: keys.material_sk("")}
"""What the sort key of a pair begins with, and that of the work itself."""


class BillableRow(WorkRow):
    """What time records and materials share: an invoice, or a place among the unbilled."""

    class Meta:
        pass

    invoice_id = UnicodeAttribute(null=True)
    version = NumberAttribute(default=1)
    unbilled_key = UnicodeAttribute(null=True)
    unbilled_order = UnicodeAttribute(null=True)


class PairRow(Row):
    """That a piece of work is on an invoice; enough to put it back in its place."""

    table = "invoices"

    class Meta:
        pass

    tenant_id = UnicodeAttribute()
    unbilled_key = UnicodeAttribute()
    unbilled_order = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Work to be claimed: its id, its pair's key, and its place when it is unbilled."""

    work_id: str
    pair: str
    version: int
    billable: bool
    unbilled_key: str
    unbilled_order: str


def claim(
    tenant_id: str, invoice_id: str, work: Sequence[TimeRecord] | Sequence[Material]
) -> list[str]:
    """Put work on an invoice; answers with the ids of what could not be.

    Refused is what is on another invoice, changed since it was read, not billable, or gone; all
    else is then on the invoice. Claiming again what the invoice has changes nothing.
    """
    refused: list[str] = []
    pieces = {piece.work_id: piece for piece in (_piece(tenant_id, one) for one in work)}
    for batch in _batches(pieces.values()):
        refused += _claim(tenant_id, invoice_id, batch)
    return refused


def release(tenant_id: str, invoice_id: str) -> int:
    """Put everything on an invoice back to unbilled; answers how many pieces of work that were.

    Safe to repeat, and to finish when it stopped half-way.
    """
    return release_while(tenant_id, invoice_id, lambda: True)[0]


def release_while(tenant_id: str, invoice_id: str, going: Callable[[], bool]) -> tuple[int, bool]:
    """The same until it is no longer ``going``: how many pieces, and whether that was all."""
    count = 0
    for prefix in WORK_KEYS:
        for batch in _batches(_pairs(tenant_id, invoice_id, prefix)):
            if not going():
                return count, False
            count += _release(tenant_id, invoice_id, batch)
    return count, True


def release_some(tenant_id: str, invoice_id: str, work_ids: Iterable[str]) -> int:
    """Put these records and materials of an invoice back to unbilled, and no others.

    Those that are not on it stay as they are. Safe to repeat, and to finish when it stopped
    half-way.
    """
    count, key = 0, _pair_key(tenant_id, invoice_id)
    for some in _batches(dict.fromkeys(work_ids)):
        wanted = [(key, f"{prefix}{work_id}") for prefix in WORK_KEYS for work_id in some]
        pairs = list(PairRow.batch_get(wanted, consistent_read=True))
        count += _release(tenant_id, invoice_id, pairs) if pairs else 0
    return count


def move_while(tenant_id: str, before: str, after: str, going: Callable[[], bool]) -> bool:
    """Put everything on one invoice onto another, never unbilled in between; True when all is.

    Stops between two transactions when it is no longer ``going``. Safe to repeat, and to finish
    when it stopped half-way.
    """
    for prefix in WORK_KEYS:
        for batch in _batches(_pairs(tenant_id, before, prefix), PER_MOVE):
            if not going():
                return False
            _move(tenant_id, before, after, batch)
    return True


def claimed(tenant_id: str, invoice_id: str) -> list[str]:
    """The ids of all time records on an invoice; consistent."""
    return [pair.sk.removeprefix(TIME) for pair in _pairs(tenant_id, invoice_id, TIME)]


def claimed_materials(tenant_id: str, invoice_id: str) -> list[str]:
    """The ids of all materials on an invoice; consistent."""
    return [pair.sk.removeprefix(MATERIAL) for pair in _pairs(tenant_id, invoice_id, MATERIAL)]


def _piece(tenant_id: str, one: TimeRecord | Material) -> _Piece:
    if isinstance(one, TimeRecord):
        return _Piece(
            one.record_id,
            f"{TIME}{one.record_id}",
            one.version,
            one.billable,
            keys.unbilled_key(tenant_id, one.project_id),
            keys.time_order(one),
        )
    return _Piece(
        one.material_id,
        f"{MATERIAL}{one.material_id}",
        one.version,
        one.billable,
        keys.unbilled_materials(tenant_id, one.project_id),
        keys.dated(one.date, one.material_id),
    )


def _claim(tenant_id: str, invoice_id: str, batch: list[_Piece]) -> list[str]:
    wanted, refused = batch, [piece.work_id for piece in batch if not piece.billable]
    for attempt in range(TRIES):
        wanted = [piece for piece in wanted if piece.work_id not in refused]
        if not wanted:
            return refused
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                for piece in wanted:
                    _put_on(transaction, tenant_id, invoice_id, piece)
        except TransactWriteError as error:
            failed = _failed(error, wanted)
            if attempt == TRIES - 1:
                raise
        else:
            return refused
        ours = _on_invoice(tenant_id, invoice_id, [piece.pair for piece in failed])
        refused += [piece.work_id for piece in failed if piece.pair not in ours]
        wanted = [piece for piece in wanted if piece.pair not in ours]
    return refused


def _put_on(transaction: TransactWrite, tenant_id: str, invoice_id: str, piece: _Piece) -> None:
    transaction.update(
        BillableRow(tenant_id, _work_key(piece.pair)),
        actions=[
            BillableRow.invoice_id.set(invoice_id),
            BillableRow.unbilled_key.remove(),
            BillableRow.unbilled_order.remove(),
        ],
        condition=BillableRow.unbilled_key.exists()
        & BillableRow.invoice_id.does_not_exist()
        & (BillableRow.version == piece.version),
    )
    pair = PairRow(_pair_key(tenant_id, invoice_id), piece.pair)
    pair.tenant_id = tenant_id
    pair.unbilled_key = piece.unbilled_key
    pair.unbilled_order = piece.unbilled_order
    transaction.save(pair)


def _release(tenant_id: str, invoice_id: str, batch: list[PairRow]) -> int:
    """One transaction; pairs whose work is not (any more) on this invoice just go."""
    for attempt in range(TRIES):
        ours = _on_invoice(tenant_id, invoice_id, [pair.sk for pair in batch])
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                for pair in batch:
                    if pair.sk in ours:
                        _take_off(transaction, tenant_id, invoice_id, pair)
                    transaction.delete(PairRow(pair.pk, pair.sk))
        except TransactWriteError:
            if attempt == TRIES - 1:
                raise
        else:
            return len(ours)
    return 0


def _move(tenant_id: str, before: str, after: str, batch: list[PairRow]) -> None:
    """One transaction; pairs whose work is not (any more) on the invoice before just go."""
    for attempt in range(TRIES):
        ours = _on_invoice(tenant_id, before, [pair.sk for pair in batch])
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                for pair in batch:
                    transaction.delete(PairRow(pair.pk, pair.sk))
                    if pair.sk in ours:
                        _put_over(transaction, tenant_id, before, after, pair)
        except TransactWriteError:
            if attempt == TRIES - 1:
                raise
        else:
            return


def _put_over(
    transaction: TransactWrite, tenant_id: str, before: str, after: str, pair: PairRow
) -> None:
    transaction.update(
        BillableRow(tenant_id, _work_key(pair.sk)),
        actions=[BillableRow.invoice_id.set(after)],
        condition=BillableRow.invoice_id == before,
    )
    moved = PairRow(_pair_key(tenant_id, after), pair.sk)
    moved.tenant_id = pair.tenant_id
    moved.unbilled_key = pair.unbilled_key
    moved.unbilled_order = pair.unbilled_order
    transaction.save(moved)


def _take_off(transaction: TransactWrite, tenant_id: str, invoice_id: str, pair: PairRow) -> None:
    transaction.update(
        BillableRow(tenant_id, _work_key(pair.sk)),
        actions=[
            BillableRow.invoice_id.remove(),
            BillableRow.unbilled_key.set(pair.unbilled_key),
            BillableRow.unbilled_order.set(pair.unbilled_order),
        ],
        condition=BillableRow.invoice_id == invoice_id,
    )


def _on_invoice(tenant_id: str, invoice_id: str, pairs: Iterable[str]) -> set[str]:
    """Those of the pairs whose work says that it is on this invoice; consistent."""
    of_work = {_work_key(pair): pair for pair in pairs}
    rows = BillableRow.batch_get([(tenant_id, sk) for sk in of_work], consistent_read=True)
    return {of_work[row.sk] for row in rows if row.invoice_id == invoice_id}


def _failed(error: TransactWriteError, pieces: list[_Piece]) -> list[_Piece]:
    """Those whose own condition failed; DynamoDB reports puts first, then updates."""
    updates = error.cancellation_reasons[len(pieces) :]
    return [
        piece
        for piece, reason in zip(pieces, updates, strict=False)
        if reason and reason.code == "ConditionalCheckFailed"
    ]


def _work_key(pair: str) -> str:
    """The sort key of the work that a pair is about."""
    prefix = TIME if pair.startswith(TIME) else MATERIAL
    return WORK_KEYS[prefix] + pair.removeprefix(prefix)


def _pairs(tenant_id: str, invoice_id: str, prefix: str) -> Iterator[PairRow]:
    yield from PairRow.query(
        _pair_key(tenant_id, invoice_id), PairRow.sk.startswith(prefix), consistent_read=True
    )


def _pair_key(tenant_id: str, invoice_id: str) -> str:
    return f"{tenant_id}#{invoice_id}"


def _batches(items: Iterable[T], size: int = 0) -> Iterator[list[T]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size or PER_WRITE)):
        yield batch
