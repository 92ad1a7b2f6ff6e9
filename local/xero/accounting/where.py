"""Xero's `where` filter: comparisons of fields with constants, joined by AND and OR.

The documented forms: == != < <= > >=, && and ||, guid("..."), DateTime(y,m,d),
DateTime.Parse("..."), true, false, null, and on text StartsWith, EndsWith, Contains,
ToLower and ToUpper. Text compares without case or accents.
"""

import operator
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from local.xero.accounting.errors import AnswerError, bad_query
from local.xero.accounting.schemas import Schema
from local.xero.accounting.tokens import Token, cut
from local.xero.accounting.unknown import report
from local.xero.books.records import Record

Reader = Callable[[Record], Any]
Test = Callable[[Record], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_AND, _OR = ("&&", "and"), ("||", "or")
_TESTS_OF_TEXT: dict[str, Callable[[str, str], bool]] = {
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
    "Contains": operator.contains,
}
_CONSTANTS = {"true": True, "false": False, "null": None}


def compile_where(clause: str, schema: Schema) -> Test:
    """A test of records; raises the QueryParseException answer, and reports the clause."""
    try:
        return _Parser(cut(clause), schema).whole()
    except AnswerError:
        report(f"where clause {clause}")
        raise


def compile_order(clause: str, schema: Schema) -> list[tuple[Reader, bool]]:
    """Readers of sort keys and whether each runs downwards."""
    try:
        return [_order_key(part.strip(), schema) for part in clause.split(",")]
    except AnswerError:
        report(f"order {clause}")
        raise


def _order_key(part: str, schema: Schema) -> tuple[Reader, bool]:
    path, _, direction = part.partition(" ")
    if direction.strip().casefold() not in {"", "asc", "desc"}:
        raise bad_query(f"Syntax error in order '{part}'")
    return read_path(path.split("."), schema), direction.strip().casefold() == "desc"


def sort(records: list[Record], keys: list[tuple[Reader, bool]]) -> list[Record]:
    """Sorted by the keys; absent values come first, ties keep their order."""
    for read, downwards in reversed(keys):
        records = sorted(records, key=_keyed(read), reverse=downwards)
    return records


def read_path(path: list[str], schema: Schema) -> Reader:
    """Reads a field, or a field of a nested record; raises for one that does not exist."""
    known: Any = schema
    for name in path:
        if not isinstance(known, dict) or name not in known:
            raise bad_query(f"No property or field '{name}' exists in type")
        known = known[name]

    def read(record: Record) -> Any:
        value: Any = record
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return comparable(value)

    return read


def comparable(value: Any) -> Any:
    """Folds text, and makes a moment of a day, so that like compares with like."""
    if isinstance(value, str):
        plain = unicodedata.normalize("NFKD", value.casefold())
        return "".join(c for c in plain if not unicodedata.combining(c))
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def _keyed(read: Reader) -> Callable[[Record], tuple[bool, Any]]:
    def key(record: Record) -> tuple[bool, Any]:
        value = read(record)
        return (value is not None, value if value is not None else 0)

    return key


class _Parser:
    """Recursive descent over the words of one clause."""

    def __init__(self, tokens: list[Token], schema: Schema) -> None:
        self._tokens = tokens
        self._schema = schema
        self._at = 0

    def whole(self) -> Test:
        test = self._either()
        if self._present.kind != "end":
            raise self._wrong()
        return test

    @property
    def _present(self) -> Token:
        return self._tokens[self._at]

    def _wrong(self) -> AnswerError:
        token = self._present
        return bad_query(f"Syntax error '{token.text}' (at index {token.at})")

    def _take(self) -> Token:
        token = self._present
        self._at += 1
        return token

    def _skip(self, *texts: str) -> bool:
        if self._present.kind in {"sign", "name"} and self._present.text.casefold() in texts:
            self._at += 1
            return True
        return False

    def _need(self, text: str) -> None:
        if not self._skip(text):
            raise self._wrong()

    def _either(self) -> Test:
        tests = [self._both()]
        while self._skip(*_OR):
            tests.append(self._both())
        return lambda record: any(test(record) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._skip(*_AND):
            tests.append(self._one())
        return lambda record: all(test(record) for test in tests)

    def _one(self) -> Test:
        if self._skip("!"):
            test = self._one()
            return lambda record: not test(record)
        if self._skip("("):
            test = self._either()
            self._need(")")
            return test
        left = self._operand()
        if self._present.text not in _COMPARE:
            return lambda record: left(record) is True
        compare = _COMPARE[self._take().text]
        return _comparison(compare, left, self._operand())

    def _operand(self) -> Reader:
        token = self._take()
        if token.kind == "string":
            return _constant(token.text)
        if token.kind == "number":
            return _constant(Decimal(token.text))
        if token.kind != "name":
            self._at -= 1
            raise self._wrong()
        if token.text.casefold() in _CONSTANTS:
            return _constant(_CONSTANTS[token.text.casefold()])
        if token.text.casefold() == "guid":
            return _constant(self._arguments()[0])
        if token.text == "DateTime":
            return self._moment()
        return self._field([token.text])

    def _field(self, path: list[str]) -> Reader:
        while self._skip("."):
            name = self._take().text
            if self._present.text == "(":
                return self._method(read_path(path, self._schema), name)
            path.append(name)
        return read_path(path, self._schema)

    def _method(self, read: Reader, name: str) -> Reader:
        arguments = [comparable(a) for a in self._arguments()]
        if name in {"ToLower", "ToUpper", "ToString"}:
            return self._method_after(read)
        if name not in _TESTS_OF_TEXT or len(arguments) != 1:
            raise bad_query(f"No applicable method '{name}' exists in type 'String'")
        test = _TESTS_OF_TEXT[name]
        return lambda record: isinstance(text := read(record), str) and test(text, arguments[0])

    def _method_after(self, read: Reader) -> Reader:
        """Case is folded anyway, so ToLower changes nothing; another method may follow."""
        if self._skip("."):
            return self._method(read, self._take().text)
        return read

    def _moment(self) -> Reader:
        parses = self._skip(".")
        if parses:
            self._need("parse")
        arguments = self._arguments()
        try:
            if parses:
                moment = datetime.fromisoformat(" ".join(arguments))
            else:
                moment = datetime(*map(int, arguments))  # type: ignore[arg-type] # noqa: DTZ001 - the zone follows
        except (ValueError, TypeError):
            raise bad_query("No applicable constructor exists in type 'DateTime'") from None
        return _constant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def _arguments(self) -> list[str]:
        self._need("(")
        found = []
        while not self._skip(")"):
            token = self._take()
            if token.kind not in {"string", "number"}:
                self._at -= 1
                raise self._wrong()
            found.append(token.text)
            self._skip(",")
        return found


def _constant(value: Any) -> Reader:
    folded = comparable(value)
    return lambda _record: folded


def _comparison(compare: Callable[[Any, Any], bool], left: Reader, right: Reader) -> Test:
    def test(record: Record) -> bool:
        one, other = left(record), right(record)
        if one is None or other is None:
            return compare in (operator.eq, operator.ne) and compare(one, other)
        try:
            return compare(one, other)
        except TypeError:
            report("where clause comparing different kinds of value")
            raise bad_query("Operator incompatible with operand types") from None

    return test
