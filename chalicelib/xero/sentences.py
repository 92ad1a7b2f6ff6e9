"""Xero's refusals in a bookkeeper's words, each with the next step.

Xero's messages are matched loosely, because their wording changes without notice, and nothing
but these sentences hangs on them. What is not known here is passed on in Xero's own words.
"""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Explanation:
    """What went wrong, what to do, and where: ``place`` names the page that mends it.

    ``code`` is stable, and is ``unknown`` where only Xero's own words are to be had.
    """

    code: str
    problem: str
    next_step: str
    place: str

    @property
    def sentence(self) -> str:
        """Both parts in one text."""
        return f"{self.problem} {self.next_step}".strip()


CLIENT, MAPPING, INVOICE, XERO, LATER = "client", "mapping", "invoice", "xero", "wait"

# Code, pattern, problem, next step, place. Groups of the pattern fill the braces. The first
# that matches wins, so the narrower stand before the wider.
CATALOGUE: tuple[tuple[str, str, str, str, str], ...] = ()


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str], str, str, str], ...]:
    return tuple(
        (code, re.compile(pattern, re.IGNORECASE | re.DOTALL), problem, step, place)
        for code, pattern, problem, step, place in CATALOGUE
    )


def explain(message: str) -> Explanation:
    """The explanation of one of Xero's messages; never fails, and never hides its words."""
    for code, pattern, problem, step, place in _compiled():
        found = pattern.search(message)
        if found:
            words = {name: value or "" for name, value in found.groupdict().items()}
            return Explanation(code, problem.format(**words), step.format(**words), place)
    said = message.strip() or "Xero gave no reason."
    return Explanation("unknown", f"Xero says: {said}", "", XERO)
