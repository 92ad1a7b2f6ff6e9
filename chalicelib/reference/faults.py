"""A fault of the mapping: what it is, whose, and where it is put right."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """Whose fault it is; in the order in which faults are mended."""

    ORGANISATION = "organisation"
    TENANT = "tenant"
    CLIENT = "client"
    PROJECT = "project"
    TASK = "task"
    RATE = "rate"


PAGES: Mapping[Where, str] = {
    Where.ORGANISATION: "/settings/codes",
    Where.TENANT: "/settings/codes",
    Where.CLIENT: "/clients/{}",
    Where.PROJECT: "/projects/{}",
    Where.TASK: "/tasks/{}",
    Where.RATE: "/rates/{}",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that Xero would refuse, or would take otherwise than it is meant here.

    ``code`` is stable. ``name`` is what the thing is called, empty for the organisation and the
    defaults. ``field`` says what of it is wrong. ``stops`` says that invoices are refused for
    it; any other is only to be known.
    """

    code: str
    sentence: str
    where: Where
    field: str
    thing_id: str = ""
    name: str = ""
    stops: bool = True

    @property
    def path(self) -> str:
        """The page on which it is put right."""
        return PAGES[self.where].format(self.thing_id)
