import json
from datetime import timedelta
from threading import Thread

import pytest

from local.xero.webhooks.subscription import Trust
from tests.support.webhook_endpoint import Endpoint


@pytest.fixture
def endpoint():
    with Endpoint() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def subscription(world, endpoint):
    app = next(iter(world.apps.values()))
    app.webhooks.point_at(endpoint.url)
    return app.webhooks


@pytest.fixture
def enabled(subscription, control, endpoint, visitor):
    visitor.connect()
    assert control("POST", "/webhooks/intent-to-receive")["ok"]
    endpoint.received.clear()
    return subscription


@pytest.fixture
def sender(app):
    return app.extensions["sender"]


@pytest.fixture
def rename(visitor, world):
    """Changes something in an organisation's books."""

    def change(name="Renamed", organisation="Demo Company (NZ)"):
        books = world.organisations[visitor.tenant(organisation)].books
        contact = next(c for c in books.contacts.all() if c["ContactStatus"] == "ACTIVE")
        books.rename_contact(contact["ContactID"], name)
        return contact["ContactID"]

    return change


def bodies(endpoint):
    return [json.loads(raw) for _, raw in endpoint.received]


def test_check_sends_good_and_bad_signatures(subscription, control, endpoint):
    assert control("POST", "/webhooks/intent-to-receive")["ok"]
    assert {good for good, _ in endpoint.received} == {True, False}
    raw = endpoint.received[0][1]
    assert raw.startswith(b'{"events": [], "firstEventSequence": 0, "lastEventSequence": 0, ')
    assert subscription.trust is Trust.ENABLED


@pytest.mark.parametrize(
    "flaw",
    [
        {"bad": 400},
        {"bad": 200},
        {"good": 401},
        {"body": b"ok"},
        {"cookie": "a=b"},
        {"good": 302},
    ],
)
def test_flawed_endpoint_is_not_enabled(subscription, control, endpoint, flaw):
    for name, value in flaw.items():
        setattr(endpoint, name, value)
    assert not control("POST", "/webhooks/intent-to-receive")["ok"]
    assert subscription.trust is Trust.UNVERIFIED


def test_absent_endpoint_is_not_enabled(subscription, control):
    subscription.point_at("http://127.0.0.1:9/nobody")
    answer = control("POST", "/webhooks/intent-to-receive")
    assert not answer["ok"]
    assert answer["checks"][0]["note"]


def test_new_address_has_to_prove_itself(enabled, control):
    control("POST", "/app", {"webhook_url": "http://localhost:1/other"})
    assert enabled.trust is Trust.UNVERIFIED


@pytest.mark.usefixtures("enabled")
def test_change_is_told_signed_and_thin(endpoint, sender, rename, visitor):
    contact_id = rename()
    sender.turn()
    (good, _), (body,) = endpoint.received[0], bodies(endpoint)
    assert good
    (event,) = body["events"]
    assert event.pop("eventDateUtc")[10:].count(":") == 2
    assert event == {
        "resourceUrl": f"http://127.0.0.1:8001/api.xro/2.0/Contacts/{contact_id}",
        "resourceId": contact_id,
        "tenantId": visitor.tenant(),
        "tenantType": "ORGANISATION",
        "eventCategory": "CONTACT",
        "eventType": "UPDATE",
    }


@pytest.mark.usefixtures("enabled")
def test_credit_note_is_told_with_its_type_and_status(endpoint, sender, visitor, world):
    books = world.organisations[visitor.tenant("Demo Company (NZ)")].books
    due = next(
        i for i in books.list_invoices() if (i["Type"], i["Status"]) == ("ACCREC", "AUTHORISED")
    )

    note_id = books.credit(due["InvoiceID"], None, books.today())
    sender.turn()

    events = [event for body in bodies(endpoint) for event in body["events"]]
    first = next(event for event in events if event["eventCategory"] == "CREDITNOTE")
    assert first["resourceId"] == note_id
    assert first["resourceUrl"].endswith(f"/CreditNotes/{note_id}")
    assert first["data"] == {"Type": "ACCRECCREDIT", "Status": "AUTHORISED"}


@pytest.mark.usefixtures("enabled")
def test_several_events_share_a_delivery_in_sequence(endpoint, sender, rename):
    for name in ("One", "Two", "Three"):
        rename(name)
    sender.turn()
    rename("Four")
    sender.turn()
    spans = [(b["firstEventSequence"], b["lastEventSequence"]) for b in bodies(endpoint)]
    assert spans == [(1, 3), (4, 4)]


@pytest.mark.usefixtures("subscription")
def test_nothing_is_told_before_the_check_or_of_others(
    control, endpoint, sender, rename, visitor
):
    visitor.connect()
    rename("Early")
    sender.turn()
    control("POST", "/webhooks/intent-to-receive")
    endpoint.received.clear()
    rename("Elsewhere", "Demo Company (AU)")
    sender.turn()
    assert endpoint.received == []
    assert control("GET", "/webhooks")["deliveries"] == []


def test_failure_is_tried_at_once_then_every_quarter_hour(
    enabled, endpoint, sender, rename, world
):
    endpoint.good = 500
    rename()
    assert [sender.turn() for _ in range(3)] == [1, 1, 0]
    world.clock.advance(timedelta(minutes=15))
    endpoint.good = 200
    assert [sender.turn() for _ in range(2)] == [1, 0]
    assert len({raw for _, raw in endpoint.received}) == 1
    assert [a.accepted for a in enabled.deliveries[0].attempts] == [False, False, True]


def test_a_day_of_failures_disables_and_a_check_replays(
    enabled, endpoint, sender, rename, control
):
    endpoint.good = 500
    rename("First")
    sender.turn()
    sender.world.clock.advance(timedelta(hours=24))
    sender.turn()
    assert enabled.trust is Trust.DISABLED
    rename("Second")
    assert sender.turn() == 0
    endpoint.good = 200
    assert control("POST", "/webhooks/intent-to-receive")["ok"]
    endpoint.received.clear()
    sender.turn()
    assert [body["firstEventSequence"] for body in bodies(endpoint)] == [1, 2]


@pytest.mark.usefixtures("enabled")
def test_paused_events_wait(endpoint, sender, rename, control):
    control("POST", "/webhooks", {"paused": True})
    rename()
    sender.turn()
    assert control("GET", "/webhooks")["waiting"] == 1
    control("POST", "/webhooks", {"paused": False})
    sender.turn()
    assert len(endpoint.received) == 1


@pytest.mark.usefixtures("enabled")
def test_deliveries_can_be_doubled_and_shuffled(endpoint, sender, rename, control):
    control("POST", "/webhooks", {"duplicate": True, "shuffle": True})
    rename("One")
    rename("Two")
    sender.turn()
    assert [b["firstEventSequence"] for b in bodies(endpoint)] == [2, 2, 1, 1]


@pytest.mark.usefixtures("enabled")
def test_recorded_delivery_can_be_sent_again(endpoint, sender, rename, control):
    rename()
    sender.turn()
    sent = control("POST", "/webhooks/redeliver", {"last": 1})["sent"]
    told = control("GET", "/webhooks")["deliveries"]
    assert sent == [told[0]["id"]]
    assert len(told[0]["attempts"]) == 2
    assert endpoint.received[0] == endpoint.received[1]


@pytest.mark.usefixtures("enabled")
def test_running_sender_needs_no_turning(endpoint, sender, rename, until):
    sender.start()
    try:
        rename()
        until(lambda: endpoint.received)
    finally:
        sender.stop()
