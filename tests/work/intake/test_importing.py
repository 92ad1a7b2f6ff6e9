"""A file from its arrival to its records, over the mocked account."""

import csv
import io
from pathlib import Path

import pytest

from chalicelib.dispatch.model import Done, Failed, JobState, More
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.work import claims, clients, projects, tasks, time_records, uploads
from chalicelib.work.intake import jobs, look, report, take
from chalicelib.work.intake.answers import Answers, Choice
from chalicelib.work.intake.dates import Order
from chalicelib.work.intake.faults import Refused
from chalicelib.work.intake.jobs import Kind
from chalicelib.work.intake.look import file_of
from chalicelib.work.intake.standing import ImportStage, standing
from chalicelib.work.staff import store as staff
from chalicelib.work.staff.make import make as make_staff
from tests.work.intake.conftest import ANN, FILES, TENANT, everything, judged, ticking

DEMO = Path(__file__).parents[3] / "local" / "demo" / "toggl_detailed.csv"
HEADER = "User,Client,Project,Task,Description,Billable,Start date,Duration,Amount (NZD)\n"
ROW = "Ana,Boom FM,App,Design,Icons,Yes,2026-11-03,01:00:00,150.00\n"
NONE = Answers()


def counts(job) -> tuple[int, int, int]:
    return tuple(job.progress[name] for name in ("created", "unchanged", "skipped"))


def bring_in(import_id: str, **answers):
    return take.start(ANN, import_id, Answers(**answers))


def stand(import_id: str):
    return standing(TENANT, import_id)


def test_the_same_file_again_adds_nothing_and_a_longer_one_the_rest(arrive):
    content = (FILES / "toggl_detailed.csv").read_bytes()
    assert counts(bring_in(arrive(content))) == (4, 0, 0)
    assert counts(bring_in(arrive(content.removeprefix(b"\xef\xbb\xbf")))) == (0, 4, 0)
    more = content + content.splitlines(keepends=True)[-1].replace(b"45:00", b"46:00")
    assert counts(bring_in(arrive(more))) == (1, 4, 0)
    assert len(everything()) == 5


def test_no_row_of_the_demo_file_is_refused():
    rows = judged(DEMO.read_bytes())
    assert len(rows) == 240
    assert not [row for row in rows if isinstance(row, Refused)]
    assert len({row.identity for row in rows}) < 240
    assert len({(row.client, row.project) for row in rows}) >= 5
    assert {row.billable for row in rows} == {True, False}


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("toggl_detailed.csv", [90, 90, 136, 45]),
        ("clockify_detailed.csv", [90, 50, 20]),
        ("harvest_detailed.csv", [90, 20, 120]),
    ],
)
def test_each_report_comes_in_by_the_job(arrive, name, minutes):
    job = bring_in(arrive((FILES / name).read_bytes()), currency="NZD")
    assert job.state is JobState.DONE, job.message
    assert sorted(record.minutes for record in everything()) == sorted(minutes)


def test_equal_rows_both_count_and_one_more_adds_one(arrive):
    assert counts(bring_in(arrive(HEADER + ROW * 3))) == (3, 0, 0)
    assert counts(bring_in(arrive(HEADER + ROW * 4))) == (1, 3, 0)


def test_asking_again_answers_with_the_same_job(arrive):
    import_id = arrive(HEADER + ROW)
    first = bring_in(import_id)
    assert bring_in(import_id).ticket == first.ticket


def test_a_look_takes_nothing_and_says_what_would_be(arrive):
    bring_in(arrive(HEADER + ROW))
    before = everything()
    import_id = arrive(HEADER + ROW * 2 + ROW.replace("Boom FM", "City Agency"))
    look.start(ANN, import_id, NONE)
    found = stand(import_id)
    findings = found.looked.found.findings
    assert found.stage is ImportStage.READY
    assert (findings.rows, findings.here, findings.minutes, findings.billable) == (3, 1, 180, 180)
    sums = {
        (client.meaning.name, client.meaning.state, project.minutes, project.here)
        for client, project in found.looked.plan.taken()
    }
    assert sums == {("Boom FM", "same", 120, 1), ("City Agency", "new", 60, 0)}
    assert everything() == before


def test_good_rows_are_taken_and_others_reported_with_their_cells(arrive):
    bad = ROW.replace("Yes", "Perhaps").replace("Icons", "=cmd|' /C calc'!A0")
    import_id = arrive(HEADER + ROW + bad + ROW)
    job = bring_in(import_id)
    assert counts(job) == (2, 0, 1)
    assert [row["line"] for row in job.result["refused"]] == [3]
    assert "Perhaps" in job.result["refused"][0]["reason"]
    text = stored(job, report.NAME).decode("utf-8-sig")
    first, second = csv.reader(io.StringIO(text))
    assert first[:4] == ["Line", "Why it was refused", "User", "Client"]
    assert (second[0], second[6]) == ("3", "'=cmd|' /C calc'!A0")


def stored(job, name: str) -> bytes:
    place = file_of(job).shelf._place(name)
    from chalicelib import wiring

    return wiring.current().s3.get_object(**place)["Body"].read()


def test_the_report_can_be_corrected_and_brought_in(arrive):
    job = bring_in(arrive(HEADER + ROW + ROW.replace("Yes", "Perhaps")))
    corrected = stored(job, report.NAME).replace(b"Perhaps", b"Yes")
    assert counts(bring_in(arrive(corrected))) == (0, 1, 0)


@pytest.mark.parametrize(
    "content", [HEADER, HEADER + ROW + 'Ana,"Boom', HEADER + ROW.replace("Yes", "Perhaps")]
)
def test_nothing_of_an_unusable_file_is_taken(arrive, content):
    job = bring_in(arrive(content))
    assert job.state is JobState.FAILED
    assert "Nothing was brought in." in job.message
    assert not clients.listing(TENANT).items


def test_an_open_question_stops_the_import_and_its_answer_lets_it_go_on(arrive):
    import_id = arrive((FILES / "day_or_month.csv").read_bytes())
    job = bring_in(import_id)
    assert job.state is JobState.FAILED
    assert job.result["question"]["name"] == "date_order"
    job = bring_in(import_id, date_order=Order.DAY_FIRST)
    assert job.state is JobState.DONE
    assert {record.date.month for record in everything()} == {4}


def test_clients_projects_and_tasks_are_matched_by_name(arrive):
    client = clients.create(TENANT, "BOOM F.M.")
    project = projects.create(TENANT, client.client_id, "app", currency="NZD")
    task = tasks.create(TENANT, project.project_id, "Desígn", rate="95")
    bring_in(arrive(HEADER + ROW), rate="120")
    (record,) = everything()
    assert record.client_id == client.client_id
    assert (record.project_id, record.task_id) == (project.project_id, task.task_id)
    assert tasks.get(TENANT, task.task_id).rate == 95


def test_an_archived_client_is_not_made_twice(arrive):
    client = clients.create(TENANT, "Boom FM")
    clients.change(TENANT, client.client_id, archived=True)
    bring_in(arrive(HEADER + ROW))
    assert [record.client_id for record in everything()] == [client.client_id]


def test_what_was_chosen_for_a_name_is_done_and_remembered(arrive):
    client = clients.create(TENANT, "Boom FM Limited", currency="NZD")
    import_id = arrive(HEADER + ROW)
    look.start(ANN, import_id, NONE)
    meaning = stand(import_id).looked.plan.clients[0].meaning
    assert (meaning.state, meaning.id) == ("new", None)
    assert [offer.name for offer in meaning.offers] == ["Boom FM Limited"]
    chosen = (Choice(client.client_id, "Boom FM"),)
    bring_in(import_id, choices=chosen)
    assert [record.client_id for record in everything()] == [client.client_id]
    another = arrive(HEADER + ROW.replace("Icons", "Fonts"))
    look.start(ANN, another, NONE)
    assert stand(another).looked.plan.clients[0].meaning.state == "remembered"


def test_a_name_may_be_new_though_there_is_one_like_it(arrive):
    client = clients.create(TENANT, "BOOM F.M.", currency="NZD")
    bring_in(arrive(HEADER + ROW), choices=(Choice("new", "Boom FM"),))
    (record,) = everything()
    assert record.client_id != client.client_id
    assert clients.get(TENANT, record.client_id).name == "Boom FM"


def test_what_is_left_out_is_not_made_and_not_taken(arrive):
    rows = ROW + ROW.replace("App", "Site") + ROW.replace("Boom FM", "Home")
    choices = (Choice("leave_out", "Boom FM", "Site"), Choice("leave_out", "Home"))
    job = bring_in(arrive(HEADER + rows), choices=choices)
    assert (counts(job), job.result["left_out"]) == ((1, 0, 0), 2)
    assert "2 left out" in job.message
    assert [client.name for client in clients.listing(TENANT)] == ["Boom FM"]
    assert [project.name for project in projects.listing(TENANT)] == ["App"]


def test_a_choice_of_something_that_is_not_there_is_refused(arrive):
    job = bring_in(arrive(HEADER + ROW), choices=(Choice("nothing", "Boom FM"),))
    assert (job.state, job.result["field"]) == (JobState.FAILED, "choices")
    assert not everything()


class TestStaff:
    ROWS = (
        "User,Email,Client,Project,Task,Description,Billable,Start date,Duration\n"
        "Ana Kereama,ana@x.example,Boom FM,App,Design,Icons,Yes,2026-11-03,1:00\n"
        "Ben Osei,ben@x.example,Boom FM,App,Design,Icons,Yes,2026-11-03,1:00\n"
    )

    @pytest.fixture(autouse=True)
    def client(self, aws):  # noqa: ARG002  the account must be there first
        return clients.create(TENANT, "Boom FM", currency="NZD")

    def people(self, import_id: str) -> list[tuple[str, str]]:
        look.start(ANN, import_id, NONE)
        people = stand(import_id).looked.plan.people
        return [(one.meaning.state, one.meaning.means) for one in people]

    def test_is_known_by_e_mail_then_by_name(self, arrive):
        ana = make_staff(ANN, "Ana K.", email="ANA@x.example")
        ben = make_staff(ANN, "BEN  OSEI")
        import_id = arrive(self.ROWS)
        assert self.people(import_id) == [("alike", "Ana K."), ("alike", "BEN OSEI")]
        bring_in(import_id)
        assert {r.staff: r.staff_id for r in everything()} == {
            "Ana Kereama": ana.staff_id,
            "Ben Osei": ben.staff_id,
        }
        assert staff.get(TENANT, ana.staff_id).in_use

    def test_stays_a_name_unless_it_is_to_be_added(self, arrive):
        bring_in(arrive(self.ROWS))
        assert {r.staff_id for r in everything()} == {None}
        assert staff.roll(TENANT).everybody == ()

    def test_is_added_once_when_asked_for(self, arrive):
        import_id = arrive(self.ROWS)
        bring_in(import_id, add_staff=True)
        bring_in(arrive(self.ROWS.replace("Icons", "Fonts")), add_staff=True)
        found = {one.name: one for one in staff.roll(TENANT).everybody}
        assert {name: one.email for name, one in found.items()} == {
            "Ana Kereama": "ana@x.example",
            "Ben Osei": "ben@x.example",
        }
        assert {r.staff_id for r in everything()} == {one.staff_id for one in found.values()}

    def test_may_be_chosen_and_is_remembered(self, arrive):
        benjamin = make_staff(ANN, "Benjamin")
        choices = (Choice(benjamin.staff_id, staff="Ben Osei"),)
        bring_in(arrive(self.ROWS), choices=choices)
        assert benjamin.staff_id in {r.staff_id for r in everything()}
        again = self.people(arrive(self.ROWS.replace("Icons", "Fonts")))
        assert again[1] == ("remembered", "Benjamin")

    def test_may_be_left_out(self, arrive):
        job = bring_in(arrive(self.ROWS), choices=(Choice("leave_out", staff="Ben Osei"),))
        assert (job.progress["created"], job.result["left_out"]) == (1, 1)


def test_new_tasks_get_the_rate_that_was_given_or_none(arrive):
    bring_in(arrive(HEADER + ROW), rate="99.5")
    bring_in(arrive(HEADER + ROW.replace("Design", "Research")))
    rates = {t.name: t.rate for t in tasks.listing(TENANT, everything()[0].project_id)}
    assert {name: rate and str(rate) for name, rate in rates.items()} == {
        "Design": "99.5000",
        "Research": None,
    }


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"rate": "-1"}, "rate"),
        ({"currency": "dollars"}, "currency"),
        ({"encoding": "x"}, "encoding"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_before_anything_is_taken(arrive, answers, field):
    with pytest.raises(InvalidInput) as refused:
        bring_in(arrive(HEADER + ROW), **answers)
    assert refused.value.field == field
    assert not clients.listing(TENANT).items


def test_a_currency_that_nobody_knows_is_asked_for(arrive):
    import_id = arrive(HEADER.replace("NZD", "XQZ") + ROW)
    look.start(ANN, import_id, NONE)
    looked = stand(import_id).looked
    assert looked.plan.lacks_currency() == ["Boom FM"]
    assert looked.found.findings.strange_currencies == ["XQZ"]
    job = bring_in(import_id)
    assert (job.state, job.result["field"]) == (JobState.FAILED, "currency")
    assert bring_in(import_id, currency="aud").state is JobState.DONE
    assert [project.currency for project in projects.listing(TENANT)] == ["AUD"]


def test_a_new_project_is_billed_as_its_client_is(arrive):
    clients.create(TENANT, "Boom FM", currency="EUR")
    bring_in(arrive(HEADER + ROW), currency="AUD")
    assert [project.currency for project in projects.listing(TENANT)] == ["EUR"]


def test_a_column_names_the_currency_of_each_project(arrive):
    bring_in(arrive((FILES / "harvest_detailed.csv").read_bytes()))
    found = {project.name: project for project in projects.listing(TENANT)}
    assert {name: one.currency for name, one in found.items()} == {
        "Listener app": "NZD",
        "Booking system": "USD",
    }
    assert found["Listener app"].code == "BOOM-1"


class TestInvoicedElsewhere:
    def test_is_kept_and_never_billed(self, arrive):
        bring_in(arrive((FILES / "harvest_detailed.csv").read_bytes()))
        record = next(record for record in everything() if record.billed_elsewhere)
        assert (record.minutes, record.billable) == (20, False)
        ids = projects.ids(TENANT)
        assert record not in time_records.unbilled(TENANT, ids).items
        assert claims.claim(TENANT, "i1", [record]) == [record.record_id]
        with pytest.raises(time_records.BilledElsewhere):
            time_records.change(TENANT, record.record_id, billable=True)
        assert time_records.change(TENANT, record.record_id, note="x").note == "x"

    def test_is_learnt_of_time_that_was_unbilled_here(self, arrive):
        content = (FILES / "harvest_detailed.csv").read_text()
        bring_in(arrive(content.replace("Yes,Yes,Yes", "Yes,No,Yes")))
        assert not any(record.billed_elsewhere for record in everything())
        job = bring_in(arrive(content))
        assert (job.progress["updated"], counts(job)) == (1, (0, 2, 0))
        assert [record.minutes for record in everything() if record.billed_elsewhere] == [20]

    def test_changes_nothing_of_what_is_on_an_invoice_here(self, arrive):
        content = (FILES / "harvest_detailed.csv").read_text()
        bring_in(arrive(content.replace("Yes,Yes,Yes", "Yes,No,Yes")))
        billable = [record for record in everything() if record.billable]
        claims.claim(TENANT, "i1", billable)
        job = bring_in(arrive(content))
        assert (job.progress["updated"], counts(job)) == (0, (0, 3, 0))


def test_what_is_on_an_invoice_stays_there_when_its_row_comes_again(arrive):
    bring_in(arrive(HEADER + ROW))
    claims.claim(TENANT, "i1", everything())
    bring_in(arrive(HEADER + ROW.replace("Yes", "No")))
    (record,) = everything()
    assert (record.invoice_id, record.billable) == ("i1", True)


MATCHED = {
    "date": "Tag",
    "client": "Kunde",
    "project": "Auftrag",
    "staff": "Person",
    "duration": "Stunden",
    "note": "Bemerkung",
}


class TestAnyOtherFile:
    def content(self) -> bytes:
        return (FILES / "timesheet_semicolon_windows_1252.csv").read_bytes()

    def test_is_asked_about_step_by_step(self, arrive):
        import_id = arrive(self.content())
        look.start(ANN, import_id, NONE)
        assert stand(import_id).question.name == "encoding"
        look.start(ANN, import_id, Answers(encoding="windows-1252"))
        asked = stand(import_id).question
        assert asked.name == "columns"
        assert [option.value for option in asked.options][:3] == ["Tag", "Kunde", "Auftrag"]
        assert "Müller & Söhne" in asked.options[1].sample
        look.start(ANN, import_id, Answers(encoding="windows-1252", columns=MATCHED))
        assert stand(import_id).stage is ImportStage.READY

    def test_is_matched_once_and_then_known(self, arrive):
        job = bring_in(
            arrive(self.content()),
            encoding="windows-1252",
            columns=MATCHED,
            currency="EUR",
        )
        assert job.state is JobState.DONE
        assert [record.minutes for record in everything()] == [450, 90, 15]
        assert "=SUMME(A1:A9)" in {record.note for record in everything()}
        header = "Bemerkung;Stunden;Person;Auftrag;Kunde;Tag\n"
        turned = header + "Mehr;2;Jörg;Umbau;Müller & Söhne;24.11.2026\n"
        again = arrive(turned)
        look.start(ANN, again, NONE)
        found = stand(again)
        assert found.stage is ImportStage.READY
        assert found.looked.found.survey.remembered
        assert bring_in(again).state is JobState.DONE

    def test_may_say_the_same_for_all_rows(self, arrive):
        content = (FILES / "timesheet_tabs_utf_16.txt").read_bytes()
        job = bring_in(
            arrive(content),
            columns={
                "date": "Day",
                "staff": "Who",
                "minutes": "Minutes",
                "billable": "Billable",
                "note": "Note",
            },
            same={"client": "Boom FM", "project": "App", "task": "Sketching"},
            currency="NZD",
        )
        assert job.state is JobState.DONE
        assert [(r.minutes, r.billable, r.note) for r in everything()] == [
            (90, True, "Sketch"),
            (45, False, "日本語"),
        ]

    def test_may_have_times_instead_of_hours(self, arrive):
        content = "Day,From,To,Client,Project\n2026-11-03,9:00 AM,11:30 AM,Boom,App\n"
        matched = {
            "date": "Day",
            "start_time": "From",
            "end_time": "To",
            "client": "Client",
            "project": "Project",
        }
        bring_in(arrive(content), columns=matched, currency="NZD")
        assert [record.minutes for record in everything()] == [150]

    @pytest.mark.parametrize(
        ("columns", "said"),
        [
            ({"client": "Kunde"}, "holds the day"),
            ({"date": "Tag", "client": "Kunde", "project": "Auftrag"}, "holds the hours"),
            ({"date": "Tag", "duration": "Stunden", "client": "Kunde"}, "holds the project"),
            ({"date": "Tag", "duration": "Tag"}, "matched twice"),
            ({"date": "Datum"}, "no column 'Datum'"),
            ({"weather": "Tag"}, "nothing that a column can hold"),
        ],
    )
    def test_is_not_read_by_columns_that_do_not_do(self, arrive, columns, said):
        job = bring_in(arrive(self.content()), encoding="windows-1252", columns=columns)
        assert (job.state, job.result["field"]) == (JobState.FAILED, "columns")
        assert said in job.message


def test_days_of_more_than_24_hours_are_pointed_out(arrive):
    row = ROW.replace("01:00:00", "13:00:00")
    import_id = arrive(HEADER + row + row.replace("Icons", "Fonts"))
    look.start(ANN, import_id, NONE)
    (day,) = stand(import_id).looked.found.findings.long_days
    assert (day.who, day.day.isoformat(), day.minutes) == ("Ana", "2026-11-03", 1560)


def many(count: int) -> str:
    """Rows of which the second is refused, and the last says what the first does."""
    rows = [ROW.replace("Icons", f"Icon {n % (count - 1)}") for n in range(count)]
    rows[1] = rows[1].replace("Yes", "Perhaps")
    return HEADER + "".join(rows)


def steps_of(handle, job, aws, *, looks: int) -> list:
    """The steps of a job whose slices are over after so many looks at the clock."""
    steps = [handle(job, ticking(aws, looks=looks))]
    while isinstance(steps[-1], More):
        steps.append(handle(job, ticking(aws, looks=looks)))
    return steps


def job_of(kind: Kind, import_id: str):
    params = {"etag": uploads.arrived(TENANT, import_id).etag, "answers": {}}
    return jobs.wanted(ANN, kind, import_id, params)


def test_a_look_goes_on_where_its_last_slice_ended(aws, arrive):
    import_id = arrive(many(4500))
    job = job_of(Kind.LOOK, import_id)
    steps = steps_of(look.handle, job, aws, looks=0)
    assert [type(step) for step in steps] == [More, More, Done]
    findings = file_of(job).found().findings
    assert (findings.rows, findings.refused_count, findings.pages) == (4499, 1, 3)
    assert findings.minutes == findings.places[0].minutes == 4499 * 60
    pages = [file_of(job).page(number) for number in range(3)]
    assert len({row.record_id for page in pages for row in page.rows}) == 4499
    assert [row.line for page in pages for row in page.refused] == [3]


def test_an_import_goes_on_where_its_last_slice_ended(aws, arrive):
    job = job_of(Kind.TAKE, arrive(many(160)))
    steps = steps_of(take.handle, job, aws, looks=1)
    assert len(steps) >= 4
    assert isinstance(steps[-1], Done)
    assert counts(job) == (159, 0, 1)
    assert len(everything()) == 159


def test_a_file_replaced_meanwhile_is_not_mixed_in(aws, arrive):
    import_id = arrive(HEADER + ROW)
    job = job_of(Kind.TAKE, import_id)
    key = f"{TENANT}/time-records/{import_id}.csv"
    aws.wiring.s3.put_object(Bucket="test-uploads", Key=key, Body=(HEADER + ROW * 2).encode())
    step = take.handle(job, ticking(aws, looks=99))
    assert isinstance(step, Failed)
    assert "replaced" in step.why


def test_what_was_previewed_is_taken_whatever_becomes_of_the_upload(aws, arrive):
    import_id = arrive(HEADER + ROW)
    look.start(ANN, import_id, NONE)
    job = job_of(Kind.TAKE, import_id)
    key = f"{TENANT}/time-records/{import_id}.csv"
    aws.wiring.s3.delete_object(Bucket="test-uploads", Key=key)
    assert isinstance(steps_of(take.handle, job, aws, looks=99)[-1], Done)
    assert len(everything()) == 1


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("import_id", ["0" * 26, "../t2/x", "x", ""])
def test_an_import_without_a_file_is_not_there(import_id):
    for start in (look.start, take.start):
        with pytest.raises(NotFound):
            start(ANN, import_id, NONE)


def test_a_file_of_another_tenant_is_not_there(arrive):
    import_id = arrive(HEADER + ROW, tenant="t2")
    with pytest.raises(NotFound):
        bring_in(import_id)


def test_an_old_look_is_taken_anew_when_it_is_asked_for(aws, arrive):
    import_id = arrive(HEADER + ROW)
    look.start(ANN, import_id, NONE)
    assert stand(import_id).looked.plan.clients[0].meaning.state == "new"
    clients.create(TENANT, "Boom FM")
    look.start(ANN, import_id, NONE)
    assert stand(import_id).looked.plan.clients[0].meaning.state == "new"
    aws.clock.advance(minutes=2)
    look.start(ANN, import_id, NONE)
    assert stand(import_id).looked.plan.clients[0].meaning.state == "same"
