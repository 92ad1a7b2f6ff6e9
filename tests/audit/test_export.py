"""An export of any length is whole, in parts, through crashes."""

import pytest
from botocore.exceptions import ClientError

from chalicelib.audit import checkpoint, export, trail
from chalicelib.dispatch import drain, store
from chalicelib.dispatch.model import Done, JobState, More, Slice
from chalicelib.errors import NotFound
from local.audit_verify import verify

LONG = "x" * 12_000
ENTRIES = export.PER_READ + 10


def over(aws):
    """A slice that has no time left: one part at a time."""
    return Slice(aws.clock.now(), aws.clock.now)


def test_a_long_trail_is_written_part_by_part(aws, ann, tmp_path):
    for number in range(ENTRIES):
        trail.record(ann, "invoice.void", f"invoice:{number}", reason=LONG)
    job = export.start(ann)
    steps = []
    while not steps or isinstance(steps[-1], More):
        steps.append(export.handle(job, over(aws)))

    assert [type(step) for step in steps] == [More, Done]
    file = tmp_path / "long.jsonl"
    found = aws.wiring.s3.get_object(
        Bucket=aws.wiring.settings.uploads_bucket, Key=f"exports/tenant-a/{job.name}.jsonl"
    )
    file.write_bytes(found["Body"].read())
    assert verify(file, checkpoint.public_key().pem).count == ENTRIES + 1


@pytest.fixture
def forgetful(aws):
    """A store that knows nothing any more of the first upload it is asked about."""
    asked = []
    gone = ClientError({"Error": {"Code": "NoSuchUpload"}}, "UploadPart")

    def answer(**_):
        asked.append("part")
        if len(asked) == 1:
            raise gone

    events = aws.wiring.s3.meta.events
    events.register("before-call.s3.UploadPart", answer)
    yield
    events.unregister("before-call.s3.UploadPart", answer)


@pytest.mark.usefixtures("forgetful")
def test_an_upload_that_was_finished_or_given_up_is_begun_anew(aws, ann):
    job = export.start(ann)

    assert isinstance(export.handle(job, over(aws)), More)
    assert isinstance(export.handle(job, over(aws)), Done)


def test_an_export_is_not_anothers_and_its_link_ends_with_the_file(aws, ann):
    job = export.start(ann)
    assert export.link(job) is None
    drain.drain(job.lane, deadline=aws.clock.now().replace(year=2027))
    job = store.get(job.lane, job.name)

    assert job.state is JobState.DONE
    assert f"/exports/tenant-a/{job.name}.jsonl" in export.link(job)
    with pytest.raises(NotFound):
        export.found("tenant-b", job.job_id)
    aws.clock.advance(days=7)
    assert export.link(job) is None


def test_a_job_of_another_kind_is_no_export(aws, ann):
    from chalicelib.dispatch import enqueue

    other = enqueue.enqueue(enqueue.job("import-codes", "lane", ann.tenant_id))
    assert aws
    with pytest.raises(NotFound):
        export.found(ann.tenant_id, other.job_id)


def test_the_end_of_what_was_asked_for_is_in_the_trail(exported):
    exported()

    ends = [(entry.what, entry.result) for entry in trail.entries("tenant-a")]

    assert ends == [("audit export", "asked"), ("audit export", "done")]
