"""Organisation, Currencies, BrandingThemes and Users: little lists that are read."""

from flask import Response

from local.xero.accounting.batch import one
from local.xero.accounting.errors import not_found
from local.xero.accounting.listing import changed, filtered
from local.xero.accounting.query import Query
from local.xero.accounting.read import elements
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.schemas import CURRENCY, USER
from local.xero.accounting.wire import envelope
from local.xero.books import Refused
from local.xero.books.organisation import actions
from local.xero.books.records import Record


@blueprint.get("/Organisation")
@blueprint.get("/Organisations")
def get_organisation() -> Response:
    Query()
    return envelope("Organisations", [books().organisation])


@blueprint.get("/Organisation/Actions")
def get_actions() -> Response:
    Query()
    return envelope("Actions", actions(books().refused_acts))


@blueprint.get("/Currencies")
def list_currencies() -> Response:
    return envelope("Currencies", filtered(books().currencies, Query("where order"), CURRENCY))


@blueprint.put("/Currencies")
def add_currency() -> Response:
    """Subscribes to a currency; its rate of the day is one, for want of a market."""
    Query()
    sent = elements("Currencies", "Currency", CURRENCY)[0]

    def add() -> Record:
        code = sent.get("Code", "").upper()
        if len(code) != 3 or code in books().currency_rates:
            raise Refused(["Currency code is not valid or is already subscribed."])
        return books().subscribe_currency(code, sent.get("Description", code))

    return one("Currencies", add, sent, "Code")


@blueprint.get("/BrandingThemes")
def list_branding_themes() -> Response:
    Query()
    return envelope("BrandingThemes", books().branding_themes)


@blueprint.get("/BrandingThemes/<key>")
def get_branding_theme(key: str) -> Response:
    Query()
    return _by_id("BrandingThemes", books().branding_themes, "BrandingThemeID", key)


@blueprint.get("/Users")
def list_users() -> Response:
    found = changed(books().users, "UserID")
    return envelope("Users", filtered(found, Query("where order"), USER))


@blueprint.get("/Users/<key>")
def get_user(key: str) -> Response:
    Query()
    return _by_id("Users", books().users, "UserID", key)


def _by_id(plural: str, records: list[Record], id_field: str, key: str) -> Response:
    found = [record for record in records if record[id_field] == key.lower()]
    if not found:
        raise not_found()
    return envelope(plural, found)
