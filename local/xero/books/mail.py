"""How many invoices may still be e-mailed today. Nothing is ever really sent."""

from datetime import date

from local.xero.books.errors import Refused
from local.xero.books.records import Record

_DAILY = {"DEMO": 0, "TRIAL": 20}
_DAILY_PAYING = 1000
_STATUSES = frozenset({"SUBMITTED", "AUTHORISED", "PAID"})


class Mail:
    """Counts e-mails by day against the plan's cap."""

    def __init__(self) -> None:
        self.sent: list[tuple[date, str]] = []

    def count(self, invoice_id: str) -> int:
        """How often this invoice was e-mailed."""
        return sum(mailed == invoice_id for _, mailed in self.sent)

    def send(self, organisation: Record, invoice: Record, today: date) -> None:
        """Notes an e-mail to the invoice's contact; raises Refused where Xero would."""
        messages = []
        if invoice["Type"] != "ACCREC" or invoice["Status"] not in _STATUSES:
            messages.append("Only submitted, authorised or paid sales invoices can be emailed.")
        if not invoice["Contact"]["EmailAddress"]:
            messages.append("The contact must have an email address.")
        count = sum(1 for day, _ in self.sent if day == today)
        if count >= _DAILY.get(organisation["Class"], _DAILY_PAYING):
            messages.append("The daily limit of emails has been reached.")
        if messages:
            raise Refused(messages)
        self.sent.append((today, invoice["InvoiceID"]))
