"""What a piece of code asks of DynamoDB, counted at its client."""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib import wiring
from chalicelib.storage.rows import transaction_connection

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


@contextmanager
def requests_to(table: str) -> Iterator[list[str]]:
    """The operations that name this table, in order, while the block runs."""
    name = wiring.current().settings.tables[table]
    made: list[str] = []

    def note(params: dict[str, object], model: object, **_: object) -> None:
        if f"'{name}'" in str(params):
            made.append(model.name)  # type: ignore[attr-defined]

    events = transaction_connection().client.meta.events
    events.register("provide-client-params.dynamodb.*", note)
    try:
        yield made
    finally:
        events.unregister("provide-client-params.dynamodb.*", note)


@contextmanager
def writes_to(table: str) -> Iterator[list[str]]:
    """The same of writes alone; the list is filled when the block ends."""
    writes: list[str] = []
    with requests_to(table) as made:
        yield writes
    writes += [operation for operation in made if operation in WRITES]
