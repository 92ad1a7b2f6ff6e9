"""Which of the matches that wait are beyond doubt, so that one click may accept them together."""

from collections import Counter
from collections.abc import Iterable, Iterator

from chalicelib.reference.contacts.model import Decision, DecisionKind


def exact(decisions: Iterable[Decision]) -> Iterator[tuple[Decision, str]]:
    """Matches with one candidate that is exact and is nobody else's, with that client's id."""
    matches = [one for one in decisions if one.kind is DecisionKind.MATCH]
    wanted = Counter(candidate.client_id for one in matches for candidate in one.candidates)
    for one in matches:
        if len(one.candidates) == 1:
            (candidate,) = one.candidates
            if candidate.exact and wanted[candidate.client_id] == 1:
                yield one, candidate.client_id
