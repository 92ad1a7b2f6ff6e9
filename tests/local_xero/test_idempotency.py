from datetime import timedelta

import pytest


@pytest.fixture
def put(visitor):
    tokens = visitor.connect()

    def send(name, key="the-key", method="PUT", path="/Contacts", **more):
        body = {"Contacts": [{"Name": name}]}
        return visitor.call(tokens, method, path, body=body, Idempotency_Key=key, **more)

    return send


def detail(answer):
    assert answer.status_code == 400
    return answer.get_json()["Detail"]


def test_replay_gives_the_stored_answer_and_does_nothing(put):
    first, again = put("Once"), put("Once")
    assert first.status_code == 200
    assert again.data == first.data
    assert again.headers["Xero-Correlation-Id"] != first.headers["Xero-Correlation-Id"]


def test_replay_counts_against_the_limits(put):
    first, again = put("Once"), put("Once")
    left = [int(answer.headers["X-MinLimit-Remaining"]) for answer in (first, again)]
    assert left[1] == left[0] - 1


def test_errors_are_replayed_too(put):
    put("Taken", key="other")
    refused = put("Taken")
    assert refused.status_code == 400
    assert put("Taken").data == refused.data


def test_same_key_with_another_request_is_refused(put):
    put("Once")
    words = "Idempotency Key: the-key is used with a different request."
    assert detail(put("Twice")) == words
    assert detail(put("Once", method="POST")) == words
    assert detail(put("Once", path="/Contacts?summarizeErrors=false")) == words


def test_memory_lasts_six_minutes_from_first_use(put, world):
    first = put("Once")
    world.clock.advance(timedelta(minutes=5, seconds=59))
    assert put("Once").data == first.data
    world.clock.advance(timedelta(seconds=1))
    assert put("Once").status_code == 400  # the name is taken by the first


def test_long_key_is_refused(put):
    assert put("Once", key="k" * 128).status_code == 200
    assert "128" in detail(put("Other", key="k" * 129))


def test_key_is_ignored_on_reads(visitor):
    tokens = visitor.connect()
    for path in ("/Currencies", "/Organisation"):
        answer = visitor.call(tokens, "GET", path, Idempotency_Key="k")
        assert answer.status_code == 200


def test_rate_limit_comes_before_the_memory(put, control):
    control("POST", "/limits", {"minute": 1})
    put("Once")
    assert put("Once").status_code == 429


def test_failure_before_commit_is_remembered(put, control):
    control("POST", "/faults", {"kind": "status", "status": 500})
    assert put("Once").status_code == 500
    assert put("Once").status_code == 500
    assert put("Once", key="new").status_code == 200


def test_failure_after_commit_is_remembered_though_it_was_done(put, control):
    control("POST", "/faults", {"kind": "status", "status": 500, "when": "after"})
    assert put("Once").status_code == 500
    assert put("Once").status_code == 500
    assert "already assigned" in put("Once", key="new").text


def test_lost_answer_is_replayed_whole(put, control):
    control("POST", "/faults", {"kind": "status", "status": 504, "when": "after"})
    lost = put("Once")
    assert (lost.status_code, lost.data) == (504, b"")
    assert put("Once").status_code == 200
