"""The whole mapping as a file: exported, compared with the present one, and imported."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.people.caller import Scope
from chalicelib.reference.import_mapping import Comparison, compare, take
from chalicelib.reference.mapping_file import MappingFile

api = API(__name__)


class DifferenceView(msgspec.Struct):
    """A field that would change; ``id`` and ``name`` are null for the defaults."""

    where: str
    id: str | None
    name: str | None
    field: str
    before: str
    after: str


class ComparisonView(msgspec.Struct):
    """What importing a file would change, or did.

    With anything ``unmatched`` the file is refused as a whole. ``notes`` tell what has another
    name here. Send ``seen`` along with the import, and it is refused if the mapping has changed
    since.
    """

    differences: list[DifferenceView]
    unmatched: list[str]
    notes: list[str]
    seen: int


class MappingImport(msgspec.Struct, forbid_unknown_fields=True):
    """A file as exported, and the ``seen`` of the comparison that a person agreed to."""

    file: MappingFile
    seen: int | None = None


@api.get("/mapping/export", scope=Scope.ADMIN, answer=MappingFile)
def export_mapping(call: Call) -> MappingFile:
    """All layers, with names beside ids and codes."""
    from chalicelib.reference.export_mapping import export

    return export(call.caller)


@api.post("/mapping/compare", scope=Scope.ADMIN, body=MappingFile, answer=ComparisonView)
def compare_mapping(call: Call) -> ComparisonView:
    """What a file would change here, and what of it is not here; changes nothing."""
    return _view(compare(call.caller, call.body))


@api.post("/mapping/import", scope=Scope.ADMIN, body=MappingImport, answer=ComparisonView)
def import_mapping(call: Call) -> ComparisonView:
    """Put the file's mapping in the place of the present one, all of it or nothing."""
    wanted: MappingImport = call.body
    return _view(take(call.caller, wanted.file, wanted.seen))


def _view(found: Comparison) -> ComparisonView:
    return ComparisonView(
        [
            DifferenceView(
                one.where,
                one.thing_id or None,
                one.name or None,
                one.field,
                one.before,
                one.after,
            )
            for one in found.differences
        ],
        list(found.unmatched),
        list(found.notes),
        found.seen,
    )
