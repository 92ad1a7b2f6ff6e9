"""Storing a change of an invoice together with what it tells other programs."""

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict
from chalicelib.events.outbox import Teller
from chalicelib.invoices import happened, store
from chalicelib.invoices.model import Invoice
from chalicelib.storage.rows import transaction_connection


def save(before: Invoice, after: Invoice, teller: Teller) -> Invoice:
    """Store ``after`` as ``store.save`` does, and what is told of it, or neither.

    Whoever called for several wakes the teller in the end. Raises Conflict as ``store.save``.
    """
    happenings = happened.between(before, after)
    if not teller.listens(happenings):
        return store.save(teller.tenant_id, after)
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            stored = store.save_in(transaction, teller.tenant_id, after)
            teller.put_in(transaction, happenings)
    except TransactWriteError:
        raise Conflict(store.CHANGED) from None
    return stored
