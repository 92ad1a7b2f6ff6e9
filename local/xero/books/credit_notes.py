"""Credit notes: made and changed like sales invoices, without discounts and due dates."""

from typing import TYPE_CHECKING

from local.xero.books import contact_rules, invoice_header, invoice_status
from local.xero.books.credits import CREDIT_NOTE, Credits, settle
from local.xero.books.errors import Problems, Refused
from local.xero.books.invoice_lines import LineBuilder
from local.xero.books.invoices import NO_CONTACT
from local.xero.books.numbering import Numbering
from local.xero.books.organisation import check_open
from local.xero.books.records import Record, new_id, replace
from local.xero.books.rounding import add_up

if TYPE_CHECKING:
    from local.xero.books.ledger import Ledger

NUMBER_TAKEN = "Credit Note # must be unique."
ALLOCATED = "This credit note cannot be edited as it has been allocated or refunded."
_TYPES = ("ACCRECCREDIT", "ACCPAYCREDIT")
_SETTABLE = (
    "Date",
    "LineAmountTypes",
    "CreditNoteNumber",
    "Reference",
    "BrandingThemeID",
    "CurrencyCode",
    "CurrencyRate",
)


class CreditNotes(Credits):
    """The credit notes of one organisation."""

    def __init__(self, books: "Ledger") -> None:
        super().__init__(books, CREDIT_NOTE)
        self._numbering = Numbering("CN-")

    def find(self, key: str) -> Record:
        """By id or by number; raises NotFound."""
        return self.numbered(key) or self.get(key)

    def numbered(self, number: str) -> Record | None:
        """The credit note of that number, deleted ones aside."""
        folded = number.casefold()
        return next(
            (
                one
                for one in self.by_id.values()
                if folded
                and one["CreditNoteNumber"].casefold() == folded
                and one["Status"] != "DELETED"
            ),
            None,
        )

    def create(self, sent: Record, unitdp: int) -> Record:
        """A new credit note; raises Refused and stores nothing when a rule is broken."""
        problems = Problems()
        if sent.get("Type") not in _TYPES:
            raise Refused(["Credit note Type must be one of ACCRECCREDIT or ACCPAYCREDIT."])
        note: Record = {
            "CreditNoteID": new_id(),
            "CreditNoteNumber": "",
            "Type": sent["Type"],
            "Reference": "",
            "Status": sent.get("Status", "DRAFT"),
            "LineAmountTypes": "Exclusive",
            "SentToContact": False,
            "HasAttachments": False,
            "Date": self._books.today(),
            "BrandingThemeID": self._books.branding_themes[0]["BrandingThemeID"],
            "Allocations": [],
            "LineItems": [],
        }
        if note["Status"] not in invoice_status.STARTING:
            problems.say("Credit note not of valid status for creation")
        if not sent.get("LineItems"):
            problems.say("One or more line items must be specified")
        self._fill(note, sent, unitdp, problems)
        note["CreditNoteNumber"] = note["CreditNoteNumber"] or self._next_number(note)
        return self.add(note)

    def update(self, note: Record, sent: Record, unitdp: int) -> Record:
        """Changes the sent fields of a credit note, or refuses and changes nothing."""
        wanted = str(sent.get("Status", note["Status"]))
        if note["Allocations"]:
            raise Refused([ALLOCATED])
        invoice_status.check_move({**note, "Payments": [], "allocations": []}, wanted)
        problems = Problems()
        check_open(self._books.organisation, note["Date"], problems)
        problems.refuse_if_any()
        if wanted in invoice_status.TERMINAL:
            note["Status"] = wanted
        else:
            candidate = {**note, "Status": wanted}
            self._fill(candidate, sent, unitdp, problems)
            replace(note, candidate)
        settle(note)
        self.told(note, "Edited")
        return note

    def _fill(self, note: Record, sent: Record, unitdp: int, problems: Problems) -> None:
        books = self._books
        note.update({name: sent[name] for name in _SETTABLE if sent.get(name) is not None})
        if sent.get("LineItems") is not None:
            kept = {line["LineItemID"] for line in note["LineItems"]}
            builder = LineBuilder(
                books.accounts, books.tax_rates, books.tracking, books.no_tax_type, problems
            )
            note["LineItems"] = [
                builder.build(index, line, note, unitdp, kept)
                for index, line in enumerate(sent["LineItems"])
            ]
        base = books.organisation["BaseCurrency"]
        invoice_header.check_currency(note, books.currency_rates, base, problems)
        totals = add_up(note["LineItems"], note["LineAmountTypes"])
        invoice_header.lay_totals(note, totals, {}, problems)
        check_open(books.organisation, note["Date"], problems)
        other = self.numbered(note["CreditNoteNumber"])
        if other and other["CreditNoteID"] != note["CreditNoteID"]:
            problems.say(NUMBER_TAKEN)
        contact = self._contact(note, sent, problems)
        problems.refuse_if_any()
        note["Contact"] = contact

    def _contact(self, note: Record, sent: Record, problems: Problems) -> Record | None:
        wanted = sent.get("Contact")
        if not wanted:
            if "Contact" not in note:
                problems.say(NO_CONTACT)
            return note.get("Contact")
        found = self._books.contacts.find(wanted)
        if found is None:
            problems.say(NO_CONTACT)
        elif found["ContactStatus"] != "ACTIVE":
            problems.say(contact_rules.ARCHIVED)
        return found

    def _next_number(self, note: Record) -> str:
        if note["Type"] != "ACCRECCREDIT":
            return ""
        return self._numbering.next({n["CreditNoteNumber"].casefold() for n in self.all()})
