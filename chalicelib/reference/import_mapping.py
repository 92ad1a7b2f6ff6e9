"""Bringing in a mapping from a file, all or nothing: first compared, then taken as compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Caller, Scope
from chalicelib.reference import check_mapping, choices, mapping, read_things
from chalicelib.reference.layers import Chosen
from chalicelib.reference.mapping_differences import Difference, differences
from chalicelib.reference.mapping_file import FORMAT, VERSION, MappingFile
from chalicelib.reference.match_mapping import Matched, Target, match

MOST_TOLD = 10


class Unmatched(InvalidInput):
    """The file names what is not here, or cannot be used; nothing was changed."""

    code = "mapping_unmatched"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What taking a file would change; with anything ``unmatched`` it is not taken.

    ``seen`` is the version of the mapping that it was compared with. ``notes`` are what a person
    should know of what was matched.
    """

    differences: tuple[Difference, ...]
    unmatched: tuple[str, ...]
    notes: tuple[str, ...]
    seen: int


def compare(caller: Caller, file: MappingFile) -> Comparison:
    """Match the file with what is here and say what it would change; changes nothing.

    Raises NotAllowed without the right to administer, and InvalidInput for a file of another
    kind or a later version.
    """
    caller.must_have(Scope.ADMIN)
    return _compare(caller.tenant_id, file)[0]


def take(caller: Caller, file: MappingFile, seen: int | None = None) -> Comparison:
    """Put the mapping of the file in the place of the present one, the whole of it at once.

    Raises Unmatched when anything in it is not here, and Conflict when the mapping is no longer
    the one that was compared (``seen``); then nothing is changed.
    """
    caller.must_have(Scope.ADMIN)
    found, chosen = _compare(caller.tenant_id, file)
    if found.unmatched:
        raise Unmatched(_told(found.unmatched), field="file")
    if seen is not None and seen != found.seen:
        raise Conflict("The mapping was changed since it was compared. Compare again.")
    if found.differences:
        trail.record(
            caller,
            "mapping imported",
            "mapping",
            organisation=file.organisation or "unknown",
            exported_at=file.exported_at or "unknown",
            changes=len(found.differences),
        )
        choices.replace(caller.tenant_id, chosen, found.seen)
        check_mapping.check(caller.tenant_id)
    return found


def _compare(tenant_id: str, file: MappingFile) -> tuple[Comparison, Chosen]:
    if file.format != FORMAT:
        raise InvalidInput(f"This is not a file of the format {FORMAT}.", field="format")
    if file.version != VERSION:
        raise InvalidInput(
            f"This file is of version {file.version}, and version {VERSION} can be read here.",
            field="version",
        )
    lists = mapping.lists(tenant_id)
    things = read_things.read(tenant_id)
    present = choices.load(tenant_id)
    matched: Matched = match(file, Target(lists, things))
    found = Comparison(
        differences=differences(present, matched.chosen, lists, things),
        unmatched=tuple(matched.unmatched),
        notes=tuple(matched.notes),
        seen=present.version,
    )
    return found, matched.chosen


def _told(unmatched: Sequence[str]) -> str:
    said = " ".join(unmatched[:MOST_TOLD])
    more = len(unmatched) - MOST_TOLD
    return f"Nothing was imported. {said}" + (f" And {more} more." if more > 0 else "")
