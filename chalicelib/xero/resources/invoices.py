"""Reads of sales invoices. Quantities and prices of lines come at four decimals."""

from collections.abc import Sequence
from datetime import date, datetime

from chalicelib.xero.call import PDF
from chalicelib.xero.caller import Caller, Page
from chalicelib.xero.failures import unreadable
from chalicelib.xero.wire.base import elements, quoted, single
from chalicelib.xero.wire.invoice import Invoice

FOUR_PLACES = {"unitdp": "4"}
# Filters that Xero serves from an index; any other is refused on very large books.
SALES = {"where": 'Type=="ACCREC"'}
ALL_AGES = {"includeArchived": "true"}
MOST_NAMED = 40
"""Xero's advice for a list of ids in one address."""


class InvoiceReads(Caller):
    """Reads of invoices."""

    def invoices_page(
        self,
        page: int = 1,
        *,
        page_size: int = 100,
        modified_since: datetime | None = None,
        statuses: Sequence[str] = (),
        ours_only: bool = False,
    ) -> Page[Invoice]:
        """One page of sales invoices with lines, the longest unchanged first.

        Without ``statuses`` voided and deleted ones are included. ``ours_only`` leaves out what
        this app did not create.
        """
        query = {**FOUR_PLACES, **SALES, **ALL_AGES}
        if statuses:
            query["Statuses"] = ",".join(statuses)
        if ours_only:
            query["createdByMyApp"] = "true"
        return self._page(
            Invoice,
            "Invoices",
            query,
            page=page,
            page_size=page_size,
            modified_since=modified_since,
        )

    def invoices_changed_since(
        self, moment: datetime, page: int = 1, *, page_size: int = 100
    ) -> Page[Invoice]:
        """Sales invoices of every status changed at or after the second of ``moment``.

        A new due date or "sent" mark on a part-paid invoice is no change to Xero.
        """
        return self.invoices_page(page, page_size=page_size, modified_since=moment)

    def invoices_dated(
        self, first: date, until: date, page: int = 1, *, page_size: int = 100
    ) -> Page[Invoice]:
        """Sales invoices of every status dated from ``first`` to before ``until``, with lines."""
        between = f"Date>={_written(first)} && Date<{_written(until)}"
        query = {**FOUR_PLACES, **ALL_AGES, "where": f"{SALES['where']} && {between}"}
        return self._page(Invoice, "Invoices", query, page=page, page_size=page_size)

    def invoices_by_ids(self, invoice_ids: Sequence[str]) -> tuple[Invoice, ...]:
        """The invoices of these ids, at most 40, with lines; unknown ones are left out."""
        return self._named("IDs", invoice_ids)

    def invoices_by_numbers(self, numbers: Sequence[str]) -> tuple[Invoice, ...]:
        """The invoices of these numbers, at most 40, of every status, with lines.

        A number with a comma cannot be asked for in a list: ValueError.
        """
        return self._named("InvoiceNumbers", numbers)

    def invoices_by_reference(self, reference: str) -> tuple[Invoice, ...]:
        """Up to 100 sales invoices of every status that bear exactly this reference.

        One with a quotation mark or backslash cannot be asked for: ValueError.
        """
        if '"' in reference or "\\" in reference:
            raise ValueError("Xero's filter cannot hold this reference.")
        query = {**FOUR_PLACES, **ALL_AGES, "where": f'Reference=="{reference}"'}
        return self._page(Invoice, "Invoices", query, page=1, page_size=100).items

    def invoice(self, invoice_id: str) -> Invoice:
        """One invoice by its id, with lines; raises XeroNotFound."""
        tree = self._read(
            f"/Invoices/{quoted(invoice_id)}", template="/Invoices/{id}", query=FOUR_PLACES
        )
        return single(Invoice, tree, "Invoices")

    def online_invoice_url(self, invoice_id: str) -> str | None:
        """Where the customer sees and pays it; None for a draft, which has no such page."""
        tree = self._read(
            f"/Invoices/{quoted(invoice_id)}/OnlineInvoice",
            template="/Invoices/{id}/OnlineInvoice",
        )
        found = elements(tree, "OnlineInvoices")
        return str(found[0].get("OnlineInvoiceUrl") or "") or None if found else None

    def invoice_pdf(self, invoice_id: str) -> bytes:
        """The invoice as Xero prints it; raises XeroUnreadable when it is no PDF."""
        call = self._call(
            "GET",
            f"/Invoices/{quoted(invoice_id)}/pdf",
            "/Invoices/{id}/pdf",
            headers={"Accept": PDF},
        )
        response = self._send_patiently(call)
        if not response.content.startswith(b"%PDF"):
            raise unreadable(response, call)
        return response.content

    def _named(self, parameter: str, names: Sequence[str]) -> tuple[Invoice, ...]:
        if len(names) > MOST_NAMED or any("," in name for name in names):
            raise ValueError(f"{parameter} takes at most {MOST_NAMED} names without commas.")
        if not names:
            return ()
        query = {**FOUR_PLACES, **ALL_AGES, parameter: ",".join(names)}
        return self._page(Invoice, "Invoices", query, page=1, page_size=100).items


def _written(day: date) -> str:
    return f"DateTime({day.year},{day.month:02d},{day.day:02d})"
