from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.invoices import preflight, totals
from chalicelib.invoices.line import Line, LineAmountTypes, Totals
from chalicelib.invoices.preflight import Facts, TaxFact
from chalicelib.reference import small_lists
from chalicelib.reference.organisation import Organisation
from chalicelib.work.model import Client, Standing

CLIENT = Client("client-1", "Hill Ltd", datetime(2026, 1, 1, tzinfo=UTC), contact_id="contact-1")
FACTS = Facts(
    CLIENT,
    {"200": True, "260": False},
    {
        "OUTPUT2": TaxFact(Decimal(15), usable=True),
        "OLD": TaxFact(Decimal(15), usable=False),
    },
)
OPEN = Organisation("Acme", "NZD", period_lock_date=date(2026, 10, 31))
LOCKED = replace(OPEN, end_of_year_lock_date=date(2026, 11, 30))


def codes(invoice, facts=FACTS):
    return [problem.code for problem in preflight.problems_of(invoice, facts)]


@pytest.fixture
def ready(one_invoice):
    invoice = one_invoice()
    return replace(invoice, totals=totals.add_up(invoice.lines, invoice.line_amount_types))


def test_good_invoice_has_no_problem(ready):
    assert codes(ready) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contact_id": None}, "client_not_linked"),
        ({"archived": True}, "client_archived"),
        ({"standing": Standing.MERGED}, "contact_unusable"),
        ({"standing": Standing.GONE}, "contact_unusable"),
        ({"standing": Standing.ARCHIVED, "archived": True}, "client_archived"),
    ],
)
def test_client_has_to_be_linked_and_live(ready, changes, code):
    facts = replace(FACTS, client=replace(CLIENT, **changes))

    found = preflight.problems_of(ready, facts)

    assert [problem.code for problem in found] == [code]
    assert found[0].place == "/clients/client-1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account_code": ""}, "account_missing"),
        ({"account_code": "999"}, "account_unknown"),
        ({"account_code": "260"}, "account_unusable"),
        ({"tax_type": "OLD"}, "tax_unusable"),
        ({"description": ""}, "description_length"),
        ({"description": "x" * 4001}, "description_length"),
    ],
)
def test_line_at_fault_is_named(ready, changes, code):
    line = replace(ready.lines[0], **changes)
    invoice = replace(ready, lines=(ready.lines[0], line))
    invoice = replace(invoice, totals=totals.add_up(invoice.lines, invoice.line_amount_types))

    (found,) = preflight.problems_of(invoice, FACTS)

    assert (found.code, found.line) == (code, 2)


@pytest.mark.parametrize(("tax_type", "code"), [("", "tax_missing"), ("NEW", "tax_unknown")])
def test_tax_rate_has_to_be_known(ready, tax_type, code):
    invoice = replace(ready, lines=(replace(ready.lines[0], tax_type=tax_type),))

    assert codes(invoice)[0] == code


def test_tax_rates_do_not_matter_without_tax(ready):
    line = replace(ready.lines[0], tax_type="", tax_percent=Decimal(0))
    invoice = replace(
        ready,
        lines=(line,),
        line_amount_types=LineAmountTypes.NO_TAX,
        totals=totals.add_up((line,), LineAmountTypes.NO_TAX),
    )

    assert codes(invoice) == []


def test_changed_percentage_stops_the_invoice(ready):
    facts = replace(FACTS, tax_rates={"OUTPUT2": TaxFact(Decimal("12.5"), usable=True)})

    assert "tax_changed" in codes(ready, facts)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "N" * 256}, "number_too_long"),
        ({"reference": "R" * 256}, "reference_too_long"),
        ({"currency": "dollars"}, "currency_unknown"),
        ({"url": "/invoices/1"}, "url_not_absolute"),
        ({"url": "https://xero.bills.example/invoices/1"}, "url_refused"),
        ({"totals": Totals(Decimal(1), Decimal(0), Decimal(1))}, "totals_differ"),
    ],
)
def test_header_at_fault_is_named(ready, changes, code):
    assert codes(replace(ready, **changes)) == [code]


def test_invoice_without_amounts_is_refused(ready):
    invoice = replace(ready, lines=(Line("Only words"),), totals=Totals())

    assert codes(invoice) == ["no_lines"]


def test_negative_total_is_refused(ready):
    lines = (replace(ready.lines[0], quantity=Decimal(-1)),)
    invoice = replace(ready, lines=lines, totals=totals.add_up(lines, ready.line_amount_types))

    assert codes(invoice) == ["total_negative"]


def test_discount_over_the_line_is_refused(ready):
    lines = (ready.lines[0], replace(ready.lines[0], discount_amount=Decimal("25.07")))
    invoice = replace(ready, lines=lines, totals=totals.add_up(lines, ready.line_amount_types))

    assert codes(invoice) == ["discount_too_large"]


@pytest.mark.parametrize(
    ("changes", "facts", "code"),
    [
        ({"currency": "USD"}, {"currencies": {"NZD"}}, "currency_not_subscribed"),
        ({}, {"organisation": LOCKED}, "day_locked"),
        ({"date": date(2026, 12, 1)}, {"organisation": LOCKED}, None),
        ({}, {"currencies": {"NZD"}, "organisation": OPEN}, None),
    ],
)
def test_what_the_organisation_does_not_take_is_named_with_its_page(ready, changes, facts, code):
    found = preflight.problems_of(replace(ready, **changes), replace(FACTS, **facts))

    assert [(one.code, one.place) for one in found] == (
        [(code, "/settings/codes")] if code else []
    )


def test_a_day_that_was_locked_since_is_not_sent(business):
    invoice = business.queued()
    small_lists.put(business.caller.tenant_id, "organisation", LOCKED)

    business.run(business.job(invoice))

    sent = business.get(invoice)
    assert [one.code for one in sent.problems] == ["day_locked"]
    assert "30 November 2026" in sent.problems[0].sentence
    assert business.xero.calls == []
