"""The whole mapping as a file: export, a look at what importing one would change, and that."""

from typing import Any

import msgspec
from chalice.app import Response

from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.people.sessions import demand_recent_factor
from chalicelib.reference.import_mapping import Comparison, compare, take
from chalicelib.reference.mapping_file import LARGEST, MappingFile

pages = Pages(__name__)

HERE = "/settings/codes/file"
BACK = "/settings/codes"
FIELDS = {
    "account_code": "Account",
    "tax_type": "Tax rate",
    "tracking": "Tracking",
    "contact_tax": "Take the contact's tax rate",
    "contact_account": "Take the contact's account",
}


@pages.get(HERE, scope=Scope.ADMIN)
def choose(visit: Visit) -> Page:
    """Export, or a file to look at; asks for the second factor before anything is typed."""
    demand_recent_factor(visit.session)
    return _page("")


@pages.get(f"{HERE}/export", scope=Scope.ADMIN)
def export(visit: Visit) -> Response:
    """The file, to keep."""
    from chalicelib.reference.export_mapping import export

    demand_recent_factor(visit.session)
    made = msgspec.json.format(msgspec.json.encode(export(visit.caller)), indent=2)
    headers: dict[str, Any] = {
        "Content-Type": "application/json",
        "Content-Disposition": 'attachment; filename="workbill-mapping.json"',
    }
    return Response(made.decode() + "\n", headers=headers)


@pages.post(HERE, scope=Scope.ADMIN)
def look(visit: Visit) -> Page:
    """What the file would change, and what of it is not here; what was typed is kept."""
    demand_recent_factor(visit.session)
    text = visit.form.get("file")
    try:
        return _page(text, compare(visit.caller, _read(text)))
    except InvalidInput as error:
        return _page(text, error=error)


@pages.post(f"{HERE}/import", scope=Scope.ADMIN)
def import_file(visit: Visit) -> Page | Redirect:
    """Take the file as it was looked at, the whole of it or nothing."""
    demand_recent_factor(visit.session)
    text, seen = visit.form.get("file"), visit.form.get("seen")
    try:
        file = _read(text)
        found = take(visit.caller, file, int(seen) if seen.isdecimal() else -1)
    except (InvalidInput, Conflict) as error:
        return _page(text, error=error)
    return Redirect(BACK, f"Imported: {len(found.differences)} changes.")


def _read(text: str) -> MappingFile:
    """The file that was sent; raises InvalidInput saying where it is wrong."""
    if len(text.encode()) > LARGEST:
        raise InvalidInput("A file of a mapping has at most 4 MB.", field="file")
    try:
        return msgspec.json.decode(text, type=MappingFile)
    except msgspec.DecodeError as error:
        raise InvalidInput(f"This file cannot be read: {error}.", field="file") from None


def _page(
    text: str, found: Comparison | None = None, error: InvalidInput | Conflict | None = None
) -> Page:
    values = {"text": text, "found": found, "error": error, "fields": FIELDS}
    return Page("codes/file.html", values, error.status if error else 200)
