"""When invoices fall due, by Xero's four ways to count."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.invoices import create
from chalicelib.invoices.due import due_date
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.reference import organisation, small_lists
from chalicelib.work import clients
from chalicelib.work.details import Terms

TENANT = "tenant-1"


@pytest.mark.parametrize(
    ("kind", "number", "day", "due"),
    [
        ("DAYSAFTERBILLDATE", 14, date(2026, 11, 23), date(2026, 12, 7)),
        ("DAYSAFTERBILLDATE", 0, date(2026, 11, 23), date(2026, 11, 23)),
        ("DAYSAFTERBILLMONTH", 10, date(2026, 11, 23), date(2026, 12, 10)),
        ("DAYSAFTERBILLMONTH", 0, date(2028, 2, 3), date(2028, 2, 29)),
        ("OFCURRENTMONTH", 28, date(2026, 11, 23), date(2026, 11, 28)),
        ("OFCURRENTMONTH", 31, date(2026, 11, 23), date(2026, 11, 30)),
        ("OFCURRENTMONTH", 20, date(2026, 11, 23), date(2026, 12, 20)),
        ("OFFOLLOWINGMONTH", 20, date(2026, 12, 31), date(2027, 1, 20)),
        ("OFFOLLOWINGMONTH", 31, date(2027, 1, 15), date(2027, 2, 28)),
        ("SOMETHINGNEW", 5, date(2026, 11, 23), date(2026, 12, 13)),
    ],
)
def test_terms_are_counted_as_xero_does(kind, number, day, due):
    assert due_date(day, Terms(number, kind), 20) == due


def test_without_terms_the_tenants_days_count():
    assert due_date(date(2026, 11, 23), None, 20) == date(2026, 12, 13)
    assert due_date(date(2026, 11, 23), Terms(None, "OFCURRENTMONTH"), 7) == date(2026, 11, 30)


@given(
    day=st.dates(date(2000, 1, 1), date(2098, 12, 31)),
    kind=st.sampled_from(
        ["DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH"]
    ),
    number=st.integers(0, 31),
)
def test_nothing_falls_due_before_it_is_billed(day, kind, number):
    due = due_date(day, Terms(number, kind), 20)

    assert day <= due <= day + timedelta(days=63)


def test_terms_are_the_clients_then_the_organisations_then_the_tenants(business):
    client_id = business.client_id
    wanted = NewInvoice(
        basis=Basis.BLANK,
        client_id=client_id,
        lines=(Line("Work", Decimal(1), Decimal(10)),),
        date=date(2026, 11, 23),
    )
    found = [_due(wanted)]

    terms = organisation.Terms(20, "OFFOLLOWINGMONTH")
    settings = organisation.Organisation("Demo", "NZD", sales_terms=terms)
    small_lists.put(TENANT, "organisation", msgspec.to_builtins(settings))
    found.append(_due(wanted))

    own = Terms(7, "DAYSAFTERBILLDATE")
    clients.change(TENANT, client_id, contact_id=None)
    clients.change(TENANT, client_id, payment_terms=own)
    found.append(_due(wanted))

    asked = msgspec.structs.replace(wanted, due_date=date(2026, 12, 24))
    found.append(_due(asked))
    assert found == [
        date(2026, 12, 13),
        date(2026, 12, 20),
        date(2026, 11, 30),
        date(2026, 12, 24),
    ]


def _due(wanted):
    draft, _ = create.preview(TENANT, wanted)
    return draft.due_date
