"""Who counts an organisation's calls: its lane, or for a single call outside, nobody but this."""

from dataclasses import replace
from typing import Protocol

from chalicelib import wiring
from chalicelib.dispatch import exchanges, lease, usage
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.kinds import Purpose
from chalicelib.dispatch.tally import NOT_CHARGED
from chalicelib.xero.call_record import CallRecord

OUTSIDE_SECONDS = 15.0
TRIES = 5


class Meter(Protocol):
    """Counts the calls of one organisation, and may have one wait."""

    def admit(self) -> None:
        """Raise XeroBudgetSpent when the next call has to wait."""

    def note(self, record: CallRecord) -> None:
        """Count a call that was made, whatever became of it."""

    def time_left(self) -> float:
        """Seconds within which a call has to be answered."""


def meter_of(organisation_id: str, tenant_id: str) -> Meter:
    """The lane's own meter while this very piece of work holds the lane, else one outside."""
    return lease.held(organisation_id) or Outside(organisation_id, tenant_id)


class Outside:
    """Counts the seldom calls that do not wait for the lane: connecting and the keep-alive.

    The lane leaves them a few calls of each minute.
    """

    def __init__(self, organisation_id: str, tenant_id: str) -> None:
        self._organisation_id = organisation_id
        self._tenant_id = tenant_id

    def admit(self) -> None:
        """Raise XeroBudgetSpent when the minute is used up."""
        lane, now = lanes.get(self._organisation_id), wiring.current().clock.now()
        lease.refuse((lane.tally or usage.new_tally()).budget.refusal(now, for_people=True))

    def note(self, record: CallRecord) -> None:
        """Add the call to what the lane knows, beside whoever works there."""
        if exchanges.telling(record, ""):
            exchanges.note(record)
        now = wiring.current().clock.now()
        for _ in range(TRIES):
            lane = replace(lanes.get(self._organisation_id), holder="")
            before = lane.tally or usage.new_tally()
            tally = before.after(record, _purpose(record), self._tenant_id, now)
            usage.keep_if_over(self._organisation_id, before, tally)
            if lanes.tell(lane, tally, now=now):
                return

    def time_left(self) -> float:
        """As for any single call."""
        return OUTSIDE_SECONDS


def _purpose(record: CallRecord) -> Purpose:
    """Connecting and the keep-alive ask for the organisation and for nothing else."""
    asks_for_itself = record.path.startswith(NOT_CHARGED)
    return Purpose.KEEP_ALIVE if asks_for_itself else Purpose.OTHER
