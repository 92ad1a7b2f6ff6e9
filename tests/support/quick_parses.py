"""What moto makes of an expression, kept: the program has few, and asks each thousands of times.

Moto parses anew at every request. Its very own trees are kept here, by the expression and the
names in it; at each use the values of the request are put in where placeholders were.
"""

from typing import Any, NamedTuple

from moto.dynamodb.comparisons import (
    AttributeValue,
    ConditionExpressionParser,
    Func,
    Op,
    get_filter_expression,
)
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.parsing.key_condition_expression import parse_expression

NOBODY: dict[str, str] = {}
Values = dict[str, dict[str, Any]]


class SlowlyError(Exception):
    """This is for moto itself to answer."""


class Condition(NamedTuple):
    """A condition's tree, the leaves that take values, and the placeholders that it uses."""

    tree: Any
    leaves: list[tuple[AttributeValue, str]]
    names: frozenset[str]
    values: frozenset[str]

    def holds(self, item: Item | None, values: Values) -> bool:
        """Whether it is true of this item, or of there being none."""
        for leaf, name in self.leaves:
            ((leaf.type, leaf.value),) = values[name].items()
        try:
            return bool(self.tree.expr(item))
        except (TypeError, ValueError):
            raise SlowlyError from None


class Key(NamedTuple):
    """What of an index or a table is wanted: placeholders for the hash and for the range."""

    hash_name: str
    hash_value: str
    comparison: str
    range_values: list[str]
    names: frozenset[str]


ALWAYS = Condition(get_filter_expression(None, None, None), [], frozenset(), frozenset())

_conditions: dict[Any, Condition] = {}
_keys: dict[Any, Key] = {}


def condition(expression: str | None, names: dict[str, str], values: Values) -> Condition:
    """The condition of a request; raises SlowlyError for one that moto refuses."""
    if expression is None:
        return ALWAYS
    if any("NULL" in value for value in values.values()):
        raise SlowlyError
    asked = expression, tuple(names.items()), tuple(values)
    if asked not in _conditions:
        _conditions[asked] = _parsed(expression, names, {name: {"S": name} for name in values})
    return _conditions[asked]


def _parsed(expression: str, names: dict[str, str], values: Values) -> Condition:
    parser = ConditionExpressionParser(expression, names, values)
    try:
        tree = parser.parse()
    except Exception:  # noqa: BLE001  whatever it is, moto says it again
        raise SlowlyError from None
    leaves = [(leaf, leaf.value) for leaf in _leaves(tree)]
    found = parser.expr_attr_names_found, parser.expr_attr_values_found
    return Condition(tree, leaves, *map(frozenset, found))


def _leaves(node: Any) -> list[AttributeValue]:
    if isinstance(node, AttributeValue):
        return [node]
    inner: list[Any] = []
    if isinstance(node, Op):
        inner = [node.lhs, node.rhs]
    elif isinstance(node, Func):
        inner = list(node.arguments)
    return [leaf for one in inner for leaf in _leaves(one)]


def key(
    expression: str, names: dict[str, str], values: Values, schema: list[dict[str, str]]
) -> Key:
    """What a query looks for; raises SlowlyError for what has more keys than one of each kind."""
    asked = expression, tuple(names.items()), tuple(values), schema[0]["AttributeName"]
    if asked not in _keys:
        placeholders: Any = {name: name for name in values}
        try:
            hashes, ranges, used = parse_expression(expression, placeholders, names, schema)
        except Exception:  # noqa: BLE001  as above
            raise SlowlyError from None
        if len(hashes) != 1 or len(ranges) > 1:
            raise SlowlyError
        _, comparison, wanted = ranges[0] if ranges else ("", "", [])
        _keys[asked] = Key(*hashes[0], comparison, wanted, frozenset(used))
    return _keys[asked]
