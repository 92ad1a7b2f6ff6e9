"""What the books say when they refuse a change.

Refused
    NotFound
"""

from dataclasses import dataclass, field


class Refused(Exception):
    """Xero would answer with these validation messages; nothing was changed."""

    def __init__(self, messages: list[str], lines: dict[int, list[str]] | None = None) -> None:
        super().__init__("; ".join(messages))
        self.messages = list(messages)
        self.lines = lines or {}


class NotFound(Refused):
    """No such record in these books."""


@dataclass(slots=True)
class Problems:
    """Collects every message about one element, so that all are told at once."""

    messages: list[str] = field(default_factory=list)
    lines: dict[int, list[str]] = field(default_factory=dict)

    def say(self, message: str) -> None:
        self.messages.append(message)

    def say_of_line(self, index: int, message: str) -> None:
        """Xero tells a line's fault twice: in the line and on the document."""
        self.messages.append(message)
        self.lines.setdefault(index, []).append(message)

    def refuse_if_any(self) -> None:
        if self.messages:
            raise Refused(self.messages, self.lines)
