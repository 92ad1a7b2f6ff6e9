"""Where differences from Xero are kept: one row each, beside the invoices of the tenant.

The row is stored before the invoice is flagged and deleted after the flag is gone, so that every
flag has its row. A row without a flag is what a crash left; nobody sees it.
"""

from collections.abc import Sequence

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.invoices import drift, store
from chalicelib.invoices.drift import Difference, Side
from chalicelib.invoices.model import Invoice
from chalicelib.invoices.rows import SENT, DriftRow, LinesRow, lines_key
from chalicelib.storage import pages
from chalicelib.storage.pages import Page

DRIFT = "drift#"
MOST_KEPT = 60
LONGEST = 200
"""Characters of one value: 60 differences of three are at most 144 KB, of DynamoDB's 400."""


def keep(tenant_id: str, invoice_id: str, differences: Sequence[Difference]) -> None:
    """Store the differences of an invoice, long values cut and no more than 60."""
    kept = [_cut(one) for one in differences[:MOST_KEPT]]
    row = DriftRow(tenant_id, DRIFT + invoice_id)
    row.differences = msgspec.json.encode(kept).decode()
    row.save()


def forget(tenant_id: str, invoice_id: str) -> None:
    """Drop what was kept of an invoice; nothing when there is nothing."""
    DriftRow(tenant_id, DRIFT + invoice_id).delete()


def of_invoice(tenant_id: str, invoice: Invoice) -> list[Difference]:
    """What is kept of an invoice's differences; none where it has none."""
    if invoice.drift is None:
        return []
    try:
        row = DriftRow.get(tenant_id, DRIFT + invoice.invoice_id, consistent_read=True)
    except DoesNotExist:
        return []
    return msgspec.json.decode(row.differences, type=list[Difference])


def listing(
    tenant_id: str, *, limit: int, cursor: str | None = None, ignored: bool = False
) -> Page[Invoice]:
    """Invoices that differ, without lines, in the order they were made.

    Those that somebody lets be only with ``ignored``. A page may be short and not the last.
    """
    place = pages.places(cursor, 1)
    rows = DriftRow.query(
        tenant_id,
        DriftRow.sk.startswith(DRIFT),
        limit=limit,
        page_size=limit,
        last_evaluated_key={"pk": {"S": tenant_id}, "sk": {"S": place[0]}} if place else None,
        attributes_to_get=["pk", "sk"],
    )
    ids = [str(row.sk).removeprefix(DRIFT) for row in rows]
    heads = store.heads(tenant_id, ids)
    found = [heads[one] for one in ids if one in heads]
    shown = [one for one in found if one.drift and (ignored or one.drift.open)]
    last = rows.last_evaluated_key
    return Page(shown, pages.cursor(last["sk"]["S"]) if last else None)


def as_sent(tenant_id: str, invoice: Invoice) -> Side:
    """The invoice as it was last sent."""
    if not invoice.sent_parts:
        return drift.ours(invoice)
    key = lines_key(tenant_id, invoice.invoice_id)
    rows = LinesRow.query(key, LinesRow.sk.startswith(SENT), consistent_read=True)
    # Of a longer one that was sent before, parts may be left behind these.
    parts = [row.part for row in rows][: invoice.sent_parts]
    return msgspec.json.decode("".join(parts), type=Side)


def keep_as_sent(tenant_id: str, invoice: Invoice) -> int:
    """Keep the invoice as it is now as what was sent, unless that is kept; answers the parts."""
    if invoice.sent_parts:
        return invoice.sent_parts
    text = msgspec.json.encode(drift.ours(invoice)).decode()
    parts = [text[start : start + store.PART] for start in range(0, len(text), store.PART)]
    key = lines_key(tenant_id, invoice.invoice_id)
    for number, part in enumerate(parts):
        LinesRow(key, f"{SENT}{number:04d}", part=part).save()
    return len(parts)


def forget_as_sent(tenant_id: str, invoice_id: str) -> None:
    """Drop what was kept as sent: from now on that is the invoice as it is here."""
    key = lines_key(tenant_id, invoice_id)
    for part in LinesRow.query(key, LinesRow.sk.startswith(SENT), consistent_read=True):
        part.delete()


def _cut(one: Difference) -> Difference:
    return Difference(one.field, *(_short(text) for text in (one.sent, one.here, one.theirs)))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
