"""The way to a PDF that was fetched of an invoice, by a link that is good for minutes.

It is given only of the invoice as it was fetched: once anything of it has changed here, or an
hour has passed, it has to be fetched anew.
"""

from datetime import datetime, timedelta

from chalicelib import wiring
from chalicelib.invoices.extras import Extras, Pdf
from chalicelib.invoices.model import Invoice

LINK_SECONDS = 300
GIVEN = timedelta(hours=1)
"""So long a PDF is given again; what somebody changes in Xero is not known here at once."""


def pdf_of(invoice: Invoice, known: Extras) -> Pdf | None:
    """The PDF that may still be given: fetched within the hour, of the invoice as it now is."""
    pdf, now = known.pdf, wiring.current().clock.now()
    if pdf is None or pdf.version != invoice.version or now - pdf.fetched_at > GIVEN:
        return None
    return pdf


def signed_link(invoice: Invoice, pdf: Pdf) -> tuple[str, datetime]:
    """Where the PDF can be had for five minutes, and until when."""
    present = wiring.current()
    name = "".join(sign for sign in invoice.number if sign.isalnum() or sign in "-_. ")
    address: str = present.s3.generate_presigned_url(
        "get_object",
        Params={
            "Bucket": present.settings.uploads_bucket,
            "Key": pdf.key,
            "ResponseContentType": "application/pdf",
            "ResponseContentDisposition": f'attachment; filename="{_ascii(name)}.pdf"',
        },
        ExpiresIn=LINK_SECONDS,
    )
    return address, present.clock.now() + timedelta(seconds=LINK_SECONDS)


def _ascii(name: str) -> str:
    return name.encode("ascii", "ignore").decode().strip() or "invoice"
