"""One act per Idempotency-Key."""

import os
import threading

import pytest

from chalicelib.api import idempotency
from chalicelib.api.idempotency import AnswerNotKept, KeyReused, OnceRow, StillUnderWay, once
from chalicelib.errors import InvalidInput, NotConnected, TooManyRequests, WorkbillError
from chalicelib.people.caller import EVERYTHING, Caller

ANN = Caller("tenant-a", "key:1", "Ann", EVERYTHING)
BOB = Caller("tenant-b", "key:2", "Bob", EVERYTHING)

pytestmark = pytest.mark.usefixtures("aws")


class Act:
    """Counts how often it was done."""

    def __init__(self, answer=(201, b'{"id":"1"}', {"Location": "/x"}), error=None):
        self.answer, self.error, self.times = answer, error, 0

    def __call__(self):
        self.times += 1
        if self.error:
            raise self.error
        return self.answer


def test_a_repeated_request_is_answered_the_same_and_done_once():
    act = Act()
    first = once(ANN, "k", "/p", b"{}", act)
    status, body, headers = once(ANN, "k", "/p", b"{}", act)
    assert act.times == 1
    assert (status, body) == first[:2]
    assert headers == {"Location": "/x", "Idempotency-Replayed": "true"}


@pytest.mark.parametrize(("path", "body"), [("/p", b'{"a":1}'), ("/q", b"{}")])
def test_a_key_with_another_request_is_refused(path, body):
    act = Act()
    once(ANN, "k", "/p", b"{}", act)
    with pytest.raises(KeyReused):
        once(ANN, "k", path, body, act)
    assert act.times == 1


def test_tenants_do_not_share_keys():
    act = Act()
    once(ANN, "k", "/p", b"{}", act)
    once(BOB, "k", "/p", b"{}", act)
    assert act.times == 2


def test_a_request_under_way_is_not_done_twice():
    def act():
        with pytest.raises(StillUnderWay):
            once(ANN, "k", "/p", b"{}", Act())
        return 200, b"", {}

    assert once(ANN, "k", "/p", b"{}", act)[0] == 200


def test_of_many_at_once_one_acts():
    act, outcomes = Act(), []

    def send():
        try:
            outcomes.append(once(ANN, "k", "/p", b"{}", act)[0])
        except StillUnderWay:
            outcomes.append(409)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert act.times == 1
    assert len(outcomes) == 8


def test_a_refusal_is_remembered_as_the_problem_it_was():
    act = Act(error=NotConnected("Connect first."))
    with pytest.raises(NotConnected):
        once(ANN, "k", "/p", b"{}", act)
    status, body, headers = once(ANN, "k", "/p", b"{}", act)
    assert act.times == 1
    assert (status, headers["Content-Type"]) == (409, "application/problem+json")
    assert b"not_connected" in body


@pytest.mark.parametrize(
    "error",
    [WorkbillError("Ours."), RuntimeError("Bug."), TooManyRequests("Wait.", retry_after=5)],
)
def test_what_may_go_well_next_time_is_not_remembered(error):
    with pytest.raises(type(error)):
        once(ANN, "k", "/p", b"{}", Act(error=error))
    assert once(ANN, "k", "/p", b"{}", Act())[0] == 201


def test_a_claim_left_by_a_crash_opens_after_a_minute(aws):
    idempotency._claim("tenant-a#idempotency", "k", "print")
    with pytest.raises((StillUnderWay, KeyReused)):
        once(ANN, "k", "/p", b"{}", Act())
    aws.clock.advance(seconds=60)
    assert once(ANN, "k", "/p", b"{}", Act())[0] == 201


def test_a_request_that_lost_its_claim_does_not_overwrite_the_later_answer(aws):
    def slow():
        aws.clock.advance(seconds=61)
        once(ANN, "k", "/p", b"{}", Act((200, b"later", {})))
        return 200, b"earlier", {}

    once(ANN, "k", "/p", b"{}", slow)
    assert once(ANN, "k", "/p", b"{}", Act())[1] == b"later"


def test_keys_are_forgotten_after_24_hours(aws):
    act = Act()
    once(ANN, "k", "/p", b"{}", act)
    aws.clock.advance(hours=24)
    once(ANN, "k", "/p", b"other", act)
    assert act.times == 2


@pytest.mark.parametrize("key", ["x" * 129, "a\nb", "é"])
def test_unusable_keys_are_refused(key):
    with pytest.raises(InvalidInput):
        once(ANN, key, "/p", b"{}", Act())


def test_a_large_answer_is_kept_compressed():
    once(ANN, "k", "/p", b"{}", Act((200, b"x" * 3_000_000, {})))
    assert len(once(ANN, "k", "/p", b"{}", Act())[1]) == 3_000_000


def test_an_answer_too_large_to_keep_is_not_acted_again():
    once(ANN, "k", "/p", b"{}", Act((200, os.urandom(400_000), {})))
    again = Act()
    with pytest.raises(AnswerNotKept):
        once(ANN, "k", "/p", b"{}", again)
    assert again.times == 0


def test_a_made_api_key_is_in_no_stored_answer(acme):
    body = {"name": "Tracker", "scopes": ["read"]}
    made = acme.call("POST", "/api-keys", body, once="k")
    again = acme.call("POST", "/api-keys", body, once="k")
    assert again.json_body["code"] == "answer_not_kept"
    assert len(acme.call("GET", "/api-keys").json_body["items"]) == 2
    assert all(row.body is None for row in OnceRow.scan(OnceRow.sk == "k"))
    assert made.json_body["key"]
