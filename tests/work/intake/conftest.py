"""Files as the upload door would store them, and what is read of them without a store."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.dispatch.model import Slice
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.work import projects, time_records, uploads
from chalicelib.work.intake.answers import Answers
from chalicelib.work.intake.faults import Refused
from chalicelib.work.intake.questions import Question
from chalicelib.work.intake.survey import Survey, survey

FILES = Path(__file__).parent / "files"
TENANT = "t1"
ANN = Caller(TENANT, "user:1", "Ann", EVERYTHING)


def surveyed(content: bytes, **answers) -> Survey | Question:
    """What a file is, or the first thing it leaves open; nothing is remembered."""
    return survey(
        lambda offset: io.BytesIO(content[offset:]), Answers(**answers), lambda _fingerprint: None
    )


def judged(content: bytes, **answers) -> list:
    """Every row of a file, judged."""
    found = surveyed(content, **answers)
    assert isinstance(found, Survey), found
    judge = found.judge()
    stream = io.BytesIO(content[found.at :])
    return [
        judge.judge(line, cells) for line, cells in found.rows_from(stream, found.at, found.line)
    ]


def said(rows: list) -> list[tuple]:
    """What entries say, in short; the reason of those that are refused."""
    return [
        row.reason
        if isinstance(row, Refused)
        else (row.facts.date.isoformat(), row.facts.minutes, row.facts.staff, row.client)
        for row in rows
    ]


def everything(tenant_id: str = TENANT) -> list:
    """Every time record there is."""
    return time_records.listing(tenant_id, projects.ids(tenant_id), limit=1000).items


def ticking(aws, *, looks: int) -> Slice:
    """A slice that is over after so many looks at the clock."""
    start = aws.clock.now()
    seen = iter(range(10_000))
    return Slice(start + timedelta(seconds=looks), lambda: start + timedelta(seconds=next(seen)))


@pytest.fixture
def arrive(aws):
    """Stores a file as the upload door would; answers with its import."""

    def store(content: str | bytes, *, tenant: str = TENANT) -> str:
        upload = uploads.make(tenant)
        body = content.encode() if isinstance(content, str) else content
        aws.wiring.s3.put_object(Bucket="test-uploads", Key=upload.fields["key"], Body=body)
        return upload.import_id

    return store
