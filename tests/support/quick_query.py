"""Queries, answered from moto's own rows."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from moto.dynamodb.comparisons import get_comparison_func
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from tests.support.quick_items import Asked, Tables, capacity, known_table, plain, size
from tests.support.quick_parses import Key, SlowlyError, condition, key

SMALL_PAGE = 100_000
"""Far below the megabyte at which a page ends."""
PROJECTED = re.compile(r"#\w+")
SIMPLE = re.compile(r"#\w+(, ?#\w+)*")


def query(tables: Tables, asked: Asked) -> Asked:
    """The rows of one key, of the table or of an index."""
    table, names = known_table(tables, asked), asked.get("ExpressionAttributeNames", {})
    values = asked.get("ExpressionAttributeValues", {})
    index = _index(table, asked.get("IndexName"), asked)
    schema = index.schema if index else table.schema
    wanted = key(asked["KeyConditionExpression"], names, values, schema)
    kept = condition(asked.get("FilterExpression"), names, values)
    told = PROJECTED.findall(asked.get("ProjectionExpression", ""))
    if names.keys() - wanted.names - kept.names - set(told):
        raise SlowlyError
    only = _projected(table, index, asked, {names[name] for name in told})
    order = [one["AttributeName"] for one in schema]
    if index:
        # Where an index has no range of its own, that of the table takes its place.
        order += ["pk", "sk"] if len(order) > 1 else ["sk", "pk"]
    rows = _rows(table, wanted, values, order, whole=index is None)
    forward = asked.get("ScanIndexForward", True)
    rows.sort(key=lambda row: _place(row.attrs, order), reverse=not forward)
    found, last = _page(_after(rows, asked, order, forward=forward), wanted, values, asked, order)
    passed = [row for row in found if kept.holds(row, values)]
    answer: Asked = {"Count": len(passed), "ScannedCount": len(found), **capacity(asked, 1.0)}
    if asked.get("Select") != "COUNT":
        answer["Items"] = [plain(row, only) for row in passed]
    if last:
        answer["LastEvaluatedKey"] = plain(last, {"pk", "sk", *order})
    return answer


def _index(table: Table, name: str | None, asked: Asked) -> Any:
    if name is None:
        return None
    found = [one for one in table.all_indexes() if one.name == name]
    if not found or (found[0] in table.global_indexes and asked.get("ConsistentRead")):
        raise SlowlyError
    return found[0]


def _projected(table: Table, index: Any, asked: Asked, named: set[str]) -> set[str] | None:
    """The attributes that are told, or None for all."""
    text, sure = asked.get("ProjectionExpression"), index.projection if index else {}
    if text is not None and ("Select" in asked or not SIMPLE.fullmatch(text)):
        raise SlowlyError
    kind = sure.get("ProjectionType", "ALL")
    if kind == "ALL":
        return named or None
    there = {*table.table_key_attrs, *index.schema_key_attrs, *sure.get("NonKeyAttributes", ())}
    if asked.get("FilterExpression"):
        raise SlowlyError
    return there & named if named else there


def _rows(
    table: Table, wanted: Key, values: Asked, order: list[str], *, whole: bool
) -> list[Item]:
    """Every row of that hash key which has all that it is ordered by."""
    value = DynamoType(values[wanted.hash_value])
    if value.type != "S" or not value.value:
        raise SlowlyError
    if whole:
        return list(table.items[value].values()) if value in table.items else []
    return [
        row
        for rows in table.items.values()
        for row in rows.values()
        if (one := row.attrs.get(wanted.hash_name))
        and one.value == value.value
        and all(name in row.attrs for name in order)
    ]


def _place(attributes: Any, order: list[str]) -> tuple[Any, ...]:
    ones = [attributes[name] for name in order]
    return tuple(Decimal(one.value) if one.type == "N" else one.value for one in ones)


def _after(rows: list[Item], asked: Asked, order: list[str], *, forward: bool) -> Iterable[Item]:
    """What comes after the page before."""
    begun = asked.get("ExclusiveStartKey")
    if not begun:
        return rows
    at = _place({name: DynamoType(begun[name]) for name in order}, order)
    places = ((row, _place(row.attrs, order)) for row in rows)
    return [row for row, place in places if (place > at if forward else place < at)]


def _page(
    rows: Iterable[Item], wanted: Key, values: Asked, asked: Asked, order: list[str]
) -> tuple[list[Item], Item | None]:
    """Those within the range, and the last one where the page ends before the rows do."""
    compare = get_comparison_func(wanted.comparison) if wanted.comparison else None
    bounds = [DynamoType(values[name]).cast_value for name in wanted.range_values]
    found: list[Item] = []
    weight, limit = 0, asked.get("Limit")
    for row in rows:
        weight += sum(size(one) for one in row.attrs.values())
        if len(found) == limit:
            return found, found[-1]
        if weight > SMALL_PAGE:
            raise SlowlyError
        if compare is None or compare(row.attrs[order[1]].cast_value, *bounds):
            found.append(row)
    return found, None
