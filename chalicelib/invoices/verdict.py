"""What a person can say of an invoice in doubt."""

from enum import StrEnum


class Verdict(StrEnum):
    """What somebody says: this document is it, it never arrived, or stop searching."""

    THIS_ONE = "this_one"
    NEVER_ARRIVED = "never_arrived"
    STOP = "stop"
