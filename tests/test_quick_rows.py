"""Whatever PynamoDB may ask, the quick way answers and stores what moto's own code would."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import quick_tables
from tests.support.quick_parses import SlowlyError
from tests.test_quick_tables import answer

JOBS, INVOICES = "test-jobs", "test-invoices"
PLACES = st.sampled_from(["a#1", "a#2", "b#1", "b"])
WORDS = st.sampled_from(["a", "a#1", "b", "é"])
NUMBERS = st.sampled_from(["0", "1", "1.50", "-2", "10"])
VALUES = st.one_of(
    st.builds(lambda one: {"S": one}, WORDS | st.just("")),
    st.builds(lambda one: {"N": one}, NUMBERS),
    st.builds(lambda some: {"SS": sorted(some)}, st.sets(WORDS, min_size=1)),
    st.sampled_from([{"BOOL": True}, {"NULL": True}, {"B": b"\x00"}, {"L": []}]),
    st.builds(lambda one: {"M": {"in": {"L": [{"N": one}, {"SS": ["x"]}]}}}, NUMBERS),
)
NAMES = ("n", "s", "set", "open_order", "tenant_id", "created_at", "xero_invoice_id")
INDEXED = {"open_order", "tenant_id", "created_at", "xero_invoice_id", "calendar", "listing_key"}
KEYS = st.builds(
    lambda first, second: {"pk": {"S": first}, "sk": {"S": second}},
    st.sampled_from(["t1", "t2"]),
    PLACES,
)
CONDITIONS = (
    "attribute_not_exists (#0)",
    "attribute_exists (#0)",
    "#0 = :0",
    "#0 <> :0",
    "(attribute_not_exists (#0) OR #0 < :0)",
    "(#0 >= :0 AND NOT #1 = :1)",
    "#0 BETWEEN :0 AND :1",
    "#0 IN (:0, :1)",
    "begins_with (#0, :0)",
    "contains (#0, :0)",
    "(attribute_type (#0, :0) OR size (#1) > :1)",
)
UPDATES = (
    "SET #5 = :5",
    "SET #5 = :5, #6 = :6 REMOVE #7",
    "SET #5 = #6",
    "SET #5 = #5 + :5",
    "SET #5 = if_not_exists (#5, :5) - :6",
    "SET #5 = if_not_exists (#5, :5) ADD #6 :6",
    "ADD #5 :5",
    "DELETE #5 :5",
    "REMOVE #5, #6",
    "SET #5 = list_append (#5, :5)",
)
KEY_CONDITIONS = ("#8 = :8", "(#8 = :8 AND begins_with (#9, :9))", "(#8 = :8 AND #9 >= :9)",
                  "(#8 = :8 AND #9 BETWEEN :9 AND :7)")  # fmt: skip
INDEXES = {
    (JOBS, None): ("pk", "sk"),
    (JOBS, "open"): ("pk", "open_order"),
    (JOBS, "tenant"): ("tenant_id", "created_at"),
    (INVOICES, "xero"): ("xero_invoice_id", "nothing"),
    (INVOICES, "calendar"): ("listing_key", "calendar"),
}


@st.composite
def rows(draw) -> dict[str, Any]:
    row = draw(KEYS)
    for name in draw(st.sets(st.sampled_from([*NAMES, "listing_key", "calendar"]))):
        row[name] = {"S": draw(WORDS)} if name in INDEXED else draw(VALUES)
    return row


def filled(draw, asked: dict[str, Any], *expressions: str) -> dict[str, Any]:
    """With a name and a value for each placeholder, and seldom one too many."""
    text = " ".join(expressions)
    names = {f"#{at}": draw(st.sampled_from(NAMES[:3])) for at in range(8) if f"#{at}" in text}
    values = {f":{at}": draw(VALUES) for at in range(8) if f":{at}" in text}
    if draw(st.integers(0, 20)) == 20:
        values[":unused"] = {"N": "1"}
    told = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    return {**asked, **{name: facts for name, facts in told.items() if facts}}


@st.composite
def writes(draw) -> tuple[str, dict[str, Any]]:
    """A write, by the name that it has in a transaction."""
    kind = draw(st.sampled_from(["Put", "Update", "Delete", "ConditionCheck"]))
    asked: dict[str, Any] = {"TableName": draw(st.sampled_from([JOBS, INVOICES]))}
    expressions = []
    if kind == "ConditionCheck" or draw(st.booleans()):
        asked["ConditionExpression"] = draw(st.sampled_from(CONDITIONS))
        expressions.append(asked["ConditionExpression"])
    if kind == "Update":
        asked["UpdateExpression"] = draw(st.sampled_from(UPDATES))
        expressions.append(asked["UpdateExpression"])
    asked["Item" if kind == "Put" else "Key"] = draw(rows() if kind == "Put" else KEYS)
    return kind, filled(draw, asked, *expressions)


@st.composite
def alone(draw) -> tuple[str, dict[str, Any]]:
    kind, asked = draw(writes().filter(lambda made: made[0] != "ConditionCheck"))
    if kind == "Update":
        asked["ReturnValues"] = draw(st.sampled_from(["ALL_NEW", "NONE", "UPDATED_NEW"]))
    if draw(st.booleans()):
        asked["ReturnConsumedCapacity"] = "TOTAL"
    return f"{kind.lower()}_item", asked


@st.composite
def queries(draw) -> tuple[str, dict[str, Any]]:
    (table, index), (first, second) = draw(st.sampled_from(list(INDEXES.items())))
    wanted = draw(st.sampled_from(KEY_CONDITIONS[: 1 if second == "nothing" else 4]))
    names, values = {"#8": first}, {":8": {"S": draw(st.sampled_from(["t1", "a"]))}}
    if "#9" in wanted:
        names["#9"] = second
        values |= {one: {"S": draw(WORDS)} for one in (":9", ":7") if one in wanted}
    asked = {"TableName": table, "KeyConditionExpression": wanted}
    if index:
        asked["IndexName"] = index
    if draw(st.booleans()):
        asked["FilterExpression"] = draw(st.sampled_from(CONDITIONS))
    if draw(st.booleans()):
        asked["ProjectionExpression"] = draw(st.sampled_from(["#3", "#3, #4"]))
    plain = {"Limit": st.integers(1, 3), "ScanIndexForward": st.booleans(),
             "ConsistentRead": st.booleans(), "Select": st.just("COUNT")}  # fmt: skip
    for name in draw(st.sets(st.sampled_from([*plain, "ReturnConsumedCapacity"]))):
        asked[name] = draw(plain.get(name, st.just("TOTAL")))
    told = (asked.get(name, "") for name in ("FilterExpression", "ProjectionExpression"))
    asked = filled(draw, asked, *told)
    asked["ExpressionAttributeNames"] = {**asked.get("ExpressionAttributeNames", {}), **names}
    asked["ExpressionAttributeValues"] = {**asked.get("ExpressionAttributeValues", {}), **values}
    return "query", asked


def transaction(some: list[Any]) -> tuple[str, dict[str, Any]]:
    return "transact_write_items", {"TransactItems": [{kind: asked} for kind, asked in some]}


def many(keys: list[Any]) -> tuple[str, dict[str, Any]]:
    return "batch_get_item", {"RequestItems": {JOBS: {"Keys": keys, "ConsistentRead": True}}}


PUTS = st.builds(
    lambda table, row: ("put_item", {"TableName": table, "Item": row}),
    st.sampled_from([JOBS, JOBS, INVOICES]),
    rows(),
)
READS = st.builds(lambda key: ("get_item", {"TableName": JOBS, "Key": key}), KEYS)
REQUESTS = st.one_of(
    PUTS,
    alone(),
    alone(),
    queries(),
    READS,
    st.builds(transaction, st.lists(writes(), min_size=1, max_size=3)),
    st.builds(many, st.lists(KEYS, min_size=1, max_size=3)),
)


def done(aws, client, requests) -> list[Any]:
    """The answers to all, page after page, and what is stored at the end."""
    told: list[Any] = []
    for name, asked in requests:
        told.append(answered(client, name, asked))
        for _ in range(3):
            if not isinstance(told[-1], dict) or "LastEvaluatedKey" not in told[-1]:
                break
            begun = {"ExclusiveStartKey": told[-1]["LastEvaluatedKey"]}
            told.append(answered(client, name, {**asked, **begun}))
    return [*told, *(in_order(aws.rows(table)) for table in ("jobs", "invoices"))]


def in_order(found):
    return sorted(found, key=lambda row: (row["pk"]["S"], row["sk"]["S"]))


def answered(client, name, asked):
    try:
        return answer(client, name, asked)
    except Exception as error:  # noqa: BLE001  moto itself fails on some of these
        return type(error)


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(requests=st.lists(PUTS, min_size=2, max_size=5).flatmap(
    lambda first: st.lists(REQUESTS, min_size=1, max_size=5).map(lambda more: first + more)
))  # fmt: skip
def test_answers_and_stores_what_moto_would(aws, requests):
    client = aws.wiring.clients["dynamodb"]
    tables = quick_tables._backend().tables
    ways = []
    for operations in (quick_tables.OPERATIONS, {}):
        for table in tables.values():
            table.items.clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(quick_tables, "OPERATIONS", operations)
            ways.append(done(aws, client, copy.deepcopy(requests)))
    for quick, slow in zip(*ways, strict=True):
        assert quick == slow, requests


@pytest.mark.usefixtures("aws")
def test_what_succeeds_is_answered_the_quick_way():
    """Else nothing above would show more than that moto answers as moto."""
    tables = quick_tables._backend().tables
    row = {"pk": {"S": "t1"}, "sk": {"S": "a"}, "n": {"N": "1"}}
    names, values = {"#0": "n"}, {":0": {"N": "1"}}
    facts = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    key = {name: row[name] for name in ("pk", "sk")}
    change = {"TableName": JOBS, "Key": key, "UpdateExpression": "SET #0 = #0 + :0", **facts}
    requests = [
        ("PutItem", {"TableName": JOBS, "Item": row}),
        ("GetItem", {"TableName": JOBS, "Key": key}),
        ("UpdateItem", change),
        ("TransactWriteItems", {"TransactItems": [{"Update": change}]}),
        ("BatchGetItem", {"RequestItems": {JOBS: {"Keys": [key]}}}),
        ("Query", {"TableName": JOBS, "KeyConditionExpression": "#0 = :0",
                   "ExpressionAttributeNames": {"#0": "pk"},
                   "ExpressionAttributeValues": {":0": {"S": "t1"}}}),
        ("DeleteItem", {"TableName": JOBS, "Key": key}),
    ]  # fmt: skip
    for name, asked in requests:
        quick_tables.OPERATIONS[name](tables, asked)
    with pytest.raises(SlowlyError):
        quick_tables.OPERATIONS["TransactWriteItems"](
            tables, {"TransactItems": [{"ConditionCheck": {**change, "Key": key}}]}
        )
