"""Why DynamoDB refused a transaction."""

from pynamodb.exceptions import TransactWriteError

CONDITION_FAILED = "ConditionalCheckFailed"
CONFLICT = "TransactionConflict"
"""Somebody else was writing one of its rows at the same moment."""


def refused(error: TransactWriteError, *reasons: str) -> bool:
    """Whether it was for one of these reasons, at whichever of its rows."""
    return any(one is not None and one.code in reasons for one in error.cancellation_reasons)
