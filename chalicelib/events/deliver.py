"""The job that tells one endpoint what is new, in order, each event once it was taken.

The cursor moves after the answer, so that a crash in between tells an event twice, under the same
id, and never leaves one out. An event that is not taken holds up those after it: a receiver can
rely on their order.
"""

from datetime import datetime, timedelta

import msgspec
from pynamodb.expressions.update import Action

from chalicelib import wiring
from chalicelib.clock import stamp
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.kinds import DELIVER_EVENTS
from chalicelib.dispatch.model import Done, Job, More, Priority, Slice, Step, Wait
from chalicelib.errors import NotFound
from chalicelib.events import endpoints, log, secrets, sign
from chalicelib.events.model import Endpoint, EndpointState, Event
from chalicelib.events.post import Outcome
from chalicelib.events.rows import EndpointRow

AT_ONCE = 25
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
AGENT = "Workbill-Webhooks/1"


def job_for(endpoint: Endpoint) -> Job:
    """The job that tells this endpoint; there is one at a time."""
    return enqueue.job(
        DELIVER_EVENTS,
        endpoint.lane,
        endpoint.tenant_id,
        params={"endpoint_id": endpoint.endpoint_id},
        priority=Priority.BACKGROUND,
        name=DELIVER_EVENTS,
    )


def handle(job: Job, part: Slice) -> Step:
    """Post what the endpoint has not had yet, until all is told or something is not taken."""
    try:
        endpoint = endpoints.get(job.tenant_id, job.params["endpoint_id"])
    except NotFound:
        return Done("The endpoint was removed.")
    if endpoint.state is EndpointState.DISABLED:
        return _tell_people(endpoint)
    if endpoint.state is EndpointState.PAUSED:
        return Done("The endpoint is paused.")
    if endpoint.next_at and part.now() < endpoint.next_at:
        return Wait(endpoint.next_at, f"{endpoint.outcome} Trying again by itself.")
    return _tell(endpoint, part)


def body_of(event: Event) -> bytes:
    """The bytes that are signed and sent; the same whenever an event is told."""
    return msgspec.json.encode(
        {
            "id": event.event_id,
            "number": event.number,
            "type": event.kind,
            "timestamp": event.at,
            "data": event.data,
        }
    )


def post_once(
    endpoint: Endpoint, keys: list[str], event_id: str, body: bytes, now: datetime
) -> Outcome:
    """Sign and deliver one body."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        **sign.headers(keys, event_id, now, body),
    }
    return wiring.current().deliver(endpoint.url, headers, body)


def _tell(endpoint: Endpoint, part: Slice) -> Step:
    keys = secrets.valid(endpoint, part.now())
    told: Endpoint | None = endpoint
    while events := log.after(endpoint.tenant_id, endpoint.cursor, AT_ONCE):
        for event in events:
            if part.over:
                return More()
            if not endpoint.wants(event.kind):
                told = endpoints.advance(endpoint, [EndpointRow.cursor.set(event.number)])
            else:
                now = part.now()
                outcome = post_once(endpoint, keys, event.event_id, body_of(event), now)
                if not outcome.delivered:
                    return _not_taken(endpoint, outcome, now)
                told = endpoints.advance(endpoint, [*_taken(outcome, now), _moved(event)])
            if told is None:
                return More()
            endpoint = told
    return Done(f"Told up to number {endpoint.cursor}.")


def _moved(event: Event) -> Action:
    return EndpointRow.cursor.set(event.number)


def _taken(outcome: Outcome, now: datetime) -> list[Action]:
    return [
        *outcome_actions(outcome, now),
        EndpointRow.failures.set(0),
        EndpointRow.failing_since.remove(),
        EndpointRow.next_at.remove(),
    ]


def outcome_actions(outcome: Outcome, now: datetime) -> list[Action]:
    """What is kept of the last delivery, for people."""
    return [EndpointRow.outcome.set(outcome.words), EndpointRow.outcome_at.set(stamp(now))]


def _not_taken(endpoint: Endpoint, outcome: Outcome, now: datetime) -> Step:
    """Wait, each time longer; after days of it, disable the endpoint."""
    since = endpoint.failing_since or now
    given_up = now - since >= GIVEN_UP_AFTER
    wait = wait_after(endpoint.failures)
    actions = [
        *outcome_actions(outcome, now),
        EndpointRow.failures.set(endpoint.failures + 1),
        EndpointRow.failing_since.set(stamp(since)),
        EndpointRow.next_at.set(stamp(now + wait)),
    ]
    if given_up:
        actions.append(EndpointRow.state.set(EndpointState.DISABLED.value))
    if endpoints.advance(endpoint, actions) is None or given_up:
        return More()
    return Wait(now + wait, f"{outcome.words} Trying again by itself.")


def wait_after(failures: int) -> timedelta:
    """How long to wait after one more failure than these."""
    doubled: int = 2 ** min(failures, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _tell_people(endpoint: Endpoint) -> Step:
    """A step of its own, so that a crash after the endpoint was disabled leaves nobody untold."""
    from chalicelib.mail import endpoint_disabled

    endpoint_disabled.tell(endpoint)
    return Done("The endpoint took nothing for three days and is disabled.")
