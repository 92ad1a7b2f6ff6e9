"""Sales invoices and bills: kept by id, number and contact, created and changed by rule."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.xero.books import contact_rules, invoice_edit, invoice_header, invoice_status
from local.xero.books.errors import NotFound, Problems, Refused
from local.xero.books.invoice_lines import LineBuilder
from local.xero.books.numbering import Numbering
from local.xero.books.organisation import check_open
from local.xero.books.records import Record, new_id, replace
from local.xero.books.rounding import add_up

if TYPE_CHECKING:
    from local.xero.books.ledger import Ledger

NUMBER_TAKEN = "Invoice # must be unique."
PLAN_LIMIT = "You have reached the limit of invoices you can approve"
NO_CONTACT = "A Contact must be specified for this type of transaction"
_CONTACT_KEYS = frozenset({"ContactID", "ContactNumber"})


@dataclass(slots=True)
class Saved:
    """An invoice as saved, with warnings that did not stop it."""

    invoice: Record
    warnings: list[str] = field(default_factory=list)


class Invoices:
    """The invoices of one organisation. Every change is whole or refused."""

    def __init__(self, books: "Ledger") -> None:
        self._books = books
        self.by_id: dict[str, Record] = {}
        self._numbers: dict[str, list[Record]] = {}
        self._of_contact: dict[str, list[Record]] = {}
        self._numbering = Numbering()

    def all(self) -> list[Record]:
        return list(self.by_id.values())

    def get(self, key: str) -> Record:
        """By id or by number; raises NotFound."""
        found = self.by_id.get(key.lower()) or self.numbered(key)
        if found is None:
            raise NotFound([f"Invoice {key} was not found."])
        return found

    def numbered(self, number: str) -> Record | None:
        """The invoice of that number; a deleted one only when there is no other."""
        found = self._numbers.get(number.casefold(), [])
        return next((i for i in found if i["Status"] != "DELETED"), found[0] if found else None)

    def of_contact(self, contact_id: str) -> list[Record]:
        return self._of_contact.get(contact_id, [])

    def create(self, sent: Record, unitdp: int, app: str = "", *, invoice_id: str = "") -> Saved:
        """A new invoice; raises Refused and stores nothing when a rule is broken."""
        problems = Problems()
        invoice_header.check_type(sent, problems)
        problems.refuse_if_any()
        invoice = invoice_header.blank(sent["Type"])
        invoice.update(InvoiceID=invoice_id or new_id(), Date=self._books.today(), app=app)
        invoice["Status"] = sent.get("Status", "DRAFT")
        if invoice["Status"] not in invoice_status.STARTING:
            problems.say("Invoice not of valid status for creation")
        if not sent.get("LineItems"):
            problems.say("One or more line items must be specified")
        invoice["BrandingThemeID"] = self._books.branding_themes[0]["BrandingThemeID"]
        return self._finish({}, invoice, sent, unitdp, problems)

    def update(self, invoice: Record, sent: Record, unitdp: int) -> Saved:
        """Changes the sent fields of a live invoice, or refuses and changes nothing."""
        wanted = str(sent.get("Status", invoice["Status"]))
        invoice_status.check_move(invoice, wanted)
        problems = Problems()
        if wanted not in invoice_status.TERMINAL:
            check_open(self._books.organisation, invoice["Date"], problems)
        if wanted == "VOIDED":
            check_open(self._books.organisation, invoice["Date"], problems)
        problems.refuse_if_any()
        if wanted in invoice_status.TERMINAL:
            return self._end(invoice, wanted)
        candidate = {
            **invoice,
            "Status": wanted,
            "Payments": list(invoice["Payments"]),
            "allocations": list(invoice["allocations"]),
        }
        if invoice_status.has_money(invoice):
            invoice_edit.check_allowed(invoice, sent)
        return self._finish(invoice, candidate, sent, unitdp, problems)

    def refile(self, invoice: Record, contact: Record) -> None:
        """Moves an invoice to the contact its own was merged into."""
        self._of_contact[invoice["Contact"]["ContactID"]].remove(invoice)
        invoice["Contact"] = contact
        self._of_contact.setdefault(contact["ContactID"], []).append(invoice)

    def _finish(
        self, old: Record, invoice: Record, sent: Record, unitdp: int, problems: Problems
    ) -> Saved:
        invoice.update({n: sent[n] for n in invoice_header.SETTABLE if sent.get(n) is not None})
        warnings = _mark_sent(invoice, sent)
        if sent.get("LineItems") is not None:
            invoice["LineItems"] = self._lines(old, invoice, sent["LineItems"], unitdp, problems)
        elif _needs_recount(old, invoice):
            lines = _as_sent(old, invoice)
            invoice["LineItems"] = self._lines(old, invoice, lines, 4, problems)
        self._check(old, invoice, sent, problems)
        contact = self._contact(old, sent, problems)
        problems.refuse_if_any()
        invoice["Contact"] = contact()
        return Saved(self._keep(old, invoice), warnings)

    def _lines(
        self, old: Record, invoice: Record, sent: list[Record], unitdp: int, problems: Problems
    ) -> list[Record]:
        books = self._books
        builder = LineBuilder(
            books.accounts, books.tax_rates, books.tracking, books.no_tax_type, problems
        )
        kept = {line["LineItemID"] for line in old.get("LineItems", [])}
        lines = [
            builder.build(index, line, invoice, unitdp, kept) for index, line in enumerate(sent)
        ]
        # Lines sent without their id are recreated, and Xero puts those first.
        return sorted(lines, key=lambda line: line["LineItemID"] in kept)

    def _check(self, old: Record, invoice: Record, sent: Record, problems: Problems) -> None:
        books = self._books
        invoice_header.check(invoice, problems)
        check_open(books.organisation, invoice["Date"], problems)
        base = books.organisation["BaseCurrency"]
        invoice_header.check_currency(invoice, books.currency_rates, base, problems)
        totals = add_up(invoice["LineItems"], invoice["LineAmountTypes"])
        invoice_header.lay_totals(invoice, totals, {**old, **sent}, problems)
        theme = invoice["BrandingThemeID"]
        if all(t["BrandingThemeID"] != theme for t in books.branding_themes):
            problems.say("Branding theme could not be found.")
        other = self.numbered(invoice.get("InvoiceNumber", ""))
        if (
            invoice["Type"] == "ACCREC"
            and other
            and other["InvoiceID"] != invoice["InvoiceID"]
            and other["Type"] == "ACCREC"
            and other["Status"] != "DELETED"
        ):
            problems.say(NUMBER_TAKEN)
        if invoice_status.newly_approved(old, invoice) and not self._plan_allows_one_more():
            problems.say(PLAN_LIMIT)

    def _plan_allows_one_more(self) -> bool:
        most, month = self._books.approvals_a_month, self._month()
        return most is None or most > sum(one.get("approved_in") == month for one in self.all())

    def _month(self) -> str:
        return f"{self._books.today():%Y-%m}"

    def _contact(self, old: Record, sent: Record, problems: Problems) -> Callable[[], Record]:
        """Finds the contact now; creating or changing one waits until nothing else is wrong."""
        contacts = self._books.contacts
        wanted = sent.get("Contact")
        if not wanted:
            if not old:
                problems.say(NO_CONTACT)
            return lambda: old["Contact"]
        try:
            found = contacts.find(wanted)
        except Refused as refused:
            problems.messages.extend(refused.messages)
            return dict
        if found is None:
            return lambda: self._books.create_contact(wanted)
        if found["ContactStatus"] != "ACTIVE" and found is not old.get("Contact"):
            problems.say(contact_rules.ARCHIVED)
        if not _says_more(wanted, found):
            return lambda: found
        # People not listed are dropped when a document brings more than the id.
        return lambda: self._books.update_contact(found, {"ContactPersons": [], **wanted})

    def _keep(self, old: Record, invoice: Record) -> Record:
        if "InvoiceNumber" not in invoice:
            taken = self._numbers
            number = self._numbering.next(taken) if invoice["Type"] == "ACCREC" else ""
            invoice["InvoiceNumber"] = number
        if invoice_status.newly_approved(old, invoice):
            invoice["approved_in"] = self._month()
        invoice_status.settle(invoice)
        quiet = invoice_edit.leaves_no_trace(old, invoice)
        changes = _called(old, invoice)
        invoice["UpdatedDateUTC"] = old["UpdatedDateUTC"] if quiet else self._books.stamp()
        live = old or invoice
        if old:
            self._unfile(old)
            replace(old, invoice)
        self._file(live)
        live["Contact"]["IsCustomer" if live["Type"] == "ACCREC" else "IsSupplier"] = True
        self._books.note_change(live, changes)
        return live

    def _end(self, invoice: Record, status: str) -> Saved:
        self._unfile(invoice)
        invoice["Status"] = status
        invoice_status.settle(invoice)
        invoice["UpdatedDateUTC"] = self._books.stamp()
        self._file(invoice)
        self._books.note_change(invoice, status.capitalize())
        return Saved(invoice)

    def _file(self, invoice: Record) -> None:
        self.by_id[invoice["InvoiceID"]] = invoice
        if invoice["InvoiceNumber"]:
            self._numbers.setdefault(invoice["InvoiceNumber"].casefold(), []).append(invoice)
        self._of_contact.setdefault(invoice["Contact"]["ContactID"], []).append(invoice)

    def _unfile(self, invoice: Record) -> None:
        same_number = self._numbers.get(invoice["InvoiceNumber"].casefold(), [])
        for index in (same_number, self._of_contact[invoice["Contact"]["ContactID"]]):
            index[:] = [i for i in index if i["InvoiceID"] != invoice["InvoiceID"]]
        if not same_number:
            self._numbers.pop(invoice["InvoiceNumber"].casefold(), None)


def _mark_sent(invoice: Record, sent: Record) -> list[str]:
    if sent.get("SentToContact") is None:
        return []
    if invoice["Status"] not in {"AUTHORISED", "PAID"}:
        return [invoice_header.SENT_BUT_UNAPPROVED] if sent["SentToContact"] else []
    invoice["SentToContact"] = sent["SentToContact"]
    return []


def _called(old: Record, invoice: Record) -> str:
    """What the history calls the change."""
    if not old:
        return "Created"
    approved = invoice["Status"] in {"AUTHORISED", "PAID"} and invoice["Status"] != old["Status"]
    return "Approved" if approved else "Edited"


def _says_more(sent: Record, contact: Record) -> bool:
    """Whether a document's contact says anything new besides which contact it is."""
    said = {n: v for n, v in sent.items() if contact.get(n) != v and n not in _CONTACT_KEYS}
    if said.get("Name", "").casefold() == contact["Name"].casefold():
        del said["Name"]
    return bool(said)


def _needs_recount(old: Record, invoice: Record) -> bool:
    """Kept lines are worked out again when their tax basis or their duties change."""
    return bool(old) and (
        old["LineAmountTypes"] != invoice["LineAmountTypes"] or old["Status"] != invoice["Status"]
    )


def _as_sent(old: Record, invoice: Record) -> list[Record]:
    """The kept lines as if they were sent again; another tax basis means another tax."""
    dropped = {"LineAmount"}
    if old["LineAmountTypes"] != invoice["LineAmountTypes"]:
        dropped.add("TaxAmount")
    return [{n: v for n, v in line.items() if n not in dropped} for line in old["LineItems"]]
