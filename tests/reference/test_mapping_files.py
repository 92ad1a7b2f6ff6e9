"""A mapping goes out as a file and comes in as it was, whole or not at all."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput, NotAllowed
from chalicelib.people.caller import Caller, Scope
from chalicelib.reference import choices, small_lists, store
from chalicelib.reference.export_mapping import export, written
from chalicelib.reference.import_mapping import Unmatched, compare, take
from chalicelib.reference.layers import Chosen, Codes, Kind, Lists, Place, Spot
from chalicelib.reference.mapping_file import MappingFile
from chalicelib.reference.match_mapping import Target, match
from chalicelib.reference.model import (
    Account,
    Mapping,
    TaxRate,
    Tracking,
    TrackingCategory,
    TrackingOption,
)
from chalicelib.reference.organisation import Organisation
from chalicelib.reference.resolve import resolve
from chalicelib.reference.things import Things
from chalicelib.work import clients, projects, tasks
from chalicelib.work.model import Client, Project, Task
from chalicelib.work.rates.make import make
from chalicelib.work.rates.model import Rate, RateKind
from tests.support.xero import caller_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ANN = caller_of("t1")
NAMES = ("Bayside Club", "Bayside, Café")


def account(code, name="", **facts):
    known = {"tax_type": "OUTPUT2", "status": "ACTIVE"} | facts
    return Account(code, name or f"Income {code}", "REVENUE", "REVENUE", **known)


def rate(tax_type, name, **facts):
    known = {"status": "ACTIVE", "for_revenue": True} | facts
    return TaxRate(tax_type, name, Decimal(15), **known)


def lists(prefix=""):
    """What one organisation has; another has other ids, and other numbers for its own rates."""
    region = TrackingCategory(
        f"{prefix}region",
        "Region",
        "ACTIVE",
        tuple(TrackingOption(f"{prefix}{name}", name, "ACTIVE") for name in ("North", "South")),
    )
    own = ("TAX002", "TAX001") if prefix else ("TAX001", "TAX002")
    rates = [rate("OUTPUT2", "GST"), rate(own[0], "Levy"), rate(own[1], "Duty")]
    return Lists(
        {code: account(code) for code in ("200", "210", "220")},
        {one.tax_type: one for one in rates},
        {region.category_id: region},
    )


def things(prefix=""):
    """The same work in another environment, where every id is another."""
    return Things(
        {f"{prefix}c{n}": Client(f"{prefix}c{n}", name, NOW) for n, name in enumerate(NAMES)},
        {
            f"{prefix}p{n}": Project(f"{prefix}p{n}", f"{prefix}c{n}", "Site", "NZD", NOW)
            for n in range(2)
        },
        {
            f"{prefix}t{n}": Task(f"{prefix}t{n}", f"{prefix}p{n}", "Survey", "NZD", NOW)
            for n in range(2)
        },
        {
            f"{prefix}r{kind}": Rate(f"{prefix}r{kind}", kind, "Hour", "NZD", NOW)
            for kind in RateKind
        },
    )


def spots(prefix=""):
    return [
        Spot(f"{prefix}c{n}", f"{prefix}p{n}", f"{prefix}t{n}", f"{prefix}r{kind}")
        for n in range(2)
        for kind in RateKind
    ]


PLACES = [
    *(Place(Kind.CLIENT, f"c{n}") for n in range(2)),
    *(Place(Kind.PROJECT, f"p{n}") for n in range(2)),
    *(Place(Kind.TASK, f"t{n}") for n in range(2)),
    *(Place(Kind.RATE, f"r{kind}") for kind in RateKind),
]
codes = st.builds(
    Codes,
    st.sampled_from(("", "200", "210", "220")),
    st.sampled_from(("", "OUTPUT2", "TAX001", "TAX002")),
    st.sampled_from(((), (Tracking("region", "North"),), (Tracking("region", "South"),))),
)
mappings = st.builds(
    lambda tenant, own, tax, account: Chosen(
        Mapping(tenant.account_code, tenant.tax_type, tenant.tracking, tax, account),
        {place: found for place, found in own.items() if found},
    ),
    codes,
    st.dictionaries(st.sampled_from(PLACES), codes),
    st.booleans(),
    st.booleans(),
)


def file_of(chosen):
    made = written(chosen, lists(), things(), organisation="Acme", exported_at="2026-11-23")
    return msgspec.json.decode(msgspec.json.encode(made), type=MappingFile)


@settings(max_examples=100)
@given(mappings)
def test_what_goes_out_comes_in_as_it_was(chosen):
    matched = match(file_of(chosen), Target(lists(), things()))
    assert matched.chosen == chosen
    assert (matched.unmatched, matched.notes) == ([], [])


@settings(max_examples=100)
@given(mappings)
def test_elsewhere_every_line_gets_what_it_got_here(chosen):
    """Other ids, and other numbers for the tax rates that people made: names are what counts."""
    there = lists("x-")
    matched = match(file_of(chosen), Target(there, things("x-")))
    assert matched.unmatched == []
    for here, away in zip(spots(), spots("x-"), strict=True):
        one = resolve(chosen, here, lists())
        other = resolve(matched.chosen, away, there)
        assert other.account_code == one.account_code
        assert other.account_from == one.account_from
        assert _named(other.tax_type, there) == _named(one.tax_type, lists())
        assert [t.option for t in other.tracking] == [t.option for t in one.tracking]
        assert other.problem == one.problem


def _named(tax_type, known):
    return known.tax_rates[tax_type].name if tax_type else ""


FULL = Chosen(
    Mapping("200", "OUTPUT2", (Tracking("region", "North"),)),
    {
        Place(Kind.CLIENT, "c0"): Codes("210", "TAX001"),
        Place(Kind.TASK, "t1"): Codes("", "", (Tracking("region", "South"),)),
        Place(Kind.RATE, "rtask"): Codes("220"),
    },
)


def here(**changes):
    return Target(replace(lists(), **changes), things())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"accounts": {"200": account("200"), "210": account("210")}}, "no account 220"),
        (
            {"accounts": {**lists().accounts, "220": account("220", status="ARCHIVED")}},
            "archived",
        ),
        ({"tax_rates": {"OUTPUT2": rate("OUTPUT2", "GST")}}, "no tax rate Levy"),
        (
            {"tax_rates": {**lists().tax_rates, "TAX001": rate("TAX001", "Another")}},
            "no tax rate Levy",
        ),
        (
            {
                "tax_rates": {
                    **lists().tax_rates,
                    "OUTPUT2": rate("OUTPUT2", "GST", for_revenue=False),
                }
            },
            "cannot be used",
        ),
        ({"tracking": {}}, "no tracking option Region: North"),
    ],
)
def test_what_is_not_here_or_cannot_be_used_is_named(changes, said):
    matched = match(file_of(FULL), here(**changes))
    assert any(said in one for one in matched.unmatched), matched.unmatched


def test_what_has_another_name_here_is_told():
    renamed = {**lists().accounts, "200": account("200", "Turnover")}
    matched = match(file_of(FULL), here(accounts=renamed))
    assert matched.unmatched == []
    assert matched.notes == [
        "The defaults: account 200 Turnover here is 200 Income 200 in the file."
    ]


def test_an_account_with_another_code_is_found_by_its_name():
    moved = {**lists().accounts, "300": account("300", "Income 220")}
    del moved["220"]
    matched = match(file_of(FULL), here(accounts=moved))
    assert matched.unmatched == []
    assert matched.chosen.of(Kind.RATE, "rtask").account_code == "300"


def test_of_two_with_one_name_neither_is_meant():
    alike = {"a": Client("a", "BAYSIDE CLUB", NOW), "b": Client("b", "Bayside-Club", NOW)}
    matched = match(file_of(FULL), Target(lists(), replace(things("x-"), clients=alike)))
    assert any("Bayside Club: there is none" in one for one in matched.unmatched)
    live = {**alike, "b": replace(alike["b"], archived=True)}
    matched = match(file_of(FULL), Target(lists(), replace(things("x-"), clients=live)))
    assert matched.chosen.of(Kind.CLIENT, "a").account_code == "210"


class TestKept:
    """With the stores, as a person or a program would do it."""

    @pytest.fixture(autouse=True)
    def _organisation(self, aws):
        known = lists()
        store.put("t1", [*known.accounts.values(), *known.tax_rates.values()])
        small_lists.put("t1", "tracking", tuple(known.tracking.values()))
        small_lists.put("t1", "organisation", Organisation("Acme", "NZD"))
        assert aws

    @pytest.fixture
    def work(self):
        client = clients.create("t1", "Bayside Club")
        project = projects.create("t1", client.client_id, "Site", currency="NZD")
        task = tasks.create("t1", project.project_id, "Survey", rate="100")
        card = make(ANN, "task", "Hour", amount="90", currency="NZD")
        return {
            Kind.CLIENT: client.client_id,
            Kind.PROJECT: project.project_id,
            Kind.TASK: task.task_id,
            Kind.RATE: card.rate_id,
        }

    @pytest.fixture
    def full(self, work):
        choices.put_tenant("t1", FULL.tenant)
        for kind, thing_id in work.items():
            choices.put("t1", Place(kind, thing_id), Codes("210", "TAX001"))
        return choices.load("t1")

    def test_an_export_names_everything(self, full, work):
        made = export(ANN)
        assert full.own
        assert (made.format, made.version, made.organisation) == ("workbill-mapping", 1, "Acme")
        assert made.defaults.account.name == "Income 200"
        assert made.defaults.tracking[0].option == "North"
        (client,), (project,), (task,) = made.clients, made.projects, made.tasks
        assert (client.name, client.tax_rate.name) == ("Bayside Club", "Levy")
        assert (project.client, task.project) == ("Bayside Club", "Site")
        assert made.rates[0].id == work[Kind.RATE]

    def test_importing_what_was_exported_changes_nothing(self, full):
        file = export(ANN)
        entries = len(trail.entries("t1"))
        found = take(ANN, file)
        assert (found.differences, found.unmatched, found.notes) == ((), (), ())
        assert choices.load("t1") == full
        assert len(trail.entries("t1")) == entries

    def test_an_import_puts_the_whole_in_the_place_of_the_whole(self, full, work):
        file = export(ANN)
        choices.put_tenant("t1", Mapping("220"))
        choices.put("t1", Place(Kind.CLIENT, work[Kind.CLIENT]), Codes())
        choices.put("t1", Place(Kind.TASK, work[Kind.TASK]), Codes("200"))
        found = compare(ANN, file)
        assert {(one.where, one.field) for one in found.differences} == {
            ("tenant", "account_code"),
            ("tenant", "tax_type"),
            ("tenant", "tracking"),
            ("client", "account_code"),
            ("client", "tax_type"),
            ("task", "account_code"),
            ("task", "tax_type"),
        }
        assert choices.load("t1") != full
        take(ANN, file, found.seen)
        assert choices.load("t1") == full
        assert trail.last("t1").what == "mapping imported"

    def test_what_the_file_does_not_have_is_gone_after_it(self, full, work):
        file = export(ANN)
        extra = projects.create("t1", work[Kind.CLIENT], "Other", currency="NZD")
        choices.put("t1", Place(Kind.PROJECT, extra.project_id), Codes("220"))
        (gone,) = take(ANN, file).differences
        assert (gone.name, gone.before, gone.after) == (
            "Bayside Club, Other",
            "220 Income 220",
            "nothing",
        )
        assert choices.load("t1") == full

    def test_one_thing_that_is_not_here_refuses_the_whole(self, full):
        file = export(ANN)
        choices.put_tenant("t1", Mapping("220"))
        before = choices.load("t1")
        account_gone = replace(lists().accounts["210"], status="DELETED")
        store.put("t1", [account_gone])
        with pytest.raises(Unmatched, match="Nothing was imported"):
            take(ANN, file)
        assert choices.load("t1") == before
        assert full != before

    def test_a_mapping_that_changed_meanwhile_is_not_overwritten(self, full):
        file = export(ANN)
        choices.put_tenant("t1", Mapping("220"))
        seen = compare(ANN, file).seen
        choices.put_tenant("t1", Mapping("210"))
        with pytest.raises(Conflict, match="changed since"):
            take(ANN, file, seen)
        with pytest.raises(Conflict):
            choices.replace("t1", full, seen)
        assert choices.load("t1").tenant == Mapping("210")

    @pytest.mark.parametrize(
        "changes", [{"format": "something"}, {"version": 2}], ids=["format", "version"]
    )
    def test_another_kind_of_file_is_refused(self, changes):
        file = msgspec.structs.replace(export(ANN), **changes)
        with pytest.raises(InvalidInput) as refusal:
            compare(ANN, file)
        assert refusal.value.field in changes

    def test_only_administrators_may(self):
        biller = Caller("t1", "user:bob", "Bob", frozenset({Scope.READ, Scope.WRITE}))
        file = export(ANN)
        for act in (export, lambda who: compare(who, file), lambda who: take(who, file)):
            with pytest.raises(NotAllowed):
                act(biller)


class TestSwitching:
    """A mapping in the place of another, larger than one transaction takes."""

    many = Chosen(
        Mapping("200"), {Place(Kind.CLIENT, f"client{n:04d}"): Codes("210") for n in range(150)}
    )

    def test_a_large_one_is_switched_as_a_whole(self, aws):
        choices.replace("t1", self.many, 0)
        assert choices.load("t1") == self.many
        smaller = Chosen(Mapping("220"), {Place(Kind.TASK, "t"): Codes("200")})
        choices.replace("t1", smaller, choices.load("t1").version)
        assert choices.load("t1") == smaller
        assert aws

    def test_a_crash_before_the_switch_leaves_what_was(self, aws, monkeypatch):
        choices.replace("t1", self.many, 0)
        with monkeypatch.context() as patched:
            patched.setattr(choices, "_save", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                choices.replace("t1", Chosen(Mapping("220"), {}), 1)
            other = Chosen(Mapping("220"), {Place(Kind.TASK, "t"): Codes("200")})
            with pytest.raises(ZeroDivisionError):
                choices.replace("t1", other, 1)
        assert choices.load("t1") == self.many
        aws.clock.advance(hours=2)
        choices.replace("t1", other, 1)
        assert choices.load("t1") == other

    def test_what_nobody_reads_any_more_is_removed(self, aws):
        for version in range(4):
            choices.replace("t1", self.many, version)
            aws.clock.advance(hours=2)
        rows = list(choices.MappingRow.query(store.home("t1")))
        assert len(rows) == 1 + 2 * len(self.many.own)

    def test_a_choice_made_after_it_counts(self, aws):
        choices.replace("t1", self.many, 0)
        place = Place(Kind.CLIENT, "client0000")
        choices.put("t1", place, Codes("220"))
        choices.put_tenant("t1", Mapping("210"))
        after = choices.load("t1")
        assert after.of(Kind.CLIENT, "client0000") == Codes("220")
        assert (after.tenant, len(after.own)) == (Mapping("210"), len(self.many.own))
        assert aws
