"""Taking everything off an invoice that it holds: work, parts of fixed prices, deposits."""

from chalicelib.invoices import deposits
from chalicelib.work import claims, draws


def release(tenant_id: str, invoice_id: str) -> int:
    """Free all that an invoice holds; answers how many pieces of work that were.

    Safe to repeat, and to finish when it stopped half-way.
    """
    released = claims.release(tenant_id, invoice_id)
    draws.release(tenant_id, invoice_id)
    deposits.release(tenant_id, invoice_id)
    return released
