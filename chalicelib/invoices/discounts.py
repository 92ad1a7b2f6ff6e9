"""A discount on a whole invoice, as Xero can hold it: as negative lines.

Xero knows discounts on lines only. A line for each account, tax rate and tracking keeps the sums
of the accounts, the tax and the tracking right.
"""

from collections.abc import Iterable
from decimal import Decimal

from chalicelib.errors import InvalidInput
from chalicelib.invoices import totals
from chalicelib.invoices.line import ZERO, Line, Part
from chalicelib.money import round_half_up, share_out

HUNDRED = Decimal(100)
ONE = Decimal(1)


def lines_of(
    lines: Iterable[Line], percent: Decimal | None, amount: Decimal | None
) -> tuple[Line, ...]:
    """The lines that take this discount off, together exactly; none where there is none.

    It is shared out over accounts, tax rates and tracking in proportion to what their lines come
    to; those that come to nothing or less get none. Raises InvalidInput for more than there is.
    """
    if not percent and not amount:
        return ()
    groups = kinds_of(lines)
    weights = [weight for _, weight in groups]
    whole = sum(weights, ZERO)
    total = round_half_up(amount or ZERO if percent is None else whole * percent / HUNDRED)
    if total > whole:
        field = "discount_amount" if percent is None else "discount_percent"
        raise InvalidInput("The discount is more than the invoice.", field=field)
    if not groups:
        return ()
    label = "Discount" if percent is None else f"Discount {percent.normalize():f} %"
    shares = share_out(total, weights)
    return tuple(
        _line(place, label, like, share, len(groups))
        for place, ((like, _), share) in enumerate(zip(groups, shares, strict=True), start=1)
        if share
    )


def kinds_of(lines: Iterable[Line]) -> list[tuple[Line, Decimal]]:
    """A line of each account, tax rate and tracking, and what its kind comes to, if positive."""
    first: dict[tuple[object, ...], Line] = {}
    sums: dict[tuple[object, ...], Decimal] = {}
    for line in lines:
        if not line.text_only:
            key = (line.account_code, line.tax_type, line.tracking or ())
            first.setdefault(key, line)
            sums[key] = sums.get(key, ZERO) + totals.line_amount(line)
    return [(first[key], weight) for key, weight in sums.items() if weight > 0]


def _line(place: int, label: str, like: Line, share: Decimal, groups: int) -> Line:
    options = (entry.option for entry in like.tracking or ())
    codes = " ".join(filter(None, (like.account_code, like.tax_type, *options)))
    return Line(
        description=label if groups == 1 else f"{label} ({codes})",
        quantity=ONE,
        unit_price=-share,
        account_code=like.account_code,
        tax_type=like.tax_type,
        tax_percent=like.tax_percent,
        tracking=like.tracking,
        line_id=f"discount-{place}",
        part=Part.DISCOUNT,
    )
