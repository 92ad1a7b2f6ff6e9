"""The door for Xero's webhooks: 200 for what Xero signed, 401 for anything else, both empty."""

from chalice.app import Blueprint, Response

from chalicelib import log
from chalicelib.connection.app import credentials
from chalicelib.routing import COMMON_HEADERS
from chalicelib.webhooks.signature import signed

webhooks = Blueprint(__name__)

TYPES = ["application/json", "text/json", "text/plain", "application/octet-stream"]


@webhooks.route("/webhooks/xero", methods=["POST"], content_types=TYPES)
def receive() -> Response:
    """Take in a delivery, or prove to Xero that forged ones are refused.

    Xero waits five seconds and wants no body. What cannot be stored answers 500, so that Xero
    delivers it again.
    """
    request = webhooks.current_request
    raw = request.raw_body
    body = raw.encode() if isinstance(raw, str) else raw
    if not signed(body, request.headers.get("x-xero-signature", ""), credentials().webhook_key):
        return _answer(401)
    try:
        from chalicelib.webhooks import inbox

        inbox.take_in(inbox.news(body))
    except Exception as error:  # noqa: BLE001  the last door: Xero sees no page of ours
        log.event("webhook_failed", error=type(error).__name__)
        return _answer(500)
    return _answer(200)


def _answer(status: int) -> Response:
    return Response("", status_code=status, headers=dict(COMMON_HEADERS))
