"""Tracking goes with a line from the mapping to Xero, and is held against Xero's list."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.dispatch.model import JobState
from chalicelib.errors import InvalidInput
from chalicelib.invoices import create, edit, payload, show, store
from chalicelib.invoices.line import Line, LineAmountTypes, Tracked
from chalicelib.invoices.model import Basis
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.reference import choices, small_lists
from chalicelib.reference.layers import Codes, Kind, Place
from chalicelib.reference.model import Mapping, Tracking, TrackingCategory, TrackingOption
from chalicelib.reference.organisation import Organisation

TENANT = "tenant-1"
NORTH = Tracked("region", "north", "Region", "North")
SOUTH = Tracked("region", "south", "Region", "South")
FILM = Tracked("sector", "film", "Sector", "Film")
NO_REGION = Tracked("region", "")


def category(category_id, *options, status="ACTIVE"):
    named = tuple(TrackingOption(one, one.capitalize(), "ACTIVE") for one in options)
    return TrackingCategory(category_id, category_id.capitalize(), status, named)


@pytest.fixture
def books(business):
    """Two categories, and a default of the tenant in one of them."""
    lists = (category("region", "north", "south"), category("sector", "film"))
    small_lists.put(TENANT, "tracking", lists)
    defaults = Mapping("200", "OUTPUT2", (Tracking("region", "north"),))
    choices.put_tenant(TENANT, defaults)
    return business


def made(business, *lines, **facts):
    wanted = NewInvoice(
        basis=Basis.BLANK, client_id=business.client_id, lines=lines or (work(),), **facts
    )
    job = create.start(business.caller, wanted)
    assert job.state is JobState.DONE, job.message
    return store.get(TENANT, job.result["invoice_id"])


def work(**facts):
    return Line("Work", Decimal(1), Decimal(100), **facts)


def borne(invoice):
    return [line.tracking for line in invoice.lines]


def test_the_mappings_tracking_is_frozen_on_the_line_and_sent(books):
    invoice = made(books)

    assert borne(invoice) == [(NORTH,)]
    (line,) = payload.document(invoice)["LineItems"]
    assert line["Tracking"] == [{"TrackingCategoryID": "region", "TrackingOptionID": "north"}]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, (NORTH,)),
        ((), (NORTH,)),
        ((FILM,), (NORTH, FILM)),
        ((SOUTH,), (SOUTH,)),
        ((NO_REGION,), ()),
    ],
)
def test_a_new_line_goes_first_for_each_category_it_speaks_of(books, said, expected):
    assert borne(made(books, work(tracking=said))) == [expected]


def test_a_client_may_be_left_out_of_a_category(books):
    place = Place(Kind.CLIENT, books.client_id)
    choices.put(TENANT, place, Codes(tracking=(Tracking("region", ""),)))
    assert borne(made(books)) == [()]


@pytest.mark.parametrize(
    ("said", "expected"), [(None, (NORTH,)), ((), ()), ((FILM,), (FILM,)), ((NO_REGION,), ())]
)
def test_a_line_that_is_there_bears_what_an_edit_says_and_no_other(books, said, expected):
    invoice = made(books)
    (line,) = invoice.lines
    changes = {"lines": [replace(line, tracking=said)]}

    after = edit.change(books.caller, invoice.invoice_id, invoice.version, changes)

    assert borne(after) == [expected]


def test_an_option_that_is_not_in_the_list_is_refused_at_its_line(books):
    invoice = made(books)
    wrong = replace(invoice.lines[0], tracking=(Tracked("region", "west"),))
    with pytest.raises(InvalidInput) as refused:
        edit.preview(TENANT, invoice.invoice_id, {"lines": [wrong]})
    assert refused.value.field == "lines[0].tracking"


def test_an_option_archived_in_xero_stands_in_the_way_of_sending(books):
    invoice = made(books)
    assert show.problems(TENANT, invoice) == ()
    small_lists.put(TENANT, "tracking", (category("region", "north", status="ARCHIVED"),))

    (problem,) = show.problems(TENANT, invoice)

    assert (problem.code, problem.line) == ("tracking_unusable", 1)
    assert "Region: North is no longer in use" in problem.sentence


def test_a_discount_on_all_keeps_each_trackings_sum_right(books):
    lines = (work(), work(tracking=(SOUTH,)))
    invoice = made(books, *lines, discount_percent=Decimal(10))
    off = {line.tracking: line.unit_price for line in invoice.lines[2:]}
    assert off == {(NORTH,): Decimal("-10.00"), (SOUTH,): Decimal("-10.00")}


def test_an_organisation_that_is_not_registered_charges_no_tax(books):
    small_lists.put(TENANT, "organisation", Organisation("Demo", "NZD", pays_tax=False))

    invoice = made(books, work(tax_type="OUTPUT2"))

    assert invoice.line_amount_types is LineAmountTypes.NO_TAX
    assert invoice.lines[0].tax_type == ""
    assert invoice.totals.total == Decimal("100.00")
    assert "TaxType" not in payload.document(invoice)["LineItems"][0]
    assert show.problems(TENANT, invoice) == ()
