"""An accounting API in memory, which can lose answers before or after it did what was asked.

It keeps Xero's rules that sending relies on: unique numbers, the memory of idempotency keys
(errors included), one outcome per element, and changes by the second.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.xero.caller import Page
from chalicelib.xero.errors import (
    Message,
    XeroCallError,
    XeroIdempotencyMisuse,
    XeroNotFound,
    XeroOutcomeUnknown,
    XeroRejected,
)
from chalicelib.xero.formats import read_json
from chalicelib.xero.wire.invoice import Invoice
from chalicelib.xero.written import Written
from local.xero.books.rounding import add_up, line_amount, line_tax

MEMORY = timedelta(minutes=6)
TAKEN = "Invoice # must be unique."
HAS_PAYMENT = "This document cannot be edited as it has a payment or credit note allocated to it."


@dataclass
class FakeAccounting:
    """One organisation's invoices; ``faults`` are taken one per call, in order."""

    now: Callable[[], datetime]
    percent: Decimal = Decimal(15)
    invoices: dict[str, dict[str, Any]] = field(default_factory=dict)
    memory: dict[str, tuple[datetime, bytes, Any]] = field(default_factory=dict)
    faults: list[Callable[["FakeAccounting", str], None]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __call__(self, ask):
        """As the books: hands itself to whoever asks."""
        return ask(self)

    def put_invoices(self, body: bytes, key: str) -> list[Written[Invoice]]:
        self.keys.append(key)
        fault = self._begin("PUT")
        if fault:
            fault(self, "before")
        kept = self.memory.get(key)
        if kept and self.now() - kept[0] < MEMORY:
            if kept[1] not in {b"", body}:
                raise XeroIdempotencyMisuse((Message("Idempotency Key", ""),))
            answer = kept[2]
        else:
            answer = [self._create(tree) for tree in read_json(body)["Invoices"]]
            self.memory[key] = (self.now(), body, answer)
        if fault:
            fault(self, "after")
        if isinstance(answer, XeroCallError):
            raise answer
        return answer

    def invoices_by_numbers(self, numbers) -> tuple[Invoice, ...]:
        self._look("GET numbers")
        return tuple(
            Invoice.read(_dated(tree))
            for tree in self.invoices.values()
            if tree["InvoiceNumber"] in numbers
        )

    def invoices_changed_since(self, moment, page=1, *, page_size=100) -> Page[Invoice]:
        self._look("GET changed")
        changed = sorted(
            (
                t
                for t in self.invoices.values()
                if t["UpdatedDateUTC"] >= moment.replace(microsecond=0)
            ),
            key=lambda tree: tree["UpdatedDateUTC"],
        )
        start = (page - 1) * page_size
        items = tuple(Invoice.read(_dated(tree)) for tree in changed[start : start + page_size])
        pages = max(1, -(-len(changed) // page_size))
        return Page(items, page, pages, len(changed), full=len(items) == page_size)

    def invoice(self, invoice_id: str) -> Invoice:
        self._look("GET one")
        if invoice_id not in self.invoices:
            raise XeroNotFound
        return Invoice.read(_dated(self.invoices[invoice_id]))

    def update_status(self, invoice_id: str, status: str, key: str) -> Invoice:
        self.keys.append(key)
        fault = self._begin("POST")
        if fault:
            fault(self, "before")
        tree = self.invoices[invoice_id]
        if tree["AmountPaid"] and status == "VOIDED":
            raise XeroRejected((Message(HAS_PAYMENT, ""),))
        tree.update(Status=status, AmountDue=Decimal(0), UpdatedDateUTC=self.now())
        if fault:
            fault(self, "after")
        return Invoice.read(_dated(tree))

    def change(self, invoice_id: str, **facts: Any) -> None:
        """Somebody works in Xero."""
        self.invoices[invoice_id].update(facts, UpdatedDateUTC=self.now())

    def pay(self, invoice_id: str, amount: str) -> None:
        tree = self.invoices[invoice_id]
        paid = {"PaymentID": f"pay-{len(tree['Payments'])}", "Amount": Decimal(amount)}
        due = tree["AmountDue"] - Decimal(amount)
        self.change(
            invoice_id,
            Payments=[*tree["Payments"], paid],
            AmountPaid=tree["AmountPaid"] + Decimal(amount),
            AmountDue=due,
            Status="AUTHORISED" if due else "PAID",
        )

    def live(self, url: str) -> list[dict[str, Any]]:
        """The invoices with this address that are not voided or deleted."""
        return [t for t in self.invoices.values() if t["Url"] == url]

    def _begin(self, what: str):
        self.calls.append(what)
        return self.faults.pop(0) if self.faults else None

    def _look(self, what: str) -> None:
        fault = self._begin(what)
        if fault:
            fault(self, "before")

    def _create(self, sent: dict[str, Any]) -> Written[Invoice]:
        said = self._refusal(sent)
        if said:
            refused = {**sent, "InvoiceID": "00000000-0000-0000-0000-000000000000"}
            return Written(Invoice.read(refused), False, (Message(said, ""),), ())
        lines = [self._line(line, sent["LineAmountTypes"]) for line in sent["LineItems"]]
        totals = add_up(lines, sent["LineAmountTypes"])
        tree = {
            "InvoiceNumber": f"XERO-{len(self.invoices) + 1:04d}",
            **sent,
            "InvoiceID": f"xero-{len(self.invoices) + 1:04d}",
            "LineItems": lines,
            "SubTotal": totals.sub_total,
            "TotalTax": totals.total_tax,
            "Total": totals.total,
            "AmountDue": totals.total,
            "AmountPaid": Decimal(0),
            "Payments": [],
            "UpdatedDateUTC": self.now(),
        }
        self.invoices[tree["InvoiceID"]] = tree
        return Written(Invoice.read(_dated(tree)), True, (), ())

    def _refusal(self, sent: dict[str, Any]) -> str:
        taken = {
            tree["InvoiceNumber"]
            for tree in self.invoices.values()
            if tree["Status"] != "DELETED"
        }
        number = sent.get("InvoiceNumber", "")
        if number in taken:
            return TAKEN
        return self.refusals.get(number, "")

    def _line(self, sent: dict[str, Any], types: str) -> dict[str, Any]:
        if "Quantity" not in sent:
            return {**sent, "LineAmount": Decimal(0), "TaxAmount": Decimal(0)}
        quantity, unit = Decimal(sent["Quantity"]), Decimal(sent["UnitAmount"])
        amount = line_amount(quantity, unit, sent.get("DiscountRate"), sent.get("DiscountAmount"))
        return {**sent, "LineAmount": amount, "TaxAmount": line_tax(amount, self.percent, types)}


def lost(when: str, status: int | None = None) -> Callable[[FakeAccounting, str], None]:
    """No usable answer, ``before`` it was done or ``after``; with a status, one of Xero's own."""

    def fault(_fake: FakeAccounting, stage: str) -> None:
        if stage == when:
            raise XeroOutcomeUnknown(http_status=status)

    return fault


def raising(error: Exception) -> Callable[[FakeAccounting, str], None]:
    """This failure, before anything was done."""

    def fault(_fake: FakeAccounting, stage: str) -> None:
        if stage == "before":
            raise error

    return fault


def remembered(error: XeroCallError) -> Callable[[FakeAccounting, str], None]:
    """This failure, which Xero repeats to whoever comes with the same key."""

    def fault(fake: FakeAccounting, stage: str) -> None:
        if stage == "before":
            fake.memory[fake.keys[-1]] = (fake.now(), b"", error)
            raise error

    return fault


def fine(_fake: FakeAccounting, _stage: str) -> None:
    """Nothing goes wrong with this call."""


def _dated(tree: dict[str, Any]) -> dict[str, Any]:
    moment = tree["UpdatedDateUTC"].isoformat()
    return {**tree, "UpdatedDateUTC": moment}
