"""Time zones by their names in the IANA database."""

from datetime import UTC, tzinfo

from chalicelib.errors import InvalidInput


def zone(name: str) -> tzinfo:
    """The zone of that name; raises InvalidInput."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(
            "This is not a time zone such as Pacific/Auckland.", field="time_zone"
        ) from None
