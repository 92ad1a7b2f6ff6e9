"""Reading a list again changes nothing, and reading what changed ends as reading all would."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reference import merge
from chalicelib.reference.model import GONE, Account, TrackingCategory, TrackingOption

CODES = ("200", "210", "220", "230")
STATUSES = ("ACTIVE", "ARCHIVED")


def account(number, code, status="ACTIVE", name="Sales"):
    return Account(code, name, "REVENUE", "REVENUE", "OUTPUT2", status, account_id=f"id-{number}")


charts = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(STATUSES), st.sampled_from(("A", "B"))),
    min_size=4,
    max_size=4,
    unique_by=lambda facts: facts[0],
).map(
    lambda rows: [
        account(number, code, status, name) for number, (code, status, name) in enumerate(rows)
    ]
)
categories = st.dictionaries(
    st.sampled_from("ab"),
    st.dictionaries(st.sampled_from("xyz"), st.sampled_from(STATUSES)),
).map(
    lambda tree: {
        key: TrackingCategory(
            key,
            key.upper(),
            "ACTIVE",
            tuple(TrackingOption(option, option, status) for option, status in options.items()),
        )
        for key, options in tree.items()
    }
)


def by_code(chart):
    return {one.code: one for one in chart}


@given(charts, st.lists(charts, max_size=3))
def test_reading_what_changed_ends_as_reading_all_would(first, later):
    """Accounts change code, name and status, and none is deleted; a code is one account's."""
    known = by_code(first)
    before = first
    for chart in later:
        changed = by_code(now for now, then in zip(chart, before, strict=True) if now != then)
        known = merge.with_renumbered(changed, known)
        before = chart
    assert {k: v for k, v in known.items() if v.status != GONE} == by_code(before)


@given(charts, charts)
def test_reading_all_again_changes_nothing(first, second):
    known = merge.with_gone(by_code(second), by_code(first))
    assert merge.with_gone(by_code(second), known) == known
    assert not merge.Counts().changed(by_code(second), known, known)


@given(categories, categories)
def test_no_category_or_option_is_ever_forgotten(first, second):
    after = merge.tracking(second, merge.tracking(first, {}))
    assert after.keys() == first.keys() | second.keys()
    for key, category in after.items():
        listed = {option.option_id for option in second[key].options} if key in second else set()
        for option in category.options:
            if key in second:
                assert (option.status == GONE) is (option.option_id not in listed)
        assert (category.status == GONE) is (key not in second)
    assert merge.tracking(second, after) == after


def test_one_no_longer_in_use_takes_nobodys_place():
    known = by_code([account(1, "200")])
    listed = by_code([account(2, "200", "ARCHIVED")])
    assert merge.with_renumbered(listed, known) == known


def test_what_became_of_everything_is_counted():
    counts = merge.Counts()
    known = by_code([account(1, "200"), account(2, "210"), account(3, "220")])
    listed = by_code([account(1, "200"), account(2, "210", name="Other"), account(4, "230")])
    wanted = merge.with_gone(listed, known)
    changed = counts.changed(listed, wanted, known)
    assert changed.keys() == {"210", "220", "230"}
    assert counts.progress == {
        "done": 4, "total": 4, "created": 1, "updated": 2, "unchanged": 1,
    }  # fmt: skip
    assert changed["220"] == replace(known["220"], status=GONE)
