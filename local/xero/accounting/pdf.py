"""An invoice or a credit note as a page of PDF."""

from decimal import Decimal

from flask import Response
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from local.xero.books.records import Record

_COLUMNS = (90, 25, 30, 35)


def draw(organisation: Record, document: Record) -> Response:
    """The document as application/pdf."""
    page = FPDF()
    page.set_creation_date(document["UpdatedDateUTC"])
    credit = "CreditNoteID" in document
    number = document["CreditNoteNumber" if credit else "InvoiceNumber"]
    page.add_page()
    _head(page, organisation, document, number, "CREDIT NOTE" if credit else "TAX INVOICE")
    for line in document["LineItems"]:
        texts = [line.get("Description", ""), line.get("Quantity"), line.get("UnitAmount")]
        _row(page, [*texts, line["LineAmount"]])
    left = ("RemainingCredit",) if credit else ("AmountPaid", "AmountCredited", "AmountDue")
    for label in ("SubTotal", "TotalTax", "Total", *left):
        _row(page, ["", "", label, document[label]])
    name = number or document["CreditNoteID" if credit else "InvoiceID"]
    response = Response(bytes(page.output()), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    return response


def _head(page: FPDF, organisation: Record, document: Record, number: str, title: str) -> None:
    page.set_font("Helvetica", size=18)
    _line(page, title)
    page.set_font("Helvetica", size=10)
    _line(page, organisation["Name"])
    _line(page, f"To {document['Contact']['Name']}")
    _line(page, f"Number {number}   Reference {document['Reference']}")
    _line(page, f"Date {document['Date']}   Due {document.get('DueDate', '')}")
    _line(page, f"{document['Status']}   {document['CurrencyCode']}")
    _row(page, ["Description", "Quantity", "Unit price", "Amount"])


def _line(page: FPDF, text: str) -> None:
    page.cell(0, 8, _latin(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _row(page: FPDF, cells: list[str | Decimal | None]) -> None:
    for width, cell in zip(_COLUMNS, cells, strict=True):
        align = "L" if width == _COLUMNS[0] else "R"
        page.cell(width, 7, _latin("" if cell is None else str(cell))[:60], align=align)
    page.ln()


def _latin(text: str) -> str:
    """The built-in fonts know Latin letters only; others become question marks."""
    return text.encode("latin-1", "replace").decode("latin-1")
