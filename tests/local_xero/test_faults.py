import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from local.xero.testing import running


@pytest.fixture
def call(visitor):
    tokens = visitor.connect()
    return lambda method="GET", path="/Contacts", **more: visitor.call(
        tokens, method, path, **more
    )


@pytest.fixture
def spoil(control):
    return lambda kind, **facts: control("POST", "/faults", {"kind": kind, **facts})


def test_offline_answers_html(call, spoil):
    spoil("status", status=503)
    answer = call()
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert call().status_code == 200


def test_server_error_answers_xeros_own_body(call, spoil):
    spoil("status")
    assert call().get_json()["Title"] == "An error occurred"


def test_own_body_is_given_as_ordered(call, spoil):
    spoil("status", status=418, body="short", content_type="text/plain")
    answer = call()
    assert (answer.status_code, answer.text, answer.mimetype) == (418, "short", "text/plain")


@pytest.mark.parametrize(
    ("problem", "header"), [("minute", "X-MinLimit-Remaining"), ("day", "X-DayLimit-Remaining")]
)
def test_rate_limit_by_order(call, spoil, problem, header):
    spoil("rate_limit", problem=problem, retry_after=67_000)
    answer = call()
    assert answer.status_code == 429
    assert answer.headers["X-Rate-Limit-Problem"] == problem
    assert answer.headers["Retry-After"] == "67000"
    assert answer.headers.getlist(header) == ["0"]


def test_concurrent_by_order_names_no_time(call, spoil):
    spoil("rate_limit", problem="concurrent")
    answer = call()
    assert answer.headers["X-Rate-Limit-Problem"] == "concurrent"
    assert "Retry-After" not in answer.headers


def test_token_expires_once(call, spoil):
    spoil("token_expired")
    assert call().get_json()["Detail"].startswith("TokenExpired")
    assert call().status_code == 200


def test_truncated_answer_cannot_be_parsed(call, spoil):
    spoil("truncate")
    with pytest.raises(ValueError, match=r"."):
        json.loads(call().data)


def test_answer_comes_as_xml_whatever_was_asked(call, spoil):
    spoil("xml")
    answer = call()
    assert answer.mimetype == "text/xml"
    assert b"<Contacts><Contact>" in answer.data
    assert call().mimetype == "application/json"


def test_empty_arrays_become_null(call, spoil):
    spoil("null_arrays")
    contacts = call(path="/Contacts?page=1").get_json()["Contacts"]
    assert [] not in [value for one in contacts for value in one.values()]
    assert None in [one["ContactPersons"] for one in contacts]


def test_named_array_becomes_null(call, spoil):
    spoil("null_arrays", field="Contacts")
    assert call().get_json()["Contacts"] is None


def test_unknown_word_appears_in_elements_not_in_the_envelope(call, spoil):
    spoil("unknown_enum", field="ContactStatus", value="NEWISH")
    body = call().get_json()
    assert body["Status"] == "OK"
    assert {one["ContactStatus"] for one in body["Contacts"]} == {"NEWISH"}


def test_fault_meets_only_what_it_names(call, spoil, visitor):
    spoil("status", method="PUT", path="/Contacts", times=0)
    spoil("status", organisation=visitor.tenant("Demo Company (AU)"), times=0)
    assert call().status_code == 200
    assert call("PUT", body={"Contacts": [{"Name": "New"}]}).status_code == 500


def test_fault_skips_and_counts(call, spoil, control):
    spoil("status", skip=1, times=2)
    assert [call().status_code for _ in range(4)] == [200, 500, 500, 200]
    assert control("GET", "/faults")["faults"] == []


def test_faults_can_be_listed_and_ended(call, spoil, control):
    first = spoil("status", times=0)["fault_id"]
    spoil("token_expired", times=0)
    control("DELETE", f"/faults/{first}")
    assert [one["kind"] for one in control("GET", "/faults")["faults"]] == ["token_expired"]
    control("DELETE", "/faults")
    assert call().status_code == 200


def test_unknown_fault_is_refused(spoil):
    assert not spoil("earthquake")["ok"]
    assert not spoil("status", colour="red")["ok"]


def test_slow_call_does_not_hold_up_others(call, spoil, world, until):
    spoil("hold", times=1)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(call)
        until(lambda: world.faults.held)
        assert call().status_code == 200
        assert not held.done()
        world.faults.release()
        assert held.result().status_code == 200


def test_held_call_says_whose_it_is_and_from_which_port(call, spoil, control, world, until):
    spoil("hold", times=1)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(call)
        until(lambda: world.faults.held)
        (told,) = control("GET", "/faults")["holding"]
        assert told["organisation"] in world.organisations
        assert isinstance(told["port"], int)
        world.faults.release()
        held.result()
    assert control("GET", "/faults")["holding"] == []


def test_held_answer_may_have_been_committed(call, spoil, world, until):
    spoil("hold", when="after", method="PUT")
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(call, "PUT", body={"Contacts": [{"Name": "Held"}]})
        until(lambda: world.faults.held)
        assert "Held" in call().text
        world.faults.release()
        assert held.result().status_code == 200


def test_refresh_can_lose_its_answer(visitor, spoil):
    tokens = visitor.connect()
    spoil("status", status=502, when="after", path="/connect/token")
    assert visitor.refresh(tokens["refresh_token"]).status_code == 502
    assert visitor.refresh(tokens["refresh_token"]).status_code == 200


def test_dropped_connection_gives_no_answer():
    with running() as server:
        fault = {"kind": "drop", "path": "/connect/token"}
        requests.post(f"{server.url}/_control/faults", json=fault, timeout=5)
        with pytest.raises(requests.ConnectionError):
            requests.post(f"{server.url}/connect/token", timeout=5)
        assert requests.post(f"{server.url}/connect/token", timeout=5).status_code == 400
