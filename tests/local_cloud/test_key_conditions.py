"""Conditions that are read once say what MiniStack's own reading says."""

import pytest
from ministack.services import dynamodb

from local.cloud.key_conditions import SLOT, read_once

NAMES = {"#0": "pk", "#1": "sk"}
ITEMS = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk in "ab" for sk in ("client#1", "task#1", "")]
BEGINS = "(#0 = :0 AND begins_with (#1, :1))"


@pytest.fixture
def quick(monkeypatch):
    """MiniStack's way before it is replaced, which it is for this test alone."""
    own = dynamodb._evaluate_condition
    monkeypatch.setattr(dynamodb, "_evaluate_condition", own)
    read_once(dynamodb)
    return own


@pytest.mark.parametrize(
    "condition", [BEGINS, BEGINS[1:-1], "#0 = :0 AND #1 >= :1", "#0 = :0 AND #1 = :1"]
)
def test_a_condition_says_the_same_of_every_item(quick, condition):
    values = {":0": {"S": "a"}, ":1": {"S": "client#"}}
    said = [
        judge(condition, item, values, NAMES, slot=SLOT)
        for judge in (quick, dynamodb._evaluate_condition)
        for item in ITEMS
    ]
    assert said[: len(ITEMS)] == said[len(ITEMS) :]
    assert dynamodb._evaluate_condition is not quick
