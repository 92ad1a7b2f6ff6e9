"""Writes of sales invoices, each under a key of the caller's, each made once."""

from chalicelib.xero.caller import Caller
from chalicelib.xero.formats import write_json
from chalicelib.xero.resources.invoices import FOUR_PLACES
from chalicelib.xero.wire.base import quoted
from chalicelib.xero.wire.invoice import Invoice
from chalicelib.xero.written import Written, only, read_written


class InvoiceWrites(Caller):
    """Writes of invoices. All raise XeroOutcomeUnknown when it may have been done."""

    def put_invoices(
        self, body: bytes, key: str, *, timeout: float | None = None
    ) -> list[Written[Invoice]]:
        """Create the invoices in ``body`` (``{"Invoices": […]}``, at most 50): one outcome each.

        A number that is taken is refused, never overwritten. ``timeout`` is in seconds, for a
        large batch.
        """
        tree = self._write(
            "PUT",
            "/Invoices",
            body,
            key,
            query={"summarizeErrors": "false", **FOUR_PLACES},
            timeout=timeout,
        )
        return read_written(tree, Invoice, "Invoices", "InvoiceID")

    def post_invoice(self, invoice_id: str, body: bytes, key: str) -> Invoice:
        """Change one invoice; raises XeroRejected.

        A line without its id is made anew, and a line that is left out is deleted.
        """
        tree = self._write(
            "POST",
            f"/Invoices/{quoted(invoice_id)}",
            body,
            key,
            template="/Invoices/{id}",
            query=FOUR_PLACES,
        )
        return only(read_written(tree, Invoice, "Invoices", "InvoiceID"))

    def update_status(self, invoice_id: str, status: str, key: str) -> Invoice:
        """Move one invoice to another status and leave the rest; raises XeroRejected."""
        body = write_json({"InvoiceID": invoice_id, "Status": status})
        return self.post_invoice(invoice_id, body, key)
