"""A worker that dies at any write or call of the send path leaves one invoice, adopted."""

import pytest

from chalicelib.audit import trail
from chalicelib.dispatch.model import Done, Wait
from chalicelib.invoices import numbering, send, store
from chalicelib.invoices.model import InvoiceState
from chalicelib.storage.rows import transaction_connection
from tests.invoices.fault_lab import TENANT as LAB
from tests.invoices.fault_lab import line
from tests.support.await_points import PowerCut

TENANT = "tenant-1"


class Crash(BaseException):
    """The process is gone."""


class Points:
    """Every request to DynamoDB and every call to Xero, counted; dies at the one chosen."""

    def __init__(self, business) -> None:
        self.seen = 0
        self.die_at = -1
        self.events = transaction_connection().client.meta.events
        self.events.register("before-call.dynamodb", self._point)
        self.events.register("after-call.dynamodb", self._point)
        business.xero.faults = _Both(self)

    def _point(self, **_facts) -> None:
        self.seen += 1
        if self.seen - 1 == self.die_at:
            raise Crash

    def from_now(self, die_at: int) -> None:
        self.seen, self.die_at = 0, die_at


class _Both(list):
    """In the place of the fake's faults: dies before or after a call is done."""

    def __init__(self, points: Points) -> None:
        super().__init__([None])
        self.points = points

    def pop(self, _index=-1):
        return lambda _fake, _stage: self.points._point()


def finish(business, job):
    for _ in range(10):
        step = business.run(job)
        if isinstance(step, Done):
            return
        if isinstance(step, Wait):
            business.aws.clock.advance(seconds=60)
    raise AssertionError("The job never ended.")


@pytest.fixture
def points(business):
    # The first use of a client learns the tables' shapes; that is not part of the path.
    business.run(business.job(business.queued()))
    return Points(business)


def test_dying_anywhere_ends_in_exactly_one_invoice(business, points):
    invoice = business.queued()
    points.from_now(-1)
    business.run(business.job(invoice))
    every = points.seen
    assert every > 10

    for die_at in range(every):
        invoice = business.queued()
        points.from_now(die_at)
        with pytest.raises(Crash):
            business.run(business.job(invoice))
        points.from_now(-1)
        business.aws.clock.advance(seconds=61)
        finish(business, business.job(invoice))

        sent = business.get(invoice)
        assert sent.state is InvoiceState.SENT, die_at
        assert len(business.in_xero(invoice)) == 1, die_at
        assert sent.mirror.totals == sent.totals, die_at
        assert sent.call_id == ""

    made = every + 2
    numbers = {tree["InvoiceNumber"] for tree in business.xero.invoices.values()}
    assert numbers == {f"INV-{number:05d}" for number in range(1, made + 1)}
    assert numbering.load(TENANT).start == made + 1


def test_a_click_that_dies_anywhere_ends_in_one_invoice_or_in_none(books):
    """What nobody was promised may be gone; what is stored comes to its end by itself."""
    none, sent, ends, point = (
        ("draft", 0, []),
        ("sent", 1, ["invoices.send", "invoices.sent"]),
        [],
        1,
    )
    while True:
        invoice = books.draft(line(10_000))
        books.points.arm(point, books.points.cut)
        try:
            send.start(books.caller, [invoice.invoice_id])
        except PowerCut:
            pass
        else:
            break
        finally:
            books.points.restore()
        books.let_pass(200)
        books.drain()

        after, there = store.get(LAB, invoice.invoice_id), books.documents(invoice.invoice_id)
        about = f"invoice:{invoice.invoice_id}"
        noted = [one.what for one in trail.entries(LAB) if one.about == about]
        ends.append((after.state.value, len(there), noted[:2]))
        assert ends[-1] in (none, sent), point
        assert after.call_id == ""
        assert not books.waiting()
        point += 1
    assert ends == [none] * ends.count(none) + [sent] * ends.count(sent)
    assert min(ends.count(none), ends.count(sent)) > 4
