"""Rate cards: prices by day and currency, named by work, never taken away from under it."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.work import claims, clients, projects, tasks
from chalicelib.work.materials import find as find_materials
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.materials.add import add as add_material
from chalicelib.work.rates import open_work, store
from chalicelib.work.rates.change import change
from chalicelib.work.rates.make import make
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.prices import Prices
from chalicelib.work.rates.remove import remove
from chalicelib.work.rates.set_price import remove_price, set_price

T = "tenant-1"
ANN = Caller(T, "user:ann", "Ann", EVERYTHING)
JULY = date(2026, 7, 1)


@pytest.fixture
def rate(aws):  # noqa: ARG001  the tables must be there
    return make(ANN, "task", "Design", currency="NZD", amount="100")


@pytest.fixture
def project(aws):  # noqa: ARG001  as above
    client = clients.create(T, "Boom FM", currency="NZD")
    return projects.create(T, client.client_id, "App")


def test_a_rate_is_kept_with_its_prices(rate):
    set_price(ANN, rate.rate_id, "110.1234", JULY)
    set_price(ANN, rate.rate_id, "90", None, "AUD")
    kept = store.get(T, rate.rate_id)
    assert kept.on(JULY).amount == Decimal("110.1234")
    assert kept.on(date(2026, 6, 30)).amount == Decimal(100)
    assert kept.on(JULY, "AUD").amount == Decimal(90)
    assert store.every(T) == {rate.rate_id: kept}


def test_a_price_of_the_same_day_takes_the_place_of_the_one_before(rate):
    set_price(ANN, rate.rate_id, "110", JULY)
    after = set_price(ANN, rate.rate_id, "120", JULY)
    assert [one.amount for one in after.prices if one.since == JULY] == [Decimal(120)]


def test_a_price_taken_away_lets_the_one_before_hold_on(rate):
    set_price(ANN, rate.rate_id, "110", JULY)
    remove_price(ANN, rate.rate_id, JULY)
    assert store.get(T, rate.rate_id).on(JULY).amount == Decimal(100)
    with pytest.raises(NotFound):
        remove_price(ANN, rate.rate_id, JULY)


@pytest.mark.parametrize(
    ("amount", "since", "currency", "field"),
    [
        ("-1", None, "NZD", "amount"),
        ("1.23456", None, "NZD", "amount"),
        ("much", None, "NZD", "amount"),
        ("NaN", None, "NZD", "amount"),
        ("1", date(1999, 12, 31), "NZD", "since"),
        ("1", None, "dollars", "currency"),
    ],
)
def test_a_price_that_cannot_be_agreed_is_refused_at_its_field(
    rate, amount, since, currency, field
):
    with pytest.raises(InvalidInput) as refused:
        set_price(ANN, rate.rate_id, amount, since, currency)
    assert refused.value.field == field
    assert store.get(T, rate.rate_id) == rate


def test_of_two_who_change_a_rate_at_once_one_is_told(rate):
    set_price(ANN, rate.rate_id, "110", JULY)
    with pytest.raises(Conflict):
        store.save(T, rate, rate)


class TestInUse:
    def test_a_rate_that_nothing_names_is_removed(self, rate):
        remove(ANN, rate.rate_id)
        with pytest.raises(NotFound):
            store.get(T, rate.rate_id)

    def test_one_that_a_task_names_is_archived_instead(self, rate, project):
        tasks.create(T, project.project_id, "Drawing", rate_id=rate.rate_id)
        with pytest.raises(Conflict):
            remove(ANN, rate.rate_id)
        change(ANN, rate.rate_id, archived=True)
        assert list(store.listing(T, RateKind.TASK)) == []
        assert len(list(store.listing(T, RateKind.TASK, archived=True))) == 1

    def test_an_archived_one_is_named_by_nothing_new(self, rate, project):
        change(ANN, rate.rate_id, archived=True)
        with pytest.raises(InvalidInput) as refused:
            tasks.create(T, project.project_id, "Drawing", rate_id=rate.rate_id)
        assert refused.value.field == "rate_id"

    @pytest.mark.parametrize(
        ("kind", "currency", "said"),
        [
            ("staff", "NZD", "is not a task rate"),
            ("task", "AUD", "states no price in NZD"),
        ],
    )
    def test_a_task_names_task_rates_of_its_currency_only(
        self, aws, project, kind, currency, said
    ):
        assert aws
        other = make(ANN, kind, "Other", currency=currency, amount="1")
        with pytest.raises(InvalidInput) as refused:
            tasks.create(T, project.project_id, "Drawing", rate_id=other.rate_id)
        assert said in refused.value.sentence

    def test_another_tenants_rate_is_not_there(self, rate, project):
        theirs = Caller("tenant-2", "user:bob", "Bob", EVERYTHING)
        with pytest.raises(NotFound):
            set_price(theirs, rate.rate_id, "1", None)
        other = make(theirs, "task", "Theirs", currency="NZD", amount="1")
        with pytest.raises(InvalidInput):
            tasks.create(T, project.project_id, "Drawing", rate_id=other.rate_id)


class TestOpenWork:
    @pytest.fixture
    def own(self, rate, project):
        """A task that names the rate but has a price of its own."""
        return tasks.create(T, project.project_id, "Drawing", rate="95", rate_id=rate.rate_id)

    def test_is_what_names_the_rate_and_has_a_price_of_its_own(self, rate, project, own):
        tasks.create(T, project.project_id, "Follows", rate_id=rate.rate_id)
        tasks.create(T, project.project_id, "Stranger", rate="95")
        assert [task.task_id for task in open_work.find(T, rate.rate_id)] == [own.task_id]

    def test_follows_the_rate_only_when_somebody_says_so(self, rate, own):
        set_price(ANN, rate.rate_id, "130", None)
        assert tasks.get(T, own.task_id).rate == Decimal(95)
        open_work.follow(ANN, rate.rate_id, [own.task_id])
        assert tasks.get(T, own.task_id).rate is None
        assert open_work.find(T, rate.rate_id) == []

    def test_takes_no_task_that_is_none_of_it(self, rate, project, own):
        stranger = tasks.create(T, project.project_id, "Stranger", rate="95")
        with pytest.raises(InvalidInput):
            open_work.follow(ANN, rate.rate_id, [own.task_id, stranger.task_id])
        assert tasks.get(T, own.task_id).rate == Decimal(95)


class TestOpenMaterials:
    @pytest.fixture
    def card(self, aws):  # noqa: ARG002  as above
        return make(ANN, "material", "Cable", currency="NZD", amount="4.00")

    @pytest.fixture
    def use(self, project, card):
        def add_one(**facts):
            given = {"date": date(2026, 11, 2), "name": "Cable", "quantity": "2", **facts}
            return add_material(T, NewMaterial(project.project_id, given, rate_id=card.rate_id))

        return add_one

    def test_are_those_on_no_invoice_with_a_price_of_their_own(self, card, use):
        own, billed = use(price="9.00"), use(price="9.00")
        use()
        claims.claim(T, "invoice-1", [billed])

        found = open_work.find_unbilled(T, card.rate_id)

        assert [one.material_id for one in found] == [own.material_id]

    def test_follow_the_rate_when_somebody_says_so_and_billed_ones_never(self, card, use):
        own, billed = use(price="9.00"), use(price="9.00")
        claims.claim(T, "invoice-1", [billed])
        with pytest.raises(InvalidInput):
            open_work.follow(ANN, card.rate_id, [], [own.material_id, billed.material_id])

        open_work.follow(ANN, card.rate_id, [], [own.material_id])

        prices = Prices(T)
        now = [
            prices.of_material(find_materials.get(T, one.material_id)).amount
            for one in (own, billed)
        ]
        assert now == [Decimal(4), Decimal(9)]
