from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.dispatch.model import Done, Failed, JobState, More, Slice
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.work import (
    claims,
    clients,
    import_time_records,
    projects,
    tasks,
    time_records,
    uploads,
)

TENANT = "t1"
ANN = Caller(TENANT, "user:1", "Ann", EVERYTHING)
DEMO = Path(__file__).parents[2] / "local" / "demo" / "toggl_detailed.csv"
HEADER = "User,Client,Project,Task,Description,Billable,Start date,Duration,Amount (NZD)\n"
ROW = "Ana,Boom FM,App,Design,Icons,Yes,2026-11-03,01:00:00,150.00\n"


@pytest.fixture
def arrive(aws):
    """Stores a file as the upload door would; answers with its import."""

    def store(content: str | bytes, *, tenant: str = TENANT) -> str:
        upload = uploads.make(tenant)
        body = content.encode() if isinstance(content, str) else content
        aws.wiring.s3.put_object(Bucket="test-uploads", Key=upload.fields["key"], Body=body)
        return upload.import_id

    return store


def everything() -> list:
    ids = projects.ids(TENANT)
    page = time_records.listing(TENANT, ids, limit=1000)
    return page.items


def counts(job) -> tuple[int, int, int]:
    return tuple(job.progress[name] for name in ("created", "unchanged", "skipped"))


def test_every_row_of_the_demo_file_becomes_a_record(arrive):
    job = import_time_records.start(ANN, arrive(DEMO.read_bytes()), new_task_rate="120")
    assert (job.state, counts(job)) == (JobState.DONE, (240, 0, 0))
    assert len(everything()) == 240


def test_the_same_file_again_adds_nothing(arrive):
    import_time_records.start(ANN, arrive(DEMO.read_bytes()))
    again = import_time_records.start(ANN, arrive(b"\xef\xbb\xbf" + DEMO.read_bytes()[3:]))
    assert counts(again) == (0, 240, 0)
    assert len(everything()) == 240


def test_equal_rows_both_count(arrive):
    job = import_time_records.start(ANN, arrive(HEADER + ROW * 3))
    assert counts(job) == (3, 0, 0)
    more = import_time_records.start(ANN, arrive(HEADER + ROW * 4))
    assert counts(more) == (1, 3, 0)


def test_asking_again_answers_with_the_same_job(arrive):
    import_id = arrive(HEADER + ROW)
    first = import_time_records.start(ANN, import_id)
    assert import_time_records.start(ANN, import_id).ticket == first.ticket


def test_good_rows_are_taken_and_others_reported_by_line(arrive):
    bad = ROW.replace("Yes", "Perhaps")
    job = import_time_records.start(ANN, arrive(HEADER + ROW + bad + ROW))
    assert counts(job) == (2, 0, 1)
    assert [row["line"] for row in job.result["refused"]] == [3]
    assert "Perhaps" in job.result["refused"][0]["reason"]


@pytest.mark.parametrize(
    "content",
    [
        "Date,Hours\n2026-11-03,1\n",
        HEADER,
        HEADER + ROW + 'Ana,"Boom',
        (HEADER + ROW).encode("utf-16"),
    ],
)
def test_nothing_of_an_unusable_file_is_taken(arrive, content):
    job = import_time_records.start(ANN, arrive(content))
    assert job.state is JobState.FAILED
    assert not clients.listing(TENANT).items


def test_clients_projects_and_tasks_are_matched_by_name(arrive):
    client = clients.create(TENANT, "BOOM F.M.")
    project = projects.create(TENANT, client.client_id, "app", currency="NZD")
    task = tasks.create(TENANT, project.project_id, "Desígn", rate="95")
    import_time_records.start(ANN, arrive(HEADER + ROW), new_task_rate="120")
    (record,) = everything()
    assert record.client_id == client.client_id
    assert (record.project_id, record.task_id) == (project.project_id, task.task_id)
    assert tasks.get(TENANT, task.task_id).rate == 95


def test_an_archived_client_is_not_made_twice(arrive):
    client = clients.create(TENANT, "Boom FM")
    clients.change(TENANT, client.client_id, archived=True)
    import_time_records.start(ANN, arrive(HEADER + ROW))
    assert [record.client_id for record in everything()] == [client.client_id]


def test_new_tasks_get_the_rate_that_was_given_or_none(arrive):
    import_time_records.start(ANN, arrive(HEADER + ROW), new_task_rate="99.5")
    import_time_records.start(ANN, arrive(HEADER + ROW.replace("Design", "Research")))
    rates = {t.name: t.rate for t in tasks.listing(TENANT, everything()[0].project_id)}
    assert {name: rate and str(rate) for name, rate in rates.items()} == {
        "Design": "99.5000",
        "Research": None,
    }


def test_a_rate_that_cannot_be_is_refused_before_anything_is_taken(arrive):
    with pytest.raises(InvalidInput):
        import_time_records.start(ANN, arrive(HEADER + ROW), new_task_rate="-1")
    assert not clients.listing(TENANT).items


def test_what_is_on_an_invoice_stays_there_when_its_row_comes_again(arrive):
    import_time_records.start(ANN, arrive(HEADER + ROW))
    claims.claim(TENANT, "i1", everything())
    import_time_records.start(ANN, arrive(HEADER + ROW.replace("Yes", "No")))
    (record,) = everything()
    assert (record.invoice_id, record.billable) == ("i1", True)


def test_an_import_goes_on_where_its_last_slice_ended(aws, arrive):
    rows = "".join(ROW.replace("Icons", f"Icon {n}") for n in range(250))
    job = import_time_records.start(ANN, arrive(HEADER + ROW))
    job.params |= {"import_id": (started := arrive(HEADER + rows)), "next": 0}
    job.params["etag"] = uploads.read(TENANT, started).etag
    job.progress = {}
    steps = [step := import_time_records.handle(job, ticking(aws, batches=1))]
    while isinstance(step, More):
        steps.append(step := import_time_records.handle(job, ticking(aws, batches=1)))
    assert [type(one) for one in steps] == [More, More, Done]
    assert counts(job) == (250, 0, 0)


def ticking(aws, *, batches: int) -> Slice:
    """A slice that is over after so many looks at the clock."""
    start = aws.clock.now()
    looks = iter(range(10_000))
    return Slice(
        start + timedelta(seconds=batches), lambda: start + timedelta(seconds=next(looks))
    )


def test_a_slice_that_was_lost_is_done_again_without_harm(aws, arrive):
    import_id = arrive(HEADER + ROW * 5)
    job = import_time_records.start(ANN, import_id)
    job.params["next"] = 0
    job.progress = {}
    assert isinstance(import_time_records.handle(job, ticking(aws, batches=99)), Done)
    assert counts(job) == (0, 5, 0)


def test_a_file_replaced_meanwhile_is_not_mixed_in(aws, arrive):
    import_id = arrive(HEADER + ROW)
    job = import_time_records.start(ANN, import_id)
    key = f"{TENANT}/time-records/{import_id}.csv"
    other = (HEADER + ROW * 2).encode()
    aws.wiring.s3.put_object(Bucket="test-uploads", Key=key, Body=other)
    step = import_time_records.handle(job, ticking(aws, batches=99))
    assert isinstance(step, Failed)
    assert "replaced" in step.why


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("import_id", ["0" * 26, "../t2/x", "x", ""])
def test_an_import_without_a_file_is_not_there(import_id):
    with pytest.raises(NotFound):
        import_time_records.start(ANN, import_id)


def test_a_file_of_another_tenant_is_not_there(arrive):
    import_id = arrive(HEADER + ROW, tenant="t2")
    with pytest.raises(NotFound):
        import_time_records.start(ANN, import_id)
