"""What happened, as a numbered log that a program can read at its own pace."""

from typing import Any

import msgspec

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.errors import InvalidInput
from chalicelib.events import log
from chalicelib.people.caller import Scope
from chalicelib.storage import pages

api = API(__name__)

LONGEST = 12


class EventView(msgspec.Struct):
    """An event: the same bytes that an endpoint gets. ``data`` differs by ``type``."""

    id: str
    number: int
    type: str
    timestamp: str
    data: dict[str, Any]


AFTER = {**query.PAGED, "after": "the number of the last event you had; 0 from the beginning"}


@api.get("/events", scope=Scope.READ, answer=List[EventView], query=AFTER)
def list_events(call: Call) -> List[EventView]:
    """Events with higher numbers than ``after``, the oldest first; kept for ninety days.

    They are kept while there is at least one endpoint, even a paused one.
    """
    place = pages.places(call.query.get("cursor"), 1)
    after = _number(place[0] if place else call.query.get("after", "0"))
    limit = query.limit(call)
    found = log.after(call.tenant_id, after, limit)
    views = [
        EventView(one.event_id, one.number, one.kind, one.at, dict(one.data)) for one in found
    ]
    more = len(found) == limit
    return List(views, pages.cursor(str(found[-1].number)) if more else None)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > LONGEST:
        raise InvalidInput("after is the number of an event.", field="after")
    return int(text)
