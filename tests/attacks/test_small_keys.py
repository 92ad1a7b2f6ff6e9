"""A key that may too little, or is none: refused on every route of the API."""

import pytest

from chalicelib.people.caller import Scope
from tests.attacks.operations import OPERATIONS, name, place
from tests.support.program import Program


@pytest.fixture(scope="module")
def small_keys(door, owner):
    """For each scope a program with all the others."""
    return {
        missing: Program(door, owner.tenant_id, tuple(one for one in Scope if one != missing))
        for missing in Scope
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_every_route_refuses_who_has_no_key(door, operation):
    response = door.http.request(
        operation.method, "/api/v1" + place(operation), {"Content-Type": "application/json"}
    )
    assert response.status_code == 401
    assert response.json_body["code"] == "not_signed_in"


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_every_route_refuses_a_key_without_its_scope(small_keys, operation):
    response = small_keys[operation.scope].call(operation.method, place(operation), {})
    assert response.status_code == 403
    assert response.json_body["code"] == "not_allowed"


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_a_browsers_cookies_open_no_route(door, owner, operation):
    """So that no site can have somebody's browser call the API."""
    cookies = owner.person.browser.cookies.items()
    headers = {
        "Cookie": "; ".join(f"{key}={value}" for key, value in cookies),
        "Content-Type": "application/json",
    }
    address = "/api/v1" + place(operation)
    assert door.http.request(operation.method, address, headers).status_code == 401
