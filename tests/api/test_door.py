"""What every route of the API shares: keys, problems, and the health check."""

import pytest


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer wb_no", "wb_no"]
)
def test_what_is_no_key_is_refused(client, header):
    response = client.http.get("/api/v1/settings", headers={"Authorization": header})
    assert response.status_code == 401


def test_failures_are_problem_json_with_a_stable_code(acme):
    response = acme.call("PATCH", "/settings", {"due_days": "soon"})
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json_body == {
        "title": "Bad Request",
        "status": 400,
        "detail": "Expected `int`, got `str`.",
        "code": "invalid_input",
        "field": "due_days",
    }


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b'"x"', b"null"])
def test_bodies_that_cannot_be_read_are_refused(acme, body):
    headers = {"Authorization": f"Bearer {acme.key}", "Content-Type": "application/json"}
    response = acme.client.http.patch("/api/v1/settings", headers=headers, body=body)
    assert response.status_code == 400


def test_answers_are_not_to_be_stored_by_anybody_between(acme):
    assert acme.call("GET", "/settings").headers["Cache-Control"] == "no-store"


def test_health_answers_without_a_key(client):
    response = client.http.get("/health")
    assert (response.status_code, response.json_body) == (200, {"status": "ok"})
