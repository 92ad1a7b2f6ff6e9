"""The lists of Xero's that are short: each is kept whole in one row, all read by one request."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pynamodb.exceptions import DoesNotExist

from chalicelib.reference.model import BrandingTheme, Currency, TrackingCategory
from chalicelib.reference.organisation import Organisation
from chalicelib.reference.store import home
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.rows import Row

LIST = "list#"


class SmallLists(NamedTuple):
    """All of them; empty, and no organisation, before the first import."""

    tracking: tuple[TrackingCategory, ...] = ()
    currencies: tuple[Currency, ...] = ()
    branding_themes: tuple[BrandingTheme, ...] = ()
    organisation: Organisation | None = None


SHAPES: dict[str, Any] = SmallLists.__annotations__


class ListRow(Row):
    """One list; its key says which."""

    table = "reference"

    class Meta:
        pass

    contents = JSONAttribute()


def everything(tenant_id: str, organisation_id: str = "") -> SmallLists:
    """Every short list of the tenant's organisation, by one request."""
    home_of_it = home(tenant_id, organisation_id)
    return found_in(ListRow.query(home_of_it, ListRow.sk.startswith(LIST)))


def keys(tenant_id: str, organisation_id: str) -> list[ListRow]:
    """The rows to read where the lists are read with others; ``found_in`` reads them."""
    return [ListRow(home(tenant_id, organisation_id), LIST + name) for name in SHAPES]


def found_in(rows: Iterable[ListRow | None]) -> SmallLists:
    """The lists in rows; those that are missing are empty."""
    found = {row.sk.removeprefix(LIST): row.contents for row in rows if row}
    return SmallLists(**{name: _read(name, found[name]) for name in SHAPES if name in found})


def tracking(tenant_id: str) -> tuple[TrackingCategory, ...]:
    """The tracking categories with their options, those no longer in use included."""
    found: tuple[TrackingCategory, ...] = _one(tenant_id, "tracking", ())
    return found


def currencies(tenant_id: str) -> tuple[Currency, ...]:
    """The currencies subscribed to."""
    found: tuple[Currency, ...] = _one(tenant_id, "currencies", ())
    return found


def branding_themes(tenant_id: str) -> tuple[BrandingTheme, ...]:
    """The looks for documents, Xero's default first."""
    found: tuple[BrandingTheme, ...] = _one(tenant_id, "branding_themes", ())
    return found


def organisation(tenant_id: str) -> Organisation | None:
    """The organisation's settings; None before the first import."""
    found: Organisation | None = _one(tenant_id, "organisation", None)
    return found


def put(tenant_id: str, name: str, contents: Any) -> None:
    """Store a list, named as in ``SmallLists``, in the place of what was there."""
    ListRow(home(tenant_id), LIST + name, contents=contents).save()


def _one(tenant_id: str, name: str, absent: Any) -> Any:
    try:
        row = ListRow.get(home(tenant_id), LIST + name)
    except DoesNotExist:
        return absent
    return _read(name, row.contents)


def _read(name: str, contents: Any) -> Any:
    import msgspec

    return msgspec.convert(contents, SHAPES[name])
