"""How a shape of ours meets Xero's names."""

from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeVar
from urllib.parse import quote

import msgspec

from chalicelib.xero.errors import XeroUnreadable
from chalicelib.xero.formats import tidy

WRITTEN_BIG = {"id": "ID", "utc": "UTC"}


def xero_name(name: str) -> str:
    """``merged_to_contact_id`` as Xero writes it: ``MergedToContactID``."""
    return "".join(WRITTEN_BIG.get(part, part.capitalize()) for part in name.split("_"))


class Wire(msgspec.Struct, frozen=True, omit_defaults=True, rename=xero_name):
    """A record from Xero; unknown fields are ignored, strings stand in for numbers and flags."""

    @classmethod
    def read(cls, tree: Any) -> Self:
        """The record in a tree; raises XeroUnreadable when it is something else."""
        try:
            return msgspec.convert(tidy(tree), cls, strict=False)
        except ValueError as error:
            problem = f"{cls.__name__}: {error}"
        raise XeroUnreadable(f"Xero's answer could not be read ({problem}).")

    @classmethod
    def read_all(cls, trees: Iterable[Any]) -> tuple[Self, ...]:
        """The records in several trees; raises XeroUnreadable when one is something else."""
        return tuple(cls.read(tree) for tree in trees)


def elements(envelope: Any, plural: str) -> list[Any]:
    """What an answer lists under its plural name; missing and null are an empty list."""
    if not isinstance(envelope, Mapping):
        raise XeroUnreadable
    listed = envelope.get(plural)
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise XeroUnreadable
    return [element for element in listed if element is not None]


Record = TypeVar("Record", bound=Wire)


def single(kind: type[Record], envelope: Any, plural: str) -> Record:
    """The one record of an answer; raises XeroUnreadable when there is none or are several."""
    found = elements(envelope, plural)
    if len(found) != 1:
        raise XeroUnreadable
    return kind.read(found[0])


def quoted(name: str) -> str:
    """An id or number as one step of a path."""
    return quote(name, safe="")
