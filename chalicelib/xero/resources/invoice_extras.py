"""What goes with an invoice that is in Xero already: its history, attached files, an e-mail."""

from chalicelib.xero.caller import Caller
from chalicelib.xero.failures import json_of, unreadable
from chalicelib.xero.formats import write_json
from chalicelib.xero.wire.attachment import Attachment, HistoryRecord
from chalicelib.xero.wire.base import elements, quoted

LONGEST_NOTE = 250
"""Xero's older page names this limit and its newer one a larger; both take this."""

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes. Some of Xero's pages name 25 MB and others this; all take this."""

NOT_IN_NAMES = frozenset('<>:"/\\|?*+\0')
"""What Xero takes in no name of a file."""

NO_CONTENT = 204


class InvoiceExtras(Caller):
    """Calls about an invoice that leave the invoice itself as it is.

    Writes raise XeroOutcomeUnknown when they may have been done.
    """

    def add_history(self, invoice_id: str, note: str, key: str) -> None:
        """Add a note, cut to 250 characters; it can never be changed or removed."""
        self._write(
            "PUT",
            f"/Invoices/{quoted(invoice_id)}/History",
            write_json({"HistoryRecords": [{"Details": note[:LONGEST_NOTE]}]}),
            key,
            template="/Invoices/{id}/History",
        )

    def history(self, invoice_id: str) -> tuple[HistoryRecord, ...]:
        """What happened to an invoice in Xero, and the notes on it."""
        tree = self._read(
            f"/Invoices/{quoted(invoice_id)}/History", template="/Invoices/{id}/History"
        )
        return HistoryRecord.read_all(elements(tree, "HistoryRecords"))

    def attachments(self, invoice_id: str) -> tuple[Attachment, ...]:
        """The files that are attached to an invoice."""
        tree = self._read(
            f"/Invoices/{quoted(invoice_id)}/Attachments", template="/Invoices/{id}/Attachments"
        )
        return Attachment.read_all(elements(tree, "Attachments"))

    def attach(
        self,
        invoice_id: str,
        name: str,
        content: bytes,
        kind: str,
        key: str,
        *,
        replace: bool = False,
        online: bool = False,
    ) -> None:
        """Attach a file of this content type; ``replace`` puts it in place of one of its name.

        With ``online`` the client sees it beside the invoice. Xero refuses an eleventh file.
        """
        call = self._call(
            "POST" if replace else "PUT",
            f"/Invoices/{quoted(invoice_id)}/Attachments/{quoted(name)}",
            "/Invoices/{id}/Attachments/{name}",
            query={"IncludeOnline": "true"} if online else {},
            headers={"Content-Type": kind, "Idempotency-Key": key},
            body=content,
            writes=True,
        )
        response = self._transport.send(call)
        if not (json_of(response) or {}).get("Attachments"):
            raise unreadable(response, call)

    def email_invoice(self, invoice_id: str, key: str) -> None:
        """Let Xero e-mail an approved invoice to its contact, in Xero's own words."""
        call = self._call(
            "POST",
            f"/Invoices/{quoted(invoice_id)}/Email",
            "/Invoices/{id}/Email",
            headers={"Content-Type": "application/json", "Idempotency-Key": key},
            body=b"{}",
            writes=True,
        )
        response = self._transport.send(call)
        if response.status_code != NO_CONTENT:
            raise unreadable(response, call)
