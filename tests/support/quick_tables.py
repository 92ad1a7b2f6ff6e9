"""The mocked tables asked directly: no signature, no HTTP, and none of the mock's serialising.

The very code of moto answers, some ten times as fast, for tests that make very many requests.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from botocore.model import OperationModel
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import JsonRESTError
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.responses import DynamoHandler

from chalicelib.storage.rows import transaction_connection
from tests.support.aws import REGION

BINARY = "B"
ANSWERED, REFUSED = SimpleNamespace(status_code=200), SimpleNamespace(status_code=400)


@contextmanager
def quick_tables() -> Iterator[None]:
    """Answer every request to DynamoDB of the present account this way, until the end."""
    events = transaction_connection().client.meta.events
    events.register_last("before-call.dynamodb", _answer)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb", _answer)


def _answer(model: OperationModel, params: dict[str, Any], **_: Any) -> Any:
    handler = DynamoHandler()
    handler.current_account, handler.region = DEFAULT_ACCOUNT_ID, REGION
    handler.body = handler.params = _read(json.loads(params["body"]))
    try:
        result = getattr(handler, camelcase_to_underscores(model.name))().result
    except JsonRESTError as error:
        told = json.loads(error.get_body())
        message = told.get("message") or told.get("Message", "")
        code = error.relative_error_type
        return REFUSED, {**told, "Error": {"Code": code, "Message": message}, **META}
    return ANSWERED, {**_plain(result), **META}


META = {"ResponseMetadata": {"HTTPHeaders": {}, "HTTPStatusCode": 200, "RetryAttempts": 0}}


def _plain(value: Any) -> Any:
    """Values as the client reads them: a fresh copy, with binary ones as bytes."""
    if isinstance(value, DynamoType):
        value = value.to_json()
    if isinstance(value, dict):
        return {
            name: _bytes(one) if name == BINARY else _plain(one) for name, one in value.items()
        }
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _read(value: Any) -> Any:
    """What was sent, as moto's own parser hands it on."""
    if isinstance(value, dict):
        return {
            name: _bytes(one) if name == BINARY else _read(one) for name, one in value.items()
        }
    return [_read(one) for one in value] if isinstance(value, list) else value


def _bytes(value: Any) -> Any:
    return base64.b64decode(value) if isinstance(value, str) else value
