"""Where invoices are kept: the table of invoices.

Every change is conditional on the version that was read, so that two writers cannot both win.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist, PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.clock import stamp
from chalicelib.errors import Conflict, NotFound
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Invoice, InvoiceKind, InvoiceState
from chalicelib.invoices.rows import INVOICE, LINE_WORK, LINES, InvoiceRow, LinesRow, lines_key
from chalicelib.storage import pages
from chalicelib.storage.pages import Page

REFUSED = "ConditionalCheckFailedException"
CHANGED = "This invoice was changed meanwhile. Look at it again."
UNKNOWN = "There is no such invoice."
INLINE = 24_000
PART = 90_000
"""Characters: at four bytes each still inside DynamoDB's 400 KB."""
AT_LEAST_READ = 100
LISTED = ["pk", "sk", "head", "version", "listing_key", "listing_order"]


@dataclass(frozen=True, slots=True)
class Numbered:
    """An invoice by every number that it ever had, the latest last."""

    invoice_id: str
    date: date
    numbers: tuple[str, ...]
    state: str
    xero_status: str


def add(tenant_id: str, invoice: Invoice) -> bool:
    """Store a new invoice without its lines; False when its id is taken."""
    row = InvoiceRow(
        tenant_id,
        INVOICE + invoice.invoice_id,
        listing_key=tenant_id,
        listing_order=f"{stamp(invoice.created_at)}#{invoice.invoice_id}",
        calendar=_calendar(invoice),
        state=invoice.state.value,
        client_id=invoice.client_id,
        version=invoice.version,
        head=_head(invoice),
    )
    try:
        row.save(condition=InvoiceRow.pk.does_not_exist())
    except PutError as error:
        if error.cause_response_code == REFUSED:
            return False
        raise
    return True


def save(tenant_id: str, invoice: Invoice) -> Invoice:
    """Store a change of all but the lines; raises Conflict when it is no longer what was read."""
    stored = changed(invoice, version=invoice.version + 1)
    return _update(tenant_id, invoice, stored, _actions(tenant_id, stored))


def save_with_lines(tenant_id: str, invoice: Invoice) -> Invoice:
    """Store a change together with the lines; raises Conflict as ``save`` does.

    Many lines are stored first, in parts of a set of their own, so that whoever loses a race
    leaves the winner's lines alone.
    """
    stored = changed(invoice, version=invoice.version + 1)
    actions = _actions(tenant_id, stored) + _line_actions(tenant_id, invoice)
    return _update(tenant_id, invoice, stored, actions)


def save_with_lines_in(transaction: TransactWrite, tenant_id: str, invoice: Invoice) -> Invoice:
    """Add a change together with the lines to a transaction, on the same condition."""
    stored = changed(invoice, version=invoice.version + 1)
    transaction.update(
        key(tenant_id, invoice.invoice_id),
        actions=_actions(tenant_id, stored) + _line_actions(tenant_id, invoice),
        condition=InvoiceRow.version == invoice.version,
    )
    return stored


def drop_old_lines(tenant_id: str, invoice: Invoice) -> None:
    """Delete the parts of earlier lines; who reads meanwhile reads again."""
    row = InvoiceRow.get(tenant_id, INVOICE + invoice.invoice_id, consistent_read=True)
    key = lines_key(tenant_id, invoice.invoice_id)
    for part in LinesRow.query(key, LinesRow.sk.startswith(LINES), consistent_read=True):
        if not (row.line_set and part.sk.startswith(_prefix(row.line_set))):
            part.delete()


def save_in(transaction: TransactWrite, tenant_id: str, invoice: Invoice) -> Invoice:
    """Add a change of all but the lines to a transaction, on the same condition as ``save``."""
    stored = changed(invoice, version=invoice.version + 1)
    transaction.update(
        key(tenant_id, invoice.invoice_id),
        actions=_actions(tenant_id, stored),
        condition=InvoiceRow.version == invoice.version,
    )
    return stored


def remove(tenant_id: str, invoice: Invoice) -> None:
    """Delete an invoice that Xero never saw, with all that lies beside it; nothing when gone.

    What it held is to be released before, for this forgets which work that was.
    """
    partition = lines_key(tenant_id, invoice.invoice_id)
    for prefix in (LINES, LINE_WORK):
        beside = LinesRow.sk.startswith(prefix)
        for row in LinesRow.query(
            partition, beside, consistent_read=True, attributes_to_get=["pk", "sk"]
        ):
            row.delete()
    key(tenant_id, invoice.invoice_id).delete()


def get(tenant_id: str, invoice_id: str) -> Invoice:
    """The invoice with its lines, as last stored; raises NotFound."""
    row = row_of(tenant_id, invoice_id)
    if row is None:
        raise NotFound(UNKNOWN)
    return invoice_in(row)


def row_of(tenant_id: str, invoice_id: str) -> InvoiceRow | None:
    """The invoice's own row, as last stored; None for none."""
    try:
        return InvoiceRow.get(tenant_id, INVOICE + invoice_id, consistent_read=True)
    except DoesNotExist:
        return None


def get_many(tenant_id: str, invoice_ids: Sequence[str]) -> dict[str, Invoice]:
    """These invoices with their lines, as last stored; unknown ones are left out."""
    if len(invoice_ids) == 1:
        try:
            return {invoice_ids[0]: get(tenant_id, invoice_ids[0])}
        except NotFound:
            return {}
    keys = [(tenant_id, INVOICE + invoice_id) for invoice_id in dict.fromkeys(invoice_ids)]
    found = (invoice_in(row) for row in InvoiceRow.batch_get(keys, consistent_read=True))
    return {invoice.invoice_id: invoice for invoice in found}


def heads(tenant_id: str, invoice_ids: Iterable[str]) -> dict[str, Invoice]:
    """These invoices without lines, as last stored; unknown ones are left out."""
    keys = [(tenant_id, INVOICE + invoice_id) for invoice_id in dict.fromkeys(invoice_ids)]
    rows = InvoiceRow.batch_get(keys, consistent_read=True, attributes_to_get=LISTED)
    return {found.invoice_id: found for found in map(_invoice, rows)} if keys else {}


def listing(
    tenant_id: str,
    *,
    limit: int,
    cursor: str | None = None,
    status: str = "",
    client_id: str = "",
) -> Page[Invoice]:
    """A page of invoices without lines, newest first.

    ``status`` is one of our states, or Xero's word in any case; a page may be short.
    """
    place = pages.places(cursor, 2)
    rows = InvoiceRow.listing.query(
        tenant_id,
        filter_condition=_filter(status, client_id),
        scan_index_forward=False,
        limit=limit,
        page_size=max(limit, AT_LEAST_READ),
        last_evaluated_key=_listing_place(tenant_id, *place) if place else None,
        attributes_to_get=LISTED,
    )
    found = [_invoice(row) for row in rows]
    last = rows.last_evaluated_key
    return Page(
        found, pages.cursor(last["listing_order"]["S"], last["sk"]["S"]) if last else None
    )


def oldest(tenant_id: str) -> Invoice | None:
    """The first invoice the tenant ever made, without lines."""
    rows = InvoiceRow.listing.query(tenant_id, limit=1, attributes_to_get=LISTED)
    return next((_invoice(row) for row in rows), None)


def id_of_xero(tenant_id: str, xero_invoice_id: str) -> str | None:
    """Which of the tenant's invoices Xero keeps under this id."""
    for row in InvoiceRow.xero.query(xero_invoice_id):
        if row.pk == tenant_id:
            return str(row.sk).removeprefix(INVOICE)
    return None


def open_ids(tenant_id: str, organisation_id: str, limit: int | None = None) -> Iterator[str]:
    """Ids of the invoices in this organisation's books whose status is likely to change."""
    for row in InvoiceRow.open.query(_open_key(tenant_id, organisation_id), limit=limit):
        yield str(row.sk).removeprefix(INVOICE)


def dated(tenant_id: str, first: date, until: date) -> Iterator[str]:
    """Ids of the invoices dated from ``first`` to before ``until``, by date."""
    between = InvoiceRow.calendar.between(first.isoformat(), until.isoformat())
    for row in InvoiceRow.dated.query(tenant_id, between):
        yield str(row.sk).removeprefix(INVOICE)


def numbered(tenant_id: str) -> Iterator[Numbered]:
    """Every invoice that ever had a number, by date; 100,000 are some twenty megabytes."""
    for row in InvoiceRow.dated.query(tenant_id, filter_condition=InvoiceRow.numbers.exists()):
        day, _, invoice_id = row.calendar.partition("#")
        numbers = tuple(row.numbers.split("\n"))
        yield Numbered(invoice_id, date.fromisoformat(day), numbers, row.state, row.xero_status)


def _actions(tenant_id: str, invoice: Invoice) -> list[Action]:
    mirror = invoice.mirror
    is_open = mirror is not None and mirror.open
    numbers = [*invoice.former_numbers, *filter(None, [invoice.number])]
    return [
        InvoiceRow.calendar.set(_calendar(invoice)),
        InvoiceRow.numbers.set("\n".join(numbers)) if numbers else InvoiceRow.numbers.remove(),
        InvoiceRow.state.set(invoice.state.value),
        InvoiceRow.version.set(invoice.version),
        InvoiceRow.head.set(_head(invoice)),
        InvoiceRow.client_id.set(invoice.client_id),
        InvoiceRow.xero_status.set(invoice.xero_status),
        InvoiceRow.open_key.set(_open_key(tenant_id, invoice.organisation_id))
        if is_open
        else InvoiceRow.open_key.remove(),
        InvoiceRow.xero_invoice_id.set(mirror.xero_invoice_id)
        if mirror
        else InvoiceRow.xero_invoice_id.remove(),
    ]


def _calendar(invoice: Invoice) -> str:
    return f"{invoice.date.isoformat()}#{invoice.invoice_id}"


def _open_key(tenant_id: str, organisation_id: str) -> str:
    return f"{tenant_id}#{organisation_id}"


def _line_actions(tenant_id: str, invoice: Invoice) -> list[Action]:
    """What points to the lines, which are stored already where they are many."""
    text = msgspec.json.encode(invoice.lines).decode()
    of_deposit: list[Action] = []
    if invoice.kind is InvoiceKind.DEPOSIT:
        of_deposit = [InvoiceRow.deposit_cents.set(int(invoice.deposit * 100))]
    if len(text) <= INLINE:
        return [
            *of_deposit,
            InvoiceRow.lines.set(text),
            InvoiceRow.line_rows.set(0),
            InvoiceRow.line_set.remove(),
        ]
    parts = [text[start : start + PART] for start in range(0, len(text), PART)]
    line_set, key = wiring.current().token(), lines_key(tenant_id, invoice.invoice_id)
    for number, part in enumerate(parts):
        LinesRow(key, f"{_prefix(line_set)}{number:04d}", part=part).save()
    return [
        *of_deposit,
        InvoiceRow.lines.remove(),
        InvoiceRow.line_rows.set(len(parts)),
        InvoiceRow.line_set.set(line_set),
    ]


def _prefix(line_set: str) -> str:
    return f"{LINES}{line_set}#"


def _update(
    tenant_id: str, invoice: Invoice, stored: Invoice, actions: Iterable[Action]
) -> Invoice:
    try:
        key(tenant_id, invoice.invoice_id).update(
            actions=list(actions), condition=InvoiceRow.version == invoice.version
        )
    except UpdateError as error:
        if error.cause_response_code == REFUSED:
            raise Conflict(CHANGED) from None
        raise
    return stored


def _filter(status: str, client_id: str) -> Condition | None:
    wanted: Condition | None = None
    if status in set(InvoiceState):
        wanted = InvoiceRow.state == status
    elif status:
        wanted = InvoiceRow.xero_status == status.upper()
    if client_id:
        of_client = InvoiceRow.client_id == client_id
        wanted = wanted & of_client if wanted is not None else of_client
    return wanted


def _listing_place(tenant_id: str, order: str, sk: str) -> dict[str, Any]:
    return {
        "pk": {"S": tenant_id},
        "sk": {"S": sk},
        "listing_key": {"S": tenant_id},
        "listing_order": {"S": order},
    }


def key(tenant_id: str, invoice_id: str) -> InvoiceRow:
    """The row of an invoice, to be read together with others or changed."""
    return InvoiceRow(tenant_id, INVOICE + invoice_id)


def _head(invoice: Invoice) -> str:
    return msgspec.json.encode(changed(invoice, lines=())).decode()


def _invoice(row: InvoiceRow) -> Invoice:
    return changed(msgspec.json.decode(row.head, type=Invoice), version=int(row.version))


def invoice_in(row: InvoiceRow) -> Invoice:
    """The invoice in a row, with its lines from wherever they are kept."""
    text = row.lines or ""
    invoice = _invoice(row)
    if row.line_rows:
        key, prefix = lines_key(row.pk, invoice.invoice_id), _prefix(row.line_set)
        parts = list(LinesRow.query(key, LinesRow.sk.startswith(prefix), consistent_read=True))
        if len(parts) < row.line_rows:
            # Somebody stored other lines since the row was read, and dropped these.
            return get(row.pk, invoice.invoice_id)
        text = "".join(part.part for part in parts)
    lines = msgspec.json.decode(text, type=tuple[Line, ...]) if text else ()
    return changed(invoice, lines=lines)
