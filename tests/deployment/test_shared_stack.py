"""What journeys may rely on in the stack that they share."""

import pytest
import requests
from botocore.exceptions import ClientError

from local.cloud.aws import client_as
from tests.support.calls import session_of


def test_it_is_open_under_its_own_address(stack):
    assert requests.get(f"{stack.base_url}/health", timeout=30).status_code == 200


def test_its_functions_are_found_by_their_names(stack):
    assert stack.function("worker").startswith("workbill-")


def test_what_a_policy_does_not_grant_is_refused(stack):
    requests.get(f"{stack.base_url}/sign-in", timeout=30)
    dynamodb = client_as(session_of(stack, "app"), "dynamodb", stack.cloud_url)

    with pytest.raises(ClientError, match="not authorized to perform: dynamodb:ListTables"):
        dynamodb.list_tables()
