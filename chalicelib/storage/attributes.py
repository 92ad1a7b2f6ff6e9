"""Attributes that keep what PynamoDB's own would lose."""

from decimal import Decimal
from typing import Any

import msgspec
from pynamodb.attributes import Attribute
from pynamodb.constants import STRING


class DecimalAttribute(Attribute[Decimal]):
    """A decimal kept as text: PynamoDB's number attribute answers with binary floats."""

    attr_type = STRING

    def serialize(self, value: Decimal) -> str:
        """Plain digits, never an exponent."""
        return f"{value:f}"

    def deserialize(self, value: str) -> Decimal:
        """The very decimal that was stored."""
        return Decimal(value)


class JSONAttribute(Attribute[Any]):
    """A tree of plain values kept as JSON text; a decimal in it becomes a string for good."""

    attr_type = STRING

    def serialize(self, value: Any) -> str:
        """Compact JSON of plain values, dataclasses and msgspec structs."""
        return msgspec.json.encode(value).decode()

    def deserialize(self, value: str) -> Any:
        """The tree again, of dicts, lists, strings, integers and booleans."""
        return msgspec.json.decode(value)
