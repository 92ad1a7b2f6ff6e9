"""Cutting a where clause into words."""

import re
from dataclasses import dataclass

from local.xero.accounting.errors import bad_query

_WORD = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<number>-?\d+(?:\.\d+)?)[mM]?
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>==|!=|<=|>=|&&|\|\||[<>=().,!])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its kind (string, number, name, sign, end) and its text."""

    kind: str
    text: str
    at: int


def cut(clause: str) -> list[Token]:
    """The words of a clause, closed by an end token; raises a QueryParseException answer."""
    tokens = []
    at = 0
    clause = clause.rstrip()
    while at < len(clause):
        found = _WORD.match(clause, at)
        if found is None:
            raise bad_query(f"Syntax error '{clause[at]}' (at index {at})")
        kind = str(found.lastgroup)
        text = found[kind]
        if kind == "string":
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        tokens.append(Token(kind, text, found.start(kind)))
        at = found.end()
    return [*tokens, Token("end", "", len(clause))]
