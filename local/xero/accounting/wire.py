"""How Xero writes an answer: the envelope, Microsoft dates, exact numbers."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
from flask import Response, g

from local.xero.books.records import Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# Decimals are printed digit for digit; no amount ever passes through a float.
_ENCODER = msgspec.json.Encoder(decimal_format="number")
PROVIDER = "Local Xero"


def ms(moment: datetime) -> int:
    """Milliseconds since the epoch."""
    return (moment - _EPOCH) // _MILLISECOND


def wire(value: Any) -> Any:
    """The same tree with days and moments in Microsoft's form."""
    if isinstance(value, dict):
        return {name: wire(item) for name, item in value.items()}
    if isinstance(value, list):
        return [wire(item) for item in value]
    if isinstance(value, datetime):
        return f"/Date({ms(value)}+0000)/"
    if isinstance(value, date):
        return f"/Date({ms(datetime(value.year, value.month, value.day, tzinfo=UTC))}+0000)/"
    return value


def day_string(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def moment_string(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def pick(record: Record, names: Iterable[str]) -> Record:
    """Those of the named fields that the record has, in the order named."""
    return {name: record[name] for name in names if name in record}


def envelope(plural: str, items: list[Record], pagination: Record | None = None) -> Response:
    """A 200 with the items under their plural name."""
    body: Record = {
        "Id": str(uuid4()),
        "Status": "OK",
        "ProviderName": PROVIDER,
        "DateTimeUTC": f"/Date({ms(g.books.now())})/",
    }
    if pagination:
        body["pagination"] = pagination
    body[plural] = wire(items)
    return answer(body)


def answer(body: Record, status: int = 200) -> Response:
    return Response(_ENCODER.encode(body), status, content_type="application/json; charset=utf-8")


def messages(texts: Iterable[str]) -> list[Record]:
    """ValidationErrors or Warnings."""
    return [{"Message": text} for text in texts]


def money(amount: Decimal) -> Decimal:
    """At two decimals, whatever the currency."""
    return amount.quantize(Decimal("0.01"))
