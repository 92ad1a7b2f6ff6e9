"""The mocked tables asked directly: no signature, no HTTP, and none of the mock's serialising.

The very code of moto answers, some ten times as fast: nine tenths of the suite's requests to AWS
go to tables. Requests come in one at a time, for DynamoDB checks a condition and writes in one
step, and moto does so only when it is alone.
"""

import base64
import json
import threading
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

REGION = "us-east-1"
BINARY = {"B", "BS"}
ANSWERED, REFUSED = SimpleNamespace(status_code=200), SimpleNamespace(status_code=400)


_alone = threading.Lock()


@contextmanager
def quick_tables(client: Any) -> Iterator[None]:
    """Answer every request that this client of DynamoDB makes, until the end.

    Whoever else listens for a request is heard before: the most general name comes last.
    """
    client.meta.events.register_last("before-call", _answer)
    try:
        yield
    finally:
        client.meta.events.unregister("before-call", _answer)


def _answer(model: OperationModel, params: dict[str, Any], **_: Any) -> Any:
    handler = DynamoHandler()
    handler.current_account, handler.region = DEFAULT_ACCOUNT_ID, REGION
    handler.body = handler.params = _read(json.loads(params["body"]))
    with _alone:
        try:
            result = getattr(handler, camelcase_to_underscores(model.name))().result
        except JsonRESTError as error:
            return REFUSED, _refusal(error, model)
        told = model.output_shape.members.keys() & result
        answer = _plain({name: result[name] for name in told})
        return ANSWERED, {**answer, **META}


def _refusal(error: JsonRESTError, model: OperationModel) -> dict[str, Any]:
    """An error as the client reads it: what is told beside it only where its model has that."""
    told = _plain(json.loads(error.get_body()))
    code, message = error.relative_error_type, told.get("message") or told.get("Message", "")
    shape = model.service_model.shape_for_error_code(code)
    known = {name: told[name] for name in (shape.members.keys() & told if shape else ())}
    return {**known, "Error": {"Code": code, "Message": message}, **META}


META = {"ResponseMetadata": {"HTTPHeaders": {}, "HTTPStatusCode": 200, "RetryAttempts": 0}}


def _plain(value: Any) -> Any:
    """Values as the client reads them: a fresh copy, with binary ones as bytes."""
    if isinstance(value, DynamoType):
        value = value.to_json()
    if isinstance(value, dict):
        return {
            name: _bytes(one) if name in BINARY else _plain(one) for name, one in value.items()
        }
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _read(value: Any) -> Any:
    """What was sent, as moto's own parser hands it on."""
    if isinstance(value, dict):
        return {
            name: _bytes(one) if name in BINARY else _read(one) for name, one in value.items()
        }
    return [_read(one) for one in value] if isinstance(value, list) else value


def _bytes(value: Any) -> Any:
    if isinstance(value, list):
        return [_bytes(one) for one in value]
    return base64.b64decode(value) if isinstance(value, str) else value
