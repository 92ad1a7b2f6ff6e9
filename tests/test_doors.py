"""Doors opened one by one answer as all of them do."""

import pytest

from app import app
from chalicelib.doors import DOORS, Application, blueprint, blueprints, door_of

ROUTES = [
    (path, method, entry)
    for path, methods in app.routes.items()
    for method, entry in methods.items()
]


@pytest.mark.parametrize(
    ("path", "method", "entry"), ROUTES, ids=[f"{method} {path}" for path, method, _ in ROUTES]
)
def test_every_address_leads_to_the_module_that_answers_it(path, method, entry):
    door = door_of(path)

    assert door is not None
    assert door.partition(":")[0] == entry.view_function.__module__, method


def test_every_door_is_one_that_opens():
    assert {id(found) for found in blueprints()} == {
        id(blueprint(door)) for door in DOORS.values()
    }


@pytest.mark.usefixtures("aws")
def test_a_door_is_opened_when_somebody_comes_to_it():
    lazy = Application("workbill", one_by_one=True)
    assert not lazy.routes

    answer = lazy(request("GET", "/health"), None)

    assert answer["statusCode"] == 200
    assert set(lazy.routes) == {"/health"}


def test_an_address_of_nobody_opens_nothing():
    assert door_of("/api/v2/clients") is None
    assert door_of("") is None


def request(method, path):
    """An event as API Gateway hands it to the function."""
    return {
        "httpMethod": method,
        "headers": {},
        "multiValueHeaders": {},
        "pathParameters": None,
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "isBase64Encoded": False,
        "body": "",
        "requestContext": {
            "httpMethod": method,
            "resourcePath": path,
            "path": f"/live{path}",
            "stage": "live",
            "identity": {"sourceIp": "127.0.0.1"},
        },
    }
