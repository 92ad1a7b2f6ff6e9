"""An invoice that Xero has is changed there as it was approved, once, and over nobody's work."""

import os
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.audit import trail
from chalicelib.dispatch import drain
from chalicelib.dispatch.model import JobState, tenant_lane
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import create, deposits, revise, revision, send, store, sync
from chalicelib.invoices.line import Work
from chalicelib.invoices.model import Basis, InvoiceKind, InvoiceState, SendAs
from chalicelib.invoices.revision import RevisionState
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.work import add_time, draws, projects, tasks, time_records
from chalicelib.work.add_time import NewTime
from chalicelib.work.time_records import Facts
from tests.invoices.fault_lab import TENANT, line
from tests.support.await_points import PowerCut

DAY = date(2026, 11, 20)
WORDS = ("Design", "Build", "Travel")


@pytest.fixture
def xero(books):
    return books


def sent(xero, *, send_as=SendAs.AUTHORISED):
    lines = [replace(line(10_000 + 1_000 * n), description=text) for n, text in enumerate(WORDS)]
    invoice = xero.draft(*[replace(one, line_id=f"own-{n}") for n, one in enumerate(lines)])
    send.start(xero.caller, [invoice.invoice_id], send_as)
    arrived = store.get(TENANT, invoice.invoice_id)
    assert arrived.state is InvoiceState.SENT
    return arrived


def proposed(xero, invoice, **changes):
    options = {name: changes.pop(name) for name in ("release", "overwrite") if name in changes}
    job = revise.propose(xero.caller, invoice.invoice_id, invoice.version, changes, **options)
    assert job.state is JobState.DONE, job.message
    return shown(invoice)


def shown(invoice):
    return revise.would_write(TENANT, revision.get(TENANT, invoice.invoice_id))


def written(xero, invoice, would):
    return revise.write(xero.caller, invoice.invoice_id, would.approval)


def document(xero, invoice):
    (found,) = xero.documents(invoice.invoice_id)
    return found


def get(invoice):
    return store.get(TENANT, invoice.invoice_id)


def fields(would):
    return [(one.field, one.line) for one in would.differences]


def with_price(invoice, place, price):
    lines = list(invoice.lines)
    lines[place] = replace(lines[place], unit_price=Decimal(price))
    return lines


class TestWriting:
    @pytest.mark.parametrize("send_as", [SendAs.DRAFT, SendAs.AUTHORISED])
    def test_what_was_approved_is_in_xero_and_nothing_else(self, xero, send_as):
        invoice = sent(xero, send_as=send_as)
        before = [one["LineItemID"] for one in document(xero, invoice)["LineItems"]]
        new = replace(line(5_000), description="Extra")
        first, second, third = with_price(invoice, 1, "222.25")

        would = proposed(xero, invoice, lines=[new, first, second], reference="PO 7")
        calls = len(xero.xero.world.calls.listed())
        job = written(xero, invoice, would)

        assert job.state is JobState.DONE, job.message
        made = [one["method"] for one in xero.xero.world.calls.listed()[calls:]]
        assert made == ["GET", "POST"]
        there, here = document(xero, invoice), get(invoice)
        assert there["Reference"] == here.reference == "PO 7"
        ids = [one["LineItemID"] for one in there["LineItems"]]
        assert ids[1:] == before[:2]
        assert third.line_id not in [one.line_id for one in here.lines]
        assert list(here.xero_line_ids) == ids
        assert here.totals == here.mirror.totals
        assert here.totals.total == there["Total"] == would.totals.total
        assert revision.find(TENANT, invoice.invoice_id) is None
        assert here.edited_by == xero.caller.name
        found = [one for one in trail.entries(TENANT) if one.what == "invoice.revise"]
        assert [one.result for one in found] == ["asked", "done"]
        assert found[0].facts["fields"] == "line, reference, unit_price"

    def test_shows_each_field_as_it_is_there_and_as_it_would_become(self, xero):
        invoice = sent(xero)

        would = proposed(
            xero, invoice, lines=with_price(invoice, 2, "1.5"), due_date=invoice.due_date
        )

        (one,) = would.differences
        assert (one.field, one.line) == ("unit_price", 3)
        assert (one.sent, one.in_xero, one.wanted) == ("120", "120", "1.5")
        assert would.ready

    def test_a_header_alone_leaves_the_lines_alone(self, xero):
        invoice = sent(xero)
        would = proposed(xero, invoice, reference="New")

        assert b"LineItems" not in would.body
        assert written(xero, invoice, would).state is JobState.DONE
        assert get(invoice).reference == document(xero, invoice)["Reference"] == "New"

    def test_anything_but_the_approved_is_refused(self, xero):
        invoice = sent(xero)
        would = proposed(xero, invoice, reference="New")
        proposed(xero, invoice, reference="Newer")

        with pytest.raises(Conflict, match="not the change that was approved"):
            written(xero, invoice, would)
        assert document(xero, invoice).get("Reference", "") == ""


class TestADeposit:
    """Its amount is changed only while nothing of it is on later invoices, to the last moment."""

    @pytest.fixture
    def deposit(self, xero):
        lines = (replace(line(50_000), account_code="", tax_type=""),)
        wanted = NewInvoice(
            basis=Basis.BLANK,
            kind=InvoiceKind.DEPOSIT,
            client_id=xero.client_id,
            lines=lines,
            currency="NZD",
        )
        made = create.start(xero.caller, wanted).result["invoice_id"]
        send.start(xero.caller, [made])
        return store.get(TENANT, made)

    @staticmethod
    def take(xero, deposit, amount="10.00"):
        later, most = xero.draft(line(90_000)), Decimal(1000)
        return deposits.deduct(TENANT, later, deposit.invoice_id, Decimal(amount), most)

    def test_is_looked_at_again_just_before_the_call(self, xero, deposit):
        would = proposed(xero, deposit, lines=with_price(deposit, 0, "300"))
        self.take(xero, deposit)
        calls = len(xero.xero.world.calls.listed())

        job = written(xero, deposit, would)

        assert (job.state, job.message) == (JobState.FAILED, revise.TAKEN_OFF)
        made = [one["method"] for one in xero.xero.world.calls.listed()[calls:]]
        assert made == ["GET"]
        assert shown(deposit).revision.state is RevisionState.REFUSED
        assert self.take(xero, deposit) == Decimal("10.00")

    @pytest.mark.parametrize("arrives", [True, False])
    def test_is_held_until_the_change_has_come_to_an_end(self, xero, deposit, arrives):
        would = proposed(xero, deposit, lines=with_price(deposit, 0, "300"))
        when = "after" if arrives else "before"
        xero.fault(path="/Invoices/", method="POST", times=99, kind="drop", when=when)
        xero.fault(path="/Invoices/", method="GET", times=99, kind="status", status=503, skip=1)
        written(xero, deposit, would)
        assert deposits.get(TENANT, deposit.invoice_id).held
        assert deposits.deducted(TENANT, deposit) == 0
        with pytest.raises(Conflict, match="is being written to Xero"):
            self.take(xero, deposit)

        xero.xero.world.faults.clear()
        settle(xero, deposit)

        there = deposits.get(TENANT, deposit.invoice_id)
        assert (there.held, there.remaining) == (False, Decimal("300.00"))

    def test_that_xero_refuses_to_change_can_be_taken_off_as_before(self, xero, deposit):
        would = proposed(xero, deposit, lines=with_price(deposit, 0, "300"))
        xero.fault(path="/Invoices/", method="POST", times=1, kind="status", status=400)
        assert written(xero, deposit, would).state is JobState.FAILED

        there = deposits.get(TENANT, deposit.invoice_id)
        assert (there.held, there.remaining) == (False, Decimal("500.00"))


class TestWhatNoChangeCanWrite:
    """Contact, number and currency are told truthfully, however little else differs."""

    def test_is_shown_and_nothing_is_offered_to_write(self, xero):
        invoice = sent(xero)
        xero.ledger.edit(document(xero, invoice)["InvoiceID"], InvoiceNumber="THEIRS-1")

        would = proposed(xero, invoice, overwrite=True)

        (one,) = would.stays
        assert (one.field, one.in_xero, one.wanted) == ("number", "THEIRS-1", invoice.number)
        assert [one.code for one in would.problems] == ["only_what_stays_differs"]
        assert not would.ready

    def test_is_shown_beside_what_is_written(self, xero):
        invoice = sent(xero)
        xero.ledger.edit(document(xero, invoice)["InvoiceID"], InvoiceNumber="THEIRS-1")

        would = proposed(xero, invoice, reference="New")

        assert [one.field for one in would.stays] == ["number"]
        assert would.ready
        assert written(xero, invoice, would).state is JobState.DONE

    def test_is_nothing_where_only_the_contacts_name_is_another(self, xero):
        invoice = sent(xero)
        contact = document(xero, invoice)["Contact"]
        contact["Name"] = "Renamed"

        would = proposed(xero, invoice, overwrite=True)

        assert would.stays == ()
        assert [one.code for one in would.problems] == ["nothing_differs"]


class TestSomebodyElseInXero:
    def test_is_shown_and_not_written_over(self, xero):
        invoice = sent(xero)
        xero.ledger.edit(document(xero, invoice)["InvoiceID"], Reference="Theirs")

        would = proposed(xero, invoice, reference="Ours")

        (one,) = would.differences
        assert (one.sent, one.in_xero, one.wanted) == ("", "Theirs", "Ours")
        assert one.changed_there
        assert not would.ready
        with pytest.raises(Conflict, match="Somebody changed"):
            written(xero, invoice, would)
        assert document(xero, invoice)["Reference"] == "Theirs"

    def test_is_written_over_where_that_is_asked_for(self, xero):
        invoice = sent(xero)
        xero.ledger.edit(document(xero, invoice)["InvoiceID"], Reference="Theirs")

        would = proposed(xero, invoice, overwrite=True)

        assert written(xero, invoice, would).state is JobState.DONE
        assert document(xero, invoice)["Reference"] == ""
        assert get(invoice).drift is None

    def test_who_changes_it_after_the_look_is_not_written_over(self, xero):
        invoice = sent(xero)
        would = proposed(xero, invoice, reference="Ours")
        xero.ledger.edit(document(xero, invoice)["InvoiceID"], Reference="Theirs")

        job = written(xero, invoice, would)

        assert job.state is JobState.FAILED
        assert "since you looked" in job.message
        assert document(xero, invoice)["Reference"] == "Theirs"
        assert shown(invoice).differences[0].in_xero == "Theirs"

    def test_another_field_of_theirs_stays(self, xero):
        invoice = sent(xero)
        xero.ledger.edit(document(xero, invoice)["InvoiceID"], Reference="Theirs")

        later = invoice.due_date + timedelta(days=3)
        would = proposed(xero, invoice, due_date=later)

        assert would.ready
        assert written(xero, invoice, would).state is JobState.DONE
        assert document(xero, invoice)["Reference"] == "Theirs"
        assert document(xero, invoice)["DueDate"] == later


class TestRefusing:
    def test_sums_of_a_paid_invoice_stay_and_a_credit_is_offered(self, xero):
        invoice = sent(xero)
        xero.ledger.pay(document(xero, invoice)["InvoiceID"], Decimal(5), xero.ledger.today())

        would = proposed(xero, invoice, lines=with_price(invoice, 0, "1"))

        assert [one.code for one in would.problems] == ["money_on_it"]
        assert "Credit it" in would.problems[0].sentence
        with pytest.raises(Conflict, match="payment or credit"):
            written(xero, invoice, would)

    def test_words_of_a_paid_invoice_may_be_changed(self, xero):
        invoice = sent(xero)
        xero.ledger.pay(document(xero, invoice)["InvoiceID"], None, xero.ledger.today())
        worded = [replace(invoice.lines[0], description="Better words"), *invoice.lines[1:]]

        would = proposed(xero, invoice, lines=worded, reference="Paid")

        assert fields(would) == [("reference", None), ("description", 1)]
        assert written(xero, invoice, would).state is JobState.DONE
        assert get(invoice).lines[0].description == "Better words"
        assert get(invoice).xero_status == "PAID"

    def test_what_ended_in_xero_is_changed_no_more(self, xero):
        invoice = sent(xero)
        would = proposed(xero, invoice, reference="Ours")
        xero.ledger.void(document(xero, invoice)["InvoiceID"])

        assert written(xero, invoice, would).state is JobState.FAILED
        assert "voided" in shown(invoice).problems[-1].sentence
        sync.start(xero.caller, invoice.invoice_id)
        with pytest.raises(Conflict, match="voided in Xero"):
            proposed(xero, get(invoice), reference="More")

    def test_xeros_refusal_is_told_and_changes_nothing_here(self, xero):
        invoice = sent(xero)
        would = proposed(xero, invoice, lines=with_price(invoice, 0, "1"))
        account = xero.ledger.accounts.coded("200")
        account["Status"] = "ARCHIVED"
        try:
            job = written(xero, invoice, would)
        finally:
            account["Status"] = "ACTIVE"

        assert job.state is JobState.FAILED
        found = revision.get(TENANT, invoice.invoice_id)
        assert found.state is RevisionState.REFUSED
        assert "200" in found.problems[0].said
        assert get(invoice).lines == invoice.lines


class TestTrackedTime:
    @pytest.fixture
    def of_time(self, xero):
        """An invoice in Xero that bills an hour of each of two tasks."""
        project = projects.create(TENANT, xero.client_id, "Website", currency="NZD")
        for name in ("Design", "Build"):
            task = tasks.create(TENANT, project.project_id, name, rate="100")
            add_time.add(TENANT, NewTime(task.task_id, Facts(DAY, 60, "Dev", "")))
        wish = NewInvoice(basis=Basis.TRACKED_TIME, project_ids=(project.project_id,))
        made = create.start(xero.caller, wish).result["invoice_id"]
        send.start(xero.caller, [made])
        return store.get(TENANT, made)

    @pytest.mark.parametrize(("release", "unbilled"), [(True, 1), (False, 0)])
    def test_of_a_line_that_goes_is_unbilled_where_that_is_wanted(
        self, xero, of_time, release, unbilled
    ):
        (project_id,) = of_time.project_ids
        would = proposed(xero, of_time, lines=of_time.lines[:1], release=release)

        assert written(xero, of_time, would).state is JobState.DONE
        now = xero.aws.clock.now()
        drain.drain(tenant_lane(TENANT), deadline=now + timedelta(seconds=20))

        left = time_records.unbilled(TENANT, [project_id], limit=5).items
        assert len(left) == unbilled
        assert len(get(of_time).lines) == len(document(xero, of_time)["LineItems"]) == 1


class TestAgreedPrices:
    @pytest.fixture
    def part(self, xero):
        """An invoice in Xero that bills 60.00 of an agreed 100.00."""
        terms = {"currency": "NZD", "kind": "fixed_price", "price": "100.00"}
        project = projects.create(TENANT, xero.client_id, "Fixed", **terms)
        work = Work(project_id=project.project_id, drawn=True)
        drafted = xero.draft(replace(line(6_000), work=work))
        draws.draw(TENANT, drafted.invoice_id, project.project_id, "", Decimal(60))
        send.start(xero.caller, [drafted.invoice_id])
        return get(drafted)

    @pytest.mark.parametrize(("price", "held"), [("90", 9000), ("40.50", 4050)])
    def test_hold_what_the_changed_line_bills(self, xero, part, price, held):
        would = proposed(xero, part, lines=with_price(part, 0, price))

        assert written(xero, part, would).state is JobState.DONE
        assert [one.cents for one in draws.of_invoice(TENANT, part.invoice_id)] == [held]

    def test_are_never_billed_beyond_and_xero_is_left_alone(self, xero, part):
        would = proposed(xero, part, lines=with_price(part, 0, "100.01"))

        job = written(xero, part, would)

        assert job.state is JobState.FAILED
        assert "Less is left of a fixed price" in job.message
        assert [one.cents for one in draws.of_invoice(TENANT, part.invoice_id)] == [6000]
        assert document(xero, part)["LineItems"][0]["UnitAmount"] == 60


class TestWhateverGoesWrong:
    @pytest.mark.parametrize(
        "fault",
        [
            {"kind": "drop", "when": "before"},
            {"kind": "drop", "when": "after"},
            {"kind": "status", "status": 500, "when": "before"},
            {"kind": "status", "status": 500, "when": "after"},
            {"kind": "status", "status": 503, "when": "before"},
            {"kind": "rate_limit", "retry_after": 7},
            {"kind": "truncate"},
        ],
        ids=lambda fault: " ".join(str(part) for part in fault.values()),
    )
    def test_of_the_call_it_is_written_once(self, xero, fault):
        invoice = sent(xero)
        new = replace(line(5_000), description="Extra")
        would = proposed(xero, invoice, lines=[*invoice.lines, new])
        xero.fault(path="/Invoices/", method="POST", times=1, **fault)

        written(xero, invoice, would)
        settle(xero, invoice)

        there = document(xero, invoice)
        texts = sorted(one["Description"] for one in there["LineItems"])
        assert texts == sorted([*WORDS, "Extra"])
        assert get(invoice).drift is None
        assert get(invoice).totals == get(invoice).mirror.totals

    def test_a_change_that_is_there_is_not_written_again(self, xero):
        """The answer and the look after it are lost; by then somebody has paid it."""
        invoice = sent(xero)
        would = proposed(xero, invoice, lines=with_price(invoice, 0, "77"))
        xero.fault(path="/Invoices/", method="POST", times=1, kind="drop", when="after")
        xero.fault(path="/Invoices/", method="GET", times=9, kind="status", status=503, skip=1)
        written(xero, invoice, would)
        xero.xero.world.faults.clear()
        xero.ledger.pay(document(xero, invoice)["InvoiceID"], Decimal(1), xero.ledger.today())
        calls = len(xero.xero.world.calls.listed())

        settle(xero, invoice)

        posted = [
            one for one in xero.xero.world.calls.listed()[calls:] if one["method"] == "POST"
        ]
        assert posted == []
        assert get(invoice).drift is None
        assert get(invoice).lines[0].unit_price == Decimal(77)
        assert get(invoice).mirror.amount_paid == 1

    def test_at_any_point_of_a_dying_process_it_is_written(self, xero):
        point, step = 1, 1 if os.environ.get("FAULT_SCHEDULES") else 12
        while True:
            xero.begin_anew()
            invoice = sent(xero)
            lines = with_price(invoice, 0, "77")[:2]
            would = proposed(xero, invoice, lines=lines)
            xero.points.arm(point, xero.points.cut)
            try:
                written(xero, invoice, would)
            except PowerCut:
                pass
            else:
                break
            finally:
                xero.points.restore()
            xero.let_pass(200)
            if revision.find(TENANT, invoice.invoice_id):
                again = shown(invoice)
                if again.revision.state is not RevisionState.WRITING:
                    assert again.approval == would.approval, point
                written(xero, invoice, again)
            settle(xero, invoice)
            here = get(invoice)
            assert len(here.lines) == len(document(xero, invoice)["LineItems"]) == 2, point
            assert here.totals == here.mirror.totals, point
            assert here.totals.total == document(xero, invoice)["Total"], point
            point += step
        xero.points.arm(0, lambda: None)
        assert point > 20


def settle(xero, invoice):
    for _ in range(30):
        if revision.find(TENANT, invoice.invoice_id) is None:
            return
        xero.let_pass(61)
        xero.drain()
    pytest.fail(f"Never written: {revision.get(TENANT, invoice.invoice_id)}")


def test_nothing_changed_is_told(xero):
    invoice = sent(xero)
    with pytest.raises(InvalidInput, match="Nothing is changed"):
        proposed(xero, invoice, reference="", lines=list(invoice.lines))
