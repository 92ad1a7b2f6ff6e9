"""Leaving an invoice that has ended in Xero as it is, with a reason: its work stays on it."""

from dataclasses import replace

from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import put_back, store
from chalicelib.invoices.model import Invoice
from chalicelib.people.caller import Caller

LONGEST_REASON = 200


def leave(
    caller: Caller, invoice_id: str, reason: str, *, put_work_back: bool = False
) -> Invoice:
    """Say why nothing becomes of it, which is shown in the place of the choices.

    They stay open all the same. One whose credit note was taken back in Xero stands again, and
    is left standing; with ``put_work_back`` it has again what is unbilled of its work. Raises
    NotFound, InvalidInput, and Conflict for one that stands as it was sent.
    """
    said = " ".join(reason.split())
    if not 1 <= len(said) <= LONGEST_REASON:
        raise InvalidInput("Give a reason of 1 to 200 characters.", field="reason")
    invoice = store.get(caller.tenant_id, invoice_id)
    if not (invoice.taken_back or invoice.credits_lost):
        raise Conflict("Xero has this invoice as it was sent.")
    if put_work_back and invoice.taken_back:
        raise Conflict("It bills nothing any more, so its work is not put back on it.")
    trail.record(caller, "invoice.leave", f"invoice:{invoice_id}", reason=said)
    told = f"{caller.name or caller.actor} left it so: {said}"
    if put_work_back:
        put_back.start(caller, invoice)
        invoice = store.get(caller.tenant_id, invoice_id)
    left = replace(invoice, left_because=told, credits_lost=0)
    return store.save(caller.tenant_id, left)
