"""One of the staff, and finding them by what a record says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.work.names import name_key


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does the work; ``rate_id`` is the staff rate of theirs, if any.

    ``external_id`` is their id in another system. ``former`` holds names they had before, so
    that time recorded under those stays theirs. ``in_use`` is set with their first time and
    never taken back: they are archived then, not deleted. ``version`` counts changes.
    """

    staff_id: str
    name: str
    updated_at: datetime
    email: str = ""
    external_id: str = ""
    rate_id: str | None = None
    former: tuple[str, ...] = ()
    archived: bool = False
    in_use: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Roll:
    """All staff of a tenant, to look people up in."""

    everybody: tuple[Staff, ...]

    def of_id(self, staff_id: str) -> Staff | None:
        """The one with this id."""
        return next((one for one in self.everybody if one.staff_id == staff_id), None)

    def find(self, said: str, *, email: str = "", external_id: str = "") -> Staff | None:
        """The one whom a record means; None for nobody, or where it could be several.

        The other system's id goes first, then the e-mail, then the name but for case, spaces,
        accents and punctuation, then a former name. ``said`` may be an e-mail too. Of several,
        the one who is not archived.
        """
        said = said.strip()
        address = (email or (said if "@" in said else "")).strip().casefold()
        key = name_key(said) if said else ""
        ways = (
            [p for p in self.everybody if external_id and p.external_id == external_id],
            [p for p in self.everybody if address and p.email.casefold() == address],
            [p for p in self.everybody if key and name_key(p.name) == key],
            [p for p in self.everybody if key and key in map(name_key, p.former)],
        )
        return next((_only(found) for found in ways if found), None)


def _only(found: Iterable[Staff]) -> Staff | None:
    people = list(found)
    live = [one for one in people if not one.archived] or people
    return live[0] if len(live) == 1 else None
