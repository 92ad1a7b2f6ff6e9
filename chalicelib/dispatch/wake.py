"""Sending for a worker: a message that names a lane and carries no work."""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib import wiring

LONGEST_DELAY = timedelta(minutes=15)
"""What a message of a standard queue can wait (SQS SendMessage, DelaySeconds)."""


def wake(lanes: Sequence[str], *, after: timedelta = timedelta(0)) -> None:
    """Send for a worker for each of at most ten lanes, now or a while from now; one request.

    The group is what makes the queue fair: a lane with many messages holds up no other.
    """
    present = wiring.current()
    seconds = -(-after // timedelta(seconds=1))
    present.sqs.send_message_batch(
        QueueUrl=present.settings.wake_queue_url,
        Entries=[
            {
                "Id": str(number),
                "MessageBody": lane,
                "MessageGroupId": lane,
                "DelaySeconds": seconds,
            }
            for number, lane in enumerate(lanes)
        ],
    )
