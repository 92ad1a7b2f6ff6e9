"""AWS at the edges of a unit test: the real template's resources on moto, and a fake clock."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.custom_responses_mock import reset_responses_mock
from moto.core.models import responses_mock

from chalicelib import wiring
from chalicelib.settings import TABLES, Settings
from chalicelib.storage.rows import transaction_connection
from tests.support.quick_tables import REGION, forget_copies, quick_tables

MAIL_FROM = "workbill@acme.test"
TEMPLATE = Path(__file__).parents[2] / ".chalice" / "resources.json"
KEPT_PROPERTIES = {
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
}


class FakeClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: datetime | None = None) -> None:
        self._now = now or datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, **parts: float) -> datetime:
        self._now += timedelta(**parts)
        return self._now


@dataclass(frozen=True)
class Mail:
    """An e-mail that the mocked SES took."""

    source: str
    to: list[str]
    subject: str
    text: str


@dataclass
class AWS:
    """The mocked account: the wiring in use and its clock."""

    wiring: wiring.Wiring
    clock: FakeClock

    def mail(self) -> list[Mail]:
        """What was e-mailed, in order."""
        sent = get_backend("ses")[DEFAULT_ACCOUNT_ID][REGION].sent_messages
        return [
            Mail(one.source, one.destinations["ToAddresses"], one.subject, one.body)
            for one in sent
        ]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table in DynamoDB's JSON; looking costs no request."""
        name = self.wiring.settings.tables[table]
        found = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION].tables[name].items
        return [
            {attribute: value.to_json() for attribute, value in item.attrs.items()}
            for items in found.values()
            for item in items.values()
        ]

    def wakes(self) -> list[str]:
        """The lanes woken since last asked, in order, with repetitions."""
        found = []
        while True:
            url = self.wiring.settings.wake_queue_url
            answer = self.wiring.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
            messages = answer.get("Messages", [])
            if not messages:
                return found
            for message in messages:
                found.append(message["Body"])
                self.wiring.sqs.delete_message(
                    QueueUrl=url, ReceiptHandle=message["ReceiptHandle"]
                )


_standing: dict[str, str] = {}
"""The environment of the account that stands for the whole run; made once, emptied each time."""

_clients: dict[str, Any] = {}


@contextmanager
def mocked_account(**overrides: str) -> Iterator[AWS]:
    """Every table, queue, key, bucket and secret of the template, empty, until the end."""
    environment = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    mock = mock_aws()
    mock.start(reset=not _standing)
    try:
        clock = FakeClock()
        numbers = count(1)
        made = wiring.Wiring(
            Settings.from_env({**_account(), **overrides}),
            clock=clock,
            token=lambda: f"token-{next(numbers):06d}-{'x' * 24}",
            clients=_clients,
        )
        wiring.use(made)
        with quick_tables(transaction_connection().client):
            yield AWS(made, clock)
    finally:
        wiring.use(None)
        mock.stop(remove_data=False)
        # Each start adds its some hundred patterns, which every request is then held against;
        # moto takes them away only together with the data.
        reset_responses_mock(responses_mock)
        forget_copies()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _account() -> dict[str, str]:
    """Making the resources takes a quarter of a second; emptying them takes none."""
    if not _standing:
        _standing.update(_resources())
    _make_tables()
    for table in get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION].tables.values():
        table.items.clear()
    queues = get_backend("sqs")[DEFAULT_ACCOUNT_ID][REGION]
    for name, queue in queues.queues.items():
        queue.last_purged_at = None  # moto holds to the minute between two purges
        queues.purge_queue(name)
    get_backend("ses")[DEFAULT_ACCOUNT_ID][REGION].sent_messages.clear()
    for bucket in get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets.values():
        bucket.keys.clear()
    return _standing


def _make_tables() -> None:
    """Those that are missing: all at first, later what a test took away."""
    there = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION].tables
    missing = [table for table in TABLES if f"test-{table}" not in there]
    if not missing:
        return
    template = json.loads(TEMPLATE.read_text())["Resources"]
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    for table in missing:
        properties = template[f"{table.capitalize()}Table"]["Properties"]
        kept = {name: properties[name] for name in KEPT_PROPERTIES & set(properties)}
        dynamodb.create_table(TableName=f"test-{table}", **kept)


def _resources() -> dict[str, str]:
    boto3.client("s3", region_name=REGION).create_bucket(Bucket="test-uploads")
    queue = boto3.client("sqs", region_name=REGION).create_queue(QueueName="workbill-wakes")
    boto3.client("ses", region_name=REGION).verify_email_identity(EmailAddress=MAIL_FROM)
    kms = boto3.client("kms", region_name=REGION)
    key = kms.create_key()
    audit_key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    secret = boto3.client("secretsmanager", region_name=REGION).create_secret(
        Name="test-xero",
        SecretString=json.dumps(
            {
                "client_id": "test-client",
                "client_secret": "test-client-secret",
                "webhook_key": "test-webhook-key",
            }
        ),
    )
    return {
        **{f"{table.upper()}_TABLE": f"test-{table}" for table in TABLES},
        "UPLOADS_BUCKET": "test-uploads",
        "WAKE_QUEUE_URL": queue["QueueUrl"],
        "TOKEN_KEY_ID": key["KeyMetadata"]["Arn"],
        "AUDIT_KEY_ID": audit_key["KeyMetadata"]["Arn"],
        "XERO_SECRET_NAME": secret["Name"],
        "PUBLIC_BASE_URL": "http://localhost:8000",
        "SUPPORT_URL": "https://support.example/",
    }
