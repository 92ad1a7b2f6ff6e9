"""Many deliveries of Xero's, doubled and in any order, while Xero and the worker may be away.

``make test`` delivers a few; ``DELIVERIES=1000`` as many as docs/sending.md tells of.
"""

import json
import os
import random
import statistics
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from tests.journeys.test_webhook_door import deliver, signature
from tests.support.calls import Trail, session_of
from tests.support.eventually import eventually
from tests.support.functions import table_name, worker_away
from tests.support.work import blank

DELIVERIES = int(os.environ.get("DELIVERIES", "40"))
AT_ONCE = 6
FORGED, DOUBLED = 0.1, 0.2
"""How many of the deliveries."""

MOST_EVENTS = 3

PAID_IN_PART = "10.00"


@dataclass
class News:
    """What Xero tells of an organisation, as it comes about."""

    organisation: str
    chance: random.Random
    events: list[dict] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    forged_for: str = field(default_factory=lambda: str(uuid.uuid4()))

    def add(self, resource_id):
        """Something has just happened to an invoice."""
        self.events.append(
            {
                "resourceUrl": f"https://api.xero.com/api.xro/2.0/Invoices/{resource_id}",
                "resourceId": resource_id,
                "tenantId": self.organisation,
                "tenantType": "ORGANISATION",
                "eventCategory": "INVOICE",
                "eventType": "UPDATE",
                "eventDateUtc": datetime.now(UTC).isoformat(timespec="milliseconds")[:-6],
            }
        )

    def deliveries(self, size):
        """So many in any order: the latest event, former ones, bodies again, forged ones."""
        made = [self._body(self.events[-1:])]
        while len(made) < size:
            chance = self.chance.random()
            if chance < FORGED:
                body = self._body([{**self.events[-1], "tenantId": self.forged_for}], keep=False)
                made.append((body[0], signature(body[0], "another key"), True))
            elif chance < FORGED + DOUBLED:
                body = self.chance.choice(self.bodies)
                made.append((body, signature(body), False))
            else:
                made.append(self._body(self.chance.choices(self.events, k=MOST_EVENTS)))
        self.chance.shuffle(made)
        return made

    def _body(self, events, *, keep=True):
        facts = {"firstEventSequence": 1, "lastEventSequence": len(events)}
        body = json.dumps({"events": events, **facts, "entropy": uuid.uuid4().hex}).encode()
        if keep:
            self.bodies.append(body)
        return body, signature(body), False


@pytest.fixture
def changes(connected, xero, demo_organisation):
    """Changes to come of invoices that Xero has: whose they are, and what is done."""
    program = connected.program
    acts = [
        ("pay", {}),
        ("pay", {"amount": PAID_IN_PART}),
        ("void", {}),
        ("credit", {}),
        ("pay", {}),
    ]
    made = [blank(program)["id"] for _ in acts]
    program.finished(program.post("/invoices/send", {"invoice_ids": made}))
    xero.ask("POST", "webhooks", {"paused": True})
    of_xero = {one: program.get(f"/invoices/{one}")["xero_invoice_id"] for one in made}

    def change(invoice_id, act, facts):
        path = f"organisations/{demo_organisation}/invoices/{of_xero[invoice_id]}/{act}"
        return invoice_id, of_xero[invoice_id], lambda: xero.ask("POST", path, facts)

    return [change(one, act, facts) for one, (act, facts) in zip(made, acts, strict=True)]


def calls_at_the_door(stack, since):
    """What the function at the door asked of AWS, by kind."""
    trail = Trail(stack.cloud_url).of(session_of(stack, "app")[0], since)
    return Counter(event["eventName"] for event in trail)


def test_many_deliveries_in_any_order_end_as_xero_has_it(stack, connected, xero, changes):
    demo, organisation = connected.demo, connected.program.get("/connection")["organisation_id"]
    news = News(organisation, random.Random(20261126))  # noqa: S311
    forged_ones, seconds = [], []

    def give(body, signed, forged):
        began = time.monotonic()
        answer = deliver(demo, body, signed)
        seconds.append(time.monotonic() - began)
        assert (answer.status_code, answer.content) == (401 if forged else 200, b"")
        forged_ones.append(forged)

    def go_through(some):
        """These changes in Xero, one after another, each with what is delivered meanwhile."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _, resource_id, act in some:
                act()
                news.add(resource_id)
                arriving = news.deliveries(DELIVERIES // len(changes))
                list(pool.map(lambda one: give(*one), arriving))

    began = time.time()
    with worker_away(stack):
        xero.ask("POST", "faults", {"kind": "drop", "times": 0})
        go_through(changes[:2])
        asked = calls_at_the_door(stack, began)
        xero.ask("DELETE", "faults")
        told, last = forged_ones.count(False), xero.ask("GET", "calls")["last"]
    asked.pop("GetSecretValue", None)
    assert (asked["SendMessageBatch"], asked.total()) == (told, 2 * told)

    looks = f"calls?since={last}&path=/Invoices&tenant_id={organisation}"
    assert eventually(lambda: xero.ask("GET", looks)["count"] > 0, True)
    go_through(changes[2:])

    def in_xero():
        path = f"organisations/{organisation}/invoices"
        status = {one["Url"]: one["Status"] for one in xero.ask("GET", path)["invoices"]}
        return {one: status[f"{demo['base_url']}/invoices/{one}"] for one, *_ in changes}

    def here():
        return {one: connected.program.get(f"/invoices/{one}")["status"] for one, *_ in changes}

    there = in_xero()
    assert set(there.values()) == {"AUTHORISED", "PAID", "VOIDED"}
    assert eventually(here, there, seconds=90) == there
    jobs = stack.client("dynamodb").query(
        TableName=table_name(stack, "jobs"),
        KeyConditionExpression="pk = :lane",
        ExpressionAttributeValues={":lane": {"S": news.forged_for}},
    )
    assert jobs["Items"] == []
    seen = xero.ask("GET", looks)["count"]
    assert seen < DELIVERIES / 2
    # Shown by ``pytest -s``; docs/sending.md has it of a large run.
    print(  # noqa: T201
        f"{len(seconds)} deliveries, {sum(forged_ones)} of them forged, "
        f"{told} taken in while Xero and the worker were away with {asked.total()} calls to AWS; "
        f"{seen} looks in Xero; answered in {statistics.median(seconds):.2f} s, "
        f"95 of 100 in {statistics.quantiles(seconds, n=20)[-1]:.2f} s, "
        f"all in {max(seconds):.2f} s; {time.time() - began:.0f} s in all"
    )
