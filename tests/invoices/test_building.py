"""A draft holds exactly the work that was claimed for it, and gives it back when it goes."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib import wiring
from chalicelib.dispatch import drain
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Job, JobState, More, Slice, tenant_lane
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.invoices import build_job, create, discard, lines_work, release, send, store
from chalicelib.invoices.build import Grouping
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis, InvoiceState
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.work import claims, clients, projects, tasks, time_records
from chalicelib.work.add_time import NewTime, add_many
from chalicelib.work.time_records import Facts
from tests.support.meanwhile import Meanwhile

TENANT = "tenant-1"


@pytest.fixture
def project(business):
    return projects.create(TENANT, business.client_id, "Website", currency="NZD")


@pytest.fixture
def task(project):
    return tasks.create(TENANT, project.project_id, "Design", rate="120.00")


def track(task, *minutes, staff="Ann", day=date(2026, 11, 2)):
    wanted = [
        NewTime(task.task_id, Facts(date=day, minutes=count, staff=staff)) for count in minutes
    ]
    return [outcome.made for outcome in add_many(TENANT, wanted)]


def tracked(business, **facts):
    return NewInvoice(basis=Basis.TRACKED_TIME, client_id=business.client_id, **facts)


def made(business, wanted):
    job = create.start(business.caller, wanted)
    assert job.state is JobState.DONE, job.message
    return store.get(TENANT, job.result["invoice_id"])


def test_time_becomes_hours_at_the_tasks_rate(business, task):
    track(task, 50, 20)

    invoice = made(business, tracked(business))

    (line,) = invoice.lines
    assert line.quantity == Decimal("1.1667")
    assert line.unit_price == Decimal("120.0000")
    assert (line.account_code, line.tax_type) == ("200", "OUTPUT2")
    assert invoice.totals.total == Decimal("161.00")
    assert invoice.state is InvoiceState.DRAFT
    assert invoice.due_date - invoice.date == timedelta(days=20)


def test_date_is_the_day_where_the_tenant_is(business, task):
    business.aws.clock.advance(hours=4)  # 13:00 UTC is past midnight in Auckland.
    track(task, 60)

    assert made(business, tracked(business)).date == date(2026, 11, 24)


def test_line_knows_the_records_behind_it(business, task):
    records = track(task, 30, 45)

    (line,) = made(business, tracked(business)).lines

    assert set(line.work.record_ids) == {record.record_id for record in records}
    assert line.work.minutes == 75


@pytest.mark.parametrize(
    ("grouping", "lines"),
    [
        (Grouping.TASK, 1),
        (Grouping.STAFF, 2),
        (Grouping.PROJECT, 1),
        (Grouping.DAY, 2),
        (Grouping.EACH, 3),
    ],
)
def test_grouping_decides_the_lines(business, task, grouping, lines):
    track(task, 30, 45)
    track(task, 60, staff="Bo", day=date(2026, 11, 3))

    invoice = made(business, tracked(business, grouping=grouping))

    assert len(invoice.lines) == lines
    assert sum(line.work.minutes for line in invoice.lines) == 135


def test_only_the_days_asked_for_are_billed(business, task):
    track(task, 30)
    track(task, 60, day=date(2026, 11, 9))

    invoice = made(business, tracked(business, start=date(2026, 11, 3), end=date(2026, 11, 9)))

    assert invoice.records == 1
    assert invoice.lines[0].work.minutes == 60


def test_nothing_is_billed_twice(business, task):
    track(task, 30)
    made(business, tracked(business))

    with pytest.raises(InvalidInput):
        create.start(business.caller, tracked(business))


def test_of_two_who_bill_at_once_one_gets_it_and_the_other_what_is_left(business, task):
    first, bo = track(task, 30), replace(business.caller, name="Bo")
    asked: list[Job] = []

    def bill_too():
        track(task, 45)
        asked.append(create.start(bo, tracked(business, seen=2)))

    meanwhile = Meanwhile()
    meanwhile.before(6, bill_too, writes=True)
    ann = made(business, tracked(business))
    meanwhile.close()
    drain.drain(tenant_lane(TENANT), deadline=business.aws.clock.now() + timedelta(seconds=20))

    (waited,) = asked
    assert waited.state.open
    done = jobs.get(waited.lane, waited.name)
    theirs = store.get(TENANT, done.result["invoice_id"])
    assert [one.record_id for one in first] == claims.claimed(TENANT, ann.invoice_id)
    assert (ann.problems, theirs.records, theirs.lines[0].work.minutes) == ((), 1, 45)
    assert theirs.problems[0].sentence == (
        "1 piece of work was billed or changed by somebody else at the same moment. "
        "This draft holds what was left."
    )


def test_discarded_draft_gives_its_work_back(business, task):
    track(task, 30)
    invoice = made(business, tracked(business))

    job = discard.start(business.caller, invoice.invoice_id)

    assert job.state is JobState.DONE
    with pytest.raises(NotFound):
        store.get(TENANT, invoice.invoice_id)
    assert len(list(time_records.unbilled(TENANT, [task.project_id]))) == 1


def test_large_draft_is_let_go_by_a_job_and_nothing_of_it_stays(business, task, monkeypatch):
    monkeypatch.setattr(release, "AT_ONCE", 1)
    monkeypatch.setattr(lines_work, "INLINE", 1)
    track(task, 30, 45)
    invoice = made(business, tracked(business))

    job = discard.start(business.caller, invoice.invoice_id)

    assert job.state.open
    monkeypatch.setattr(claims, "PER_WRITE", 1)
    start, ticks = wiring.current().clock.now(), iter(range(9))
    short = Slice(start + timedelta(seconds=1), lambda: start + timedelta(seconds=next(ticks)))
    assert discard.handle(job, short) == More()
    assert job.progress == {"done": 1, "total": 2}
    whole = Slice(start + timedelta(seconds=9), lambda: start)
    assert discard.handle(job, whole).result == {"released": 2}
    assert business.aws.rows("invoices") == []


def test_numbered_draft_stays_accounted_for_when_discarded(business):
    invoice = business.queued()
    business.xero.refusals["INV-00001"] = "No."
    business.run(business.job(invoice))

    discard.start(business.caller, invoice.invoice_id)

    kept = business.get(invoice)
    assert kept.state is InvoiceState.DISCARDED
    assert kept.number == "INV-00001"


def test_over_two_hundred_records_are_a_job(business, task):
    track(task, *[10] * 201)

    job = create.start(business.caller, tracked(business))
    assert job.state.open
    drain.drain(tenant_lane(TENANT), deadline=business.aws.clock.now() + timedelta(seconds=20))

    done = jobs.get(job.lane, job.name)
    assert done.state is JobState.DONE
    invoice = store.get(TENANT, done.result["invoice_id"])
    assert invoice.records == 201
    assert invoice.lines[0].work.minutes == 2010
    assert invoice.lines[0].work.record_ids == ()
    assert len(claims.claimed(TENANT, invoice.invoice_id)) == 201


def test_task_without_a_rate_makes_nothing(business, task, project):
    bare = tasks.create(TENANT, project.project_id, "Talk")
    track(bare, 30)
    track(task, 30)

    job = create.start(business.caller, tracked(business))

    assert job.state is JobState.FAILED
    assert "no hourly rate" in job.message
    assert store.listing(TENANT, limit=5).items == []
    assert len(list(time_records.unbilled(TENANT, [project.project_id]))) == 2


def test_projects_of_two_clients_are_refused(business, project):
    other = clients.create(TENANT, "Dale Ltd", currency="NZD")
    theirs = projects.create(TENANT, other.client_id, "App", currency="NZD")
    wanted = NewInvoice(
        basis=Basis.TRACKED_TIME, project_ids=(project.project_id, theirs.project_id)
    )

    with pytest.raises(InvalidInput):
        create.start(business.caller, wanted)


def test_manual_lines_get_codes_from_the_mapping(business):
    lines = (Line("Workshop", Decimal(2), Decimal(100)), Line("Thank you"))
    wanted = NewInvoice(basis=Basis.BLANK, client_id=business.client_id, lines=lines)

    invoice = made(business, wanted)

    assert invoice.lines[0].account_code == "200"
    assert invoice.lines[0].tax_percent == 15
    assert invoice.lines[1].text_only
    assert invoice.totals.total == Decimal("230.00")


def test_preview_makes_nothing(business, task):
    track(task, 60)

    draft, more = create.preview(TENANT, tracked(business))

    assert draft.totals.total == Decimal("138.00")
    assert not more
    assert store.listing(TENANT, limit=5).items == []
    assert len(list(time_records.unbilled(TENANT, [task.project_id]))) == 1


def test_building_that_cannot_succeed_puts_everything_back(business, task):
    track(task, 30)
    wanted = tracked(business)
    params = {"wanted": build_job.msgspec.to_builtins(wanted), "invoice_id": "stuck"}
    job = create.enqueue.job("build-invoice", tenant_lane(TENANT), TENANT, params=params)
    now = wiring.current().clock.now
    work = build_job.Building(job, Slice(now() + timedelta(seconds=9), now), wanted)
    work._begun(build_job.scopes.of(TENANT, wanted))
    work._claimed()
    job.attempts = build_job.GIVE_UP_AFTER

    build_job.handle(job, work.part)

    assert len(list(time_records.unbilled(TENANT, [task.project_id]))) == 1
    with pytest.raises(NotFound):
        store.get(TENANT, "stuck")


def test_unfinished_invoice_cannot_be_sent(business):
    invoice = business.draft()
    store.save(TENANT, build_job.replace(invoice, state=InvoiceState.BUILDING))

    with pytest.raises(Conflict):
        send.start(business.caller, [invoice.invoice_id])


def test_many_lines_are_kept_in_parts(business, line):
    lines = tuple(line(description=f"Line {number} " + "ü" * 600) for number in range(300))

    invoice = business.draft(*lines)

    assert business.get(invoice).lines == lines
    store.remove(TENANT, invoice)
    with pytest.raises(NotFound):
        business.get(invoice)


def test_listing_pages_newest_first_and_filters(business):
    made = []
    for _ in range(3):
        made.append(business.draft().invoice_id)
        business.aws.clock.advance(seconds=1)

    first = store.listing(TENANT, limit=2)
    rest = store.listing(TENANT, limit=2, cursor=first.next)

    assert [one.invoice_id for one in (*first, *rest)] == made[::-1]
    assert store.listing(TENANT, limit=5, status="sent").items == []
    assert len(store.listing(TENANT, limit=5, client_id=business.client_id).items) == 3


def test_change_of_an_older_version_is_refused(business):
    invoice = business.draft()
    store.save(TENANT, invoice)

    with pytest.raises(Conflict):
        store.save(TENANT, invoice)


def test_other_tenants_invoice_does_not_exist(business):
    invoice = business.draft()

    with pytest.raises(NotFound):
        store.get("tenant-2", invoice.invoice_id)
