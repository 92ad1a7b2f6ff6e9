"""The audit trail over the API."""

import pytest

from chalicelib.audit.checkpoint import public_key
from chalicelib.dispatch import drain


def test_entries_are_listed_with_sentences_and_filters(acme):
    acme.call("PATCH", "/settings", {"due_days": 7})
    entries = acme.call("GET", "/audit").json_body["items"]
    assert [entry["number"] for entry in entries] == [3, 2, 1]
    assert entries[0]["sentence"] == "Program changed the company's settings."
    assert entries[0]["previous"] == entries[1]["hash"]
    only = acme.call("GET", "/audit?what=tenant+made&from=2026-11-23&to=2026-11-23").json_body
    assert [entry["what"] for entry in only["items"]] == ["tenant made"]
    actor = entries[0]["actor"].replace(":", "%3A")
    assert len(acme.call("GET", f"/audit?actor={actor}").json_body["items"]) == 1
    assert len(acme.call("GET", "/audit?source=127.0.0.1").json_body["items"]) == 1
    assert acme.call("GET", "/audit?result=refused").json_body["items"] == []


def test_pages_of_the_trail_follow_each_other(acme):
    first = acme.call("GET", "/audit?limit=1").json_body
    second = acme.call("GET", f"/audit?limit=1&cursor={first['next']}").json_body
    assert [first["items"][0]["number"], second["items"][0]["number"]] == [2, 1]
    assert second["next"] is None


@pytest.mark.parametrize("query", ["from=yesterday", "to=2026-99-99", "cursor=x", "limit=0"])
def test_a_filter_that_cannot_be_is_refused(acme, query):
    assert acme.call("GET", f"/audit?{query}").status_code == 400


def test_an_export_is_followed_to_its_file(acme, other, aws):
    made = acme.call("POST", "/audit/exports")
    assert made.status_code == 202
    path = f"/audit/exports/{made.json_body['id']}"
    waiting = acme.call("GET", path).json_body
    assert (waiting["state"], waiting["url"]) == ("queued", None)
    for lane in set(aws.wakes()):
        drain.drain(lane, deadline=aws.clock.now().replace(year=2027))
    done = acme.call("GET", path).json_body
    assert (done["state"], done["entries"]) == ("done", 3)
    assert done["url"].startswith("https://")
    assert done["expires_at"].startswith("2026-11-30")
    assert other.call("GET", path).status_code == 404
    newest = acme.call("GET", "/audit?limit=1").json_body["items"][0]
    assert newest["sentence"] == "An export of the activity trail was made for Program."


def test_the_trail_is_for_administrators(acme, program):
    reader = program(acme.tenant_id, "read")
    assert reader.call("GET", "/audit").status_code == 403
    assert reader.call("POST", "/audit/exports").status_code == 403
    assert reader.call("GET", "/audit/public-key").status_code == 200


def test_the_public_key_comes_as_pem(acme):
    response = acme.call("GET", "/audit/public-key")
    assert response.headers["Content-Type"] == "application/x-pem-file"
    assert response.body.decode() == public_key().pem


def test_the_description_says_that_the_key_is_no_json(client):
    paths = client.http.get("/openapi.json").json_body["paths"]
    answer = paths["/api/v1/audit/public-key"]["get"]["responses"]["200"]
    assert list(answer["content"]) == ["application/x-pem-file"]
