"""The list of attacks names tests that are there, and leaves out none of this folder."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LIST = (TESTS.parent / "docs" / "attacks.md").read_text()
NAMED = sorted(set(re.findall(r"`(\w+/test_\w+\.py(?:::\w+)?)`", LIST)))


@pytest.mark.parametrize("named", NAMED)
def test_a_test_that_is_named_is_there(named):
    file, _, name = named.partition("::")
    assert f"def {name}(" in (TESTS / file).read_text() if name else (TESTS / file).exists()


def test_every_file_of_attacks_is_in_the_list():
    here = {f"attacks/{path.name}" for path in Path(__file__).parent.glob("test_*.py")}
    assert here - {f"attacks/{Path(__file__).name}"} <= set(NAMED)


def test_every_attack_has_a_test():
    rows = LIST.partition("|---|---|\n")[2].splitlines()
    assert len(rows) > 20
    assert [row for row in rows if "::" not in row and "attacks/" not in row] == []
