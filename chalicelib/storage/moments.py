"""Attributes for days and moments, kept as text that sorts in order of time."""

from datetime import date, datetime

from pynamodb.attributes import Attribute
from pynamodb.constants import STRING

from chalicelib.clock import parse_stamp, stamp


class MomentAttribute(Attribute[datetime]):
    """An aware moment, to the millisecond."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        """ISO 8601 in UTC."""
        return stamp(value)

    def deserialize(self, value: str) -> datetime:
        """The moment, in UTC."""
        return parse_stamp(value)


class DayAttribute(Attribute[date]):
    """A day of the calendar, in no time zone."""

    attr_type = STRING

    def serialize(self, value: date) -> str:
        """ISO 8601, YYYY-MM-DD."""
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        """The day again."""
        return date.fromisoformat(value)
