"""The organisation's own series of invoice numbers."""

from collections.abc import Container


class Numbering:
    """Hands out INV-0001 and on, stepping over numbers somebody has used by hand."""

    def __init__(self, prefix: str = "INV-", first: int = 1) -> None:
        self._prefix = prefix
        self._next = first

    def next(self, used: Container[str]) -> str:
        """The next free number; `used` holds case-folded numbers."""
        while (number := f"{self._prefix}{self._next:04d}").casefold() in used:
            self._next += 1
        self._next += 1
        return number
