"""Update expressions of the shapes that PynamoDB writes, read once and then only carried out.

Of anything else, a path into a map or the like, moto makes what it makes of it.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from moto.dynamodb.models.dynamo_type import DynamoType

from tests.support.quick_parses import SlowlyError, Values

Attributes = dict[str, DynamoType]
Term = Callable[[Attributes, dict[str, str], Values], DynamoType]

CLAUSE = re.compile(r"\s*\b(SET|REMOVE|ADD|DELETE)\s")
NAME, VALUE = r"(#\w+)", r"(:\w+)"
ASSIGNED = re.compile(rf"\s*{NAME}\s*=\s*(.+?)\s*")
IF_NOT_EXISTS = re.compile(rf"if_not_exists\s*\(\s*{NAME}\s*,\s*{VALUE}\s*\)")
SUM = re.compile(r"(.+\S)\s*([+-])\s*(\S.*)")
ONE_NAME, ONE_VALUE = re.compile(NAME), re.compile(VALUE)
NAME_VALUE = re.compile(rf"\s*{NAME}\s+{VALUE}\s*")
PLACEHOLDERS = re.compile(r"[#:]\w+")
OUTSIDE_BRACKETS = re.compile(r",(?![^(]*\))")


class Update(NamedTuple):
    """What is set, taken away, and added; and the placeholders in it."""

    assigned: list[tuple[str, Term]]
    removed: list[str]
    added: list[tuple[str, str]]
    deleted: list[tuple[str, str]]
    names: frozenset[str]
    values: frozenset[str]

    @property
    def written(self) -> list[str]:
        """The placeholders of what is written, each as often as that."""
        pairs = [*self.assigned, *self.added, *self.deleted]
        return [*(name for name, _ in pairs), *self.removed]

    def changed(self, before: Attributes, names: dict[str, str], values: Values) -> Attributes:
        """What the attributes become; ``before`` stays as it is."""
        after = dict(before)
        for name in self.removed:
            after.pop(names[name], None)
        for name, term in self.assigned:
            after[names[name]] = term(before, names, values)
        for name, value in self.added:
            after[names[name]] = _added(before.get(names[name]), stored(values[value]))
        for name, value in self.deleted:
            left = _left(before.get(names[name]), DynamoType(values[value]))
            if left.value:
                after[names[name]] = left
            else:
                after.pop(names[name], None)
        return after


_updates: dict[str, Update] = {}


def stored(value: dict[str, Any]) -> DynamoType:
    """A value as moto keeps it, which shares nothing with what was sent."""
    made = DynamoType(value)
    if made.is_set():
        made.value = list(made.value)
    return made


def update(expression: str) -> Update:
    """Raises SlowlyError for one of another shape."""
    if expression not in _updates:
        _updates[expression] = _read(expression)
    return _updates[expression]


def _read(expression: str) -> Update:
    parts = CLAUSE.split(" " + expression)
    found = PLACEHOLDERS.findall(expression)
    names, values = ({one for one in found if one[0] == kind} for kind in "#:")
    made = Update([], [], [], [], frozenset(names), frozenset(values))
    if parts[0].strip() or len(set(parts[1::2])) < len(parts[1::2]):
        raise SlowlyError
    for clause, rest in zip(parts[1::2], parts[2::2], strict=True):
        for one in OUTSIDE_BRACKETS.split(rest):
            _add(made, clause, one)
    return made


def _add(made: Update, clause: str, text: str) -> None:
    if clause == "SET":
        name, term = _match(ASSIGNED, text)
        made.assigned.append((name, _term(term)))
    elif clause == "REMOVE":
        made.removed.extend(_match(ONE_NAME, text.strip()))
    else:
        name, value = _match(NAME_VALUE, text)
        (made.added if clause == "ADD" else made.deleted).append((name, value))


def _match(pattern: re.Pattern[str], text: str) -> Any:
    found = pattern.fullmatch(text)
    if not found:
        raise SlowlyError
    return found.groups()


def _term(text: str) -> Term:
    if ONE_VALUE.fullmatch(text):
        return lambda _before, _names, values: stored(values[text])
    if ONE_NAME.fullmatch(text):
        return lambda before, names, _values: _there(before, names[text])
    if found := IF_NOT_EXISTS.fullmatch(text):
        name, value = found.groups()
        return lambda before, names, values: before.get(names[name]) or stored(values[value])
    left, sign, right = _match(SUM, text)
    first, second = _term(left), _term(right)
    return lambda *known: _sum(first(*known), second(*known), sign)


def _there(before: Attributes, name: str) -> DynamoType:
    if name not in before:
        raise SlowlyError
    return before[name]


def _added(there: DynamoType | None, more: DynamoType) -> DynamoType:
    if not more.is_set():
        return _sum(there or DynamoType({"N": "0"}), more, "+")
    before = _members(there, more)
    made = DynamoType({more.type: []})
    made.value = before + [one for one in more.value if one not in before]
    return made


def _left(there: DynamoType | None, gone: DynamoType) -> DynamoType:
    before = _members(there, gone)
    made = DynamoType({gone.type: []})
    made.value = [one for one in before if one not in gone.value]
    return made


def _members(there: DynamoType | None, other: DynamoType) -> list[Any]:
    if not other.is_set() or not other.value or (there and there.type != other.type):
        raise SlowlyError
    return list(there.value) if there else []


def _sum(first: DynamoType, second: DynamoType, sign: str) -> DynamoType:
    if first.type != "N" or second.type != "N":
        raise SlowlyError
    return first + second if sign == "+" else first - second
