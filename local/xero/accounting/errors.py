"""Answers that are not a success, as Xero words them."""

from typing import Any

import msgspec
from flask import Response

NOT_FOUND = "The resource you're looking for cannot be found"


class AnswerError(Exception):
    """Ends the handling of a request with the answer it carries."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def not_found() -> AnswerError:
    """Xero's 404 is plain text."""
    return AnswerError(Response(NOT_FOUND, 404, mimetype="text/plain"))


def api_exception(number: int, kind: str, message: str, **more: Any) -> AnswerError:
    """A 400 in Xero's own shape."""
    body = {"ErrorNumber": number, "Type": kind, "Message": message, **more}
    return AnswerError(Response(msgspec.json.encode(body), 400, mimetype="application/json"))


def bad_json(detail: str) -> AnswerError:
    return api_exception(
        14, "PostDataInvalidException", f"JSON for post data was invalid,{detail}"
    )


def no_data(element: str) -> AnswerError:
    return api_exception(
        17,
        "NoDataProcessedException",
        "No data has been processed for this endpoint. This endpoint is expecting "
        f"{element} data to be specifed in the request body.",
    )


def bad_query(message: str) -> AnswerError:
    """A where or order clause that Xero cannot read."""
    return api_exception(16, "QueryParseException", message)
