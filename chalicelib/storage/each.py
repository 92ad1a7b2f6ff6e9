"""Many writes, each under a condition of its own: one that fails holds up no other."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeVar

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.storage.rows import transaction_connection

T = TypeVar("T")

PER_WRITE = 100
"""What DynamoDB takes in one transaction."""

TRIES = 5


def write_each(items: Iterable[T], write: Callable[[TransactWrite, T], None]) -> list[T]:
    """Write every item whose condition holds; answers with the others.

    ``write`` adds an item's write to a transaction: the same kind of write for all, and no two
    of one row. One request per 100 items, one more where some are refused. Safe to repeat where
    the conditions are.
    """
    refused: list[T] = []
    waiting = iter(items)
    while batch := list(islice(waiting, PER_WRITE)):
        refused += _write(batch, write)
    return refused


def _write(batch: list[T], write: Callable[[TransactWrite, T], None]) -> list[T]:
    good, refused = batch, list[T]()
    for attempt in range(TRIES):
        if not good:
            break
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                for item in good:
                    write(transaction, item)
        except TransactWriteError as error:
            # Another transaction at the same rows is no refusal: then all are tried again.
            failed = [
                reason is not None and reason.code == "ConditionalCheckFailed"
                for reason in error.cancellation_reasons
            ]
            if not failed or attempt == TRIES - 1:
                raise
            refused += [item for item, bad in zip(good, failed, strict=True) if bad]
            good = [item for item, bad in zip(good, failed, strict=True) if not bad]
        else:
            break
    return refused
