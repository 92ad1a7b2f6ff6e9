"""The sender: its own thread, which packs waiting events and delivers what is due."""

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from local.xero.webhooks.post import encode, post, signature
from local.xero.webhooks.subscription import (
    Attempt,
    Delivery,
    Event,
    Subscription,
    Trust,
    new_delivery,
)

if TYPE_CHECKING:
    from local.xero.world import World

PAUSE = 0.1
EVENTS_AT_MOST = 50
KEPT = 1_000
AGAIN = timedelta(minutes=15)
GIVES_UP = timedelta(hours=24)
PLURALS = {
    "INVOICE": "Invoices",
    "CONTACT": "Contacts",
    "CREDITNOTE": "CreditNotes",
    "PREPAYMENT": "Prepayments",
    "OVERPAYMENT": "Overpayments",
}


class Sender:
    """Delivers to every app's webhook address; never holds the lock while it waits."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; a delivery under way is finished first."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(PAUSE):
            self.turn()

    def turn(self) -> int:
        """One round: hands out events, packs them, delivers what is due; how many sent."""
        with self.world.lock:
            self._hand_out()
            due = [
                (app.webhooks, delivery)
                for app in self.world.apps.values()
                for delivery in self._packed(app.webhooks)
            ]
        for subscription, delivery in due:
            self.deliver(subscription, delivery)
        return len(due)

    def deliver(self, subscription: Subscription, delivery: Delivery, note: str = "") -> None:
        """Sends one body, twice when duplicates are ordered, and records the outcome."""
        signed = signature(subscription.key, delivery.body)
        for _ in range(2 if subscription.duplicate else 1):
            outcome = post(subscription.url, delivery.body, signed)
            with self.world.lock:
                now = self.world.clock.now()
                words = ", ".join(filter(None, (note, outcome.fault)))
                attempt = Attempt(now, outcome.status, outcome.accepted, words)
                delivery.attempts.append(attempt)
                self._schedule(subscription, delivery)
                self.world.touch()

    def _hand_out(self) -> None:
        events = self.world.outbox[:]
        self.world.outbox.clear()
        for event in events:
            linked = {
                one.client_id
                for one in self.world.connections.values()
                if one.tenant_id == event.tenant_id
            }
            for client_id in linked & self.world.apps.keys():
                self.world.apps[client_id].webhooks.note(event)

    def _packed(self, subscription: Subscription) -> list[Delivery]:
        """What is due now, with the waiting events made into deliveries."""
        if subscription.paused or subscription.trust is not Trust.ENABLED:
            return []
        for events in _batches(subscription):
            first, last = subscription.number(len(events))
            body = encode([self._wire(event) for event in events], first, last)
            made = new_delivery(body, len(events), self.world.clock.now())
            subscription.deliveries.append(made)
        subscription.waiting.clear()
        done = [one for one in subscription.deliveries if one.next_try is None]
        for old in done[:-KEPT]:
            subscription.deliveries.remove(old)
        now = self.world.clock.now()
        due = [one for one in subscription.deliveries if one.next_try and one.next_try <= now]
        return due[::-1] if subscription.shuffle else due

    def _schedule(self, subscription: Subscription, delivery: Delivery) -> None:
        """At once after the first failure, then every 15 minutes, disabled after a day."""
        now = self.world.clock.now()
        if delivery.accepted:
            delivery.next_try = None
        elif now - delivery.created >= GIVES_UP:
            delivery.next_try = now
            subscription.trust = Trust.DISABLED
        else:
            delivery.next_try = now if len(delivery.attempts) == 1 else now + AGAIN

    def _wire(self, event: Event) -> dict[str, Any]:
        """An event as Xero writes it; the moment carries no zone."""
        plural = PLURALS[event.category]
        milliseconds = event.at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        wire: dict[str, Any] = {
            "resourceUrl": f"{self.world.base_url}/api.xro/2.0/{plural}/{event.resource_id}",
            "resourceId": event.resource_id,
            "tenantId": event.tenant_id,
            "tenantType": "ORGANISATION",
            "eventCategory": event.category,
            "eventType": event.event_type,
            "eventDateUtc": milliseconds,
        }
        return wire | ({"data": event.data} if event.data else {})


def _batches(subscription: Subscription) -> list[list[Event]]:
    """Several events to a delivery; when shuffled, one each and the newest first."""
    waiting = subscription.waiting
    if subscription.shuffle:
        return [[event] for event in waiting]
    return [
        waiting[start : start + EVENTS_AT_MOST]
        for start in range(0, len(waiting), EVENTS_AT_MOST)
    ]
