"""Finding the few that are missing among many, across pages that different workers read.

A contact that vanished in Xero is in no answer, so a whole read has to be compared with all that
are linked. Its pages may be read by many workers one after the other, and what they remember goes
through the job's row. So ids are not remembered one by one: each is turned into a number that
puts it into one of 256 groups, and a group keeps how many it met and all their numbers combined
by exclusive or, in which a number that comes a second time takes itself away. Combined with the
numbers that should have come, a group that is complete leaves nothing, and one that lacks a
single member leaves that member's number.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

GROUPS = 256
NOBODY = ("0", "0")

Roll = dict[str, list[str]]
"""By group, the count of those met and their numbers combined, in hexadecimal."""


def meet(roll: Roll, ids: Iterable[str]) -> None:
    """Note that these came; each once."""
    for identity in ids:
        group, number = _number(identity)
        count, combined = roll.get(group, NOBODY)
        roll[group] = [f"{int(count, 16) + 1:x}", f"{int(combined, 16) ^ number:x}"]


def suspects(roll: Roll, expected: Iterable[str]) -> Iterator[str]:
    """Those of the expected who may be missing: all who are, and now and then another.

    A group that lacks several, or met somebody who is not expected, is suspect as a whole: each
    suspect has to be asked for before it is believed to be missing.
    """
    groups: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for identity in expected:
        group, number = _number(identity)
        groups[group][number] = identity
    for group, members in groups.items():
        count, combined = roll.get(group, NOBODY)
        left = int(combined, 16)
        for number in members:
            left ^= number
        lacking = len(members) - int(count, 16)
        if lacking == 1 and left in members:
            yield members[left]
        elif lacking or left:
            yield from members.values()


def _number(identity: str) -> tuple[str, int]:
    number = int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=16).digest())
    return f"{number % GROUPS:02x}", number
