"""Connecting again after an end that Workbill found out by itself."""

from local.demo.journey import Journey
from tests.support.eventually import eventually

OPEN = {"queued", "running", "waiting"}


def connect_again(journey: Journey) -> None:
    """Go through the consent once Xero has confirmed that the former connection is over."""

    def ending() -> bool:
        jobs = journey.program.get("/jobs")["items"]
        return any(job["kind"] == "end-connection" and job["state"] in OPEN for job in jobs)

    assert not eventually(ending, False)
    journey.connect()
