"""Requests that succeed, answered from moto's own rows by fewer steps.

The conditions are moto's (``quick_parses``), and so are the rows, which it finds as if it had
written them. Whatever is refused, unknown or odd raises SlowlyError before anything is written.
"""

from collections.abc import Callable
from typing import Any

from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table

from tests.support.quick_items import (
    ONLY_KNOWN,
    Asked,
    Tables,
    capacity,
    find,
    key_of,
    known_table,
    made,
    plain,
    value_of,
)
from tests.support.quick_parses import SlowlyError, condition
from tests.support.quick_query import query
from tests.support.quick_updates import stored, update

Change = Callable[[], None]
MOST_KEYS = 100


def get_item(tables: Tables, asked: Asked) -> Asked:
    """One row, or none."""
    table = known_table(tables, asked)
    if "ProjectionExpression" in asked or "ExpressionAttributeNames" in asked:
        raise SlowlyError
    found = find(table, asked["Key"])
    told = {"Item": plain(found)} if found else {}
    return {**told, **capacity(asked, 0.5)}


def put_item(tables: Tables, asked: Asked) -> Asked:
    """A row in the place of what was there."""
    _nothing_returned(asked)
    _put(tables, asked)()
    return capacity(asked, 1.0)


def delete_item(tables: Tables, asked: Asked) -> Asked:
    """A row is gone, or was not there."""
    _nothing_returned(asked)
    _delete(tables, asked)()
    return capacity(asked, 1.0)


def update_item(tables: Tables, asked: Asked) -> Asked:
    """A row is changed, or begun."""
    if asked.get("ReturnValues", "NONE") not in {"NONE", "ALL_NEW"}:
        raise SlowlyError
    _update(tables, asked)()
    told = {"ConsumedCapacity": {"TableName": asked["TableName"], "CapacityUnits": 0.5}}
    if asked.get("ReturnValues") == "ALL_NEW":
        after = find(known_table(tables, asked), asked["Key"])
        told["Attributes"] = plain(after) if after else {}
    return told


def transact_write_items(tables: Tables, asked: Asked) -> Asked:
    """All of these, or SlowlyError."""
    if asked.keys() - {"TransactItems", "ClientRequestToken"} - ONLY_KNOWN:
        raise SlowlyError
    kinds = {"Put": _put, "Delete": _delete, "Update": _update, "ConditionCheck": _check}
    targets, changes = set(), []
    for one in asked["TransactItems"]:
        ((kind, part),) = one.items()
        try:
            changes.append(kinds[kind](tables, part))
        except ConditionalCheckFailed:
            raise SlowlyError from None
        row = part.get("Key") or part["Item"]
        targets.add((part["TableName"], *(str(row[name]) for name in ("pk", "sk"))))
    if len(targets) < len(changes):
        raise SlowlyError
    for change in changes:
        change()
    return {"ConsumedCapacity": [], "ItemCollectionMetrics": {}}


def batch_get_item(tables: Tables, asked: Asked) -> Asked:
    """Many rows, of which those that are not there are left out."""
    found, units = {}, []
    for name, part in asked["RequestItems"].items():
        keys = [tuple(str(key[one]) for one in ("pk", "sk")) for key in part["Keys"]]
        if part.keys() - {"Keys", "ConsistentRead"} or len(set(keys)) < len(keys):
            raise SlowlyError
        rows = [find(known_table(tables, {"TableName": name}), key) for key in part["Keys"]]
        found[name] = [plain(row) for row in rows if row]
        units.append({"TableName": name, "CapacityUnits": len(keys)})
    if sum(one["CapacityUnits"] for one in units) > MOST_KEYS:
        raise SlowlyError
    return {"Responses": found, "UnprocessedKeys": {}, "ConsumedCapacity": units}


OPERATIONS: dict[str, Callable[[Tables, Asked], Asked]] = {
    "GetItem": get_item,
    "PutItem": put_item,
    "DeleteItem": delete_item,
    "UpdateItem": update_item,
    "TransactWriteItems": transact_write_items,
    "Query": query,
    "BatchGetItem": batch_get_item,
}


def _nothing_returned(asked: Asked) -> None:
    if asked.get("ReturnValues", "NONE") != "NONE":
        raise SlowlyError


def _judged(table: Table, asked: Asked, row: Asked, more: Any = None) -> Item | None:
    """The row that is there, if the condition holds and every placeholder is used.

    Raises ConditionalCheckFailed where nothing is to be told with it.
    """
    silent = asked.get("ReturnValuesOnConditionCheckFailure", "NONE") == "NONE"
    found = find(table, row)
    names = asked.get("ExpressionAttributeNames", {})
    values = asked.get("ExpressionAttributeValues", {})
    wanted = condition(asked.get("ConditionExpression"), names, values)
    used = wanted.names | more.names if more else wanted.names
    told = wanted.values | more.values if more else wanted.values
    if used != names.keys() or told != values.keys():
        raise SlowlyError
    if not wanted.holds(found, values):
        raise ConditionalCheckFailed if silent else SlowlyError
    return found


def _put(tables: Tables, asked: Asked) -> Change:
    table, row = known_table(tables, asked), asked["Item"]
    _judged(table, asked, {name: row[name] for name in ("pk", "sk") if name in row})
    new = made(table, {name: stored(value) for name, value in row.items()}, row)
    return lambda: table.items[new.hash_key].__setitem__(new.range_key, new)


def _delete(tables: Tables, asked: Asked) -> Change:
    table, row = known_table(tables, asked), asked["Key"]
    _judged(table, asked, row)
    first, second = key_of(row)
    return lambda: table.items[first].pop(second, None) and None


def _check(tables: Tables, asked: Asked) -> Change:
    _judged(known_table(tables, asked), asked, asked["Key"])
    return lambda: None


def _update(tables: Tables, asked: Asked) -> Change:
    table, row = known_table(tables, asked), asked["Key"]
    wanted = update(asked["UpdateExpression"])
    found = _judged(table, asked, row, wanted)
    values = asked.get("ExpressionAttributeValues", {})
    names = asked.get("ExpressionAttributeNames", {})
    before = found.attrs if found else {name: stored(value) for name, value in row.items()}
    written = [names[name] for name in wanted.written]
    if {"pk", "sk"} & set(written) or len(set(written)) < len(written):
        raise SlowlyError
    after = wanted.changed(before, names, values)
    new = made(table, after, {name: value_of(one) for name, one in after.items()})
    return lambda: table.items[new.hash_key].__setitem__(new.range_key, new)
