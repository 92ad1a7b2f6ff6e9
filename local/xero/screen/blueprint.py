"""The blueprint of the screen: its home page, its words for amounts and days, refusals."""

from datetime import date, datetime
from decimal import Decimal

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from local.xero.books.errors import NotFound, Refused
from local.xero.present import locked, refuse_other_sites, world
from local.xero.world import Organisation

blueprint = Blueprint(
    "screen", __name__, template_folder="templates", static_folder="static",
    static_url_path="/static",
)  # fmt: skip
blueprint.before_request(refuse_other_sites)


@blueprint.after_request
def guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return response


@blueprint.get("/")
@locked
def home() -> str:
    """Every organisation, and who may sign in."""
    here = world()
    return render_template(
        "screen/home.html", organisations=here.organisations.values(), users=here.users.values()
    )


def organisation(short_code: str) -> Organisation:
    """The organisation of an address; answers 404 when there is none."""
    found = world().organisation_by_short_code(short_code)
    return found or abort(404)


def back(address: str, said: str) -> Answer:
    """To the page the person came from, with a word about what was done."""
    flash(said)
    return redirect(address, 303)


@blueprint.errorhandler(NotFound)
def not_found(error: NotFound) -> tuple[str, int]:
    return render_template("screen/refused.html", messages=error.messages), 404


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> tuple[str, int]:
    came_from = request.referrer
    return render_template("screen/refused.html", messages=error.messages, back=came_from), 409


@blueprint.app_template_filter("money")
def money(amount: Decimal | None) -> str:
    """An amount with two decimals and thousands separated."""
    return "" if amount is None else f"{amount:,.2f}"


@blueprint.app_template_filter("day")
def day(value: date | datetime | None) -> str:
    """A day as a person writes it."""
    return "" if value is None else f"{value.day} {value:%b %Y}"
