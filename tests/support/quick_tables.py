"""The mocked tables asked directly: no signature, no HTTP, and none of the mock's serialising.

Moto answers, some ten times as fast: nine tenths of the suite's requests to AWS go to tables.
What succeeds is read and written by ``quick_rows``, faster again, on moto's rows and by moto's
conditions; all else, above all what is refused, is answered by the very code of moto. That sorts
a table at every query by comparing what it has parsed each time anew, and copies one for each
item of a transaction; here plain keys are compared, and one copy is made.
Requests come in one at a time, for DynamoDB checks a condition and writes in one step, and moto
does so only when it is alone.
"""

import base64
import copy
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.model import OperationModel
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import JsonRESTError
from moto.core.model_instances import model_data
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from tests.support.quick_parses import SlowlyError
from tests.support.quick_rows import OPERATIONS

REGION = "us-east-1"
BINARY = {"B", "BS"}
ANSWERED, REFUSED = SimpleNamespace(status_code=200), SimpleNamespace(status_code=400)


_alone = threading.Lock()
_copies: dict[str, Table] = {}
"""Those that the present request made."""


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


@contextmanager
def asked_directly(client: Any) -> Iterator[None]:
    """Leave out how botocore finds, builds and signs a request, until the end.

    Who listens for parameters, calls and answers is heard as ever; there is no body to read.
    """

    service = client.meta.service_model.service_id.hyphenize()

    def make_api_call(name: str, asked: dict[str, Any]) -> Any:
        model, emit = client.meta.service_model.operation_model(name), client.meta.events.emit
        emit(f"provide-client-params.{service}.{name}", params=asked, model=model, context={})
        facts = {
            "model": model,
            "params": {"asked": asked},
            "request_signer": None,
            "context": {},
        }
        _, (http, parsed) = client.meta.events.emit_until_response(
            f"before-call.{service}.{name}", **facts
        )
        facts = {"model": model, "http_response": http, "parsed": parsed, "context": {}}
        emit(f"after-call.{service}.{name}", **facts)
        if http is REFUSED:
            code = parsed["Error"]["Code"]
            raise client.exceptions.from_code(code)(parsed, name)
        return parsed

    client._make_api_call = make_api_call
    try:
        yield
    finally:
        del client._make_api_call


def copied_items(items: dict[DynamoType, dict[DynamoType, Item]]) -> Any:
    """All rows of a table, to be put back; moto's own way weighs each value of each anew."""
    copied: Any = defaultdict(dict)
    for key, rows in items.items():
        copied[key] = {place: _copied_item(row) for place, row in rows.items()}
    return copied


def _copied_item(row: Item) -> Item:
    made = Item.__new__(Item)
    made.hash_key, made.range_key, made.attrs = row.hash_key, row.range_key, LimitedSizeDict()
    values = {name: copy.deepcopy(one) for name, one in row.attrs.items()}
    dict.update(made.attrs, values)
    return made


def forget_copies() -> None:
    """Let go of what moto tracks for ever: each transaction copies its tables, to go back to."""
    for model in model_data["dynamodb"].values():
        model.instances_tracked = []


def _in_order(table: Table) -> list[Item]:
    """Every item, in the order of its keys, which moto asks for at each query."""
    items = [item for of_one_key in table.items.values() for item in of_one_key.values()]
    return sorted(items, key=lambda item: (item.hash_key.value, item.range_key.value))


def _copied(table: Table, _memo: Any) -> Table:
    """A table to go back to; of what a transaction changes nothing is shared.

    Moto asks for one at each item of a transaction, before the first of them is done.
    """
    if table.name not in _copies:
        copied = Table.__new__(Table)
        vars(copied).update(vars(table))
        copied.items = copied_items(table.items)
        _copies[table.name] = copied
    return _copies[table.name]


def _answer(model: OperationModel, params: dict[str, Any], **_: Any) -> Any:
    asked = params["asked"] if "asked" in params else _read(json.loads(params["body"]))
    with _alone:
        if quickly := OPERATIONS.get(model.name):
            try:
                return ANSWERED, {**quickly(_backend().tables, asked), **META}
            except ConditionalCheckFailed as error:
                return REFUSED, _refusal(error, model)
            except (SlowlyError, LookupError):
                pass
        return _slowly(model, asked)


@cache
def _backend() -> Any:
    return get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION]


def _slowly(model: OperationModel, asked: dict[str, Any]) -> Any:
    """The answer of moto's own code, which judges, reads and writes by itself."""
    handler = DynamoHandler()
    handler.current_account, handler.region = DEFAULT_ACCOUNT_ID, REGION
    handler.body = handler.params = copy.deepcopy(asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Table, "all_items", _in_order)
        patch.setattr(Table, "__deepcopy__", _copied, raising=False)
        try:
            result = getattr(handler, camelcase_to_underscores(model.name))().result
        except JsonRESTError as error:
            return REFUSED, _refusal(error, model)
        finally:
            if _copies:
                _copies.clear()
                forget_copies()
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
