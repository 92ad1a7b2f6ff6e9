"""Deposits and retainers: invoiced ahead, and taken off later invoices, never more than they are.

A deposit is an invoice of its own kind. How much of it is taken off is counted beside it, and the
count only moves together with the row that says how much a later invoice takes. Only a deposit
that Xero has, and has not ended, can be taken off.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.invoices import store
from chalicelib.invoices.mirror import ENDED
from chalicelib.invoices.model import Invoice, InvoiceKind, InvoiceState
from chalicelib.invoices.rows import INVOICE, InvoiceRow
from chalicelib.storage.rows import Row, transaction_connection

DEPOSIT, DEDUCT = "deposit#", "deduct#"
CENTS = 100
TRIES = 5


class DepositRow(Row):
    """That an invoice of a client is a deposit; it is how a client's deposits are found."""

    table = "invoices"

    class Meta:
        pass

    client_id = UnicodeAttribute()


class DeductionRow(Row):
    """How much of a deposit an invoice takes off; pk is tenant and invoice."""

    table = "invoices"

    class Meta:
        pass

    cents = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit, and how much of it is on no later invoice yet, and how much is.

    One that is ``held`` lets nothing be taken off: a change of its amount is being written.
    """

    invoice: Invoice
    remaining: Decimal
    taken: Decimal = Decimal(0)
    held: bool = False


def keep(tenant_id: str, invoice: Invoice) -> None:
    """Let an invoice be found as a deposit of its client; nothing for any other kind."""
    if invoice.kind is InvoiceKind.DEPOSIT:
        _deposit_row(tenant_id, invoice).save()


def forget(tenant_id: str, invoice: Invoice) -> None:
    """Let an invoice be found no more."""
    if invoice.kind is InvoiceKind.DEPOSIT:
        _deposit_row(tenant_id, invoice).delete()


def of_client(tenant_id: str, client_id: str) -> list[Deposit]:
    """The deposits of a client of which something is left, oldest first."""
    rows = DepositRow.query(tenant_id, DepositRow.sk.startswith(f"{DEPOSIT}{client_id}#"))
    found = [_read(tenant_id, row.sk.rpartition("#")[2]) for row in rows]
    return [one for one in found if one and one.remaining > 0 and _usable(one.invoice)]


def fits(deposit: Invoice, invoice: Invoice) -> bool:
    """Whether this invoice may take this deposit off: same client, currency, taxes and work."""
    same = (deposit.client_id, deposit.currency, deposit.line_amount_types) == (
        invoice.client_id,
        invoice.currency,
        invoice.line_amount_types,
    )
    for_it = not deposit.project_ids or set(deposit.project_ids) & set(invoice.project_ids)
    return same and bool(for_it) and invoice.kind is InvoiceKind.STANDARD


def deduct(
    tenant_id: str, invoice: Invoice, deposit_id: str, amount: Decimal | None, most: Decimal
) -> Decimal:
    """Take an amount of a deposit off an invoice; with None as much as is left, up to ``most``.

    Deducting again for the same invoice changes nothing and answers with what it takes. Raises
    NotFound, InvalidInput for a deposit that does not fit, and Conflict for more than is left.
    """
    for _ in range(TRIES):
        held = _held(tenant_id, invoice.invoice_id, deposit_id)
        if held is not None:
            return Decimal(held) / CENTS
        deposit = get(tenant_id, deposit_id)
        wanted = wanted_of(deposit, invoice, amount, most)
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                deduct_in(transaction, tenant_id, invoice.invoice_id, deposit.invoice, wanted)
        except TransactWriteError:
            continue
        return wanted
    raise Conflict("The deposit is being billed by others. Try again.")


def wanted_of(
    deposit: Deposit, invoice: Invoice, amount: Decimal | None, most: Decimal
) -> Decimal:
    """How much of a deposit to take off as it stands now; raises as ``deduct`` does."""
    number = deposit.invoice.number or "This deposit"
    if not fits(deposit.invoice, invoice):
        raise InvalidInput(
            f"{number} is for another client, project or currency, or has its tax another way.",
            field="deduct",
        )
    if not _usable(deposit.invoice):
        raise Conflict(f"{number} is not in Xero, so it cannot be taken off yet.")
    if deposit.held:
        raise Conflict(f"A change of {number} is being written to Xero. Try again after that.")
    wanted = min(deposit.remaining, most) if amount is None else amount
    if not 0 < wanted <= deposit.remaining:
        left = f"{deposit.remaining:,.2f} {invoice.currency}" if deposit.remaining else "Nothing"
        raise Conflict(f"{left} is left of {number}.", field="deduct")
    if wanted > most:
        raise InvalidInput("The invoice is smaller than what is taken off.", field="deduct")
    return wanted


def get(tenant_id: str, deposit_id: str) -> Deposit:
    """A deposit; raises NotFound for any other invoice, too."""
    found = _read(tenant_id, deposit_id)
    if found is None:
        raise NotFound("There is no such deposit.")
    return found


def deducted(tenant_id: str, invoice: Invoice) -> Decimal:
    """How much of a deposit is on later invoices; nothing for any other kind."""
    if invoice.kind is not InvoiceKind.DEPOSIT:
        return Decimal(0)
    found = _read(tenant_id, invoice.invoice_id)
    return found.taken if found else Decimal(0)


def ended_among(tenant_id: str, deposit_ids: Iterable[str]) -> set[str]:
    """Those that Xero has no more, so that nothing may be taken off for them."""
    found = {one: _read(tenant_id, one) for one in deposit_ids}
    return {key for key, one in found.items() if one is None or not _usable(one.invoice)}


def release(tenant_id: str, invoice_id: str) -> Decimal:
    """Give back what an invoice takes off deposits; answers how much that was.

    Safe to repeat, and to finish when it stopped half-way.
    """
    given = Decimal(0)
    for deposit_id, cents in list(_deductions(tenant_id, invoice_id)):
        if _give_back(tenant_id, invoice_id, deposit_id, cents):
            given += Decimal(cents) / CENTS
    return given


def move(tenant_id: str, before: str, after: str) -> None:
    """Let another invoice take off what this one takes off deposits; safe to repeat."""
    for deposit_id, cents in list(_deductions(tenant_id, before)):
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.delete(
                _deduction_row(tenant_id, before, deposit_id),
                condition=DeductionRow.cents == cents,
            )
            row = _deduction_row(tenant_id, after, deposit_id)
            row.cents = cents
            transaction.save(row, condition=DeductionRow.pk.does_not_exist())


def deduct_in(
    transaction: TransactWrite, tenant_id: str, invoice_id: str, deposit: Invoice, amount: Decimal
) -> None:
    """Add to a transaction that an invoice takes this off; it fails where less is left."""
    cents, most = int(amount * CENTS), int(deposit.deposit * CENTS)
    row = _deduction_row(tenant_id, invoice_id, deposit.invoice_id)
    row.cents = cents
    transaction.save(row, condition=DeductionRow.pk.does_not_exist())
    transaction.update(
        InvoiceRow(tenant_id, INVOICE + deposit.invoice_id),
        actions=[InvoiceRow.deducted_cents.add(cents)],
        condition=(InvoiceRow.state == InvoiceState.SENT.value)
        & ~InvoiceRow.xero_status.is_in(*ENDED)
        & (InvoiceRow.deposit_cents == most)
        & (InvoiceRow.deducted_cents <= most - cents),
    )


def hold_in(transaction: TransactWrite, tenant_id: str, deposit: Invoice) -> None:
    """Add to a transaction that nothing is taken off a deposit while its amount is changed.

    It fails where something is. What stores its amount lets it go: ``let_go_in``, or the change.
    """
    transaction.update(
        InvoiceRow(tenant_id, INVOICE + deposit.invoice_id),
        actions=[InvoiceRow.deposit_cents.set(0)],
        condition=InvoiceRow.deducted_cents == 0,
    )


def let_go_in(transaction: TransactWrite, tenant_id: str, deposit: Invoice) -> None:
    """Add to a transaction that a deposit may be taken off again, as large as it is."""
    transaction.update(
        InvoiceRow(tenant_id, INVOICE + deposit.invoice_id),
        actions=[InvoiceRow.deposit_cents.set(int(deposit.deposit * CENTS))],
        condition=InvoiceRow.deposit_cents.exists(),
    )


def give_back_in(
    transaction: TransactWrite, tenant_id: str, invoice_id: str, deposit_id: str
) -> None:
    """Add to a transaction that an invoice takes a deposit off no more; it fails on a change.

    Nothing is added where it takes none of it.
    """
    held = _held(tenant_id, invoice_id, deposit_id)
    if held is not None:
        _put_back_in(transaction, tenant_id, invoice_id, deposit_id, held)


def _usable(deposit: Invoice) -> bool:
    there = deposit.mirror is not None and not deposit.taken_back
    return deposit.state is InvoiceState.SENT and there


def _read(tenant_id: str, invoice_id: str) -> Deposit | None:
    row = store.row_of(tenant_id, invoice_id)
    if row is None or row.deposit_cents is None:
        return None
    whole, taken = int(row.deposit_cents), int(row.deducted_cents)
    invoice = store.invoice_in(row)
    held = not whole and bool(invoice.deposit)
    return Deposit(invoice, Decimal(whole - taken) / CENTS, Decimal(taken) / CENTS, held)


def _held(tenant_id: str, invoice_id: str, deposit_id: str) -> int | None:
    row = _deduction_row(tenant_id, invoice_id, deposit_id)
    try:
        return int(DeductionRow.get(row.pk, row.sk, consistent_read=True).cents)
    except DoesNotExist:
        return None


def _deductions(tenant_id: str, invoice_id: str) -> Iterator[tuple[str, int]]:
    key = f"{tenant_id}#{invoice_id}"
    for row in DeductionRow.query(key, DeductionRow.sk.startswith(DEDUCT), consistent_read=True):
        yield row.sk.removeprefix(DEDUCT), int(row.cents)


def _give_back(tenant_id: str, invoice_id: str, deposit_id: str, cents: int) -> bool:
    """False when somebody else has given it back."""
    for attempt in range(TRIES):
        if _held(tenant_id, invoice_id, deposit_id) is None:
            return False
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                _put_back_in(transaction, tenant_id, invoice_id, deposit_id, cents)
        except TransactWriteError:
            if attempt == TRIES - 1:
                raise
        else:
            return True
    return False


def _put_back_in(
    transaction: TransactWrite, tenant_id: str, invoice_id: str, deposit_id: str, cents: int
) -> None:
    transaction.delete(
        _deduction_row(tenant_id, invoice_id, deposit_id),
        condition=DeductionRow.cents == cents,
    )
    transaction.update(
        InvoiceRow(tenant_id, INVOICE + deposit_id),
        actions=[InvoiceRow.deducted_cents.add(-cents)],
        condition=InvoiceRow.pk.exists(),
    )


def _deposit_row(tenant_id: str, invoice: Invoice) -> DepositRow:
    sk = f"{DEPOSIT}{invoice.client_id}#{invoice.invoice_id}"
    return DepositRow(tenant_id, sk, client_id=invoice.client_id)


def _deduction_row(tenant_id: str, invoice_id: str, deposit_id: str) -> DeductionRow:
    return DeductionRow(f"{tenant_id}#{invoice_id}", DEDUCT + deposit_id)
