"""Xero's ways of writing dates, and JSON whose numbers stay decimal in both directions.

Moments are written ``/Date(1439434356790+0000)/`` (milliseconds since 1970 in UTC, the offset
is for display only, negative before 1970) or in ISO form, with or without a zone and with up to
seven decimals. What has no zone is UTC. A calendar date is the UTC day of its moment and is
never moved to a local day.
"""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

MICROSOFT_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
SURPLUS_DECIMALS = re.compile(r"(\.\d{6})\d+")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def read_moment(text: str) -> datetime:
    """A moment in UTC from any of Xero's forms; raises ValueError."""
    written = MICROSOFT_DATE.fullmatch(text)
    if written:
        return _after_epoch(int(written[1]))
    moment = datetime.fromisoformat(SURPLUS_DECIMALS.sub(r"\1", text))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def read_day(text: str) -> date:
    """A calendar date from any of Xero's forms: the UTC day, never a local one."""
    return read_moment(text).date()


def if_modified_since(moment: datetime) -> str:
    """The header's value, to the second and rounded down so that nothing is passed over."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def write_json(tree: Any) -> bytes:
    """JSON in which a decimal is a number with the digits it has."""
    return _encoder.encode(tree)


def read_json(body: bytes) -> Any:
    """The tree in which a number with a point is a Decimal; raises ValueError."""
    try:
        return _decoder.decode(body.removeprefix(BYTE_ORDER_MARK))
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None


def tidy(tree: Any) -> Any:
    """The tree without its empty values and with its dates read.

    Xero writes null, an empty string and nothing at all for the same thing. Its names tell
    moments (``…UTC``) from calendar dates (``…Date``).
    """
    if isinstance(tree, dict):
        return {
            key: _dated(key, value)
            for key, value in tree.items()
            if value is not None and value != ""
        }
    if isinstance(tree, list):
        return [tidy(element) for element in tree if element is not None]
    return tree


def _dated(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return tidy(value)
    if key.endswith(("UTC", "Utc")):
        return read_moment(value)
    return read_day(value) if key.endswith("Date") else value


def _after_epoch(milliseconds: int) -> datetime:
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        raise ValueError("The date lies outside the calendar.") from None
