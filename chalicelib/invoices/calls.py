"""Calls that create invoices in Xero: each is on record before it is made.

A record says which invoices, in which order, under which key and with which bytes. While it is
there, its outcome is not settled; the invoices in it bear its id.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.clock import parse_stamp, stamp
from chalicelib.dispatch.wish import Wish
from chalicelib.errors import Conflict
from chalicelib.events.outbox import Teller
from chalicelib.invoices import happened, store
from chalicelib.invoices.model import UNSETTLED, Invoice
from chalicelib.invoices.numbering import Numbering, keep_in
from chalicelib.invoices.rows import CallRow
from chalicelib.storage.rows import transaction_connection

MOST_INVOICES = 50
"""Xero's advice for one request."""

KEY_REMEMBERED = timedelta(minutes=5)
"""Xero remembers a key for six minutes; the last is left for the way there."""

UNDER_WAY = timedelta(minutes=2)
"""A request that nobody waits for any more may reach Xero so much later."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is open: its outcome is not known, or not stored yet.

    ``first_tried_at`` is where a search among changes begins. ``key_used_at`` is the first use
    of the present key, ``last_tried_at`` the latest repetition. ``remembered`` says that Xero
    answered it with an error, which the same key would only bring back.
    """

    call_id: str
    organisation_id: str
    key: str
    invoice_ids: tuple[str, ...]
    body_hash: str
    first_tried_at: datetime
    key_used_at: datetime
    tries: int = 1
    remembered: bool = False
    last_tried_at: datetime | None = None

    @property
    def quiet_at(self) -> datetime:
        """From when on no attempt can still be on its way to Xero."""
        return (self.last_tried_at or self.key_used_at) + UNDER_WAY

    def same_key_may_serve(self, body_hash: str, now: datetime) -> bool:
        """Whether repeating under the present key cannot create anything twice."""
        return (
            not self.remembered
            and body_hash == self.body_hash
            and now - self.key_used_at < KEY_REMEMBERED
        )


def begin(
    tenant_id: str,
    call: Call,
    invoices: Sequence[Invoice],
    numbering: Numbering,
    wish: Wish | None = None,
) -> list[Invoice]:
    """Put a call on record with its invoices, their numbers and who wished it, all or nothing.

    Raises Conflict when an invoice or the counter changed meanwhile; then nothing is stored.
    """

    def write(transaction: TransactWrite) -> None:
        transaction.save(_row(tenant_id, call), condition=CallRow.pk.does_not_exist())
        keep_in(transaction, tenant_id, numbering)
        for invoice in invoices:
            store.save_in(transaction, tenant_id, invoice)

    try:
        if wish and not wish.kept:
            wish.keep_with(write)
        else:
            with TransactWrite(connection=transaction_connection()) as transaction:
                write(transaction)
    except TransactWriteError:
        raise Conflict(store.CHANGED) from None
    return [replace(invoice, version=invoice.version + 1) for invoice in invoices]


def try_again(tenant_id: str, call: Call, now: datetime, **changes: object) -> Call:
    """Store that a call is about to be repeated; the record is there before the repetition.

    Raises Conflict when somebody else repeated or settled it meanwhile.
    """
    more: dict[str, object] = {"tries": call.tries + 1, "last_tried_at": now, **changes}
    return _change(tenant_id, call, replace(call, **more))  # type: ignore[arg-type]


def remember_error(tenant_id: str, call: Call) -> Call:
    """Store that Xero answered with an error it will repeat under the same key.

    Raises Conflict as ``try_again`` does.
    """
    return _change(tenant_id, call, replace(call, remembered=True))


def _change(tenant_id: str, call: Call, changed: Call) -> Call:
    try:
        _row(tenant_id, changed).save(condition=CallRow.tries == call.tries)
    except PutError as error:
        if error.cause_response_code == store.REFUSED:
            raise Conflict(store.CHANGED) from None
        raise
    return changed


def settle(teller: Teller, call: Call, invoices: Sequence[Invoice], *, close: bool) -> None:
    """Store what became of a call's invoices, and what is told of it, in one transaction.

    With ``close`` the call's record goes too. Where nobody listens it is no request more.
    """
    tenant_id = teller.tenant_id
    happenings = happened.ended(invoices)
    listened = teller.listens(happenings)
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            for invoice in invoices:
                store.save_in(transaction, tenant_id, invoice)
            if close:
                transaction.delete(CallRow(tenant_id, f"call#{call.call_id}"))
            if listened:
                teller.put_in(transaction, happenings)
    except TransactWriteError:
        raise Conflict(store.CHANGED) from None
    teller.wake()


def settle_one(teller: Teller, call: Call, invoice: Invoice) -> None:
    """Store what became of one invoice; the call's record goes with the last in doubt."""
    others = store.get_many(teller.tenant_id, call.invoice_ids).values()
    still = any(
        one.state in UNSETTLED and one.call_id == call.call_id
        for one in others
        if one.invoice_id != invoice.invoice_id
    )
    settle(teller, call, [invoice], close=not still)


def get(tenant_id: str, call_id: str) -> Call | None:
    """An open call; None when it is settled."""
    try:
        row = CallRow.get(tenant_id, f"call#{call_id}", consistent_read=True)
    except DoesNotExist:
        return None
    return Call(
        call_id=call_id,
        organisation_id=row.organisation_id,
        key=row.key,
        invoice_ids=tuple(row.invoice_ids),
        body_hash=row.body_hash,
        first_tried_at=parse_stamp(row.first_tried_at),
        key_used_at=parse_stamp(row.key_used_at),
        tries=int(row.tries),
        remembered=bool(row.remembered),
        last_tried_at=parse_stamp(row.last_tried_at) if row.last_tried_at else None,
    )


def _row(tenant_id: str, call: Call) -> CallRow:
    return CallRow(
        tenant_id,
        f"call#{call.call_id}",
        organisation_id=call.organisation_id,
        key=call.key,
        invoice_ids=list(call.invoice_ids),
        body_hash=call.body_hash,
        first_tried_at=stamp(call.first_tried_at),
        key_used_at=stamp(call.key_used_at),
        tries=call.tries,
        remembered=int(call.remembered),
        last_tried_at=stamp(call.last_tried_at) if call.last_tried_at else None,
    )
