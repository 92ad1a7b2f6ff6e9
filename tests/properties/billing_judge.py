"""Whether everything that can be billed is on exactly one live invoice, or unbilled.

All is read from the rows as they are stored, and added up here anew: nothing that the rules under
test work out is taken for granted.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from chalicelib.invoices import lines_work, store
from chalicelib.invoices.line import Line, Totals
from chalicelib.invoices.model import Invoice, InvoiceState
from chalicelib.invoices.rows import InvoiceRow
from tests.invoices.conftest import TENANT
from tests.properties.billing_company import PRICE, Company

S = InvoiceState
KINDS = {"record#": ("time#", "unbilled"), "material#": ("material#", "unbilled-materials")}


class Books:
    """What is stored, at a quiet moment."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.work = {row["sk"]: row for row in map(_plain, company.aws.rows("work"))}
        self.rows: dict[str, dict[str, Any]] = {}
        self.invoices: dict[str, Invoice] = {}
        self.beside: dict[str, dict[str, Any]] = defaultdict(dict)
        for raw in company.aws.rows("invoices"):
            row = _plain(raw)
            whose, _, invoice_id = row["pk"].partition("#")
            assert whose == TENANT
            if invoice_id:
                self.beside[invoice_id][row["sk"]] = row
                continue
            self.rows[row["sk"]] = row
            if row["sk"].startswith("invoice#"):
                found = store.invoice_in(InvoiceRow.from_raw_data(raw))
                self.invoices[found.invoice_id] = found

    def judge(self, known: set[str]) -> set[str]:
        """Raise AssertionError for anything lost, billed twice or added up wrongly.

        ``known`` are the ids that there were before; answers with those that there are.
        """
        assert set(self.beside) <= set(self.invoices), "something is left of an invoice"
        for invoice in self.invoices.values():
            assert invoice.state not in {S.BUILDING, S.DISCARDING}, "half an invoice is left"
            self._judge_work(invoice)
            self._judge_prices(invoice)
            assert add_up(invoice.lines) == invoice.totals
        self._judge_pieces()
        self._judge_counts()
        return self._judge_nothing_lost(known)

    def live(self) -> list[Invoice]:
        """Those that bill something."""
        return [
            one
            for one in self.invoices.values()
            if one.state is not S.DISCARDED and not one.released
        ]

    def pieces(self, kind: str) -> list[str]:
        """The ids of all work of a kind, the oldest first."""
        found = [
            (row["listing_order"], sk) for sk, row in self.work.items() if sk.startswith(kind)
        ]
        return [sk.removeprefix(kind) for _, sk in sorted(found)]

    def _judge_work(self, invoice: Invoice) -> None:
        pairs = {sk for sk in self.beside[invoice.invoice_id] if sk.startswith(tuple(KINDS))}
        if invoice not in self.live():
            assert pairs == set(), "an invoice that has ended holds work"
            return
        behind: list[str] = []
        for line in invoice.lines:
            behind += self._behind(invoice, line)
        assert sorted(behind) == sorted(pairs), "lines and pairs name other work"
        assert (invoice.records, invoice.materials) == tuple(
            sum(sk.startswith(kind) for sk in pairs) for kind in KINDS
        )

    def _behind(self, invoice: Invoice, line: Line) -> list[str]:
        """The pairs of a line's work; its time is what the records say."""
        work = line.work
        if work is None or not work.records + work.materials:
            return []
        ids = work.ids or lines_work.ids_of(TENANT, invoice.invoice_id, line.line_id)
        assert len(ids) == work.records + work.materials
        records = [self.work[f"time#{one}"] for one in ids if f"time#{one}" in self.work]
        minutes = sum(int(row["minutes"]) for row in records)
        assert minutes == work.minutes
        if records and not work.drawn:
            hours = _rounded(Fraction(minutes, 60), 10_000)
            assert Fraction(line.quantity or 0) == hours
        kinds = {one: "record#" if f"time#{one}" in self.work else "material#" for one in ids}
        return [f"{kind}{one}" for one, kind in kinds.items()]

    def _judge_prices(self, invoice: Invoice) -> None:
        """What an invoice holds of prices and deposits is what its lines bill of them."""
        rows, billed = self.beside[invoice.invoice_id], dict[str, int]()
        for line in invoice.lines if invoice in self.live() else ():
            cents = int(100 * (line.quantity or 0) * line.unit_price)
            if line.work and line.work.drawn:
                billed[f"draw#{line.work.project_id}#{line.work.phase_id}"] = cents
            if line.work and line.work.deposit_id:
                key = f"deduct#{line.work.deposit_id}"
                billed[key] = billed.get(key, 0) - cents
        held = {sk: int(row["cents"]) for sk, row in rows.items() if "cents" in row}
        assert held == billed, "lines bill other parts than the invoice holds"

    def _judge_pieces(self) -> None:
        """Each is on the one invoice that it names, or in its place among the unbilled."""
        holders: dict[str, list[str]] = defaultdict(list)
        for invoice_id, rows in self.beside.items():
            for sk in rows:
                if sk.startswith(tuple(KINDS)):
                    kind, _, work_id = sk.partition("#")
                    holders[KINDS[f"{kind}#"][0] + work_id].append(invoice_id)
        for sk, row in self.work.items():
            place = next((p for kind, p in KINDS.values() if sk.startswith(kind)), None)
            if place is None:
                continue
            on = [row["invoice_id"]] if row.get("invoice_id") else []
            assert holders.pop(sk, []) == on, "a piece of work is on other invoices than it says"
            assert row["billable"] or not on, "an invoice bills what is not billable"
            waits = bool(row["billable"]) and not on
            key = f"{TENANT}#{place}#{row['project_id']}" if waits else None
            assert row.get("unbilled_key") == key, "work is not where it is looked for"
        assert not holders, "an invoice bills what is not there"

    def _judge_counts(self) -> None:
        rows = [row for beside in self.beside.values() for row in beside.values()]
        drawn = sum(int(row["cents"]) for row in rows if row["sk"].startswith("draw#"))
        fixed = self.work[f"project#{self.company.projects[1]}"]
        assert int(fixed["drawn_cents"]) == drawn <= PRICE * 100
        taken = sum(int(row["cents"]) for row in rows if row["sk"].startswith("deduct#"))
        deposit = self.rows[f"invoice#{self.company.deposit_id}"]
        assert int(deposit.get("deducted_cents", 0)) == taken <= int(deposit["deposit_cents"])

    def _judge_nothing_lost(self, known: set[str]) -> set[str]:
        kinds = tuple(kind for kind, _ in KINDS.values())
        present = {sk.partition("#")[2] for sk in self.work if sk.startswith(kinds)}
        lost = known - present - self.company.removable
        assert not lost or self.company.taken_back, f"lost: {lost}"
        return present


def add_up(lines: tuple[Line, ...]) -> Totals:
    """What an invoice without and before tax adds up to, in fractions."""
    net = tax = Fraction(0)
    for line in lines:
        gross = Fraction(line.quantity or 0) * Fraction(line.unit_price)
        off = 1 - Fraction(line.discount_percent or 0) / 100
        amount = _rounded(gross * off - Fraction(line.discount_amount or 0), 100)
        net += amount
        tax += _rounded(amount * Fraction(line.tax_percent) / 100, 100)
    return Totals(_money(net), _money(tax), _money(net + tax))


def _rounded(value: Fraction, parts: int) -> Fraction:
    whole, rest = divmod(abs(value) * parts, 1)
    up = whole + (rest >= Fraction(1, 2))
    return Fraction(up, parts) * (1 if value >= 0 else -1)


def _money(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"))


def _plain(raw: dict[str, Any]) -> dict[str, Any]:
    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in raw.items()}
