"""Asking the mocked tables directly answers what a request over the wire does."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support import quick_tables
from tests.support.aws import mocked_account

TABLE, OTHER = "test-work", "test-jobs"
ANN = {
    "pk": {"S": "t1"},
    "sk": {"S": "client#ann"},
    "n": {"N": "1.50"},
    "raw": {"B": b"\x00\xff"},
    "set": {"SS": ["a", "b"]},
    "bins": {"BS": [b"\x01"]},
    "deep": {"M": {"list": {"L": [{"N": "1"}, {"BOOL": True}, {"NULL": True}, {"B": b"x"}]}}},
}
BOB = {"pk": {"S": "t1"}, "sk": {"S": "client#bob"}, "n": {"N": "2"}}
KEY = {"pk": ANN["pk"], "sk": ANN["sk"]}
NOT_THERE = "attribute_not_exists(pk)"
WHOLE = {"ReturnConsumedCapacity": "TOTAL"}


def put(item, **more):
    return ("put_item", {"TableName": TABLE, "Item": item, **more})


def update(expression, values=None, **more):
    values = {"ExpressionAttributeValues": values} if values else {}
    asked = {"TableName": TABLE, "Key": KEY, "UpdateExpression": expression}
    return ("update_item", {**asked, **values, **more})


def query(**more):
    values = {":pk": {"S": "t1"}, **more.pop("values", {})}
    asked = {"TableName": TABLE, "KeyConditionExpression": "pk = :pk"}
    return ("query", {**asked, "ExpressionAttributeValues": values, **more})


def transaction(*puts, **more):
    return ("transact_write_items", {"TransactItems": [{"Put": one} for one in puts], **more})


REQUESTS = [
    put(ANN, **WHOLE),
    put(BOB, ConditionExpression=NOT_THERE),
    put({**BOB, "n": {"N": "3"}}, ReturnValues="ALL_OLD"),
    put(ANN, ConditionExpression=NOT_THERE),
    put(ANN, ConditionExpression=NOT_THERE, ReturnValuesOnConditionCheckFailure="ALL_OLD"),
    put({"pk": {"S": "t1"}}),
    put({**ANN, "sk": {"S": ""}}),
    ("get_item", {"TableName": TABLE, "Key": KEY, "ConsistentRead": True}),
    ("get_item", {"TableName": TABLE, "Key": KEY, "ProjectionExpression": "n, deep"}),
    ("get_item", {"TableName": TABLE, "Key": {**KEY, "sk": {"S": "nobody"}}}),
    update("SET n = n + :one REMOVE raw", {":one": {"N": "1"}}, ReturnValues="ALL_NEW"),
    update("ADD n :one DELETE #s :a", {":one": {"N": "1"}, ":a": {"SS": ["a"]}},
           ExpressionAttributeNames={"#s": "set"}, ReturnValues="UPDATED_NEW", **WHOLE),
    update("SET n = :one", {":one": {"N": "1"}}, ConditionExpression="attribute_exists(nobody)"),
    update("SET n = :one", {":unused": {"N": "1"}}),
    update("SET absent = absent + :one", {":one": {"N": "1"}}),
    query(**WHOLE),
    query(Limit=1, ScanIndexForward=False),
    query(FilterExpression="n > :two", values={":two": {"N": "2"}}),
    query(Select="COUNT"),
    query(IndexName="nowhere"),
    ("batch_write_item", {"RequestItems": {
        TABLE: [{"PutRequest": {"Item": {**BOB, "sk": {"S": "client#cy"}}}},
                {"DeleteRequest": {"Key": {"pk": BOB["pk"], "sk": BOB["sk"]}}}],
        OTHER: [{"PutRequest": {"Item": BOB}}]}, **WHOLE}),
    ("batch_get_item", {"RequestItems": {
        TABLE: {"Keys": [KEY]}, OTHER: {"Keys": [{"pk": BOB["pk"], "sk": BOB["sk"]}]}}}),
    transaction({"TableName": TABLE, "Item": BOB, "ConditionExpression": NOT_THERE}, **WHOLE),
    transaction({"TableName": OTHER, "Item": ANN},
                {"TableName": TABLE, "Item": ANN, "ConditionExpression": NOT_THERE,
                 "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
    ("transact_write_items", {"TransactItems": [
        {"Update": {"TableName": TABLE, "Key": KEY, "UpdateExpression": "SET n = :n",
                    "ExpressionAttributeValues": {":n": {"N": "7"}}}},
        {"Delete": {"TableName": TABLE, "Key": {"pk": BOB["pk"], "sk": {"S": "client#cy"}}}},
        {"ConditionCheck": {"TableName": OTHER, "Key": KEY,
                            "ConditionExpression": "attribute_exists(pk)"}}]}),
    query(),
    ("transact_get_items", {"TransactItems": [{"Get": {"TableName": TABLE, "Key": KEY}}]}),
    ("delete_item", {"TableName": TABLE, "Key": KEY, "ReturnValues": "ALL_OLD"}),
    ("delete_item", {"TableName": TABLE, "Key": KEY, "ConditionExpression": "n = :n",
                     "ExpressionAttributeValues": {":n": {"N": "9"}}}),
    ("scan", {"TableName": TABLE, "Limit": 2}),
    ("query", {"TableName": "test-nowhere", "KeyConditionExpression": "pk = :pk",
               "ExpressionAttributeValues": {":pk": {"S": "t1"}}}),
]  # fmt: skip


@pytest.fixture
def client(aws):
    return aws.wiring.clients["dynamodb"]


def answers(client) -> list[Any]:
    """What each request of the list comes to, one after the other, and what is left at last."""
    return [answer(client, *request) for request in REQUESTS]


def answer(client, name, asked):
    try:
        given = getattr(client, name)(**copy.deepcopy(asked))
    except ClientError as error:
        told = {**error.response, "raised": type(error).__name__}
        told.pop("ResponseMetadata")
        return told
    given.pop("ResponseMetadata")
    return given


@contextmanager
def over_the_wire(client) -> Iterator[None]:
    client.meta.events.unregister("before-call", quick_tables._answer)
    try:
        yield
    finally:
        client.meta.events.register_last("before-call", quick_tables._answer)


def test_every_answer_is_the_one_over_the_wire(aws, client):
    quickly = answers(client)
    rows = aws.rows("work"), aws.rows("jobs")
    for table, items in (("work", rows[0]), ("jobs", rows[1])):
        for item in items:
            key = {name: item[name] for name in ("pk", "sk")}
            client.delete_item(TableName=f"test-{table}", Key=key)
    with over_the_wire(client):
        slowly = answers(client)

    for request, quick, slow in zip(REQUESTS, quickly, slowly, strict=True):
        assert quick == slow, request
    assert (aws.rows("work"), aws.rows("jobs")) == rows


def test_what_is_done_to_an_answer_is_not_done_to_the_row(client):
    client.put_item(TableName=TABLE, Item=ANN)
    asked = {"TableName": TABLE, "Key": KEY}

    got = client.get_item(**asked)["Item"]
    got["deep"]["M"]["list"]["L"].clear()
    got["set"]["SS"].append("c")

    assert client.get_item(**asked)["Item"] == ANN


def test_nothing_of_one_account_is_in_the_next():
    with mocked_account() as first:
        first.wiring.clients["dynamodb"].put_item(TableName=TABLE, Item=ANN)
        assert len(first.rows("work")) == 1

    with mocked_account() as second:
        assert second.rows("work") == []
        assert second.wiring.clients["dynamodb"].scan(TableName=TABLE)["Items"] == []
