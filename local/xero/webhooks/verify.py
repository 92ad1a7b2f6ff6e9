"""The intent-to-receive check: whether an endpoint tells good signatures from bad ones."""

import secrets
from typing import TYPE_CHECKING, Any

from local.xero.webhooks.post import encode, post, signature
from local.xero.webhooks.subscription import Subscription, Trust

if TYPE_CHECKING:
    from local.xero.world import World

# Which of the requests carry a right signature; Xero sends several of both kinds.
GOOD = (True, False, True, False)


def intent_to_receive(world: "World", subscription: Subscription) -> dict[str, Any]:
    """Sends the check and enables the subscription when every answer was right.

    Right is 200 to a good signature and 401 to a bad one, each within five seconds, with
    an empty body and no cookie. Makes HTTP calls: do not hold the world's lock.
    """
    url, key = subscription.url, subscription.key
    checks = [_check(url, key, good=good) for good in GOOD] if url else []
    passed = bool(checks) and all(check["ok"] for check in checks)
    with world.lock:
        subscription.checks = checks
        if passed:
            _enable(world, subscription)
        elif subscription.trust is Trust.ENABLED:
            subscription.trust = Trust.UNVERIFIED
        world.touch()
        return {"ok": passed, "status": subscription.trust, "checks": checks}


def _check(url: str, key: str, *, good: bool) -> dict[str, Any]:
    body = encode([], 0, 0)
    outcome = post(url, body, signature(key if good else secrets.token_hex(16), body))
    ok = outcome.status == (200 if good else 401) and not outcome.fault
    return {"signed": good, "status": outcome.status, "ok": ok, "note": outcome.fault}


def _enable(world: "World", subscription: Subscription) -> None:
    subscription.trust = Trust.ENABLED
    for delivery in subscription.deliveries:
        if delivery.next_try is not None:
            # Whatever was kept while disabled is due now, in its old order.
            delivery.next_try = world.clock.now()
