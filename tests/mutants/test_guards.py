"""That each guard still stands where ``make mutants`` takes it away."""

from pathlib import Path

import pytest

from tests.mutants.guards import GUARDS

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_guard_stands_once_and_has_its_tests(guard):
    assert (PROJECT / guard.file).read_text().count(guard.old) == 1
    for test in guard.tests:
        path, _, name = test.partition("::")
        assert name.rpartition("::")[2] in (PROJECT / path).read_text()


def test_every_guard_is_in_the_documents():
    told = (PROJECT / "docs" / "mutants.md").read_text()
    assert [guard.name for guard in GUARDS if guard.name not in told] == []
