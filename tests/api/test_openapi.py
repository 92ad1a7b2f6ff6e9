"""The description of the API, held against the routes and the standard."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import app


@pytest.fixture
def document(client):
    return client.http.get("/openapi.json").json_body


def test_the_document_is_valid_openapi(document):
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_of_the_api_is_described(document):
    routes = {
        (path, method)
        for path, methods in app.routes.items()
        for method in methods
        if path.startswith("/api/")
    }
    described = {
        (path, method.upper())
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert described == routes


def test_every_operation_has_a_name_of_its_own(document):
    names = [
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    assert len(names) == len(set(names))


def test_every_post_takes_an_idempotency_key(document):
    for methods in document["paths"].values():
        if "post" in methods:
            named = {parameter["name"] for parameter in methods["post"]["parameters"]}
            assert "Idempotency-Key" in named


def test_lists_take_a_cursor_and_answer_a_next_one(document):
    schemas = document["components"]["schemas"]
    lists = {name for name in schemas if name.startswith("List_")}
    assert lists
    for name in lists:
        assert set(schemas[name]["properties"]) == {"items", "next"}


def test_failures_are_described_as_problems(document):
    for response in document["components"]["responses"].values():
        (content,) = response["content"].items()
        assert content[0] == "application/problem+json"


def test_a_bearer_key_is_asked_for(document):
    scheme = document["components"]["securitySchemes"]["api_key"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert document["security"] == [{"api_key": []}]
