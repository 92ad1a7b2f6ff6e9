"""What a person, or a program in its request, says about a file that cannot be known from it."""

from typing import Any

import msgspec

from chalicelib.errors import InvalidInput
from chalicelib.work.currencies import clean_currency
from chalicelib.work.ids import same_id
from chalicelib.work.intake.dates import Order
from chalicelib.work.intake.encodings import OTHERS, UTF8
from chalicelib.work.names import name_key
from chalicelib.work.tasks import clean_rate

NEW, LEFT_OUT = "new", "leave_out"
MOST_CHOICES = 2000


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What becomes of a name in the file: the ``id`` of what it means, ``new`` or ``leave_out``.

    A project is named with its client, and a task with both; somebody of the staff alone.
    """

    use: str
    client: str = ""
    project: str = ""
    task: str = ""
    staff: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The name as names are compared."""
        if self.staff:
            return ("staff", name_key(self.staff))
        names = (self.client, self.project, self.task)
        return tuple(name_key(name) for name in names if name)


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Answers to what a file leaves open; what is not given is taken from the file, or asked.

    ``columns`` names for each of our fields the file's column, ``same`` what holds for all rows
    instead. ``rate`` is per hour, for tasks that are not there yet, and ``currency`` for
    projects that are not. With ``add_staff`` people who are not among the staff are added.
    """

    encoding: str | None = None
    date_order: Order | None = None
    columns: dict[str, str] | None = None
    same: dict[str, str] = {}
    rate: str | None = None
    currency: str | None = None
    add_staff: bool = False
    choices: tuple[Choice, ...] = ()

    @property
    def reading(self) -> str:
        """What decides how the rows are read; other answers change nothing that was read."""
        told = Answers(self.encoding, self.date_order, self.columns, self.same)
        return msgspec.json.encode(told, order="sorted").decode()


def checked(answers: Answers) -> Answers:
    """The answers as they are kept; raises InvalidInput naming the one that cannot be."""
    if answers.encoding and answers.encoding not in {UTF8, *OTHERS}:
        raise InvalidInput(f"Choose one of {', '.join(OTHERS)}.", field="encoding")
    if len(answers.choices) > MOST_CHOICES:
        raise InvalidInput(f"At most {MOST_CHOICES} names can be chosen.", field="choices")
    rate = clean_rate(answers.rate)
    return msgspec.structs.replace(
        answers,
        rate=None if rate is None else f"{rate:f}",
        currency=clean_currency(answers.currency),
    )


def over(earlier: Answers, later: Answers) -> Answers:
    """The answers given later, and the earlier ones to what was left open then."""
    given = msgspec.to_builtins(later)
    return msgspec.structs.replace(earlier, **{name: getattr(later, name) for name in given})


def kept(answers: Answers) -> dict[str, Any]:
    """The answers as plain values, to store with a job."""
    plain: dict[str, Any] = msgspec.to_builtins(answers)
    return plain


def found(stored: dict[str, Any] | None) -> Answers:
    """The answers that were stored."""
    return msgspec.convert(stored or {}, Answers)


def reading_id(etag: str, answers: Answers) -> str:
    """The name of what is read from one content with these answers."""
    return same_id(etag, answers.reading)
