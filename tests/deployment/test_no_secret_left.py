"""Secrets of every kind went by during the journeys: none is in a log or in an error answer.

And the logs do tell of each call to Xero, once.
"""

import json
from collections import Counter
from urllib.parse import urlsplit

import pytest
import requests

from local.cloud.mail import taken
from local.cloud.xero import LOCAL_APP
from tests.support.observed import KINDS


@pytest.fixture(scope="module")
def ledger(request):
    stack = request.getfixturevalue("stack")
    answer = requests.get(f"{stack.xero_url}/_control/ledger", timeout=60)
    answer.raise_for_status()
    return answer.json()


@pytest.fixture
def observed(after, ledger):
    """All that went by, with what the tests themselves did not see."""
    seen = after.observed
    seen.keep_from_ledger(ledger["secrets"])
    seen.keep_from_mail(taken(after.cloud_url))
    demo = json.loads((after.home / "demo.json").read_text())
    seen.keep("password", demo["password"])
    seen.keep("seed", demo["totp_secret"])
    seen.keep("API key", demo["api_key"])
    seen.keep("client secret", LOCAL_APP["XeroClientSecret"])
    seen.keep("webhook key", LOCAL_APP["XeroWebhookKey"])
    return seen


@pytest.fixture
def logs(after):
    """All that all functions wrote, and what processes of tests wrote in their place."""
    return "\n".join([after.logs(), *after.observed.words])


def test_secrets_of_every_kind_went_by(observed):
    assert {kind for kind, values in observed.secrets.items() if values} == KINDS


def test_no_secret_is_in_any_log(observed, logs):
    assert "xero_call" in logs
    assert observed.found_in(logs) == []


def test_no_secret_is_in_any_error_answer(observed):
    """But for what the address asked for holds itself: a form leads back to where it was."""
    assert len(observed.errors) > 10
    told = [
        (urlsplit(address).path, observed.found_in(text.replace(urlsplit(address).path, "")))
        for address, text in observed.errors
    ]
    assert [one for one in told if one[1]] == []


def test_each_call_that_reached_xero_left_its_one_line(ledger, logs):
    lines = [
        json.loads(line) for line in logs.splitlines() if line.startswith('{"event": "xero_call"')
    ]
    noted = Counter(line["correlation_id"] for line in lines)
    sure = [one for one in ledger["exchanges"] if one["fault"] is None]
    assert len(sure) > 100
    assert [one for one in sure if noted[one["correlation_id"]] != 1] == []
