"""Pages over the application in this process."""

from collections.abc import Iterator

import pytest
from chalice.test import Client

from tests.support.browser import Administrator, Browser, application


@pytest.fixture
def client(aws) -> Iterator[Client]:  # noqa: ARG001  the account must be there first
    with application() as client:
        yield client


@pytest.fixture
def browser(client) -> Browser:
    return Browser(client)


@pytest.fixture
def ann(client, aws) -> Administrator:
    """An administrator who has just enrolled and is fully signed in."""
    return Administrator(client, aws).set_up()
