"""Which AWS calls each deployed function really made, read from the cloud's trail."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.cloud.aws import Session
from local.cloud.ministack import ACCOUNT, REGION
from local.cloud.running import RunningCopy

PAGE = 50
WRITES = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name in app.py, an IAM action, and a table or its index, if any."""

    function: str
    action: str
    resource: str = ""


@dataclass
class Calls:
    """The distinct calls collected so far."""

    made: set[Call] = field(default_factory=set)

    def collect(self, copy: RunningCopy) -> None:
        """Add what the trail of a running copy holds now."""
        trail = Trail(copy.cloud_url)
        functions = copy.client("lambda").list_functions()["Functions"]
        for function in functions:
            name = function["Handler"].removeprefix("app.")
            for event in trail.of(session(function)[0]):
                self.made |= {Call(name, *what) for what in actions(event)}


def session(function: Mapping[str, Any]) -> Session:
    """Return the role session that MiniStack gives to this function.

    As in execution_credentials of ministack/core/lambda_runtime.py.
    """
    identity = _sha256(f"{function['FunctionArn']}:{function['Role']}")
    key = f"ASIA{identity[:16].upper()}"
    return key, _sha256(f"secret:{identity}"), _sha256(f"token:{identity}")


def session_of(copy: RunningCopy, name: str) -> Session:
    """Return the same for the function that app.py calls `name`, once it has run."""
    function = copy.function(name)
    lambdas = copy.client("lambda")
    return session(lambdas.get_function_configuration(FunctionName=function))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def actions(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the IAM actions of one call with their tables, as `name` or `name/index/name`.

    A transaction is authorised as the single-item actions inside it:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
    """
    service = event["eventSource"].partition(".")[0]
    sent = event.get("requestParameters") or {}
    # Where the action is said in a form, as to SES, the trail has no name for it.
    name = sent.get("Action", event["eventName"])
    for item in sent.get("TransactItems", []):
        for kind, one in item.items():
            yield f"dynamodb:{WRITES[kind]}", one["TableName"]
    for table in sent.get("RequestItems", {}):
        yield f"dynamodb:{name}", table
    if "TransactItems" not in sent and "RequestItems" not in sent:
        table = sent.get("TableName", "") if service == "dynamodb" else ""
        index = f"/index/{sent['IndexName']}" if "IndexName" in sent else ""
        yield f"{service}:{name}", table + index
        if service == "sqs" and name.endswith("Batch"):
            # AWS authorises a batch as its single action; MiniStack as itself.
            yield f"sqs:{name.removesuffix('Batch')}", ""


@dataclass(frozen=True, slots=True)
class Trail:
    """The trail of one local cloud, read whole: boto's client cannot ask beyond a page."""

    endpoint: str

    def of(self, key: str, since: float = 0) -> Iterator[Mapping[str, Any]]:
        """Return each call made with this access key, at or after a moment, the newest first."""
        seen: set[str] = set()
        end: float | None = None
        while True:
            page = self._page(key, end)
            fresh = [
                event
                for event in page
                if event["EventId"] not in seen and event["EventTime"] >= since
            ]
            if not fresh:
                return
            seen |= {event["EventId"] for event in fresh}
            end = min(event["EventTime"] for event in fresh)
            yield from (json.loads(event["CloudTrailEvent"]) for event in fresh)

    def _page(self, key: str, end: float | None) -> list[dict[str, Any]]:
        asked = {
            "LookupAttributes": [{"AttributeKey": "AccessKeyId", "AttributeValue": key}],
            "MaxResults": PAGE,
            **({"EndTime": end} if end else {}),
        }
        request = AWSRequest(
            "POST",
            self.endpoint,
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "CloudTrail_20131101.LookupEvents",
            },
            data=json.dumps(asked),
        )
        SigV4Auth(Credentials(ACCOUNT, "test"), "cloudtrail", REGION).add_auth(request)
        answer = urllib3.request(
            "POST", self.endpoint, headers=dict(request.headers.items()), body=request.data
        )
        events: list[dict[str, Any]] = answer.json()["Events"]
        return events
