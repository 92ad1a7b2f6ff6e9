"""Invoice numbers: a tenant's prefix and a counter, without gaps.

The counter moves in the same transaction that gives its numbers to invoices, so that a crash
leaves no number without an invoice.
"""

from dataclasses import dataclass

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.transactions import TransactWrite

from chalicelib.people import tenants
from chalicelib.storage.rows import Row

DIGITS = 5


class NumberingRow(Row):
    """The next number of a tenant."""

    table = "tenants"

    class Meta:
        pass

    next_number = NumberAttribute()


@dataclass(slots=True)
class Numbering:
    """Hands out numbers from ``start`` on; what was handed out counts once ``keep`` is stored."""

    prefix: str
    start: int
    taken: int = 0

    def take(self) -> str:
        """The next number, such as INV-00042."""
        self.taken += 1
        return f"{self.prefix}{self.start + self.taken - 1:0{DIGITS}d}"


def load(tenant_id: str) -> Numbering:
    """The numbering as it stands; two requests."""
    try:
        start = int(NumberingRow.get(tenant_id, "numbering", consistent_read=True).next_number)
    except DoesNotExist:
        start = 1
    return Numbering(tenants.get(tenant_id).invoice_prefix, start)


def keep_in(transaction: TransactWrite, tenant_id: str, numbering: Numbering) -> None:
    """Add to a transaction that the numbers are given, on condition that nobody else gave any."""
    if not numbering.taken:
        return
    unmoved = NumberingRow.next_number == numbering.start
    if numbering.start == 1:
        unmoved = unmoved | NumberingRow.next_number.does_not_exist()
    transaction.update(
        NumberingRow(tenant_id, "numbering"),
        actions=[NumberingRow.next_number.set(numbering.start + numbering.taken)],
        condition=unmoved,
    )
