"""The API over the application in this process."""

from collections.abc import Iterator

import pytest
from chalice.test import Client

from chalicelib.people.make_tenant import make_tenant
from tests.support.browser import application
from tests.support.program import Program


@pytest.fixture
def client(aws) -> Iterator[Client]:  # noqa: ARG001  the account must be there first
    with application() as client:
        yield client


@pytest.fixture
def acme(client) -> Program:
    return Program(client, make_tenant(name="Acme Ltd", email="ann@acme.test")["tenant_id"])


@pytest.fixture
def other(client) -> Program:
    return Program(client, make_tenant(name="Other Ltd", email="bob@other.test")["tenant_id"])


@pytest.fixture
def program(client):
    """Makes a program with chosen scopes for a tenant."""

    def make(tenant_id: str, *scopes: str) -> Program:
        return Program(client, tenant_id, scopes)

    return make
