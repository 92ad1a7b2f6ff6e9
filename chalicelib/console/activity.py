"""Activity → Exchanges with Xero: each call that did or failed something."""

from typing import Any
from urllib.parse import urlencode

from chalicelib.clock import parse_stamp
from chalicelib.console import job_names
from chalicelib.console.routing import Page, Pages, Visit
from chalicelib.dispatch.exchanges import (
    CONSENT,
    DISCONNECT,
    RENEWAL,
    Exchange,
    Outcome,
    Wanted,
    listing,
)
from chalicelib.dispatch.failures import sentence_of
from chalicelib.dispatch.kinds import PURPOSES

pages = Pages(__name__)

HERE = "/activity"
LISTED = 50
OUTSIDE = (CONSENT, RENEWAL, DISCONNECT)
WORDS = {Outcome.DONE: "Done", Outcome.PARTLY: "In part", Outcome.FAILED: "Failed"}
TONES = {Outcome.DONE: "good", Outcome.PARTLY: "warn", Outcome.FAILED: "bad"}


@pages.get(HERE)
def show(visit: Visit) -> Page:
    """What was exchanged with Xero, newest first, narrowed as the form says."""
    from chalicelib.invoices import store

    asked = {name: visit.query.get(name, "") for name in ("kind", "outcome", "invoice_id")}
    invoice_id = asked["invoice_id"]
    invoice = store.get(visit.tenant_id, invoice_id) if invoice_id else None
    found = listing(
        visit.tenant_id, Wanted(**asked), limit=LISTED, after=visit.query.get("cursor")
    )
    following = urlencode({**asked, "cursor": found.next or ""})
    values: dict[str, Any] = {
        "exchanges": [_shown(one) for one in found],
        "kinds": [(kind, job_names.name(kind)) for kind in sorted({*PURPOSES, *OUTSIDE})],
        "outcomes": [(one.value, words) for one, words in WORDS.items()],
        "asked": asked,
        "invoice": invoice,
        "tones": TONES,
        "next": f"{HERE}?{following}" if found.next else "",
    }
    return Page("activity.html", values)


def _shown(one: Exchange) -> dict[str, Any]:
    return {
        "at": parse_stamp(one.at),
        "name": job_names.name(one.kind) if one.kind else "Connection",
        "job_id": one.job_id if one.job_id and not one.job_id.startswith("tick.") else "",
        "call": f"{one.method} {one.path.removeprefix('/api.xro/2.0')}",
        "status": one.status,
        "sentence": sentence_of(one.failure) or one.said or "Done.",
        "outcome": one.outcome,
        "words": WORDS[one.outcome],
        "correlation_id": one.correlation_id,
        "milliseconds": one.milliseconds,
        "invoice_ids": one.invoice_ids,
    }
