"""The local Xero that stands from test to test hands on nothing but its address."""

import threading
import time

import pytest
import requests

from local.xero.faults import Fault, Kind
from local.xero.serve import Server
from tests.support import standing_xero
from tests.support.standing_xero import fresh_xero
from tests.support.xero import DEMO, Books, books


@pytest.fixture
def none_is_free(monkeypatch):
    """What other tests left running is not looked at."""
    monkeypatch.setattr(standing_xero, "_free", [])


def test_nothing_of_one_world_is_in_the_next():
    with books() as first:
        connection = first.connect("t1")
        first.fault("status", "/Contacts")
        first.world.organisations[connection.organisation_id].books.plant_contact(Name="Hill")
        first.world.limiter.sizes.minute = 1
        issued, before = set(first.world.issued), first.server
        token = next(iter(issued))

    with books() as second:
        assert second.server is before
        assert connection.xero_userid not in {one.user_id for one in second.world.users.values()}
        held = second.world.organisations[second.organisation(DEMO)].books.contacts.all()
        assert "Hill" not in {one["Name"] for one in held}
        assert second.world.limiter.sizes.minute == 60
        empty = (second.world.grants, second.world.issued, second.world.connections)
        assert (*empty, second.world.faults.faults) == ({}, {}, {}, [])
        asked = {"Authorization": f"Bearer {token}"}
        assert _answer(second, "/connections", asked).status_code == 401
        assert second.connect("t1").xero_userid in second.world.users


def test_two_at_once_have_a_server_each():
    with fresh_xero() as one, fresh_xero() as other:
        assert one.url != other.url
        assert one.world is not other.world


def test_a_call_held_back_is_let_go_before_the_next_begins(none_is_free):  # noqa: ARG001
    answers = []
    with fresh_xero() as first:
        first.world.faults.add(Fault(Kind.HOLD, path="/connections", seconds=60))
        asked = threading.Thread(target=lambda: answers.append(_answer(first, "/connections")))
        asked.start()
        _until(lambda: first.world.faults.held)
    asked.join()

    with fresh_xero() as second:
        assert second is first
        assert [one.status_code for one in answers] == [401]
        assert second.world.calls.listed() == []


def test_one_that_is_not_done_is_not_handed_on(none_is_free, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(standing_xero, "QUIET_WITHIN", 0)
    with fresh_xero() as first:
        first.world.faults.add(Fault(Kind.SLOW, path="/connections", seconds=0.4))
        asked = threading.Thread(target=lambda: _answer(first, "/connections"))
        asked.start()
        _until(lambda: not first.world.faults.faults)

    with fresh_xero() as second:
        assert second is not first
    asked.join()


def _answer(server: Books | Server, path: str, headers=None) -> requests.Response:
    world = server.world
    return requests.get(world.base_url + path, headers=headers, timeout=10)


def _until(is_so) -> None:
    late = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < late
        time.sleep(0.005)
