"""The blueprint that every control route hangs on, and how it takes and refuses orders."""

import json
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, request

from local.xero.books.errors import NotFound, Refused
from local.xero.present import refuse_other_sites

blueprint = Blueprint("control", __name__, url_prefix="/_control")
blueprint.before_request(refuse_other_sites)


class OrderError(Exception):
    """An order that makes no sense; answered 400 with the sentence."""


def body(number: type = float) -> dict[str, Any]:
    """The JSON object sent, fractions as ``number``; empty when nothing was sent."""
    text = request.get_data() or b"{}"
    whole = int if number is float else number
    try:
        tree = json.loads(text, parse_float=number, parse_int=whole)
    except ValueError as error:
        raise OrderError(f"The body is not JSON: {error}") from error
    if not isinstance(tree, dict):
        raise OrderError("The body must be a JSON object.")
    return tree


def done(**facts: Any) -> Response:
    """A plain yes, with what there is to tell."""
    return jsonify({"ok": True, **facts})


def read_day(text: Any) -> date | None:
    """A day as YYYY-MM-DD; nothing for nothing."""
    return date.fromisoformat(text) if text else None


def needed(name: str) -> str:
    """What the order says under this name; refuses an order that says nothing."""
    value = body().get(name)
    if not value:
        raise OrderError(f"Say {name}.")
    return str(value)


@blueprint.errorhandler(OrderError)
def senseless(error: OrderError) -> tuple[Response, int]:
    return jsonify({"ok": False, "messages": [str(error)]}), 400


@blueprint.errorhandler(TypeError)
@blueprint.errorhandler(ValueError)
def misshapen(error: Exception) -> tuple[Response, int]:
    return jsonify({"ok": False, "messages": [f"{type(error).__name__}: {error}"]}), 400


@blueprint.errorhandler(KeyError)
def missing(error: KeyError) -> tuple[Response, int]:
    return jsonify({"ok": False, "messages": [f"There is no {error}."]}), 404


@blueprint.errorhandler(NotFound)
def not_found(error: NotFound) -> tuple[Response, int]:
    return jsonify({"ok": False, "messages": error.messages}), 404


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> tuple[Response, int]:
    return jsonify({"ok": False, "messages": error.messages}), 409
