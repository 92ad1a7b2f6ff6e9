"""Finding the few that are missing among many, across pages that different workers read.

A contact that vanished in Xero is in no answer, so a whole read has to be compared with all that
are linked. Its pages may be read by many workers one after the other, and what they remember goes
through the job's row. So ids are not remembered one by one: each is turned into a number that
puts it into one of 256 groups, and a group keeps how many it met and all their numbers combined
by exclusive or, in which a number that comes a second time takes itself away. Combined with the
numbers that should have come, a group that is complete leaves nothing, and one that lacks a
single member leaves that member's number.

Who should have come are summed up in the same way, some at a time, and only members of groups
that differ are looked for.
"""

import hashlib
from collections.abc import Iterable, Iterator

GROUPS = 256
NOBODY = ("0", "0")

Roll = dict[str, list[str]]
"""By group, the count of those met and their numbers combined, in hexadecimal."""

Odd = dict[str, str]
"""By group, the number of the one who is missing there, or that all of the group may be."""

WHOLE = "all"


def meet(roll: Roll, ids: Iterable[str]) -> None:
    """Note that these came; each once."""
    for identity in ids:
        group, number = _number(identity)
        count, combined = roll.get(group, NOBODY)
        roll[group] = [f"{int(count, 16) + 1:x}", f"{int(combined, 16) ^ number:x}"]


def odd(met: Roll, expected: Roll) -> Odd:
    """The groups in which somebody may be missing."""
    found: Odd = {}
    for group, (count, combined) in expected.items():
        came, came_combined = met.get(group, NOBODY)
        lacking = int(count, 16) - int(came, 16)
        left = int(combined, 16) ^ int(came_combined, 16)
        if lacking or left:
            found[group] = f"{left:x}" if lacking == 1 else WHOLE
    return found


def suspects(odd_groups: Odd, expected: Iterable[str]) -> Iterator[str]:
    """Those of the expected who may be missing: all who are, and now and then another.

    A group that lacks several, or met somebody who is not expected, is suspect as a whole: each
    suspect has to be asked for before it is believed to be missing. A group whose only missing
    member is found is odd no more.
    """
    for identity in expected:
        group, number = _number(identity)
        wanted = odd_groups.get(group)
        if wanted == WHOLE:
            yield identity
        elif wanted == f"{number:x}":
            del odd_groups[group]
            yield identity


def still_odd(odd_groups: Odd) -> Odd:
    """What to look through once more: groups in which nobody was the one who seemed missing."""
    return {group: WHOLE for group, wanted in odd_groups.items() if wanted != WHOLE}


def _number(identity: str) -> tuple[str, int]:
    number = int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=16).digest())
    return f"{number % GROUPS:02x}", number
