"""What becomes of a delivery: one wish to look per organisation, however many events it has.

An event says that something changed, never what; so events are hints, and nothing in them is
kept but whose books to look at. Doubled, late and disordered ones do no harm.
"""

from collections.abc import Sequence

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


class Event(msgspec.Struct, frozen=True, rename="camel"):
    """One event, as far as it is used; Xero's "tenant" is an organisation."""

    tenant_id: str = ""
    tenant_type: str = ORGANISATION
    event_category: str = ""


class Delivery(msgspec.Struct, frozen=True):
    """The body of a delivery; unknown fields are ignored, no events are no news."""

    events: list[Event] | None = None


def organisations(body: bytes) -> list[str]:
    """The organisations whose invoices may have changed, each once; none of an unread body."""
    try:
        events = msgspec.json.decode(body, type=Delivery).events or []
    except msgspec.MsgspecError:
        return []
    return list(dict.fromkeys(event.tenant_id for event in events if _heard(event)))


def take_in(organisation_ids: Sequence[str]) -> None:
    """Leave one wish to look in each organisation's lane, and wake them.

    Whether an organisation is connected here is for the worker to find out.
    """
    if not organisation_ids:
        return
    store.ask_all([_hint(organisation_id) for organisation_id in organisation_ids])
    wake(organisation_ids[:MOST_WOKEN])


def _hint(organisation_id: str) -> Job:
    return enqueue.job(
        STATUS_KIND,
        organisation_id,
        "",
        priority=Priority.HINT,
        created_by="system:webhooks",
        name=STATUS_KIND,
    )


def _heard(event: Event) -> bool:
    return (
        event.event_category.upper() in HEARD
        and event.tenant_type.upper() == ORGANISATION
        and 0 < len(event.tenant_id) <= LONGEST_ID
    )
