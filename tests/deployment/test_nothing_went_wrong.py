"""What all the journeys together left behind: nothing that crashed, nothing unforeseen."""

import json
from collections import Counter

from tests.support.eventually import eventually
from tests.support.functions import runs

# Setbacks of jobs that journeys bring about; all others are faults of ours.
PROVOKED = {
    "XeroBudgetSpent": "journeys use up a minute's calls, and what waits is looked at meanwhile",
    "NotConnected": "journeys end the connection while work waits",
    "XeroRateLimited": "journeys meet Xero's limits",
    "XeroUnavailable": "journeys let Xero be out of reach",
    "XeroUnreadable": "a journey has Xero's answer cut off",
}


def said(stack, event):
    """Every log line of the functions that tells of this event."""
    lines = stack.logs(holding=event).splitlines()
    return [json.loads(line) for line in lines if line.startswith(f'{{"event": "{event}"')]


def waiting(stack, output, which):
    facts = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.facts["outputs"][output], AttributeNames=[which]
    )
    return int(facts["Attributes"][which])


def test_no_message_was_given_up(after):
    assert waiting(after, "DeadLetterQueueUrl", "ApproximateNumberOfMessages") == 0


def test_no_message_crashed_the_worker(after):
    # One that did is out of sight until another worker may have it, minutes later.
    out_of_sight = "ApproximateNumberOfMessagesNotVisible"

    assert eventually(lambda: waiting(after, "WakeQueueUrl", out_of_sight), 0) == 0


def test_the_tick_came_by_itself_too(after):
    def came():
        return runs(after, "sync_tick") > after.by_hand["sync_tick"]

    assert eventually(came, True, seconds=90)


def test_no_request_failed_on_our_side(after):
    assert said(after, "request_failed") == []


def test_no_job_met_a_setback_that_no_journey_provoked(after):
    setbacks = said(after, "job_setback")

    unforeseen = [one for one in setbacks if one["error"] not in PROVOKED]
    assert Counter((one["kind"], one["error"], one["said"]) for one in unforeseen) == {}
