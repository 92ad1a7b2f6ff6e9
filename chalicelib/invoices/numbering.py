"""Invoice numbers: a tenant's prefix and a counter, without gaps; or those that Xero gives.

The counter moves in the same transaction that gives its numbers to invoices, so that a crash
leaves no number without an invoice. Where Xero numbers, invoices go there without a number and
are known again by their address alone.
"""

from dataclasses import dataclass

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import InvalidInput
from chalicelib.people import tenants
from chalicelib.storage.rows import Row

DIGITS = 5
BY_XERO = "xero"
LARGEST = 999_999_999


class NumberingRow(Row):
    """The next number of a tenant."""

    table = "tenants"

    class Meta:
        pass

    next_number = NumberAttribute()


@dataclass(slots=True)
class Numbering:
    """Hands out numbers from ``start`` on; what was handed out counts once ``keep_in`` is stored.

    Those of ``by_xero`` are empty. ``telling`` is the tenant's, read along with its prefix.
    """

    prefix: str
    start: int
    taken: int = 0
    by_xero: bool = False
    telling: bool = False

    def take(self) -> str:
        """The next number, such as INV-00042, or nothing where Xero gives it."""
        if self.by_xero:
            return ""
        self.taken += 1
        return f"{self.prefix}{self.start + self.taken - 1:0{DIGITS}d}"


def load(tenant_id: str) -> Numbering:
    """The numbering as it stands; two requests."""
    try:
        start = int(NumberingRow.get(tenant_id, "numbering", consistent_read=True).next_number)
    except DoesNotExist:
        start = 1
    tenant = tenants.get(tenant_id)
    by_xero = tenant.numbering == BY_XERO
    return Numbering(tenant.invoice_prefix, start, by_xero=by_xero, telling=tenant.telling)


def begin_at(tenant_id: str, number: int) -> None:
    """Let the next number be this one; raises InvalidInput for one that may be given already."""
    if not 1 <= number <= LARGEST:
        raise InvalidInput(f"The next number is 1 to {LARGEST:,}.", field="next_invoice_number")
    later = NumberingRow.next_number <= number
    try:
        NumberingRow(tenant_id, "numbering").update(
            actions=[NumberingRow.next_number.set(number)],
            condition=later | NumberingRow.next_number.does_not_exist(),
        )
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        raise InvalidInput(
            "Numbers are given once and in order: choose a later one.",
            field="next_invoice_number",
        ) from None


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
