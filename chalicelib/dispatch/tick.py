"""The minute tick: wakes every lane that has something due."""

from itertools import chain

from chalicelib import log, wiring
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch import store
from chalicelib.dispatch.wake import wake


def tick() -> int:
    """Wake the lanes due this minute, those with jobs first; answers how many were woken."""
    present = wiring.current()
    now = present.clock.now()
    intervals = {
        present.settings.status_minutes,
        present.settings.status_minutes_with_webhooks,
        lanes.DAILY,
    }
    due = dict.fromkeys(chain(store.lanes_due(now), lanes.slots_of(now, intervals)))
    for group in lanes.in_tens(iter(due)):
        wake(group)
    log.event("tick", woken=len(due))
    return len(due)
