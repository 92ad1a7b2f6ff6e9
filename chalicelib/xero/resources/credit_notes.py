"""Credit notes on sales: made, found again, and spent on an invoice."""

from datetime import datetime
from decimal import Decimal

from chalicelib.xero.caller import Caller, Page
from chalicelib.xero.formats import write_json
from chalicelib.xero.resources.invoices import FOUR_PLACES
from chalicelib.xero.wire.base import quoted, single
from chalicelib.xero.wire.credit_note import Allocation, CreditNote
from chalicelib.xero.written import only, read_written

SALES_CREDITS = {"where": 'Type=="ACCRECCREDIT"'}


class CreditNoteCalls(Caller):
    """Reads and writes of credit notes. A write raises XeroOutcomeUnknown when it may be done."""

    def put_credit_note(self, body: bytes, key: str) -> CreditNote:
        """Create the one credit note in ``body``; raises XeroRejected.

        A number that is taken is refused, never overwritten.
        """
        query = {"summarizeErrors": "false", **FOUR_PLACES}
        tree = self._write("PUT", "/CreditNotes", body, key, query=query)
        return only(read_written(tree, CreditNote, "CreditNotes", "CreditNoteID"))

    def credit_note(self, credit_note_id: str) -> CreditNote:
        """One credit note by its id; raises XeroNotFound."""
        tree = self._read(f"/CreditNotes/{quoted(credit_note_id)}", template="/CreditNotes/{id}")
        return single(CreditNote, tree, "CreditNotes")

    def credit_notes_changed_since(
        self, moment: datetime, page: int = 1, *, page_size: int = 100
    ) -> Page[CreditNote]:
        """One page of credit notes of every status changed at or after that second."""
        return self._page(
            CreditNote,
            "CreditNotes",
            SALES_CREDITS,
            page=page,
            page_size=page_size,
            modified_since=moment,
        )

    def allocate_credit(
        self, credit_note_id: str, invoice_id: str, amount: Decimal, day: str, key: str
    ) -> Allocation:
        """Spend so much of a credit note on an invoice; raises XeroRejected.

        More than remains of it, or than is due, is refused as a whole.
        """
        spent = {"Amount": amount, "Date": day, "Invoice": {"InvoiceID": invoice_id}}
        tree = self._write(
            "PUT",
            f"/CreditNotes/{quoted(credit_note_id)}/Allocations",
            write_json({"Allocations": [spent]}),
            key,
            template="/CreditNotes/{id}/Allocations",
            query={"summarizeErrors": "false"},
        )
        return only(read_written(tree, Allocation, "Allocations", "AllocationID"))
