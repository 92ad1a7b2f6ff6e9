"""What a name in a file may mean, among the things of that kind that there are."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from chalicelib.errors import InvalidInput
from chalicelib.work.intake.answers import LEFT_OUT, NEW
from chalicelib.work.intake.keys import key_of

LIKE = 0.84
"""From which share of equal letters on a name is proposed; CAFE FLORAL and CAFE FLORALE."""

MOST_PROPOSED = 3
FORMS = re.compile(
    r"\b(?:ltd|limited|inc|incorporated|llc|llp|plc|pty|gmbh|ag|bv|nv|sa|sarl|sas|srl|ab|as|oy|co"
    r"|company|corp|corporation|the)\b"
)
"""Legal forms, which one program writes and another leaves out."""


class NameState(StrEnum):
    """How it is known what a name means.

    SAME is spelt the same, ALIKE but for case, spaces, accents or punctuation. CHOSEN was said
    for this file, REMEMBERED for an earlier one.
    """

    SAME = "same"
    ALIKE = "alike"
    CHOSEN = "chosen"
    REMEMBERED = "remembered"
    NEW = "new"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Known:
    """Something that has a name; of several with one name the lowest ``rank`` is meant."""

    id: str
    name: str
    rank: tuple[bool, ...] = ()
    currency: str | None = None


class Offer(msgspec.Struct, frozen=True):
    """Something that a name may mean."""

    id: str
    name: str


class Meaning(msgspec.Struct):
    """What becomes of a name: it stands for ``id``, called ``means``, or is made new or left out.

    ``offers`` are what it may mean; those of a new name look much like it. ``apart`` means: new
    though there is one of this name.
    """

    name: str
    state: NameState
    id: str | None = None
    means: str = ""
    offers: list[Offer] = []
    apart: bool = False

    @property
    def left_out(self) -> bool:
        """Whether nothing of this name is taken."""
        return self.state is NameState.LEFT_OUT


class Names:
    """The names of all things of one kind."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_id = {one.id: one for one in known}
        self._by_key: dict[str, list[Known]] = defaultdict(list)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        for one in self._by_id.values():
            key = key_of(one.name)
            self._by_key[key].append(one)
            for word in {key[:3], *key.split()}:
                self._by_word[word].add(key)

    def of_id(self, known_id: str | None) -> Known | None:
        """The one with this id."""
        return self._by_id.get(known_id or "")

    def best(self, name: str) -> Known | None:
        """The one that has this name, but for case, spaces, accents and punctuation."""
        found = self._by_key.get(key_of(name), [])
        return min(found, key=lambda one: (*one.rank, one.name != name, one.id), default=None)

    def near(self, name: str) -> list[Known]:
        """Those whose names look much like this one, the likest first."""
        key = key_of(name)
        keys = {like for word in {key[:3], *key.split()} for like in self._by_word.get(word, ())}
        plain = {other: _without_form(other) for other in keys}
        scored = sorted(
            ((_likeness(_without_form(key), short), other) for other, short in plain.items()),
            reverse=True,
        )
        found = (self.best(other) for score, other in scored if score >= LIKE)
        return [one for one in found if one][:MOST_PROPOSED]

    def meaning(
        self, name: str, said: str | None, recalled: str | None, best: Known | None = None
    ) -> Meaning:
        """What becomes of a name; raises InvalidInput when what was said of it is not there.

        ``best`` is known for it by something better than its name.
        """
        best, earlier = best or self.best(name), self.of_id(recalled)
        offers = _offers([self.of_id(said), earlier, best, *self.near(name)])
        if said == LEFT_OUT:
            return Meaning(name, NameState.LEFT_OUT, offers=offers)
        if said == NEW:
            return Meaning(name, NameState.NEW, offers=offers, apart=best is not None)
        if said and not self.of_id(said):
            raise InvalidInput(f"What {name} was said to mean is not there.", field="choices")
        for meant, state in (
            (self.of_id(said), NameState.CHOSEN),
            (earlier, NameState.REMEMBERED),
            (best, NameState.SAME if best and best.name == name else NameState.ALIKE),
        ):
            if meant:
                return Meaning(name, state, meant.id, meant.name, offers)
        return Meaning(name, NameState.NEW, offers=offers)


def _offers(known: Sequence[Known | None]) -> list[Offer]:
    return [Offer(one.id, one.name) for one in dict.fromkeys(filter(None, known))]


def _without_form(key: str) -> str:
    return " ".join(FORMS.sub(" ", key).split()) or key


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()
