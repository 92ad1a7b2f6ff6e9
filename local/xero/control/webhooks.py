"""Webhook deliveries: checked, listed, sent again, doubled, shuffled, held back."""

from typing import Any, cast

from flask import Response, current_app, request

from local.xero.control.apps import chosen_app
from local.xero.control.blueprint import OrderError, blueprint, body, done
from local.xero.present import locked, world
from local.xero.webhooks.send import Sender
from local.xero.webhooks.subscription import Delivery, Subscription
from local.xero.webhooks.verify import intent_to_receive

SWITCHES = ("paused", "duplicate", "shuffle")


@blueprint.get("/webhooks")
@locked
def deliveries() -> Response:
    """Status, switches, what waits, and every delivery with its attempts."""
    return done(**_facts(chosen_app(request.args.get("client_id")).webhooks))


@blueprint.post("/webhooks")
@locked
def switch() -> Response:
    """``paused`` holds events back; ``duplicate`` sends each body twice; ``shuffle`` sends
    one event per body, newest first.
    """  # noqa: D205 - one sentence per switch
    order = body()
    webhooks = chosen_app(order.pop("client_id", None)).webhooks
    for name, value in order.items():
        if name not in SWITCHES:
            raise OrderError(f"Webhooks know {', '.join(SWITCHES)}, not {name}.")
        setattr(webhooks, name, bool(value))
    return done(**_facts(webhooks))


@blueprint.post("/webhooks/intent-to-receive")
def check() -> Response:
    """Runs the check now; ``ok`` says whether the endpoint passed."""
    webhooks = chosen_app(body().get("client_id")).webhooks
    return done(**intent_to_receive(world(), webhooks))


@blueprint.post("/webhooks/redeliver")
def redeliver() -> Response:
    """Sends recorded bodies again: ``ids``, or the ``last`` few; ``shuffle`` turns them round."""
    order = body()
    webhooks = chosen_app(order.get("client_id")).webhooks
    with world().lock:
        again = _chosen(webhooks, order)
    sender = cast("Sender", current_app.extensions["sender"])
    for delivery in again:
        sender.deliver(webhooks, delivery, "again")
    return done(sent=[delivery.delivery_id for delivery in again])


def _chosen(webhooks: Subscription, order: dict[str, Any]) -> list[Delivery]:
    past = webhooks.deliveries
    if "ids" in order:
        past = [one for one in past if one.delivery_id in order["ids"]]
    elif "last" in order:
        past = past[-int(order["last"]) :]
    return past[::-1] if order.get("shuffle") else list(past)


def _facts(webhooks: Subscription) -> dict[str, Any]:
    return {
        "url": webhooks.url,
        "status": webhooks.trust,
        **{name: getattr(webhooks, name) for name in SWITCHES},
        "checks": webhooks.checks,
        "waiting": len(webhooks.waiting) + len(world().outbox),
        "deliveries": [_delivery(one) for one in webhooks.deliveries],
    }


def _delivery(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.delivery_id,
        "events": one.events,
        "body": one.body.decode(),
        "created": one.created.isoformat(),
        "accepted": one.accepted,
        "next_try": one.next_try and one.next_try.isoformat(),
        "attempts": [
            {
                "at": attempt.at.isoformat(),
                "status": attempt.status,
                "accepted": attempt.accepted,
                "note": attempt.note,
            }
            for attempt in one.attempts
        ],
    }
