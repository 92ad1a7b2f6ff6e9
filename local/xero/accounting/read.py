"""From a request's body to records of Python values."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import msgspec
from flask import Response, request

from local.xero.accounting.errors import AnswerError, bad_json, no_data
from local.xero.accounting.schemas import Kind, Schema
from local.xero.accounting.unknown import report
from local.xero.books.records import Record

_LARGEST_BODY = 10 * 1024 * 1024
# Two such factors still multiply exactly enough for cents.
_TOO_LARGE = Decimal(10) ** 12
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_MS_DATE = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def elements(plural: str, singular: str, schema: Schema) -> list[Record]:
    """The sent elements: under their plural name, as a bare list, or one bare object.

    Unknown fields are reported and dropped; a null is as good as absent.
    """
    body = _body()
    if isinstance(body, dict) and plural in body:
        for extra in set(body) - {plural, "pagination", "Warnings"}:
            report(f"field {extra} beside {plural}")
        body = body[plural]
    sent = body if isinstance(body, list) else [body]
    if not sent or sent == [None]:
        raise no_data(singular)
    return [_record(item, schema, singular) for item in sent]


def _body() -> Any:
    if "xml" in request.mimetype:
        report("an XML body; only JSON is read here")
        raise AnswerError(Response("", 415))
    data = request.get_data()
    if len(data) > _LARGEST_BODY:
        raise AnswerError(Response("Request entity too large", 413, mimetype="text/plain"))
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad_json(f"{error}.") from None


def _record(item: Any, schema: Schema, path: str) -> Record:
    if not isinstance(item, dict):
        raise bad_json(f"Error converting value to type '{path}'. Path '{path}'.")
    record = {}
    for name, value in item.items():
        if name not in schema:
            report(f"field {path}.{name}")
        elif value is not None:
            record[name] = _value(value, schema[name], f"{path}.{name}")
    return record


def _value(value: Any, kind: Any, path: str) -> Any:
    if isinstance(kind, list):
        if not isinstance(value, list):
            raise bad_json(f"Cannot deserialize the current JSON value. Path '{path}'.")
        return [_record(item, kind[0], path) for item in value if item is not None]
    if isinstance(kind, dict):
        return _record(value, kind, path)
    try:
        return _READERS[kind](value)
    except (ValueError, InvalidOperation, TypeError):
        raise bad_json(
            f"Could not convert {_json_kind(value)} to {kind}: {value}. Path '{path}'."
        ) from None


def _text(value: Any) -> str:
    if isinstance(value, list | dict):
        raise TypeError
    return str(value).lower() if isinstance(value, bool) else str(value)


def _money(value: Any) -> Decimal:
    number = Decimal(value if not isinstance(value, bool) else "not a number")
    if not number.is_finite() or abs(number) >= _TOO_LARGE:
        raise ValueError(value)
    return number


def read_day(value: Any) -> date:
    """A day from YYYY-MM-DD, an ISO moment (its own calendar day) or Microsoft's form."""
    if found := _MS_DATE.fullmatch(value):
        return (_EPOCH + timedelta(milliseconds=int(found[1]))).date()
    if "T" in value or " " in value:
        return datetime.fromisoformat(value).date()
    return date.fromisoformat(value)


def _flag(value: Any) -> bool:
    """Booleans come as strings too: old samples and clients send "true"."""
    if isinstance(value, bool):
        return value
    known = {"true": True, "false": False}
    if str(value).casefold() not in known:
        raise ValueError(value)
    return known[str(value).casefold()]


def _id(value: Any) -> str:
    return str(UUID(value))


def _json_kind(value: Any) -> str:
    return "string" if isinstance(value, str) else "value"


_READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.MONEY: _money,
    Kind.DAY: read_day,
    Kind.FLAG: _flag,
    Kind.ID: _id,
    Kind.WHOLE: int,
}
