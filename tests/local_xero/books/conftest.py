from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from local.xero.books import Books


class Time:
    """A clock that a test moves."""

    def __init__(self):
        self.present = datetime(2026, 3, 3, 10, 0, 0, 123000, tzinfo=UTC)

    def now(self):
        return self.present

    def pass_by(self, seconds=60):
        self.present += timedelta(seconds=seconds)


class Desk:
    """Somebody entering documents into the books of the New Zealand demo company."""

    def __init__(self, books, time):
        self.books = books
        self.time = time
        self.events = []
        books.on_change = lambda *event: self.events.append(event)

    def line(self, amount="100", **more):
        facts = {
            "Description": "Work",
            "Quantity": Decimal(1),
            "UnitAmount": Decimal(amount),
            "AccountCode": "200",
        }
        return {**facts, **more}

    def sent(self, *lines, **more):
        facts = {
            "Type": "ACCREC",
            "Status": "AUTHORISED",
            "Contact": {"Name": "Boom FM"},
            "Date": date(2026, 3, 1),
            "DueDate": date(2026, 3, 20),
            "LineItems": list(lines) or [self.line()],
        }
        facts.update(more)
        return {name: value for name, value in facts.items() if value is not None}

    def enter(self, *lines, unitdp=4, **more):
        return self.books.invoices.create(self.sent(*lines, **more), unitdp).invoice

    def change(self, invoice, unitdp=4, **sent):
        self.time.pass_by()
        return self.books.invoices.update(invoice, sent, unitdp)

    def pay(self, invoice, amount=None, day=date(2026, 3, 2)):
        self.time.pass_by()
        payment_id = self.books.pay(
            invoice["InvoiceID"], Decimal(amount) if amount else None, day
        )
        return self.books.payments.get(payment_id)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def books(time):
    return Books.seeded("NZ", name="Demo Company (NZ)", now=time.now)


@pytest.fixture
def desk(books, time):
    return Desk(books, time)
