"""Settings on the screen: the chart, tax rates, tracking, currencies and the organisation."""

from datetime import date

from flask import render_template, request
from werkzeug.wrappers import Response

from local.xero.books import Refused
from local.xero.present import locked
from local.xero.screen.blueprint import back, blueprint, organisation

HERE = "/app/<short_code>/settings"
CHANGED = "Changed."


@blueprint.get(HERE)
@locked
def settings(short_code: str) -> str:
    """Everything that documents point at, and how the organisation is set up."""
    here = organisation(short_code)
    books = here.books
    return render_template(
        "screen/settings.html",
        organisation=here,
        accounts=sorted(books.accounts.all(), key=lambda one: one.get("Code", "")),
        tax_rates=books.tax_rates.all(),
        categories=books.tracking.listed(archived=True),
        currencies=books.currencies,
        facts=books.organisation,
    )


@blueprint.post(f"{HERE}/accounts/<code>/<any(archive,restore,delete):act>")
@locked
def act_on_account(short_code: str, code: str, act: str) -> Response:
    getattr(organisation(short_code).books, f"{act}_account")(code)
    return _back(short_code)


@blueprint.post(f"{HERE}/tax-rates/<tax_type>")
@locked
def change_tax_rate(short_code: str, tax_type: str) -> Response:
    organisation(short_code).books.set_tax_rate_status(tax_type, request.form["status"])
    return _back(short_code)


@blueprint.post(f"{HERE}/tracking")
@locked
def change_tracking(short_code: str) -> Response:
    """A category, or the option of it that the form names."""
    books, form = organisation(short_code).books, request.form
    if form.get("option"):
        books.set_option_status(form["category"], form["option"], form["status"])
    else:
        books.set_category_status(form["category"], form["status"])
    return _back(short_code)


@blueprint.post(f"{HERE}/currencies/add")
@locked
def subscribe(short_code: str) -> Response:
    code = request.form["code"].strip().upper()
    books = organisation(short_code).books
    if len(code) != 3 or code in books.currency_rates:
        raise Refused(["Currency code is not valid or is already subscribed."])
    books.subscribe_currency(code, code)
    return _back(short_code)


@blueprint.post(f"{HERE}/currencies/<code>/remove")
@locked
def unsubscribe(short_code: str, code: str) -> Response:
    organisation(short_code).books.unsubscribe_currency(code)
    return _back(short_code)


@blueprint.post(f"{HERE}/organisation")
@locked
def change_organisation(short_code: str) -> Response:
    """Lock dates and whether it is registered for tax."""
    books, form = organisation(short_code).books, request.form
    books.set_lock_dates(_day(form["period"]), _day(form["year_end"]))
    books.set_pays_tax(registered="registered" in form)
    return _back(short_code)


def _back(short_code: str) -> Response:
    return back(f"/app/{short_code}/settings", CHANGED)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused([f"{text} is not a date."]) from None
