"""What clients have in one organisation, while the tenant goes to another one and comes back."""

import pytest

from chalicelib.connection.rows import ConnectionRow
from chalicelib.errors import Conflict
from chalicelib.work import clients, linked
from tests.support.clients import by_contact

T = "t1"


@pytest.fixture
def connected_to(aws):  # noqa: ARG001  the account must be there first
    """Make an organisation the one that counts."""

    def connect(organisation_id):
        ConnectionRow(T, "connection", state="active", organisation_id=organisation_id).save()

    return connect


def links(client_id):
    found = clients.get(T, client_id)
    return found.contact_id, found.tax_type


def linked_in_first(connected_to):
    connected_to("first")
    client = clients.create(T, "Boom FM")
    clients.change(T, client.client_id, contact_id="c1", tax_type="OUTPUT2")
    return client.client_id


def test_a_link_counts_in_its_own_organisation_only(connected_to):
    client_id = linked_in_first(connected_to)
    connected_to("second")
    assert links(client_id) == (None, None)
    assert by_contact(T) == {}
    assert [one.contact_id for one in clients.listing(T).items] == [None]
    assert clients.find(T, "boom fm").contact_id is None
    assert clients.by_ids(T, [client_id])[client_id].contact_id is None


def test_coming_back_finds_the_links_again(connected_to):
    client_id = linked_in_first(connected_to)
    connected_to("second")
    clients.change(T, client_id, contact_id="c2")
    assert links(client_id) == ("c2", None)
    connected_to("first")
    assert links(client_id) == ("c1", "OUTPUT2")
    assert list(by_contact(T)) == ["c1"]
    assert list(by_contact(T, "second")) == ["c2"]


def test_who_is_not_linked_here_is_found_among_all_as_among_some(connected_to):
    of_first = linked_in_first(connected_to)
    connected_to("second")
    of_second = clients.create(T, "Abroad Ltd").client_id
    clients.change(T, of_second, contact_id="c2")
    of_none = clients.create(T, "Walk-in").client_id
    everybody = [of_first, of_second, of_none]

    def unlinked(organisation_id):
        found = {one.client_id: ids for one, ids in linked.unlinked(T, organisation_id)}
        some = linked.still_unlinked(T, organisation_id, everybody)
        assert {one.client_id: ids for one, ids in some} == found
        return found

    assert unlinked("second") == {of_first: {"c1"}, of_none: set()}
    clients.change(T, of_first, contact_id="c3")
    assert unlinked("second") == {of_none: set()}
    assert unlinked("first") == {of_second: {"c2"}, of_none: set()}


def test_a_change_of_anything_else_loses_no_link(connected_to):
    client_id = linked_in_first(connected_to)
    connected_to("second")
    clients.change(T, client_id, email="ann@boom.test")
    assert links(client_id) == (None, None)
    connected_to("first")
    assert links(client_id) == ("c1", "OUTPUT2")
    clients.change(T, client_id, archived=True)
    assert links(client_id) == ("c1", "OUTPUT2")


def test_a_link_that_is_taken_away_stays_away(connected_to):
    client_id = linked_in_first(connected_to)
    connected_to("second")
    clients.change(T, client_id, contact_id="c2")
    connected_to("first")
    clients.change(T, client_id, contact_id=None, tax_type=None)
    assert links(client_id) == (None, None)
    connected_to("second")
    assert links(client_id) == ("c2", None)
    connected_to("first")
    assert links(client_id) == (None, None)


def test_what_was_chosen_before_any_connection_counts_in_the_first(connected_to):
    client = clients.create(T, "Boom FM")
    clients.change(T, client.client_id, tax_type="NONE")
    connected_to("first")
    assert links(client.client_id) == (None, "NONE")


def test_a_client_that_is_linked_elsewhere_is_not_deleted(connected_to):
    client_id = linked_in_first(connected_to)
    connected_to("second")
    clients.change(T, client_id, email="ann@boom.test")
    with pytest.raises(Conflict):
        clients.delete(T, client_id)
