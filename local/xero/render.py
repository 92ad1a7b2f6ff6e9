"""Xero's default format: an answer becomes XML unless the caller asked for JSON."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Request, Response

MOMENT = re.compile(r"^/Date\((-?\d+)(?:[+-]\d{4})?\)/$")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
IRREGULAR = {
    "Addresses": "Address",
    "HistoryRecords": "HistoryRecord",
    "Tracking": "TrackingCategory",
}


def wants_json(request: Request) -> bool:
    """Whether ``Accept`` names JSON; a wildcard does not."""
    named = {value.lower() for value, quality in request.accept_mimetypes if quality > 0}
    return any(value.endswith(("/json", "+json")) for value in named)


def as_asked(request: Request, response: Response) -> Response:
    """The same answer, its JSON turned into XML when JSON was not asked for."""
    return response if wants_json(request) else as_xml(response)


def as_xml(response: Response) -> Response:
    """The same answer, its JSON turned into XML; any other is left as it is."""
    if response.mimetype != "application/json":
        return response
    try:
        tree = json.loads(response.get_data())
    except ValueError:
        return response
    root = Element("ApiException" if response.status_code >= 400 else "Response")
    _fill(root, tree)
    response.set_data(tostring(root, encoding="utf-8", xml_declaration=True))
    response.mimetype = "text/xml"
    return response


def _fill(parent: Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, item in value.items():
            if item is not None:
                _fill(SubElement(parent, name), item)
    elif isinstance(value, list):
        for item in value:
            _fill(SubElement(parent, singular(parent.tag)), item)
    else:
        parent.text = _text(value)


def singular(name: str) -> str:
    """What one element of a list is called."""
    if name in IRREGULAR:
        return IRREGULAR[name]
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name.removesuffix("s") if name.endswith("s") else "Item"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    found = MOMENT.match(value) if isinstance(value, str) else None
    if found:
        moment = EPOCH + timedelta(milliseconds=int(found.group(1)))
        return moment.replace(tzinfo=None).isoformat()
    return str(value)
