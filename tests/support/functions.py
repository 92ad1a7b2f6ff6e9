"""The deployed functions and tables as their account's owner can move them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.stack import SharedStack

SCHEDULED = {
    "version": "0",
    "id": "by-hand",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "000000000000",
    "time": "2026-11-23T00:00:00Z",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:000000000000:rule/by-hand"],
    "detail": {},
}


def run(stack: SharedStack, name: str) -> None:
    """Call the function that app.py calls ``name`` as its schedule does, and see it end well."""
    answer = stack.client("lambda").invoke(
        FunctionName=stack.function(name), Payload=json.dumps(SCHEDULED).encode()
    )
    # An answer that is left unread leaves its connection to the garbage collector.
    said = answer["Payload"].read()
    assert "FunctionError" not in answer, said
    stack.by_hand[name] += 1


def runs(stack: SharedStack, name: str) -> int:
    """How often the function that app.py calls ``name`` was run so far."""
    group = f"/aws/lambda/{stack.function(name)}"
    pages = stack.client("logs").get_paginator("filter_log_events")
    found = pages.paginate(logGroupName=group, filterPattern='"START RequestId"')
    return sum(len(page["events"]) for page in found)


def table_name(stack: SharedStack, table: str) -> str:
    """What the deployment calls a table, as its functions are told."""
    worker = stack.client("lambda").get_function_configuration(
        FunctionName=stack.function("worker")
    )
    name: str = worker["Environment"]["Variables"][f"{table.upper()}_TABLE"]
    return name


def grants(stack: SharedStack) -> list[dict[str, Any]]:
    """Every Xero user's grant, as DynamoDB writes it."""
    rows = stack.client("dynamodb").scan(TableName=table_name(stack, "tokens"))["Items"]
    return [row for row in rows if row["sk"]["S"] == "grant"]


def lay_idle(stack: SharedStack) -> None:
    """Let every grant have been idle for so long that it is to be refreshed."""
    for row in grants(stack):
        stack.client("dynamodb").update_item(
            TableName=table_name(stack, "tokens"),
            Key={"pk": row["pk"], "sk": row["sk"]},
            UpdateExpression="SET keep_alive_at = :past",
            ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00.000Z"}},
        )


@contextmanager
def setting(stack: SharedStack, name: str, **changes: str) -> Iterator[None]:
    """Let a function be set otherwise meanwhile, as an operator's next deployment would."""
    lambdas, function = stack.client("lambda"), stack.function(name)
    before = lambdas.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    lambdas.update_function_configuration(
        FunctionName=function, Environment={"Variables": {**before, **changes}}
    )
    try:
        yield
    finally:
        lambdas.update_function_configuration(
            FunctionName=function, Environment={"Variables": before}
        )


@contextmanager
def busy(stack: SharedStack, lane: str) -> Iterator[None]:
    """Let another worker hold this lane meanwhile."""
    there = {
        "TableName": table_name(stack, "jobs"),
        "Key": {"pk": {"S": lane}, "sk": {"S": "lane"}},
    }
    dynamodb = stack.client("dynamodb")
    dynamodb.update_item(
        **there,
        UpdateExpression="SET lease_holder = :other, lease_until = :late",
        ExpressionAttributeValues={
            ":other": {"S": "another worker"},
            ":late": {"S": "2099-01-01T00:00:00.000Z"},
        },
    )
    try:
        yield
    finally:
        dynamodb.update_item(**there, UpdateExpression="REMOVE lease_holder, lease_until")


def end_lease(stack: SharedStack, lane: str) -> None:
    """Let the time be over for which whoever has this lane may keep it."""
    stack.client("dynamodb").update_item(
        TableName=table_name(stack, "jobs"),
        Key={"pk": {"S": lane}, "sk": {"S": "lane"}},
        UpdateExpression="SET lease_until = :past",
        ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00.000Z"}},
    )


def let_calls_be_old(stack: SharedStack) -> None:
    """Let every call whose outcome is open have been made long ago."""
    table, dynamodb = table_name(stack, "invoices"), stack.client("dynamodb")
    for row in dynamodb.scan(TableName=table, FilterExpression="attribute_exists(key_used_at)")[
        "Items"
    ]:
        dynamodb.update_item(
            TableName=table,
            Key={"pk": row["pk"], "sk": row["sk"]},
            UpdateExpression="SET key_used_at = :past, last_tried_at = :past",
            ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00.000Z"}},
        )


@contextmanager
def wakes_come_again(stack: SharedStack, seconds: int) -> Iterator[None]:
    """Let a message whose worker died be seen again so soon meanwhile."""
    queue, sqs = stack.facts["outputs"]["WakeQueueUrl"], stack.client("sqs")
    name = "VisibilityTimeout"
    before = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: str(seconds)})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=before)


def forget_calls(stack: SharedStack, lane: str) -> None:
    """Let Workbill know nothing of the calls that it made for an organisation."""
    stack.client("dynamodb").update_item(
        TableName=table_name(stack, "jobs"),
        Key={"pk": {"S": lane}, "sk": {"S": "lane"}},
        UpdateExpression="REMOVE tally, told",
    )


def let_look(stack: SharedStack, lane: str) -> None:
    """Let it be a minute since an organisation's invoices were looked at."""
    stack.client("dynamodb").update_item(
        TableName=table_name(stack, "jobs"),
        Key={"pk": {"S": lane}, "sk": {"S": "lane"}},
        UpdateExpression="REMOVE status_at",
    )


@contextmanager
def worker_away(stack: SharedStack) -> Iterator[None]:
    """Let no message reach the worker meanwhile."""
    lambdas = stack.client("lambda")
    name = stack.function("worker")
    (source,) = lambdas.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    lambdas.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    try:
        yield
    finally:
        lambdas.update_event_source_mapping(UUID=source["UUID"], Enabled=True)


@contextmanager
def schedules_away(stack: SharedStack) -> Iterator[None]:
    """Let nothing be done by schedule meanwhile."""
    events = stack.client("events")
    names = [rule["Name"] for rule in events.list_rules()["Rules"]]
    assert names
    for name in names:
        events.disable_rule(Name=name)
    try:
        yield
    finally:
        for name in names:
            events.enable_rule(Name=name)
