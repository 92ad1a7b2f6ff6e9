"""What a failure of Xero's that was kept by its code says to people."""

from functools import cache

from chalicelib.xero.errors import XeroCallError


def sentence_of(code: str) -> str:
    """The sentence of our error of this code; empty for none."""
    return _sentences().get(code, "") if code else ""


@cache
def _sentences() -> dict[str, str]:
    found, waiting = {}, [XeroCallError]
    while waiting:
        kind = waiting.pop()
        found[kind.code] = kind.sentence_by_default
        waiting += kind.__subclasses__()
    return found
