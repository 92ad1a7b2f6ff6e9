"""The blueprint all accounting endpoints hang on, and what an unknown one answers."""

from flask import Blueprint, Response, g, request

from local.xero.accounting.errors import AnswerError, not_found
from local.xero.accounting.unknown import report
from local.xero.books import Books, NotFound

blueprint = Blueprint("accounting", __name__, url_prefix="/api.xro/2.0")

_EVERY_METHOD = ("GET", "PUT", "POST", "DELETE", "PATCH")


def books() -> Books:
    """The books the request is about."""
    found: Books = g.books
    return found


@blueprint.errorhandler(AnswerError)
def answer_error(error: AnswerError) -> Response:
    return error.response


@blueprint.errorhandler(NotFound)
def missing(_error: NotFound) -> Response:
    return not_found().response


@blueprint.route("/", defaults={"rest": ""}, methods=_EVERY_METHOD)
@blueprint.route("/<path:rest>", methods=_EVERY_METHOD)
def unknown(rest: str) -> Response:
    report(f"no endpoint {request.method} /{rest}")
    return not_found().response
