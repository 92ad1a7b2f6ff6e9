"""An invoice as a page of PDF."""

from decimal import Decimal

from flask import Response
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from local.xero.books.records import Record

_COLUMNS = (90, 25, 30, 35)


def draw(organisation: Record, invoice: Record) -> Response:
    """The invoice as application/pdf."""
    page = FPDF()
    page.set_creation_date(invoice["UpdatedDateUTC"])
    page.add_page()
    _head(page, organisation, invoice)
    for line in invoice["LineItems"]:
        texts = [line.get("Description", ""), line.get("Quantity"), line.get("UnitAmount")]
        _row(page, [*texts, line["LineAmount"]])
    for label in ("SubTotal", "TotalTax", "Total", "AmountPaid", "AmountDue"):
        _row(page, ["", "", label, invoice[label]])
    name = invoice["InvoiceNumber"] or invoice["InvoiceID"]
    response = Response(bytes(page.output()), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    return response


def _head(page: FPDF, organisation: Record, invoice: Record) -> None:
    page.set_font("Helvetica", size=18)
    _line(page, "TAX INVOICE")
    page.set_font("Helvetica", size=10)
    _line(page, organisation["Name"])
    _line(page, f"To {invoice['Contact']['Name']}")
    _line(page, f"Number {invoice['InvoiceNumber']}   Reference {invoice['Reference']}")
    _line(page, f"Date {invoice['Date']}   Due {invoice.get('DueDate', '')}")
    _line(page, f"{invoice['Status']}   {invoice['CurrencyCode']}")
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
