"""That each guard still stands where ``make mutants`` takes it away."""

from pathlib import Path

import pytest

from tests.mutants.guards import BY_THE_MACHINE, GUARDS

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


def test_what_the_fault_machine_is_to_notice_are_guards():
    assert set(BY_THE_MACHINE) <= {guard.name for guard in GUARDS}
