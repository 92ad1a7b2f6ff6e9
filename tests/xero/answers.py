"""The answers Xero is documented to give when it does not do what was asked."""

from typing import Any

from chalicelib.xero.errors import (
    XeroCallError,
    XeroForbidden,
    XeroIdempotencyMisuse,
    XeroNotFound,
    XeroRateLimited,
    XeroRejected,
    XeroScopeMissing,
    XeroTokenExpired,
    XeroUnauthorised,
)

JSON = "application/json; charset=utf-8"
HTML = "<html><head><style>p{}</style></head><body><h1>Service Unavailable</h1></body></html>"
XML = (
    "<ApiException><ErrorNumber>20</ErrorNumber><Message>Not implemented</Message></ApiException>"
)
NOT_FOUND = "The resource you're looking for cannot be found"
SERVER_ERROR = {
    "Title": "An error occurred",
    "Detail": "An error occurred in Xero. Check the API Status page",
    "Status": 500,
    "Instance": "i",
}


def problem(status: int, detail: str) -> dict[str, Any]:
    """Problem JSON as it comes with 401 and 403."""
    return {
        "Type": None,
        "Title": "Forbidden",
        "Status": status,
        "Detail": detail,
        "Instance": "7b1d",
        "Extensions": {},
    }


def refusal(message: str, number: int = 10, kind: str = "ValidationException") -> dict[str, Any]:
    """The body of a 400."""
    return {
        "ErrorNumber": number,
        "Type": kind,
        "Message": "A validation exception occurred",
        "Elements": [{"ValidationErrors": [{"Message": message}]}],
    }


def reply(
    status: int, body: Any = "", kind: str = "text/plain", **headers: str
) -> dict[str, Any]:
    """An answer as ``responses`` takes it; a dict is sent as JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, dict):
        return {"status": status, "json": body, "headers": named}
    return {"status": status, "body": body, "content_type": kind, "headers": named}


MISUSED = {"Message": "Idempotency Key: k is used with a different request."}
BAD_JSON = refusal("JSON for post data was invalid", 14, "PostDataInvalidException")
SCOPE = 'Bearer error="insufficent_scope"'

REFUSED: dict[str, tuple[dict[str, Any], type[XeroCallError]]] = {
    "validation": (reply(400, refusal("Invoice # must be unique.")), XeroRejected),
    "bad json": (reply(400, BAD_JSON), XeroRejected),
    "text 400": (reply(400, "no"), XeroRejected),
    "key misused": (reply(400, MISUSED), XeroIdempotencyMisuse),
    "expired": (reply(401, problem(401, "TokenExpired: token expired at")), XeroTokenExpired),
    "invalid token": (reply(401, problem(401, "AuthenticationUnsuccessful")), XeroUnauthorised),
    "empty 401": (reply(401), XeroUnauthorised),
    "scope": (
        reply(401, problem(401, "A"), WWW_Authenticate="insufficient_scope"),
        XeroScopeMissing,
    ),
    "scope as the FAQ spells it": (reply(401, WWW_Authenticate=SCOPE), XeroScopeMissing),
    "disconnected": (reply(403, problem(403, "AuthenticationUnsuccessful")), XeroForbidden),
    "old TLS": (reply(403, HTML, "text/html"), XeroForbidden),
    "text 404": (reply(404, NOT_FOUND), XeroNotFound),
    "html 404": (reply(404, HTML, "text/html"), XeroNotFound),
    "412": (reply(412), XeroRejected),
    "xml 415": (reply(415, XML, "application/xml"), XeroRejected),
    "xml 501": (reply(501, XML, "text/xml"), XeroRejected),
    "429": (reply(429), XeroRateLimited),
}
"""Nothing was done, whether it was a read or a write."""

BROKEN: dict[str, dict[str, Any]] = {
    "html 503": reply(503, HTML, "text/html"),
    "text 503": reply(503, "offline"),
    "empty 504": reply(504),
    "json 500": reply(500, SERVER_ERROR),
    "502": reply(502),
    "408": reply(408),
    "redirect": reply(302, Location="https://elsewhere.test"),
}
"""A read may be tried again; a write may have been done."""

MANGLED: dict[str, dict[str, Any]] = {
    "html": reply(200, HTML, "text/html"),
    "xml": reply(200, "<Response/>", "text/xml"),
    "empty": reply(200),
    "truncated json": reply(200, '{"Invoices":[{"Invo', JSON),
    "a list": reply(200, "[]", JSON),
    "no list": reply(200, {"Invoices": "none"}),
    "a list of text": reply(200, {"Invoices": ["none"]}),
}
"""Success by its status, and not what was asked for."""
