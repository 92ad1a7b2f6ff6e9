"""The audit trail: numbered, chained, and one line of entries under concurrency."""

import threading
from dataclasses import replace
from itertools import pairwise

import pytest

from chalicelib.audit import model, trail
from chalicelib.people.caller import EVERYTHING, Caller

ANN = Caller("tenant-a", "user:ann", "Ann", EVERYTHING, "192.0.2.7")

pytestmark = pytest.mark.usefixtures("aws")


def test_an_entry_says_who_what_when_from_where_and_with_what_result():
    trail.record(ANN, "send", "invoice:1", "refused", number="INV-1")
    entry = trail.entries("tenant-a")[0]
    assert (entry.actor, entry.name, entry.source) == ("user:ann", "Ann", "192.0.2.7")
    assert (entry.what, entry.about, entry.result) == ("send", "invoice:1", "refused")
    assert entry.facts == {"number": "INV-1"}
    assert entry.at == "2026-11-23T09:00:00.000Z"


def test_each_entry_carries_the_hash_of_the_one_before():
    for number in range(5):
        trail.record(ANN, "send", f"invoice:{number}")
    entries = trail.entries("tenant-a")
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    before = [model.BEGINNING, *(entry.hash for entry in entries)]
    assert [entry.previous for entry in entries] == before[:-1]


def test_an_entrys_hash_covers_every_field():
    trail.record(ANN, "send", "invoice:1")
    entry = trail.entries("tenant-a")[0]
    assert model.hash_of(entry) == entry.hash
    for name in ("at", "actor", "name", "source", "what", "about", "result", "previous"):
        assert model.hash_of(replace(entry, **{name: "changed"})) != entry.hash
    assert model.hash_of(replace(entry, facts={"a": 1})) != entry.hash
    assert model.hash_of(replace(entry, number=2)) != entry.hash


def test_writers_at_once_make_one_chain():
    threads = [
        threading.Thread(target=trail.record, args=(ANN, "send", f"invoice:{n}"))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = trail.entries("tenant-a")
    assert [entry.number for entry in entries] == list(range(1, 7))
    assert all(b.previous == a.hash for a, b in pairwise(entries))


def test_two_processes_in_turn_make_one_chain(aws):
    # Each remembers an end that the other has gone beyond.
    two = [{}, {}]
    for number in range(8):
        aws.wiring.trail_ends = two[number // 3 % 2]
        trail.record(ANN, "send", f"invoice:{number}")
    entries = trail.entries("tenant-a")
    assert [entry.about for entry in entries] == [f"invoice:{n}" for n in range(8)]
    assert all(b.previous == a.hash for a, b in pairwise(entries))


def test_many_threads_with_stale_memories_lose_and_fork_nothing(aws):
    trail.record(ANN, "send", "invoice:first")
    stale = dict(aws.wiring.trail_ends)

    def work(writer):
        for number in range(5):
            aws.wiring.trail_ends = dict(stale)
            trail.record(ANN, "send", f"invoice:{writer}-{number}")

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = trail.entries("tenant-a")
    assert len({entry.about for entry in entries}) == 16
    assert [entry.number for entry in entries] == list(range(1, 17))
    assert all(b.previous == a.hash for a, b in pairwise(entries))


def test_the_first_entry_of_a_process_costs_two_requests_and_the_next_one(aws):
    made = []
    trail.record(ANN, "send", "invoice:0")
    aws.wiring.trail_ends.clear()
    client = trail.EntryRow._get_connection().connection.client
    client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: made.append(model.name)
    )

    trail.record(ANN, "send", "invoice:1")
    assert made == ["Query", "PutItem"]
    trail.record(ANN, "send", "invoice:2")
    assert made == ["Query", "PutItem", "PutItem"]


def test_a_process_remembers_only_so_many_tenants(aws):
    aws.wiring.trail_ends.update((f"t{n}", (1, "x")) for n in range(trail.REMEMBERED))
    trail.record(ANN, "send", "invoice:1")
    assert list(aws.wiring.trail_ends) == ["tenant-a"]


def test_a_tenant_has_its_own_trail():
    trail.record(ANN, "send", "invoice:1")
    assert trail.entries("tenant-b") == []
