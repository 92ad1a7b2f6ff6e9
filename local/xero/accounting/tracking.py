"""/TrackingCategories and their options."""

from flask import Response

from local.xero.accounting.batch import one
from local.xero.accounting.listing import filtered
from local.xero.accounting.query import Query
from local.xero.accounting.read import elements
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.schemas import CATEGORY, OPTION
from local.xero.accounting.wire import envelope
from local.xero.books.records import Record
from local.xero.books.tracking import rename_or_archive

_CATEGORIES = "TrackingCategories"


@blueprint.get("/TrackingCategories")
def list_categories() -> Response:
    query = Query("where order includeArchived")
    listed = books().tracking.listed(archived=query.flag("includeArchived"))
    found = filtered(listed, query, CATEGORY)
    return envelope(_CATEGORIES, [_category(c) for c in found])


@blueprint.get("/TrackingCategories/<key>")
def get_category(key: str) -> Response:
    Query()
    return envelope(_CATEGORIES, [_category(books().tracking.get(key))])


@blueprint.put("/TrackingCategories")
def create_category() -> Response:
    Query()
    sent = elements(_CATEGORIES, "TrackingCategory", CATEGORY)[0]
    return one(
        _CATEGORIES,
        lambda: _category(books().tracking.create(sent)),
        sent,
        "TrackingCategoryID",
    )


@blueprint.post("/TrackingCategories/<key>")
def update_category(key: str) -> Response:
    Query()
    category = books().tracking.get(key)
    sent = elements(_CATEGORIES, "TrackingCategory", CATEGORY)[0]
    others = list(books().tracking.by_id.values())
    return one(
        _CATEGORIES,
        lambda: _category(rename_or_archive(category, sent, others)),
        sent,
        "TrackingCategoryID",
    )


@blueprint.delete("/TrackingCategories/<key>")
def delete_category(key: str) -> Response:
    """A category used on a document is archived instead."""
    Query()
    category = books().tracking.get(key)
    used = books().uses_tracking("TrackingCategoryID", category["TrackingCategoryID"])
    category["Status"] = "ARCHIVED" if used else "DELETED"
    return envelope(_CATEGORIES, [_category(category)])


@blueprint.put("/TrackingCategories/<key>/Options")
def create_options(key: str) -> Response:
    Query()
    category = books().tracking.get(key)
    sent = elements("Options", "TrackingOption", OPTION)[0]
    return one(
        "Options",
        lambda: _option(books().tracking.add_option(category, sent)),
        sent,
        "TrackingOptionID",
    )


@blueprint.post("/TrackingCategories/<key>/Options/<option_key>")
def update_option(key: str, option_key: str) -> Response:
    Query()
    category = books().tracking.get(key)
    option = books().tracking.option(category, option_key)
    sent = elements("Options", "TrackingOption", OPTION)[0]
    return one(
        "Options",
        lambda: _option(rename_or_archive(option, sent, category["Options"])),
        sent,
        "TrackingOptionID",
    )


@blueprint.delete("/TrackingCategories/<key>/Options/<option_key>")
def delete_option(key: str, option_key: str) -> Response:
    """An option used on a document is archived instead."""
    Query()
    option = books().tracking.option(books().tracking.get(key), option_key)
    used = books().uses_tracking("TrackingOptionID", option["TrackingOptionID"])
    option["Status"] = "ARCHIVED" if used else "DELETED"
    return envelope("Options", [_option(option)])


def _category(category: Record) -> Record:
    kept = [o for o in category["Options"] if o["Status"] != "DELETED"]
    return {**category, "Options": [_option(o) for o in kept]}


def _option(option: Record) -> Record:
    status = option["Status"]
    return {
        "TrackingOptionID": option["TrackingOptionID"],
        "Name": option["Name"],
        "Status": status,
        "HasValidationErrors": False,
        "IsDeleted": status == "DELETED",
        "IsArchived": status == "ARCHIVED",
        "IsActive": status == "ACTIVE",
    }
