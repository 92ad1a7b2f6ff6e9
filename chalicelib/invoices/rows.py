"""Rows of the table of invoices that this area owns."""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    IncludeProjection,
    KeysOnlyProjection,
)

from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.rows import Row

INVOICE = "invoice#"
LINES = "lines#"
LINE_WORK = "work#"
SENT = "sent#"


class ListingIndex(GlobalSecondaryIndex[Any]):
    """A tenant's invoices in the order they were made, and the plans that wait for a date."""

    class Meta:
        index_name = "listing"
        projection = AllProjection()

    listing_key = UnicodeAttribute(hash_key=True)
    listing_order = UnicodeAttribute(range_key=True)


class XeroIndex(GlobalSecondaryIndex[Any]):
    """Our invoices by Xero's id."""

    class Meta:
        index_name = "xero"
        projection = KeysOnlyProjection()

    xero_invoice_id = UnicodeAttribute(hash_key=True)


class OpenIndex(GlobalSecondaryIndex[Any]):
    """A tenant's invoices in one organisation that are not paid, voided or deleted yet."""

    class Meta:
        index_name = "open"
        projection = KeysOnlyProjection()

    open_key = UnicodeAttribute(hash_key=True)


class CalendarIndex(GlobalSecondaryIndex[Any]):
    """A tenant's invoices by their date, with every number that they ever had."""

    class Meta:
        index_name = "calendar"
        projection = IncludeProjection(["numbers", "state", "xero_status"])

    listing_key = UnicodeAttribute(hash_key=True)
    calendar = UnicodeAttribute(range_key=True)
    numbers = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    xero_status = UnicodeAttribute(default="")


class InvoiceRow(Row):
    """An invoice: what is searched by as attributes, all but the lines as JSON in ``head``.

    Of a deposit, ``deducted_cents`` of ``deposit_cents`` are on later invoices. Few lines live in
    ``lines``; many live in the ``LinesRow``s that ``line_set`` names, and
    ``line_rows`` counts them. ``calendar`` begins with its date; ``numbers`` are all that it ever
    had, one to a line.
    """

    table = "invoices"

    class Meta:
        pass

    listing_key = UnicodeAttribute()
    listing_order = UnicodeAttribute()
    calendar = UnicodeAttribute(null=True)
    numbers = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    client_id = UnicodeAttribute()
    xero_status = UnicodeAttribute(default="")
    xero_invoice_id = UnicodeAttribute(null=True)
    open_key = UnicodeAttribute(null=True)
    version = NumberAttribute()
    head = UnicodeAttribute()
    lines = UnicodeAttribute(null=True)
    line_rows = NumberAttribute(default=0)
    line_set = UnicodeAttribute(default="")
    deposit_cents = NumberAttribute(null=True)
    deducted_cents = NumberAttribute(default=0)

    listing = ListingIndex()
    xero = XeroIndex()
    open = OpenIndex()
    dated = CalendarIndex()


class LinesRow(Row):
    """A part of the lines of a large invoice, as text; pk is tenant and invoice."""

    table = "invoices"

    class Meta:
        pass

    part = UnicodeAttribute()


class LineWorkRow(Row):
    """Some of the ids of the records behind one line; pk is tenant and invoice."""

    table = "invoices"

    class Meta:
        pass

    ids = JSONAttribute()


class CallRow(Row):
    """A call to Xero that creates invoices, stored before it is made."""

    table = "invoices"

    class Meta:
        pass

    organisation_id = UnicodeAttribute()
    key = UnicodeAttribute()
    invoice_ids = JSONAttribute()
    body_hash = UnicodeAttribute()
    first_tried_at = UnicodeAttribute()
    key_used_at = UnicodeAttribute()
    tries = NumberAttribute()
    remembered = NumberAttribute(default=0)
    last_tried_at = UnicodeAttribute(null=True)


class DriftRow(Row):
    """Where Xero has an invoice otherwise: the differences, as many as are kept."""

    table = "invoices"

    class Meta:
        pass

    differences = UnicodeAttribute()


class WatermarkRow(Row):
    """Up to when an organisation's changes have been seen, by Xero's own clock."""

    table = "invoices"

    class Meta:
        pass

    seen_until = UnicodeAttribute()


def lines_key(tenant_id: str, invoice_id: str) -> str:
    """The partition of what is too large or too many for the invoice's own row."""
    return f"{tenant_id}#{invoice_id}"
