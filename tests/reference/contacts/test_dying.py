"""A worker may die anywhere in an import or a link: the end is as if none had died."""

import os
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib.dispatch import store
from chalicelib.reference.contacts.acts import ask_answer, ask_link, ask_unlink
from chalicelib.reference.contacts.ask import Wish, start
from chalicelib.work import clients
from tests.support.imports import Importer
from tests.support.power import Power, PowerCut

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "4"))
PAGE = 12
ALL = Wish(whole=True, page_size=PAGE)
NUMBERS = count(1)


@pytest.fixture(scope="module")
def xero_for_all():
    from tests.support.xero import books

    with books() as both:
        yield both


def prepared(xero) -> Importer:
    """A fresh tenant and organisation in which everything there is to do happens.

    Some are clients already, one is proposed; since then a contact was renamed, one archived, one
    merged into a stranger, one merged into another client's, and one has vanished.
    """
    number = next(NUMBERS)
    name = f"Kites {number}"
    xero.world.add_organisation("NZ", name, tuple(xero.world.users.values()))
    importer = Importer.connected(xero, f"t{number}", name)
    first = (
        "Boom FM",
        "City Agency",
        "Bank West",
        "Bayside Club",
        "Rex Media Group",
        "Marine Systems",
    )
    chosen = {one: importer.contact(one)["ContactID"] for one in first}
    importer.run(Wish(contact_ids=tuple(chosen.values())))
    clients.create(importer.tenant, "acme ltd")
    books = importer.books
    books.rename_contact(chosen["Boom FM"], "Boom Radio")
    books.archive_contact(chosen["City Agency"])
    stranger = importer.plant("A stranger", ContactStatus="ARCHIVED")
    books.merge_contacts(chosen["Bank West"], stranger)
    books.merge_contacts(chosen["Bayside Club"], chosen["Rex Media Group"])
    books.vanish_contact(chosen["Marine Systems"])
    return importer


@pytest.fixture(scope="module")
def undisturbed(xero_for_all):
    """What an import leaves behind that nobody disturbed, its counts, and how often it wrote."""
    importer = prepared(xero_for_all)
    power = Power()
    job = start(importer.caller, ALL)
    importer.work()
    writes = power.writes
    return importer.state(), counts(job), writes


def counts(job):
    ended = store.get(job.lane, job.name)
    assert ended.state == "done", ended.message
    return ended.progress, ended.result, ended.message


@pytest.mark.parametrize(
    ("cut", "after"), [(1, True), (2, False)], ids=["at each page", "before it is acknowledged"]
)
def test_dying_at_every_page_ends_as_if_nobody_had(xero_for_all, undisturbed, cut, after):
    """A page is acknowledged by storing its job."""
    state, counted, _ = undisturbed
    importer = prepared(xero_for_all)
    power = Power()
    job = start(importer.caller, ALL)
    died = 0
    while store.get(job.lane, job.name).state.open:
        power.cut_at(cut, after=after, among=("PutItem", "test-jobs"))
        died += dies(importer, power)
    assert died > 5
    assert importer.state() == state
    assert counts(job) == counted


def dies(importer, power) -> bool:
    """A worker's life, and the minute until its lease is over; whether it was cut short."""
    died = False
    try:
        importer.work()
    except PowerCut:
        died = True
    power.restore()
    importer.xero.aws.clock.advance(seconds=61)
    return died


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_dying_at_any_writes_ends_as_if_nobody_had(xero_for_all, undisturbed, data):
    state, counted, writes = undisturbed
    importer = prepared(xero_for_all)
    power = Power()
    job = start(importer.caller, ALL)
    cuts = data.draw(st.lists(st.integers(1, writes), min_size=1, max_size=4), label="cuts")
    for cut in cuts:
        power.cut_at(cut, after=data.draw(st.booleans(), label="after"))
        dies(importer, power)
    importer.work()
    assert importer.state() == state
    assert counts(job) == counted


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    acts=st.lists(
        st.sampled_from(["import", "whole", "link", "unlink", "same", "none", "exact"]),
        min_size=2,
        max_size=4,
    )
)
def test_doing_anything_again_changes_nothing(xero_for_all, acts):
    importer = prepared(xero_for_all)
    loose = clients.find(importer.tenant, "acme ltd")
    for act in acts:
        _do(importer, act, loose.client_id)
        once = importer.state()
        _do(importer, act, loose.client_id)
        assert importer.state() == once, act


def _do(importer, act, client_id):
    """An act; one that the present state refuses is as good as done."""
    from contextlib import suppress

    from chalicelib.errors import WorkbillError
    from chalicelib.reference.contacts.acts import ask_accept_exact

    with suppress(WorkbillError):
        if act in {"import", "whole"}:
            importer.run(ALL if act == "whole" else Wish(page_size=PAGE))
        elif act == "link":
            ask_link(importer.caller, client_id, importer.contact("Acme Ltd.")["ContactID"])
        elif act == "unlink":
            ask_unlink(importer.caller, client_id)
        elif act == "exact":
            ask_accept_exact(importer.caller)
        else:
            waiting = [one for one in importer.contacts.decisions() if one.kind == "match"]
            named = [one for one in waiting if one.facts.name == "Acme Ltd"]
            for decision in named:
                ask_answer(importer.caller, decision.decision_id, act, client_id)
