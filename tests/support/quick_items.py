"""Moto's rows: found, weighed, copied out, and made, where nothing about them is odd."""

from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

from tests.support.quick_parses import SlowlyError

Asked = dict[str, Any]
Tables = dict[str, Table]

DIGITS = 38
LARGE = 80_000
"""Far below DynamoDB's limit of an item, where characters may be of four bytes."""
LONG_KEY = 250
ONLY_KNOWN = {
    "TableName", "Item", "Key", "ConditionExpression", "UpdateExpression", "ReturnValues",
    "ExpressionAttributeNames", "ExpressionAttributeValues", "ReturnConsumedCapacity",
    "ReturnValuesOnConditionCheckFailure", "ConsistentRead", "IndexName", "Limit", "Select",
    "KeyConditionExpression", "ProjectionExpression", "FilterExpression", "ScanIndexForward",
    "ExclusiveStartKey", "ReturnItemCollectionMetrics",
}  # fmt: skip


def known_table(tables: Tables, asked: Asked) -> Table:
    """The table of a request in which nothing is out of the common."""
    table = tables.get(asked["TableName"])
    if table is None or asked.keys() - ONLY_KNOWN or table.stream_shard is not None:
        raise SlowlyError
    if asked.get("ReturnConsumedCapacity", "NONE") not in {"NONE", "TOTAL"}:
        raise SlowlyError
    return table


def capacity(asked: Asked, units: float) -> Asked:
    """What a request says that it took, as moto counts, if that was asked for."""
    if asked.get("ReturnConsumedCapacity", "NONE") == "NONE":
        return {}
    return {"ConsumedCapacity": {"TableName": asked["TableName"], "CapacityUnits": units}}


def plain(item: Item, only: set[str] | None = None) -> Asked:
    """A row as the client reads it, in which nothing is the row's own."""
    return {
        name: value_of(one) for name, one in item.attrs.items() if only is None or name in only
    }


def value_of(one: DynamoType) -> Asked:
    """One value as the client reads it."""
    kind, value = one.type, one.value
    if kind == "M":
        return {kind: {name: value_of(inner) for name, inner in value.items()}}
    if kind == "L":
        return {kind: [value_of(inner) for inner in value]}
    return {kind: list(value)} if kind in {"SS", "NS", "BS"} else {kind: value}


def size(one: DynamoType) -> int:
    """About how many characters a value has."""
    kind, value = one.type, one.value
    if kind == "M":
        return sum(size(inner) + len(name) for name, inner in value.items())
    if kind == "L":
        return sum(size(inner) for inner in value)
    return len(value) if kind in {"S", "N", "B"} else len(repr(value))


def key_of(row: Asked) -> tuple[DynamoType, DynamoType]:
    """The two keys that all our tables have."""
    told = row.get("pk", {}).get("S"), row.get("sk", {}).get("S")
    if not all(type(one) is str and 0 < len(one) < LONG_KEY for one in told):
        raise SlowlyError
    return DynamoType({"S": told[0]}), DynamoType({"S": told[1]})


def find(table: Table, row: Asked) -> Item | None:
    """The row of a key, which names nothing else."""
    if len(row) != 2 or (table.hash_key_attr, table.range_key_attr) != ("pk", "sk"):
        raise SlowlyError
    first, second = key_of(row)
    return table.items[first].get(second) if first in table.items else None


def made(table: Table, attributes: dict[str, DynamoType], row: Asked) -> Item:
    """A row to store; raises SlowlyError for what may be refused."""
    if len(repr(row)) > LARGE:
        raise SlowlyError
    indexed = set(table.attribute_keys)
    for name, one in attributes.items():
        _sound(one)
        if name in indexed and (one.type not in {"S", "N"} or not one.value):
            raise SlowlyError
    new = Item.__new__(Item)
    new.hash_key, new.range_key = key_of(row)
    new.attrs = LimitedSizeDict()
    dict.update(new.attrs, attributes)
    return new


def _sound(one: DynamoType) -> None:
    kind, value = one.type, one.value
    if kind == "S":
        good = type(value) is str
    elif kind == "N":
        digits = value.lstrip("-").replace(".", "", 1) if type(value) is str else ""
        good = digits.isascii() and digits.isdigit() and len(digits) <= DIGITS
    elif kind in {"SS", "NS", "BS"}:
        good = bool(value)
    else:
        good = kind in {"M", "L", "BOOL", "B"} or (kind, value) == ("NULL", True)
    if not good:
        raise SlowlyError
    for inner in value.values() if kind == "M" else value if kind == "L" else ():
        _sound(inner)
