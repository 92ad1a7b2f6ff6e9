"""What becomes of a delivery: one wish to look per organisation, however many events it has.

An event says that something changed, never what; so events are hints, and nothing in them is
kept but whose books to look at, and which document is said to have changed when: what is known
here as it has been since is no reason to look. Doubled, late and disordered ones do no harm.
"""

from collections.abc import Collection, Mapping

import msgspec

from chalicelib.dispatch import enqueue, store
from chalicelib.dispatch.kinds import STATUS_KIND
from chalicelib.dispatch.model import Job, Priority
from chalicelib.dispatch.wake import wake

HEARD = frozenset({"INVOICE", "CREDITNOTE", "PAYMENT", "PREPAYMENT", "OVERPAYMENT"})
ORGANISATION = "ORGANISATION"
MOST_WOKEN = 10
"""What one request to the queue takes; the minute tick wakes the others."""

LONGEST_ID = 64
LONGEST_HINT = 120


class Event(msgspec.Struct, frozen=True, rename="camel"):
    """One event, as far as it is used; Xero's "tenant" is an organisation."""

    tenant_id: str = ""
    tenant_type: str = ORGANISATION
    event_category: str = ""
    resource_id: str = ""
    event_date_utc: str = ""


class Delivery(msgspec.Struct, frozen=True):
    """The body of a delivery; unknown fields are ignored, no events are no news."""

    events: list[Event] | None = None


def news(body: bytes) -> dict[str, set[str]]:
    """What may have changed, by organisation in their order; nothing of an unread body."""
    try:
        events = msgspec.json.decode(body, type=Delivery).events or []
    except msgspec.MsgspecError:
        return {}
    found: dict[str, set[str]] = {}
    for event in events:
        if _heard(event):
            found.setdefault(event.tenant_id, set()).add(_hint(event))
    return found


def take_in(found: Mapping[str, Collection[str]]) -> None:
    """Leave one wish to look in each organisation's lane, and wake them.

    Whether an organisation is connected here, and whether this is news at all, is for the worker
    to find out.
    """
    if not found:
        return
    store.ask_about([_wish(organisation_id, told) for organisation_id, told in found.items()])
    wake(list(found)[:MOST_WOKEN])


def _wish(organisation_id: str, told: Collection[str]) -> Job:
    wanted = enqueue.job(
        STATUS_KIND,
        organisation_id,
        "",
        priority=Priority.HINT,
        created_by="system:webhooks",
        name=STATUS_KIND,
    )
    wanted.news = frozenset(told)
    return wanted


def _hint(event: Event) -> str:
    """What changed and when, as ``invoices.hints`` reads it."""
    said = f"{event.event_category.upper()} {event.resource_id} {event.event_date_utc}"
    return said if len(said) <= LONGEST_HINT else event.event_category.upper()


def _heard(event: Event) -> bool:
    return (
        event.event_category.upper() in HEARD
        and event.tenant_type.upper() == ORGANISATION
        and 0 < len(event.tenant_id) <= LONGEST_ID
    )
