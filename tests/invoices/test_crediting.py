"""What is paid or locked is taken back by a credit note: one for each that is asked for."""

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.audit import trail
from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import credit, credit_job, leave, put_back, send, store, sync, void
from chalicelib.invoices.credit import CreditState
from chalicelib.invoices.line import Work
from chalicelib.invoices.model import SendAs
from chalicelib.webhooks import inbox
from chalicelib.work import claims, projects, tasks, time_records
from chalicelib.work.add_time import NewTime, add_many
from chalicelib.work.time_records import Facts
from tests.invoices.fault_lab import TENANT, line
from tests.support.await_points import PowerCut


@pytest.fixture
def xero(books):
    return books


def sent(xero, *lines, send_as=SendAs.AUTHORISED):
    chosen = lines or (line(10_000), line(3_333, "1.5"))
    named = [replace(one, line_id=f"own-{n}") for n, one in enumerate(chosen)]
    invoice = xero.draft(*named)
    send.start(xero.caller, [invoice.invoice_id], send_as)
    return get(invoice)


def get(invoice):
    return store.get(TENANT, invoice.invoice_id)


def asked(xero, invoice, **choices):
    return credit_job.ask(xero.caller, invoice.invoice_id, **{"reason": "A slip", **choices})


def notes(xero):
    return [one for one in xero.ledger.credit_notes.all() if "-CR" in one["CreditNoteNumber"]]


def pay(xero, invoice, amount=None):
    (document,) = xero.documents(invoice.invoice_id)
    xero.ledger.pay(document["InvoiceID"], amount, xero.ledger.today())


def settle(xero, invoice):
    for _ in range(30):
        found = credit.of_invoice(TENANT, invoice.invoice_id)
        if not xero.waiting() and not any(one.state.open for one in found):
            return found
        xero.let_pass(61)
        xero.drain()
    pytest.fail(f"Never at rest: {found}")


class TestInFull:
    def test_what_is_due_is_credited_to_the_cent(self, xero):
        invoice = sent(xero)

        job = asked(xero, invoice)

        assert job.state is JobState.DONE, job.message
        (note,), (made,) = notes(xero), credit.of_invoice(TENANT, invoice.invoice_id)
        assert note["Total"] == invoice.totals.total == made.totals.total == made.allocated
        assert note["TotalTax"] == invoice.totals.total_tax
        assert (note["Status"], made.state) == ("PAID", CreditState.DONE)
        here = get(invoice)
        assert here.mirror.amount_due == 0
        assert here.mirror.credited
        assert here.taken_back
        found = [one for one in trail.entries(TENANT) if one.what == "invoice.credit"]
        assert [one.result for one in found] == ["asked", "done"]
        assert found[0].facts["reason"] == "A slip"

    def test_of_a_paid_invoice_it_stays_with_the_client_and_says_so(self, xero):
        invoice = sent(xero)
        pay(xero, invoice)

        job = asked(xero, invoice)

        (note,) = notes(xero)
        assert note["RemainingCredit"] == invoice.totals.total
        assert f"{invoice.totals.total:,.2f} is left for the client" in job.message
        here = get(invoice)
        assert (here.xero_status, here.taken_back) == ("PAID", True)

    def test_a_locked_period_is_credited_today(self, xero):
        invoice = sent(xero)
        (document,) = xero.documents(invoice.invoice_id)
        yesterday = invoice.date - timedelta(days=1)
        xero.ledger.edit(document["InvoiceID"], Date=yesterday)
        xero.ledger.organisation["PeriodLockDate"] = yesterday
        try:
            refused = void.start(xero.caller, invoice.invoice_id, reason="x", release=False)
            job = asked(xero, invoice)
        finally:
            del xero.ledger.organisation["PeriodLockDate"]

        assert refused.state is JobState.FAILED
        assert job.state is JobState.DONE
        (note,) = notes(xero)
        assert note["Date"] > yesterday

    def test_the_work_is_unbilled_again_where_that_is_asked_for(self, xero):
        invoice, records = with_work(xero)
        pay(xero, invoice)

        asked(xero, invoice, release=True)

        assert {one.record_id for one in unbilled()} == set(records)
        assert not get(invoice).holds_work
        assert get(invoice).released


class TestInPart:
    def test_takes_back_so_much_of_each_line_and_the_rest_later(self, xero):
        invoice = sent(xero)

        asked(xero, invoice, amounts={"own-0": Decimal("40.00")})
        first = get(invoice).mirror
        asked(xero, invoice)

        one, two = notes(xero)
        assert one["Total"] == Decimal("46.00")
        assert first.amount_due == invoice.totals.total - 46
        assert one["Total"] + two["Total"] == invoice.totals.total
        assert get(invoice).mirror.amount_due == 0
        with pytest.raises(InvalidInput, match="Nothing is left"):
            asked(xero, get(invoice))

    @pytest.mark.parametrize("amount", ["100.01", "-1", "0.001"])
    def test_more_than_is_left_is_refused(self, xero, amount):
        invoice = sent(xero)

        with pytest.raises(InvalidInput):
            asked(xero, invoice, amounts={"own-0": Decimal(amount)})
        assert notes(xero) == []

    def test_a_discount_is_credited_at_what_was_billed(self, xero):
        off = replace(line(9_999, "3"), discount_percent=Decimal("12.5"))
        invoice = sent(xero, off)

        asked(xero, invoice)

        (note,) = notes(xero)
        assert note["Total"] == invoice.totals.total

    def test_releases_the_work_that_is_named_and_no_other(self, xero):
        invoice, records = with_work(xero)
        part = {"own-0": Decimal("10.00")}

        with pytest.raises(InvalidInput, match="not on this invoice"):
            asked(xero, invoice, amounts=part, work_ids=["another"])
        asked(xero, invoice, amounts=part, work_ids=records[:1])

        assert [one.record_id for one in unbilled()] == records[:1]
        assert get(invoice).records == 1


class TestRefusing:
    def test_a_draft_in_xero_is_deleted_and_not_credited(self, xero):
        invoice = sent(xero, send_as=SendAs.DRAFT)
        with pytest.raises(Conflict, match="not approved"):
            asked(xero, invoice)

    def test_what_was_voided_meanwhile_is_not_credited(self, xero):
        invoice = sent(xero)
        (document,) = xero.documents(invoice.invoice_id)
        xero.ledger.void(document["InvoiceID"])

        assert asked(xero, invoice).state is JobState.FAILED
        assert notes(xero) == []

    def test_a_number_of_another_note_is_never_overwritten(self, xero):
        invoice = sent(xero)
        other = xero.ledger.contacts.all()[3]["ContactID"]
        sent_by_hand = {
            "Type": "ACCRECCREDIT",
            "Contact": {"ContactID": other},
            "CreditNoteNumber": f"{invoice.number}-CR1",
            "LineItems": [{"Description": "x", "Quantity": Decimal(1), "UnitAmount": Decimal(1)}],
        }
        xero.ledger.credit_notes.create(sent_by_hand, 4)

        assert asked(xero, invoice).state is JobState.FAILED
        assert asked(xero, invoice).state is JobState.DONE
        assert sorted(one["CreditNoteNumber"][-3:] for one in notes(xero)) == ["CR1", "CR2"]


class TestWhateverGoesWrong:
    @pytest.mark.parametrize("path", ["/CreditNotes", "/Allocations"])
    @pytest.mark.parametrize(
        "fault",
        [
            {"kind": "drop", "when": "before"},
            {"kind": "drop", "when": "after"},
            {"kind": "status", "status": 500, "when": "before"},
            {"kind": "status", "status": 500, "when": "after"},
            {"kind": "rate_limit", "retry_after": 7},
        ],
        ids=lambda fault: " ".join(str(part) for part in fault.values()),
    )
    def test_one_credit_note_is_made_and_spent_once(self, xero, fault, path):
        invoice = sent(xero)
        xero.fault(path=path, method="PUT", times=1, **fault)

        asked(xero, invoice)
        (made,) = settle(xero, invoice)

        (note,) = notes(xero)
        assert made.state is CreditState.DONE
        assert note["Total"] == made.allocated == invoice.totals.total
        assert get(invoice).credited == invoice.totals.total

    def test_a_lost_answer_long_ago_makes_no_second_one(self, xero):
        """Not even where somebody renumbered the first, so that Xero would take the number."""
        invoice = sent(xero)
        xero.fault(path="/CreditNotes", method="PUT", times=1, kind="drop", when="after")
        xero.fault(path="/CreditNotes", method="GET", times=9, kind="status", status=503)
        asked(xero, invoice)
        xero.xero.world.faults.clear()
        xero.let_pass(3600)
        (note,) = notes(xero)
        xero.ledger.credit_notes.update(note, {"CreditNoteNumber": "MINE-1"}, 4)

        (made,) = settle(xero, invoice)

        assert notes(xero) == []
        assert (made.number, made.allocated) == ("MINE-1", invoice.totals.total)

    def test_at_any_point_of_a_dying_process_one_is_made(self, xero):
        point, step = 1, 1 if os.environ.get("FAULT_SCHEDULES") else 16
        while True:
            xero.begin_anew()
            invoice = sent(xero)
            xero.points.arm(point, xero.points.cut)
            try:
                asked(xero, invoice)
            except PowerCut:
                pass
            else:
                break
            finally:
                xero.points.restore()
            xero.let_pass(200)
            xero.drain()
            if not credit.of_invoice(TENANT, invoice.invoice_id):
                asked(xero, invoice)
            (made,) = settle(xero, invoice)
            assert len(notes(xero)) == 1, point
            assert made.allocated == made.totals.total == invoice.totals.total, point
            assert get(invoice).credited == made.totals.total, point
            assert get(invoice).mirror.amount_due == 0, point
            point += step
        xero.points.arm(0, lambda: None)
        assert point > 20


def with_work(xero):
    """An invoice of two time records that Xero has."""
    project = projects.create(TENANT, xero.client_id, "Website", currency="NZD")
    task = tasks.create(TENANT, project.project_id, "Design", rate="120.00")
    day = xero.aws.clock.now().date()
    add_many(
        TENANT, [NewTime(task.task_id, Facts(date=day, minutes=60, staff=n)) for n in ("A", "B")]
    )
    records = list(time_records.unbilled(TENANT, [project.project_id]))
    ids = tuple(one.record_id for one in records)
    work = Work(records=2, minutes=120, project_id=project.project_id, record_ids=ids)
    drafted = xero.draft(replace(line(12_000, "2"), line_id="own-0", work=work))
    claims.claim(TENANT, drafted.invoice_id, records)
    store.save(TENANT, replace(get(drafted), records=2, project_ids=(project.project_id,)))
    send.start(xero.caller, [drafted.invoice_id])
    return get(drafted), list(ids)


def unbilled():
    found = projects.listing(TENANT, limit=50).items
    return list(time_records.unbilled(TENANT, [one.project_id for one in found]))


class TestTakenBackInXero:
    """A credit note that somebody voids there is followed, and nothing is billed twice unsaid."""

    @staticmethod
    def take_back(xero, *, void=True):
        (note,) = notes(xero)
        for one in list(note["Allocations"]):
            xero.ledger.credit_notes.take_back(note, one["AllocationID"])
        if void:
            xero.ledger.credit_notes.update(note, {"Status": "VOIDED"}, 4)

    @staticmethod
    def look(xero, hint=""):
        inbox.take_in({xero.organisation_id: {hint or "INVOICE"}})
        for _ in range(3):
            xero.drain()

    def test_it_is_shown_and_flagged_and_the_rest_can_be_credited_again(self, xero):
        invoice = sent(xero)
        asked(xero, invoice)
        xero.let_pass(600)
        self.take_back(xero)

        self.look(xero)

        here, (made,) = get(invoice), credit.of_invoice(TENANT, invoice.invoice_id)
        assert (made.state, made.allocated) == (CreditState.VOIDED, 0)
        assert made.problems[0].code == "credit_ended"
        assert here.mirror.amount_due == invoice.totals.total
        assert (here.credited, here.credits_lost, here.taken_back) == (0, 1, False)
        assert trail.last(TENANT).what == "invoice.credit-lost"

        asked(xero, here)

        _, again = credit.of_invoice(TENANT, invoice.invoice_id)
        assert (again.number, again.state) == (f"{invoice.number}-CR2", CreditState.DONE)
        assert again.totals.total == invoice.totals.total
        assert (get(invoice).credits_lost, get(invoice).taken_back) == (0, True)

    def test_one_that_is_only_spent_no_more_says_so_and_stays(self, xero):
        invoice = sent(xero)
        asked(xero, invoice)
        xero.let_pass(600)
        self.take_back(xero, void=False)

        self.look(xero)

        (made,) = credit.of_invoice(TENANT, invoice.invoice_id)
        assert (made.state, made.allocated) == (CreditState.DONE, 0)
        assert made.problems[0].code == "credit_unspent"
        assert get(invoice).credits_lost == 1

    @pytest.mark.parametrize("by", ["hint", "click"])
    def test_one_of_a_paid_invoice_is_noticed_by_a_hint_and_by_a_click(self, xero, by):
        invoice = sent(xero)
        pay(xero, invoice)
        asked(xero, invoice)
        xero.let_pass(600)
        self.take_back(xero)
        (note,) = notes(xero)

        if by == "hint":
            self.look(xero, f"CREDITNOTE {note['CreditNoteID']} 2026-11-23T00:00:00.000")
        else:
            sync.start(xero.caller, invoice.invoice_id)

        (made,) = credit.of_invoice(TENANT, invoice.invoice_id)
        assert made.state is CreditState.VOIDED
        assert get(invoice).credits_lost == 1

    def test_idle_looks_cost_no_call_more_once_it_is_known(self, xero):
        invoice = sent(xero)
        asked(xero, invoice)
        xero.let_pass(600)
        self.look(xero)
        before = len(xero.xero.world.calls.listed())

        self.look(xero)

        assert len(xero.xero.world.calls.listed()) - before == 1

    def test_work_that_is_billed_again_is_told_and_what_is_free_can_be_put_back(self, xero):
        invoice, ids = with_work(xero)
        asked(xero, invoice, release=True)
        first, second = time_records.by_ids(TENANT, ids)
        other = xero.draft(line(12_000))
        assert claims.claim(TENANT, other.invoice_id, [first]) == []
        xero.let_pass(600)
        self.take_back(xero)
        self.look(xero)

        found = put_back.explained(TENANT, get(invoice))
        assert (found.released, found.unbilled) == (2, 1)
        assert found.billed == {other.invoice_id: 1}

        leave.leave(xero.caller, invoice.invoice_id, "It was right", put_work_back=True)

        here = get(invoice)
        assert (here.records, here.released, here.credits_lost) == (1, False, 0)
        assert claims.claimed(TENANT, invoice.invoice_id) == [second.record_id]
        assert claims.claimed(TENANT, other.invoice_id) == [first.record_id]
        assert unbilled() == []
