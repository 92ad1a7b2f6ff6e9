from datetime import date

import pytest

from local.xero.books import Refused

LOCKED = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("period", "year_end", "words"),
    [
        (LOCKED, None, "period lock date, currently set at 1 March 2026"),
        (None, LOCKED, "end of year lock date, currently set at 1 March 2026"),
        (date(2026, 4, 1), date(2025, 3, 31), "period lock date"),
    ],
)
def test_nothing_is_dated_on_or_before_a_lock_date(desk, period, year_end, words):
    desk.books.set_lock_dates(period, year_end)

    with pytest.raises(Refused, match=words):
        desk.enter()


def test_day_after_the_lock_is_open(desk):
    desk.books.set_lock_dates(date(2026, 2, 28), None)

    assert desk.enter()["Status"] == "AUTHORISED"


def test_locked_invoice_is_frozen_in_every_way(desk):
    invoice = desk.enter()
    desk.books.set_lock_dates(LOCKED, None)

    for change in ({"Reference": "R2"}, {"Status": "VOIDED"}, {"Date": date(2026, 4, 1)}):
        with pytest.raises(Refused, match="period lock date"):
            desk.change(invoice, **change)
    with pytest.raises(Refused, match="period lock date"):
        desk.pay(invoice, "1", LOCKED)


def test_locked_draft_may_still_be_deleted(desk):
    invoice = desk.enter(Status="DRAFT")
    desk.books.set_lock_dates(LOCKED, None)

    desk.books.delete(invoice["InvoiceID"])

    assert invoice["Status"] == "DELETED"


def test_locks_can_be_lifted(desk):
    desk.books.set_lock_dates(LOCKED, LOCKED)
    desk.books.set_lock_dates(None, None)

    assert "PeriodLockDate" not in desk.books.organisation
    assert desk.enter()["Status"] == "AUTHORISED"
