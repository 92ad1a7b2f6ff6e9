"""A tenant's trail on mocked tables, and its export as a file."""

import pytest

from chalicelib import wiring
from chalicelib.audit import checkpoint, export, trail
from chalicelib.dispatch import drain, store
from chalicelib.dispatch.model import JobState
from chalicelib.people.caller import EVERYTHING, Caller

ANN = Caller("tenant-a", "user:ann", "Ann", EVERYTHING, "192.0.2.7")


@pytest.fixture
def ann():
    """Who acts."""
    return ANN


@pytest.fixture
def exported(aws):
    """Export Ann's trail as the worker would; answers with the file's bytes."""

    def run():
        job = export.start(ANN)
        while job.state.open:
            drain.drain(job.lane, deadline=aws.clock.now().replace(year=2027))
            job = store.get(job.lane, job.name)
        assert job.state is JobState.DONE, job.message
        bucket = aws.wiring.settings.uploads_bucket
        key = f"exports/tenant-a/{job.name}.jsonl"
        return wiring.current().s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    return run


@pytest.fixture
def trail_of_three(exported, tmp_path):
    """The path of an export with a few entries, and of the public key."""
    for number in range(3):
        trail.record(ANN, "invoice.void", f"invoice:{number}", reason="Zürich 'q' \u2028 <b>")
    file, key = tmp_path / "export.jsonl", tmp_path / "public.pem"
    file.write_bytes(exported())
    key.write_text(checkpoint.public_key().pem)
    return file, key
