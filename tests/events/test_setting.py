"""Webhooks to this very machine are denied unless an operator of one machine allows them."""

import json
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.errors import MisconfiguredError
from tests.support.aws import TEMPLATE, mocked_account


def test_what_is_deployed_denies_them(aws):
    shipped = json.loads(Path(TEMPLATE).read_text())["Parameters"]["LocalWebhooks"]

    assert shipped["Default"] == "deny"
    assert not aws.wiring.settings.local_webhooks
    assert not wiring.current().deliver.local


@pytest.mark.parametrize(
    ("base_url", "value"),
    [("https://workbill.example", "allow"), ("http://localhost:8000", "perhaps")],
)
def test_they_cannot_be_allowed_where_people_come_from_elsewhere(base_url, value):
    with (
        pytest.raises(MisconfiguredError, match="LOCAL_WEBHOOKS"),
        mocked_account(PUBLIC_BASE_URL=base_url, LOCAL_WEBHOOKS=value),
    ):
        pass
