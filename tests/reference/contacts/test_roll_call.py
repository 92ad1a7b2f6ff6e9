"""Who is missing is found from sums, whoever it is."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reference.contacts.roll_call import meet, odd, still_odd, suspects

IDS = st.sets(st.uuids(version=4).map(str), max_size=60)


def looked_for(roll, expected):
    """All who are suspected, by as many passes as it takes."""
    summed, found = {}, []
    meet(summed, expected)
    groups = odd(roll, summed)
    while groups:
        found += suspects(groups, expected)
        groups = still_odd(groups)
    return found


@given(IDS, IDS, st.integers(1, 9))
def test_everybody_who_is_missing_is_suspected(met, missing, size):
    roll = {}
    ordered = sorted(met)
    for start in range(0, len(ordered), size):
        meet(roll, ordered[start : start + size])
    found = set(looked_for(roll, sorted(met | missing)))
    assert missing - met <= found


def test_nobody_is_suspected_when_all_came():
    ids = [str(UUID(int=number)) for number in range(5000)]
    roll = {}
    meet(roll, ids)
    assert looked_for(roll, ids[::-1]) == []


def test_one_missing_among_many_is_named_alone():
    ids = [str(UUID(int=number)) for number in range(5000)]
    roll = {}
    meet(roll, ids[:4321] + ids[4322:])
    assert looked_for(roll, ids) == [ids[4321]]


def test_who_came_without_being_expected_makes_nobody_missing_unseen():
    ids = [str(UUID(int=number)) for number in range(2000)]
    roll = {}
    meet(roll, [*ids[1:], "a stranger"])
    assert ids[0] in looked_for(roll, ids)


def test_the_roll_of_a_hundred_thousand_fits_the_row_of_a_job():
    roll = {}
    meet(roll, (str(UUID(int=number)) for number in range(100_000)))
    assert sum(len(group) + sum(map(len, cell)) for group, cell in roll.items()) < 20_000
