"""Xero's messages in a bookkeeper's words, each with the next step.

Messages are matched loosely, and nothing but words hangs on the match. What the catalogue does
not know is passed on as Xero said it.
"""

import re
from dataclasses import dataclass
from functools import cache

from chalicelib.xero.catalogue import CATALOGUE, XERO


@dataclass(frozen=True, slots=True)
class Explanation:
    """What went wrong, what to do, and where: ``place`` names what mends it.

    ``place`` is ``client``, ``mapping``, ``invoice``, ``xero`` or ``wait``. ``code`` is stable,
    and is ``unknown`` where only Xero's own words are to be had.
    """

    code: str
    problem: str
    next_step: str
    place: str

    @property
    def sentence(self) -> str:
        """Both parts in one text."""
        return f"{self.problem} {self.next_step}".strip()


def explain(message: str) -> Explanation:
    """The explanation of one of Xero's messages; never fails."""
    for pattern, (code, _, problem, step, place) in _compiled():
        found = pattern.search(message)
        if found:
            words = {name: value or "" for name, value in found.groupdict().items()}
            return Explanation(code, _filled(problem, words), step, place)
    said = message.strip() or "no reason was given."
    return Explanation("unknown", f"Xero says: {said}", "", XERO)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], tuple[str, str, str, str, str]], ...]:
    return tuple((re.compile(row[1], re.IGNORECASE | re.DOTALL), row) for row in CATALOGUE)


def _filled(problem: str, words: dict[str, str]) -> str:
    """The sentence with its names put in; a name that Xero left out leaves no gap."""
    return re.sub(r"\s+(?=[ .,]|$)", "", problem.format(**words)).strip()
