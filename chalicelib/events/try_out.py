"""A delivery at once, to see whether an endpoint takes it; it tells of nothing real."""

from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.clock import stamp
from chalicelib.events import deliver, endpoints, secrets
from chalicelib.events.model import TRIAL, Endpoint, Event
from chalicelib.events.post import Outcome
from chalicelib.people.caller import Caller

SAYS = "A delivery to try this endpoint out."


def try_out(caller: Caller, endpoint_id: str) -> tuple[Endpoint, Outcome]:
    """Post a signed test with the number 0, whatever the endpoint's state; raises NotFound.

    The outcome is kept as the endpoint's last one; its cursor and its failures stay.
    """
    endpoint = endpoints.get(caller.tenant_id, endpoint_id)
    now = wiring.current().clock.now()
    event_id = f"evt_{str(ULID.from_datetime(now)).lower()}"
    body = deliver.body_of(Event(0, event_id, TRIAL, stamp(now), {"message": SAYS}))
    trail.record(
        caller, "webhook tried", f"endpoint:{endpoint_id}", "asked", endpoint=endpoint.name
    )
    keys = secrets.valid(endpoint, now)
    outcome = deliver.post_once(endpoint, keys, event_id, body, now)
    tried = endpoints.change(endpoint, deliver.outcome_actions(outcome, now))
    return tried, outcome
