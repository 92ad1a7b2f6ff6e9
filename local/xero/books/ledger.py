"""What one organisation holds, and how a change is stamped, noted and told."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from local.xero.books import organisation as facts
from local.xero.books.accounts import Accounts
from local.xero.books.advances import Advances
from local.xero.books.attachments import Attachments
from local.xero.books.contacts import Contacts
from local.xero.books.credit_notes import CreditNotes
from local.xero.books.credits import OVERPAYMENT, PREPAYMENT, Credits
from local.xero.books.history import History
from local.xero.books.invoices import Invoices
from local.xero.books.mail import Mail
from local.xero.books.payments import Payments
from local.xero.books.records import Record
from local.xero.books.tax_rates import TaxRates
from local.xero.books.tracking import Tracking

OnChange = Callable[..., None]


class Ledger:
    """Everything one organisation knows. Not thread-safe: the world's lock is held around it.

    `on_change` is called with category, event type, resource id and, for credits, type and
    status after each committed change, as Xero's webhooks would tell it. Everything in here
    can be pickled as long as `now` and `on_change` can.
    """

    approvals_a_month: int | None = None

    def __init__(self, organisation: Record, now: Callable[[], datetime]) -> None:
        self.organisation = organisation
        self.now = now
        self.on_change: OnChange | None = None
        self.no_tax_type = "NONE"
        self.currencies: list[Record] = []
        self.currency_rates: dict[str, Decimal] = {}
        self.branding_themes: list[Record] = []
        self.users: list[Record] = []
        self.accounts = Accounts()
        self.tax_rates = TaxRates(organisation["Version"])
        self.tracking = Tracking()
        self.contacts = Contacts()
        self.history = History()
        self.mail = Mail()
        self.invoices = Invoices(self)
        self.payments = Payments(self)
        self.credit_notes = CreditNotes(self)
        self.prepayments = Advances(self, PREPAYMENT)
        self.overpayments = Advances(self, OVERPAYMENT)
        self.attachments = Attachments()
        self._backdated: datetime | None = None

    def stamp(self) -> datetime:
        """The moment a change is recorded at; the past while seeds are planted."""
        return self._backdated or self.now()

    def backdate(self, moment: datetime | None) -> None:
        """Makes changes carry a past moment until called with None."""
        self._backdated = moment

    def today(self) -> date:
        return facts.today(self.organisation, self.stamp())

    def create_contact(self, sent: Record) -> Record:
        contact = self.contacts.create(sent, self.stamp())
        self.history.add(contact["ContactID"], "Created", contact["Name"], self.stamp())
        self.tell("CONTACT", "CREATE", contact["ContactID"])
        return contact

    def update_contact(self, contact: Record, sent: Record) -> Record:
        self.contacts.update(contact, sent, self.stamp())
        self.history.add(contact["ContactID"], "Edited", contact["Name"], self.stamp())
        self.tell("CONTACT", "UPDATE", contact["ContactID"])
        return contact

    def note_change(self, invoice: Record, changes: str) -> None:
        """Writes an invoice's history and tells about the change."""
        details = f"{invoice['InvoiceNumber']} {invoice['Status']} {invoice['Total']}"
        self.history.add(invoice["InvoiceID"], changes, details.strip(), self.stamp())
        event = "CREATE" if changes == "Created" else "UPDATE"
        self.tell("INVOICE", event, invoice["InvoiceID"])

    def tell(
        self, category: str, event: str, resource_id: str, data: Record | None = None
    ) -> None:
        if self.on_change is not None:
            self.on_change(category, event, resource_id, *([data] if data else []))

    def credits(self) -> tuple[Credits, ...]:
        """What may be allocated to invoices, kind by kind."""
        return (self.credit_notes, self.prepayments, self.overpayments)

    def subscribe_currency(self, code: str, description: str) -> Record:
        """Adds a currency; without a market its rate of the day is one."""
        currency = {"Code": code, "Description": description}
        self.currencies.append(currency)
        self.currency_rates[code] = Decimal(1)
        return currency

    def uses_account(self, account: Record) -> bool:
        """Whether a document's line or a payment is posted to the account."""
        wanted = account["AccountID"]
        documents = (*self.invoices.all(), *self.credit_notes.all())
        lines = (line for document in documents for line in document["LineItems"])
        return any(line.get("AccountID") == wanted for line in lines) or any(
            payment["Account"] is account for payment in self.payments.all()
        )

    def uses_tracking(self, field: str, wanted: str) -> bool:
        """Whether a line carries that tracking category or option."""
        return any(
            pair[field] == wanted
            for document in (*self.invoices.all(), *self.credit_notes.all())
            for line in document["LineItems"]
            for pair in line["Tracking"]
        )

    def balances(self, contact: Record) -> Record | None:
        """Outstanding and overdue sums of a contact; None when it never had any."""
        today = self.today()
        sums = {}
        for key, kind in (("AccountsReceivable", "ACCREC"), ("AccountsPayable", "ACCPAY")):
            open_ones = [
                i
                for i in self.invoices.of_contact(contact["ContactID"])
                if i["Type"] == kind and i["Status"] == "AUTHORISED"
            ]
            overdue = [i for i in open_ones if i["DueDate"] < today]
            sums[key] = {"Outstanding": _due(open_ones), "Overdue": _due(overdue)}
        return sums if contact["IsCustomer"] or contact["IsSupplier"] else None


def _due(invoices: list[Record]) -> Decimal:
    return sum((invoice["AmountDue"] for invoice in invoices), Decimal("0.00"))
