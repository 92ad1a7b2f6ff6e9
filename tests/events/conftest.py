"""A tenant that bills and has a program told of it."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from chalicelib.dispatch import drain
from chalicelib.events import add, endpoints, log, outbox
from chalicelib.events.post import Outcome
from tests.invoices.conftest import TENANT, Business
from tests.invoices.conftest import business as business  # noqa: PLC0414  a fixture of here, too

URL = "https://reports.example/hooks"


class Died(BaseException):
    """The process that posted is gone; nothing in the program may catch this."""


@dataclass
class Receiver:
    """The outside world: takes deliveries, or answers with the outcomes it was given first."""

    bodies: list[dict] = field(default_factory=list)
    raw: list[tuple[dict, bytes]] = field(default_factory=list)
    refusals: int = 0
    dies_after: int | None = None

    def __call__(self, _url, headers, body):
        if self.refusals:
            self.refusals -= 1
            return Outcome(False, "It answered 500.")
        self.raw.append((dict(headers), body))
        self.bodies.append(json.loads(body))
        if self.dies_after == len(self.bodies):
            raise Died
        return Outcome(True, "It answered 204.")

    @property
    def numbers(self) -> list[int]:
        return [body["number"] for body in self.bodies]


@dataclass
class Told:
    """The business with its endpoint and the receiver behind that."""

    business: Business
    receiver: Receiver
    endpoint_id: str
    secret: str

    def work(self) -> None:
        """What workers do once they are woken, in the lane of events and the endpoint's."""
        for lane in (outbox.lane_of(TENANT), self.endpoint.lane):
            drain.drain(lane, deadline=self.business.aws.clock.now() + timedelta(seconds=20))

    def send(self, count: int = 1, **facts):
        """Send invoices, one after the other."""
        sent = [self.business.queued(**facts) for _ in range(count)]
        for invoice in sent:
            self.business.run(self.business.job(invoice))
        return sent

    @property
    def endpoint(self):
        return endpoints.get(TENANT, self.endpoint_id)

    @property
    def logged(self) -> list[int]:
        return [event.number for event in log.after(TENANT, 0, 1000)]


@pytest.fixture
def told(business):
    receiver = Receiver()
    business.aws.wiring.deliver = receiver
    endpoint, secret = add.add(business.caller, URL, "Reports")
    return Told(business, receiver, endpoint.endpoint_id, secret)
