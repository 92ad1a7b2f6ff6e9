"""The lines that take a deposit off a later invoice: to the accounts and taxes it came in on."""

from collections.abc import Callable
from decimal import Decimal

from chalicelib.invoices.discounts import kinds_of
from chalicelib.invoices.line import ZERO, Line, Part, Work
from chalicelib.invoices.model import Invoice
from chalicelib.money import share_out


def lines_of(
    deposit: Invoice, amount: Decimal, percent_of: Callable[[str], Decimal]
) -> tuple[Line, ...]:
    """Negative lines of this amount together, shared out as the deposit's own lines are.

    ``amount`` is at most the deposit. The percentages are those of now.
    """
    kinds = kinds_of(deposit.lines)
    shares = share_out(amount, [weight for _, weight in kinds])
    what = f"Less deposit {deposit.number}".rstrip()
    return tuple(
        Line(
            description=f"{what} of {deposit.date.isoformat()}",
            quantity=Decimal(1),
            unit_price=-share,
            account_code=like.account_code,
            tax_type=like.tax_type,
            tax_percent=percent_of(like.tax_type),
            tracking=like.tracking,
            work=Work(deposit_id=deposit.invoice_id),
            line_id=f"deposit-{deposit.invoice_id}-{place}",
            part=Part.DEDUCTION,
        )
        for place, ((like, _), share) in enumerate(zip(kinds, shares, strict=True), start=1)
        if share != ZERO
    )


def deposits_in(invoice: Invoice) -> set[str]:
    """The deposits that an invoice's lines take off."""
    return {line.work.deposit_id for line in invoice.lines if line.work and line.work.deposit_id}
