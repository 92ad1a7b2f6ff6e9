"""Leaving an invoice that has ended in Xero as it is, with a reason: its work stays on it."""

from dataclasses import replace

from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import store
from chalicelib.invoices.model import Invoice
from chalicelib.people.caller import Caller

LONGEST_REASON = 200


def leave(caller: Caller, invoice_id: str, reason: str) -> Invoice:
    """Say why nothing becomes of it, which is shown in the place of the choices.

    They stay open all the same. Raises NotFound, InvalidInput, and Conflict for one that stands.
    """
    said = " ".join(reason.split())
    if not 1 <= len(said) <= LONGEST_REASON:
        raise InvalidInput("Give a reason of 1 to 200 characters.", field="reason")
    invoice = store.get(caller.tenant_id, invoice_id)
    if not invoice.taken_back:
        raise Conflict("Xero has this invoice as it was sent.")
    trail.record(caller, "invoice.leave", f"invoice:{invoice_id}", reason=said)
    told = f"{caller.name or caller.actor} left it so: {said}"
    return store.save(caller.tenant_id, replace(invoice, left_because=told))
