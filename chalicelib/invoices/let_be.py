"""Letting a difference from Xero be, for a reason: no more is said of it until it is another."""

from dataclasses import replace

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import InvalidInput
from chalicelib.invoices import store
from chalicelib.invoices.accept import demand_seen, told
from chalicelib.invoices.model import Invoice
from chalicelib.people.caller import Caller

LONGEST_REASON = 200


def let_be(caller: Caller, invoice_id: str, seen: str, reason: str) -> Invoice:
    """Ignore exactly these differences; any other is flagged again.

    ``seen`` tells those that somebody looked at. Raises NotFound, InvalidInput for a reason of no
    or too many words, and Conflict where nothing differs, or something else than was seen.
    """
    words = " ".join(reason.split())
    if not 1 <= len(words) <= LONGEST_REASON:
        raise InvalidInput("Give the reason, in at most 200 characters.", field="reason")
    invoice = store.get(caller.tenant_id, invoice_id)
    drift = demand_seen(invoice, seen)
    trail.record(caller, "drift.ignore", f"invoice:{invoice_id}", reason=words, **told(invoice))
    ignored = replace(
        drift,
        ignored=words,
        ignored_by=caller.name,
        ignored_at=wiring.current().clock.now(),
    )
    return store.save(caller.tenant_id, replace(invoice, drift=ignored))
