"""Invoice numbers: a tenant's prefix and a counter, without gaps; or those that Xero gives.

The counter moves in the same transaction that gives its numbers to invoices, so that a crash
leaves no number without an invoice. Where Xero numbers, invoices go there without a number and
are known again by their address alone.
"""

from dataclasses import dataclass

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import InvalidInput
from chalicelib.people import tenants
from chalicelib.people.model import Tenant
from chalicelib.storage import read_many
from chalicelib.storage.rows import Row

NUMBERING = "numbering"
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

    Those of ``by_xero`` are empty. ``telling`` and ``after_sending`` are the tenant's, read along
    with its prefix.
    """

    prefix: str
    start: int
    taken: int = 0
    by_xero: bool = False
    telling: bool = False
    after_sending: tuple[str, ...] = ()

    def take(self) -> str:
        """The next number, such as INV-00042, or nothing where Xero gives it."""
        if self.by_xero:
            return ""
        self.taken += 1
        return f"{self.prefix}{self.start + self.taken - 1:0{DIGITS}d}"


def load(tenant_id: str) -> Numbering:
    """The numbering as it stands; one request."""
    row, tenant = read_many.read([key(tenant_id), tenants.key(tenant_id)])
    return found_in(row, tenants.tenant_of(tenant))


def key(tenant_id: str) -> NumberingRow:
    """The row to read where the counter is read together with others; ``found_in`` reads it."""
    return NumberingRow(tenant_id, NUMBERING)


def found_in(row: NumberingRow | None, tenant: Tenant) -> Numbering:
    """The numbering of a tenant whose counter is in a row; none yet: it begins at 1."""
    start = int(row.next_number) if row else 1
    by_xero = tenant.numbering == BY_XERO
    return Numbering(
        tenant.invoice_prefix,
        start,
        by_xero=by_xero,
        telling=tenant.telling,
        after_sending=tenant.after_sending,
    )


def begin_at(tenant_id: str, number: int) -> None:
    """Let the next number be this one; raises InvalidInput for one that may be given already."""
    if not 1 <= number <= LARGEST:
        raise InvalidInput(f"The next number is 1 to {LARGEST:,}.", field="next_invoice_number")
    later = NumberingRow.next_number <= number
    try:
        NumberingRow(tenant_id, NUMBERING).update(
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
        NumberingRow(tenant_id, NUMBERING),
        actions=[NumberingRow.next_number.set(numbering.start + numbering.taken)],
        condition=unmoved,
    )
