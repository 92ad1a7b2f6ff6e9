"""Rows of several tables by their keys, read together."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.storage.rows import Row, transaction_connection

AT_ONCE = 100
"""What DynamoDB takes in one request (BatchGetItem)."""

Key = tuple[str, str, str]


def read(wanted: Sequence[Row]) -> list[Any]:
    """Each of these rows as last stored, in their order; None for one that is not there.

    ``wanted`` need only bear their keys, of whatever tables. One request per hundred different
    ones, all consistent, and one more where an answer would grow past 16 MB.
    """
    kinds = {_key(row): type(row) for row in wanted}
    found: dict[Key, Row] = {}
    keys = list(kinds)
    for start in range(0, len(keys), AT_ONCE):
        for name, item in _items(keys[start : start + AT_ONCE]):
            key = (name, item["pk"]["S"], item["sk"]["S"])
            found[key] = kinds[key].from_raw_data(item)
    return [found.get(_key(row)) for row in wanted]


def groups(*wanted: Sequence[Row]) -> list[list[Any]]:
    """The same of several groups at once, each answered as a group."""
    found = iter(read([row for group in wanted for row in group]))
    return [[next(found) for _ in group] for group in wanted]


def _key(row: Row) -> Key:
    return row._get_connection().table_name, row.pk, row.sk  # noqa: SLF001  our own class's


def _items(keys: Sequence[Key]) -> Iterator[tuple[str, dict[str, Any]]]:
    asked: dict[str, Any] = {}
    for name, pk, sk in keys:
        table = asked.setdefault(name, {"Keys": [], "ConsistentRead": True})
        table["Keys"].append({"pk": {"S": pk}, "sk": {"S": sk}})
    while asked:
        client: Any = transaction_connection().client
        answer = client.batch_get_item(RequestItems=asked)
        for name, items in answer["Responses"].items():
            yield from ((name, item) for item in items)
        asked = answer.get("UnprocessedKeys", {})
