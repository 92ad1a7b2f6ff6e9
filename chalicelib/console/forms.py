"""Posted forms."""

from datetime import date
from urllib.parse import parse_qs

from chalicelib.errors import InvalidInput


class Form:
    """The fields of a posted form, trimmed; absent fields read as empty."""

    def __init__(self, raw: bytes) -> None:
        self._fields = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True)

    def get(self, name: str) -> str:
        """The last value of a field, or nothing."""
        return self._fields.get(name, [""])[-1].strip()

    def raw(self, name: str) -> str:
        """The last value of a field untrimmed, for passwords."""
        return self._fields.get(name, [""])[-1]

    def all(self, name: str) -> list[str]:
        """Every value of a field, as ticked boxes give."""
        return [value.strip() for value in self._fields.get(name, [])]

    def must(self, name: str, label: str) -> str:
        """A value that may not be empty; raises InvalidInput naming the field."""
        value = self.get(name)
        if not value:
            raise InvalidInput(f"{label} is missing.", field=name)
        return value

    def values(self) -> dict[str, str]:
        """All fields, so that a refused form can be shown again as it was."""
        return {name: values[-1] for name, values in self._fields.items()}


def day(text: str, field: str) -> date | None:
    """A day as a form posts it, None where it was left empty; raises InvalidInput."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Write a day as YYYY-MM-DD.", field=field) from None
