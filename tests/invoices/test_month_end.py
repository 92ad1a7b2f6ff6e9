"""A month's sums here are Xero's to the cent, or every invoice that is not the same is named."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dispatch.model import JobState
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices import discard, gaps, month_end, month_store, send, store, void
from chalicelib.invoices.gaps import Became
from chalicelib.invoices.model import InvoiceState
from chalicelib.invoices.month import Month, read_month
from chalicelib.invoices.reckon import Standing, Sums
from chalicelib.invoices.store import Numbered
from tests.invoices.fault_lab import ADDRESS, TENANT, line

NOVEMBER = Month(2026, 11)
NAMES = {
    "net": "SubTotal",
    "tax": "TotalTax",
    "total": "Total",
    "paid": "AmountPaid",
    "credited": "AmountCredited",
    "due": "AmountDue",
}


def sent(lab, *amounts, **facts):
    made = [_dated(lab.draft(line(cents)), **facts) for cents in amounts]
    send.start(lab.caller, [one.invoice_id for one in made])
    lab.drain()
    return made


def _dated(invoice, day=None):
    if day is None:
        return invoice
    facts = {name: getattr(invoice, name) for name in type(invoice).__dataclass_fields__}
    due = day + timedelta(days=20)
    return store.save(TENANT, type(invoice)(**{**facts, "date": day, "due_date": due}))


def worked_out(lab, month=NOVEMBER):
    job = month_end.start(lab.caller, month)
    assert job.state is JobState.DONE, job.message
    return month_end.get(TENANT, month)


def document(lab, invoice):
    return lab.documents(invoice.invoice_id)[0]


def sums_in_xero(lab, *, ours):
    """The local Xero's own sums of November, by currency."""
    sums = defaultdict(lambda: defaultdict(Decimal))
    for one in lab.ledger.invoices.all():
        dated = (one["Date"].year, one["Date"].month) == (2026, 11)
        live = one["Status"] not in {"VOIDED", "DELETED"} and one["Type"] == "ACCREC"
        if dated and live and (one.get("Url") or "").startswith(ADDRESS) == ours:
            for name, theirs in NAMES.items():
                sums[one["CurrencyCode"]][name] += one.get(theirs, 0)
    return {currency: Sums(*(found[name] for name in NAMES)) for currency, found in sums.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_sums_are_xeros_whatever_became_of_the_invoices(books, seed):
    chance = random.Random(seed)  # noqa: S311  reproducible amounts, nothing secret
    invoices = sent(books, *(chance.randint(1, 999_999) for _ in range(12)))
    today = books.ledger.today()
    for invoice in invoices:
        found = document(books, invoice)
        half = (found["AmountDue"] / 2).quantize(Decimal("0.01"))
        match chance.choice(["pay", "half", "credit", "void", "nothing"]):
            case "pay":
                books.ledger.pay(found["InvoiceID"], None, today)
            case "half" if half:
                books.ledger.pay(found["InvoiceID"], half, today)
            case "credit" if half:
                books.ledger.credit(found["InvoiceID"], half, today)
            case "void":
                books.ledger.void(found["InvoiceID"])

    found = worked_out(books)

    assert found.agrees
    assert {one.currency: one.here for one in found.controls if one.invoices} == sums_in_xero(
        books, ours=True
    )
    assert {one.apart for one in found.controls} == {Sums()}
    others = {one.currency: one.elsewhere for one in found.controls if one.from_elsewhere}
    assert others == sums_in_xero(books, ours=False)
    assert sum(found.counts.values()) == len(month_end.invoices(TENANT, NOVEMBER)) == 12


def test_what_is_not_the_same_is_named_and_makes_up_the_difference(books):
    same, priced, moved, gone = sent(books, 1000, 2000, 3000, 4000)
    item = {**document(books, priced)["LineItems"][0], "UnitAmount": Decimal(21)}
    kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
    lines = [{name: item[name] for name in kept}]
    books.ledger.edit(document(books, priced)["InvoiceID"], LineItems=lines)
    books.ledger.edit(document(books, moved)["InvoiceID"], Date=date(2026, 10, 31))
    books.ledger.void(document(books, gone)["InvoiceID"])

    found = worked_out(books)

    named = {one.invoice_id: one for one in found.apart}
    assert set(named) == {priced.invoice_id, moved.invoice_id}
    assert named[priced.invoice_id].sums.total == Decimal("1.15")
    assert named[moved.invoice_id].sums.total == Decimal("-34.50")
    assert found.controls[0].apart.total == sum(one.sums.total for one in found.apart)
    assert found.differing == 2  # and the one that was voided is a difference of its own
    assert found.counts[Standing.VOIDED] == 1
    assert not found.agrees
    assert same.invoice_id not in named


def test_asks_a_thousand_invoices_in_one_call(books):
    sent(books, 1000, 2000)
    worked_out(books)
    asked = books.xero.world.calls
    before = len(asked.listed())

    found = worked_out(books)

    made = asked.listed()[before:]
    assert [one["path"] for one in made] == ["/api.xro/2.0/Invoices"] * found.calls
    assert found.calls == 1


def test_tells_what_is_not_sent_and_what_every_number_became(books):
    used, voided, failing = sent(books, 1000, 2000, 3000)
    not_sent = books.draft(line(500))
    void.start(books.caller, voided.invoice_id, reason="A slip", release=False)
    _renumber(store.get(TENANT, used.invoice_id))

    found = worked_out(books)

    assert found.counts[Standing.NOT_SENT] == 1
    assert found.counts[Standing.VOIDED] == 1
    listed = {one.invoice_id: one for one in month_end.invoices(TENANT, NOVEMBER)}
    assert listed[not_sent.invoice_id].standing is Standing.NOT_SENT
    assert (found.numbers.first, found.numbers.last) == ("INV-00001", "INV-00003")
    assert {one.number: one.became for one in found.numbers.named} == {
        "INV-00001": Became.GIVEN_BACK,
        "INV-00002": Became.VOID,
    }
    assert failing.invoice_id in listed


def _renumber(invoice):
    facts = {name: getattr(invoice, name) for name in type(invoice).__dataclass_fields__}
    former = (*invoice.former_numbers, invoice.number)
    store.save(TENANT, type(invoice)(**{**facts, "number": "MINE-1", "former_numbers": former}))


def test_a_record_that_moves_while_pages_are_read_is_not_lost(books, monkeypatch):
    """Xero lists the longest unchanged first, so that a change moves a record to the end."""
    sent(books, *range(1000, 1005))
    monkeypatch.setattr(tenant_books, "LARGEST_PAGE", 3)
    touched = []

    def touch(what):
        if what.startswith("after GET") and not touched:
            dated = [one for one in books.ledger.invoices.all() if one.get("Url")]
            first = min(dated, key=lambda one: (one["UpdatedDateUTC"], one["InvoiceID"]))
            touched.append(first["InvoiceNumber"])
            first["UpdatedDateUTC"] = books.xero.world.clock.now() + timedelta(seconds=5)

    books.xero.wire.point = touch
    month_end.start(books.caller, NOVEMBER)
    for _ in range(5):
        books.drain()
    books.xero.wire.point = lambda _what: None

    found = month_end.get(TENANT, NOVEMBER)
    assert touched
    assert found.agrees
    assert {one.currency: one.in_xero for one in found.controls} == sums_in_xero(books, ours=True)


def test_lists_of_earlier_runs_are_dropped(books):
    sent(books, 1000)
    worked_out(books)
    worked_out(books)

    rows = list(month_store.MonthRow.query(f"{TENANT}#months"))

    assert len(rows) == 2


def test_an_invoice_is_of_the_month_of_its_date(books):
    (earlier,) = sent(books, 1000, day=date(2026, 10, 31))
    (later,) = sent(books, 1000)

    assert [one.invoice_id for one in _of(books, "2026-10")] == [earlier.invoice_id]
    assert [one.invoice_id for one in _of(books, "2026-11")] == [later.invoice_id]


def _of(books, text):
    worked_out(books, read_month(text))
    return month_end.invoices(TENANT, read_month(text))


def test_a_discarded_draft_gives_its_number_back(books):
    (invoice,) = sent(books, 1000)
    state = store.get(TENANT, invoice.invoice_id)
    facts = {name: getattr(state, name) for name in type(state).__dataclass_fields__}
    left = type(state)(**{**facts, "state": InvoiceState.FAILED, "mirror": None})
    store.save(TENANT, left)
    discard.start(books.caller, invoice.invoice_id)
    books.drain()

    found = worked_out(books)

    assert [one.became for one in found.numbers.named] == [Became.GIVEN_BACK]


LIVE = SimpleNamespace(state="sent", status="AUTHORISED")


@given(st.sets(st.integers(1, 60), min_size=1), st.integers(0, 80))
def test_every_number_is_accounted_for(counts, more):
    """Numbers of one month, some of them lost: used and missing ones are all there are."""
    day = date(2026, 11, 5)
    found = [
        Numbered(f"i{n}", day, (f"INV-{n:05d}",), LIVE.state, LIVE.status) for n in sorted(counts)
    ]
    given_so_far = max(counts) + more

    told = gaps.account_for(found, "INV-", given_so_far, NOVEMBER.first, NOVEMBER.until)

    every = range(min(counts), given_so_far + 1)
    assert told.counts.get(Became.USED, 0) == len(counts)
    assert sum(told.counts.values()) == len(every)
    missing = set()
    for one in told.named:
        first, last = (int(text[4:]) for text in (one.number, one.until or one.number))
        missing |= set(range(first, last + 1))
    assert missing == set(every) - counts


def test_numbers_lost_between_two_months_belong_to_the_later_one():
    october = Numbered("a", date(2026, 10, 30), ("INV-00007",), LIVE.state, LIVE.status)
    november = Numbered("b", date(2026, 11, 2), ("INV-00010",), LIVE.state, LIVE.status)

    told = gaps.account_for([october, november], "INV-", 10, NOVEMBER.first, NOVEMBER.until)

    (lost,) = told.named
    assert (lost.number, lost.until) == ("INV-00008", "INV-00009")
