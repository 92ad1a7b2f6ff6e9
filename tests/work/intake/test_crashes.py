"""A worker that loses its power before any one write of an import: nothing stays half done.

Dying after a write is dying before the next one, so one way of dying covers both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from chalicelib.dispatch.drain import drain
from chalicelib.dispatch.model import Job, JobState, tenant_lane
from chalicelib.work import clients, projects, tasks, uploads
from chalicelib.work.intake import jobs, take, take_back
from chalicelib.work.intake.answers import Answers
from chalicelib.work.intake.jobs import Kind
from tests.support.aws import AWS, mocked_account
from tests.support.power import Power, PowerCut
from tests.work.intake.conftest import ANN, TENANT, everything

CONTENT = b"""User,Client,Project,Task,Description,Billable,Start date,Duration
Ana,Boom FM,App,Design,Icons,Yes,2026-11-03,01:00:00
Ana,Boom FM,App,Design,Icons,Yes,2026-11-03,01:00:00
Ben,Boom FM,App,Design,Backup,Perhaps,2026-11-03,01:00:00
"""
ANSWERS = Answers(rate="100", currency="NZD")


@contextmanager
def arrived() -> Iterator[tuple[AWS, Power, str]]:
    """An account of its own in which the file has arrived."""
    with mocked_account() as aws:
        upload = uploads.make(TENANT)
        aws.wiring.s3.put_object(Bucket="test-uploads", Key=upload.fields["key"], Body=CONTENT)
        yield aws, Power(aws.wiring.s3), upload.import_id


def dies(power: Power, write: int, act) -> bool:
    """Whether there was such a write to die before."""
    power.cut_at(write, after=False)
    try:
        act()
    except PowerCut:
        return True
    finally:
        power.restore()
    return False


def another_worker_comes(aws: AWS) -> None:
    """Once the lease of the dead one has run out."""
    now = aws.clock.advance(seconds=90)
    drain(tenant_lane(TENANT), deadline=now + timedelta(seconds=30))


def what_is_there() -> tuple:
    return (
        sorted((r.record_id, r.minutes, r.billable, r.version, r.task_id) for r in everything()),
        sorted(client.name for client in clients.listing(TENANT)),
        sorted(project.name for project in projects.listing(TENANT)),
        sorted(
            task.name
            for project_id in projects.ids(TENANT)
            for task in tasks.listing(TENANT, project_id)
        ),
    )


def counts(job: Job) -> dict[str, int]:
    return {name: job.progress[name] for name in ("created", "unchanged", "skipped")}


def test_an_import_that_dies_anywhere_is_finished_by_the_next_worker():
    with arrived() as (_, _, import_id):
        whole = counts(take.start(ANN, import_id, ANSWERS)), what_is_there()
    assert len(whole[1][0]) == 2
    write, finished = 0, 0
    died = True
    while died:
        write += 1
        with arrived() as (aws, power, import_id):
            died = dies(power, write, lambda: take.start(ANN, import_id, ANSWERS))
            another_worker_comes(aws)
            job = jobs.found(TENANT, Kind.TAKE, import_id)
            if job is None:
                assert not everything()  # it died before it had asked for anything
                continue
            finished += 1
            assert job.state is JobState.DONE, write
            assert (counts(job), what_is_there()) == whole, write
    assert finished > 15


def test_taking_back_that_dies_anywhere_is_finished_too():
    write, died = 0, True
    while died:
        write += 1
        with arrived() as (aws, power, import_id):
            take.start(ANN, import_id, ANSWERS)
            aws.clock.advance(seconds=1)
            died = dies(power, write, lambda: take_back.start(ANN, import_id))
            another_worker_comes(aws)
            if jobs.found(TENANT, Kind.TAKE_BACK, import_id) is None:
                assert len(everything()) == 2
                continue
            assert not everything(), write
    assert write > 5
