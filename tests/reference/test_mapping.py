"""The mapping is chosen from lists only, by administrators, and kept with its organisation."""

import pytest

from chalicelib.errors import InvalidInput, NotAllowed, NotFound
from chalicelib.people.caller import Caller, Scope
from chalicelib.reference import choices, import_codes, mapping
from chalicelib.reference.layers import Codes, Kind, Place
from chalicelib.reference.model import Mapping
from chalicelib.work import clients
from tests.reference.test_resolve import account, rate
from tests.support.xero import caller_of


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "ARCHIVED"},
        {"class_": "ASSET"},
        {"class_": "EXPENSE"},
        {"system_account": "ROUNDING"},
        {"code": ""},
    ],
)
def test_only_plain_active_revenue_accounts_take_lines(facts):
    assert account("200").usable_for_lines
    assert not account(**{"code": "200"} | facts).usable_for_lines


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "DELETED"},
        {"for_revenue": False},
        {"tax_type": "AVALARA"},
        {"report_tax_type": "USSALESTAX"},
    ],
)
def test_only_active_rates_for_revenue_that_the_api_takes_are_usable(facts):
    assert rate("OUTPUT").usable_for_lines
    assert not rate(**{"tax_type": "OUTPUT"} | facts).usable_for_lines


class TestChoosing:
    @pytest.fixture(autouse=True)
    def _imported(self, xero):
        xero.connect()
        import_codes.start(caller_of("t1"))

    @pytest.fixture
    def client(self):
        return Place(Kind.CLIENT, clients.create("t1", "Boom FM").client_id)

    def test_defaults_are_kept(self):
        assert mapping.get("t1") == Mapping()
        chosen = Mapping("200", "OUTPUT2", contact_tax=True)
        mapping.set_defaults(caller_of("t1"), chosen)
        assert mapping.get("t1") == chosen

    @pytest.mark.parametrize(
        ("chosen", "field"),
        [
            (("nowhere", ""), "account_code"),
            (("610", ""), "account_code"),
            (("", "INPUT2"), "tax_type"),
            (("", "nothing"), "tax_type"),
        ],
    )
    def test_defaults_come_from_the_lists_only(self, chosen, field):
        with pytest.raises(InvalidInput) as refusal:
            mapping.set_defaults(caller_of("t1"), Mapping(*chosen))
        assert refusal.value.field == field
        assert mapping.get("t1") == Mapping()

    def test_a_client_has_codes_of_its_own_beside_the_defaults(self, client):
        mapping.set_defaults(caller_of("t1"), Mapping("200"))
        mapping.choose(caller_of("t1"), client, Codes(tax_type="NONE"))
        chosen = choices.load("t1")
        assert chosen.tenant.account_code == "200"
        assert chosen.of(Kind.CLIENT, client.thing_id).tax_type == "NONE"

    def test_choosing_nothing_leaves_it_to_the_next_layer_again(self, client):
        mapping.choose(caller_of("t1"), client, Codes(tax_type="NONE"))
        mapping.choose(caller_of("t1"), client, Codes())
        assert choices.load("t1").own == {}

    def test_codes_of_a_thing_come_from_the_lists_only(self, client):
        with pytest.raises(InvalidInput):
            mapping.choose(caller_of("t1"), client, Codes(tax_type="nothing"))
        assert choices.load("t1").own == {}

    def test_another_tenants_thing_is_not_found(self, client):
        theirs = Place(Kind.CLIENT, clients.create("t2", "Theirs").client_id)
        with pytest.raises(NotFound):
            mapping.choose(caller_of("t1"), theirs, Codes(tax_type="NONE"))
        with pytest.raises(NotFound):
            mapping.choose(caller_of("t2"), client, Codes(tax_type="NONE"))

    def test_only_an_administrator_chooses(self, client):
        biller = Caller("t1", "user:bo", "Bo", frozenset({Scope.READ, Scope.WRITE, Scope.SEND}))
        with pytest.raises(NotAllowed):
            mapping.choose(biller, client, Codes(tax_type="NONE"))
