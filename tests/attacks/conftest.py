"""Attackers and their victims, over the application in this process."""

from collections.abc import Iterator

import pytest
from chalice.test import Client

from tests.attacks.two_tenants import Tenant, one_of_everything, open_tenant
from tests.support.aws import AWS, mocked_account
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


@pytest.fixture(scope="module")
def account() -> Iterator[AWS]:
    """One mocked account for all tests of a file, where making it anew would cost too much."""
    with mocked_account() as made:
        yield made


@pytest.fixture(scope="module")
def door(account) -> Iterator[Client]:  # noqa: ARG001  the account must be there first
    with application() as client:
        yield client


@pytest.fixture(scope="module")
def owner(door, account) -> Tenant:
    return open_tenant(door, account, "Acme Ltd", "ann@acme.test")


@pytest.fixture(scope="module")
def stranger(door, account) -> Tenant:
    return open_tenant(door, account, "Other Ltd", "bob@other.test")


@pytest.fixture(scope="module")
def ids(owner, account) -> dict[str, str]:
    """An id of the owner's for each parameter that a route may have."""
    return one_of_everything(owner, account)
