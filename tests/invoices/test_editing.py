"""A draft is changed by hand, by one person at a time, and loses no work on the way."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.audit import trail
from chalicelib.dispatch import drain
from chalicelib.dispatch.model import tenant_lane
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.invoices import create, edit, lines_work, store
from chalicelib.invoices.build import Grouping
from chalicelib.invoices.line import Line, LineAmountTypes
from chalicelib.invoices.model import Basis, InvoiceState, Problem
from chalicelib.invoices.rows import LinesRow
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.work import claims, projects, tasks, time_records
from chalicelib.work.add_time import NewTime, add_many
from chalicelib.work.time_records import Facts
from tests.support.power import Power, PowerCut

TENANT = "tenant-1"


@pytest.fixture
def task(business):
    project = projects.create(TENANT, business.client_id, "Website", currency="NZD")
    return tasks.create(TENANT, project.project_id, "Design", rate="120.00")


def tracked(business, task, *staff, minutes=60):
    """A draft with one line for each of the staff."""
    wanted = [
        NewTime(task.task_id, Facts(date=date(2026, 11, 2), minutes=minutes, staff=one))
        for one in staff
    ]
    add_many(TENANT, wanted)
    asked = NewInvoice(
        basis=Basis.TRACKED_TIME, client_id=business.client_id, grouping=Grouping.STAFF
    )
    job = create.start(business.caller, asked)
    drain.drain(tenant_lane(TENANT), deadline=business.aws.clock.now() + timedelta(seconds=20))
    return store.get(TENANT, job.params["invoice_id"])


def change(business, invoice, **changes):
    return edit.change(business.caller, invoice.invoice_id, invoice.version, changes)


def unbilled(task):
    return list(time_records.unbilled(TENANT, [task.project_id]))


def test_header_and_sums_are_stored_together(business):
    invoice = business.draft()

    change(
        business,
        invoice,
        reference="PO 7",
        date=date(2026, 12, 1),
        due_date=date(2026, 12, 24),
        line_amount_types=LineAmountTypes.INCLUSIVE,
        discount_percent=Decimal(10),
    )

    stored = business.get(invoice)
    assert (stored.reference, stored.due_date) == ("PO 7", date(2026, 12, 24))
    assert stored.totals.total == Decimal("22.55")
    assert stored.edited_by == "Ann"


def test_lines_are_added_removed_and_put_in_another_order(business, line):
    invoice = change(business, business.draft(line("A"), line("B"), line("C")))
    a, b, c = invoice.lines

    after = change(business, invoice, lines=[c, Line("Thank you"), a, line("D", price="10.00")])

    assert [one.description for one in after.lines] == ["C", "Thank you", "A", "D"]
    assert after.lines[0].line_id == c.line_id
    assert b.line_id not in {one.line_id for one in after.lines}
    assert len({one.line_id for one in after.lines}) == 4
    assert after.totals.sub_total == Decimal("60.12")


def test_an_id_is_never_given_again(business, line):
    invoice = change(business, business.draft(line("A"), line("B")))
    gone = invoice.lines[1].line_id
    shorter = change(business, invoice, lines=invoice.lines[:1])

    after = change(business, shorter, lines=[*shorter.lines, line("New")])

    assert after.lines[1].line_id != gone


def test_a_line_keeps_its_work_whatever_is_billed(business, task):
    invoice = tracked(business, task, "Ann")
    (line,) = invoice.lines

    after = change(
        business, invoice, lines=[replace(line, quantity=Decimal("0.5"), description="Less")]
    )

    assert after.totals.sub_total == Decimal("60.00")
    assert after.lines[0].work == line.work
    assert after.lines[0].work.minutes == 60
    assert unbilled(task) == []


def test_work_cannot_be_given_to_a_line_from_outside(business, task, line):
    invoice = tracked(business, task, "Ann")
    forged = replace(line("Mine"), work=invoice.lines[0].work)

    after = change(business, invoice, lines=[*invoice.lines, forged])

    assert after.lines[1].work is None


def test_removing_a_line_frees_its_work_alone(business, task):
    invoice = tracked(business, task, "Ann", "Bo", "Cy")

    after = change(business, invoice, lines=[invoice.lines[0], invoice.lines[2]])

    assert [record.staff for record in unbilled(task)] == ["Bo"]
    assert after.records == 2
    assert len(claims.claimed(TENANT, invoice.invoice_id)) == 2


def test_a_line_of_many_records_frees_them_all(business, task, monkeypatch):
    monkeypatch.setattr(lines_work, "INLINE", 3)
    monkeypatch.setattr(lines_work, "PER_ROW", 2)
    invoice = tracked(business, task, *["Ann"] * 5, "Bo", minutes=10)
    assert invoice.lines[0].work.record_ids == ()

    change(business, invoice, lines=invoice.lines[1:])

    assert [record.staff for record in unbilled(task)] == ["Ann"] * 5
    assert len(claims.claimed(TENANT, invoice.invoice_id)) == 1


def test_of_two_who_edit_at_once_the_second_is_told(business):
    invoice = business.draft()
    change(business, invoice, reference="First")

    with pytest.raises(Conflict, match=r"Ann changed this draft since you opened it\."):
        change(business, invoice, reference="Second")

    assert business.get(invoice).reference == "First"


def test_an_edit_that_loses_at_the_last_moment_stores_nothing(business, task, monkeypatch):
    invoice = tracked(business, task, "Ann", "Bo")
    rework = edit.rework

    def late(*args):
        store.save(TENANT, replace(store.get(TENANT, invoice.invoice_id), edited_by="Bo"))
        return rework(*args)

    monkeypatch.setattr(edit, "rework", late)
    with pytest.raises(Conflict, match="Bo changed this draft"):
        change(business, invoice, lines=invoice.lines[:1])

    assert unbilled(task) == []
    assert len(business.get(invoice).lines) == 2


@pytest.mark.parametrize("many", [1, 300])
def test_the_loser_of_a_race_leaves_the_winners_lines_alone(business, line, many):
    invoice = business.draft(*[line("x" * 200)] * many)
    change(business, invoice, lines=[line("won " + "y" * 200)] * many)

    with pytest.raises(Conflict):
        store.save_with_lines(TENANT, replace(invoice, lines=(line("lost" + "z" * 200),) * many))

    assert {one.description[:3] for one in business.get(invoice).lines} == {"won"}


def test_parts_of_earlier_lines_do_not_stay(business, line):
    invoice = business.draft(*[line("x" * 200)] * 400)
    change(business, invoice, lines=[line("One")])

    assert (
        list(LinesRow.query(f"{TENANT}#{invoice.invoice_id}", LinesRow.sk.startswith("l"))) == []
    )
    assert len(business.get(invoice).lines) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": [Line("")]}, "lines[0].description"),
        ({"lines": [Line("A", Decimal("1.00001"))]}, "lines[0].quantity"),
        (
            {"lines": [Line("A"), Line("B", Decimal(1), account_code="999")]},
            "lines[1].account_code",
        ),
        ({"lines": [Line("A", Decimal(1), tax_type="NOPE")]}, "lines[0].tax_type"),
        ({"lines": [Line("A", line_id="77")]}, "lines[0].id"),
        ({"lines": [Line("A", Decimal(1), Decimal(10) ** 10)]}, "lines[0].unit_price"),
        (
            {"lines": [Line("A", Decimal(1), Decimal(1), discount_amount=Decimal(2))]},
            "lines[0].discount_amount",
        ),
        ({"due_date": date(2026, 11, 22)}, "due_date"),
        ({"date": date(1999, 12, 31)}, "date"),
        ({"reference": "x" * 256}, "reference"),
        ({"discount_percent": Decimal(101)}, "discount_percent"),
    ],
)
def test_what_cannot_be_names_its_field_and_changes_nothing(business, changes, field):
    invoice = business.draft()

    with pytest.raises(InvalidInput) as refused:
        change(business, invoice, **changes)

    assert refused.value.field == field
    assert business.get(invoice) == invoice


def test_a_line_with_work_needs_a_quantity(business, task):
    invoice = tracked(business, task, "Ann")

    with pytest.raises(InvalidInput, match="work stands behind it"):
        change(business, invoice, lines=[replace(invoice.lines[0], quantity=None)])


def test_codes_that_have_gone_may_stay_until_sending(business, line):
    invoice = business.draft(line("A", account_code="260"))

    kept = change(business, change(business, invoice), reference="Still")

    assert kept.lines[0].account_code == "260"


def test_what_xero_refused_is_a_draft_again(business):
    invoice = business.draft()
    problem = Problem("number_taken", "The number is taken.")
    failed = store.save(
        TENANT,
        replace(invoice, state=InvoiceState.FAILED, number="INV-00009", problems=(problem,)),
    )

    after = change(business, failed, reference="Again")

    assert (after.state, after.number, after.problems) == (InvoiceState.DRAFT, "INV-00009", ())


@pytest.mark.parametrize(
    "state", sorted(set(InvoiceState) - {InvoiceState.DRAFT, InvoiceState.FAILED})
)
def test_only_a_draft_is_edited(business, state):
    invoice = store.save(TENANT, replace(business.draft(), state=state))

    with pytest.raises(Conflict, match="can no longer be changed"):
        change(business, invoice, reference="Late")


def test_another_tenants_draft_does_not_exist(business):
    invoice = business.draft()

    with pytest.raises(NotFound):
        edit.change(replace(business.caller, tenant_id="t2"), invoice.invoice_id, 1, {})


def test_an_edit_is_on_the_trail(business):
    change(business, business.draft(), discount_amount=Decimal("5.06"))

    entry = trail.last(TENANT)
    assert (entry.what, entry.actor) == ("invoice.edit", "user:ann")
    assert entry.facts == {"version": 1, "before": "28.82", "after": "23.00 NZD"}


def test_dying_at_any_write_while_a_line_goes_leaves_its_work_in_one_place(business, task):
    invoice = tracked(business, task, "Ann", "Bo")
    power, writes, reached = Power(), 0, True
    while reached:
        writes += 1
        power.cut_at(writes, after=False)
        with suppress(PowerCut):
            change(business, invoice, lines=invoice.lines[:1])
        reached = power.off
        power.restore()
        # Whoever is woken goes on where the job stands; the lease of the dead one runs out.
        now = business.aws.clock.advance(seconds=61)
        drain.drain(tenant_lane(TENANT), deadline=now + timedelta(seconds=20))
        stored = business.get(invoice)
        billed = sum(line.work.records for line in stored.lines)
        assert billed == len(claims.claimed(TENANT, invoice.invoice_id)) == stored.records
        assert billed + len(unbilled(task)) == 2
        invoice = as_before(stored, invoice, unbilled(task))
    assert writes > 5


def as_before(stored, invoice, records):
    """The draft with the line that it had, and the record that was behind it."""
    claims.claim(TENANT, invoice.invoice_id, records)
    lines = replace(stored, lines=invoice.lines, records=2)
    return store.save_with_lines(TENANT, lines)
