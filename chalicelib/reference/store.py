"""Where imported lists are kept: one partition per tenant and organisation.

The tenant's present organisation, or its last, says which partition is read, so that what
belongs to other books is never mixed in.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from chalicelib.connection import store as connections
from chalicelib.dispatch import lease
from chalicelib.errors import NotFound
from chalicelib.reference.model import Account, TaxComponent, TaxRate
from chalicelib.storage.attributes import DecimalAttribute, JSONAttribute
from chalicelib.storage.moments import MomentAttribute
from chalicelib.storage.rows import Row

ACCOUNT = "account#"
TAX = "tax#"
CONTACTS = "contacts"


class AccountRow(Row):
    """An account."""

    table = "reference"

    class Meta:
        pass

    code = UnicodeAttribute(default="")
    name = UnicodeAttribute()
    type = UnicodeAttribute(default="")
    class_ = UnicodeAttribute(default="")
    tax_type = UnicodeAttribute(default="")
    status = UnicodeAttribute()
    system_account = UnicodeAttribute(default="")
    account_id = UnicodeAttribute(default="")
    payments = BooleanAttribute(default=False)
    currency = UnicodeAttribute(default="")


class TaxRow(Row):
    """A tax rate."""

    table = "reference"

    class Meta:
        pass

    tax_type = UnicodeAttribute()
    name = UnicodeAttribute()
    effective_rate = DecimalAttribute()
    status = UnicodeAttribute()
    for_revenue = BooleanAttribute()
    report_tax_type = UnicodeAttribute(default="")
    components = JSONAttribute(default=list)


class ContactsRow(Row):
    """How far the contacts of this organisation were read."""

    table = "reference"

    class Meta:
        pass

    watermark = MomentAttribute()


def accounts(tenant_id: str, organisation_id: str = "") -> list[Account]:
    """The whole chart as last imported, by code; ``usable_for_lines`` says what may be used."""
    rows = AccountRow.query(home(tenant_id, organisation_id), AccountRow.sk.startswith(ACCOUNT))
    return [account_of(row) for row in rows]


def account(tenant_id: str, code: str) -> Account:
    """One account by its code; raises NotFound."""
    try:
        return account_of(AccountRow.get(home(tenant_id), ACCOUNT + code))
    except DoesNotExist:
        raise NotFound("There is no such account among those imported from Xero.") from None


def tax_rates(tenant_id: str, organisation_id: str = "") -> list[TaxRate]:
    """All tax rates as last imported; ``usable_for_lines`` says what may be used."""
    rows = TaxRow.query(home(tenant_id, organisation_id), TaxRow.sk.startswith(TAX))
    return [tax_rate_of(row) for row in rows]


def tax_rate(tenant_id: str, tax_type: str) -> TaxRate:
    """One tax rate by its type; raises NotFound."""
    try:
        return tax_rate_of(TaxRow.get(home(tenant_id), TAX + tax_type))
    except DoesNotExist:
        raise NotFound("There is no such tax rate among those imported from Xero.") from None


def keys(
    tenant_id: str, organisation_id: str, codes: Iterable[str], tax_types: Iterable[str]
) -> tuple[list[AccountRow], list[TaxRow]]:
    """The rows to read where these alone are read, together with others."""
    partition = home(tenant_id, organisation_id)
    return (
        [AccountRow(partition, ACCOUNT + code) for code in codes],
        [TaxRow(partition, TAX + tax_type) for tax_type in tax_types],
    )


def put(tenant_id: str, changed: Sequence[Account | TaxRate]) -> None:
    """Store accounts and tax rates in the place of those with their codes; 25 per request."""
    partition = home(tenant_id)
    with AccountRow.batch_write() as batch:
        for item in changed:
            batch.save(_row(partition, item))


def contacts_watermark(tenant_id: str) -> datetime | None:
    """When the latest contact that was imported had changed in Xero; None before the first."""
    try:
        row = ContactsRow.get(home(tenant_id), CONTACTS, consistent_read=True)
    except DoesNotExist:
        return None
    return row.watermark


def put_contacts_watermark(tenant_id: str, watermark: datetime) -> None:
    """Remember how far the contacts were read."""
    ContactsRow(home(tenant_id), CONTACTS, watermark=watermark).save()


def home(tenant_id: str, organisation_id: str = "") -> str:
    """The partition of the tenant's present organisation, or of its last.

    For a job it is the organisation in whose lane it runs, which costs no read, and stays that
    one while a person changes to another. Who knows it already says which it is.
    """
    known = organisation_id or lease.organisation_in_hand(tenant_id)
    return f"{tenant_id}#{known or connections.get(tenant_id).organisation_id}"


def _row(partition: str, item: Account | TaxRate) -> AccountRow | TaxRow:
    if isinstance(item, Account):
        return AccountRow(
            partition,
            ACCOUNT + (item.code or item.account_id),
            code=item.code,
            name=item.name,
            type=item.type,
            class_=item.class_,
            tax_type=item.tax_type,
            status=item.status,
            system_account=item.system_account,
            account_id=item.account_id,
            payments=item.payments,
            currency=item.currency,
        )
    return TaxRow(
        partition,
        TAX + item.tax_type,
        tax_type=item.tax_type,
        name=item.name,
        effective_rate=item.effective_rate,
        status=item.status,
        for_revenue=item.for_revenue,
        report_tax_type=item.report_tax_type,
        components=list(item.components),
    )


def account_of(row: AccountRow) -> Account:
    """The account in a row."""
    return Account(
        code=row.code,
        name=row.name,
        type=row.type,
        class_=row.class_,
        tax_type=row.tax_type,
        status=row.status,
        system_account=row.system_account,
        account_id=row.account_id,
        payments=row.payments,
        currency=row.currency,
    )


def tax_rate_of(row: TaxRow) -> TaxRate:
    """The tax rate in a row."""
    import msgspec

    return TaxRate(
        tax_type=row.tax_type,
        name=row.name,
        effective_rate=row.effective_rate,
        status=row.status,
        for_revenue=row.for_revenue,
        report_tax_type=row.report_tax_type,
        components=msgspec.convert(row.components, tuple[TaxComponent, ...]),
    )
