"""The page on which a draft is edited: rows that move, come and go, and what is wrong there."""

import re
from decimal import Decimal

import pytest

from chalicelib.invoices import create, store
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis, InvoiceState
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.reference import choices
from chalicelib.reference import store as reference
from chalicelib.reference.model import Account, Mapping, TaxRate
from chalicelib.work import clients
from tests.support.browser import location

NAMES = (
    "line_id", "description", "quantity", "unit_price", "discount", "account_code", "tax_type",
    "text",
)  # fmt: skip


@pytest.fixture
def draft(ann):
    reference.put(
        ann.tenant_id,
        [
            Account("200", "Sales", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE"),
            TaxRate("OUTPUT2", "15% GST", Decimal(15), "ACTIVE", for_revenue=True),
        ],
    )
    choices.put_tenant(ann.tenant_id, Mapping("200", "OUTPUT2"))
    client = clients.create(ann.tenant_id, "Boom <FM>", currency="NZD")
    lines = (Line("First", Decimal(1), Decimal(100)), Line("Second", Decimal(2), Decimal(10)))
    wanted = NewInvoice(basis=Basis.BLANK, client_id=client.client_id, lines=lines)
    caller = Caller(ann.tenant_id, "user:ann", "Ann", EVERYTHING)
    return store.get(ann.tenant_id, create.start(caller, wanted).result["invoice_id"])


def form_of(page) -> dict[str, list[str]]:
    """What a browser would post of the form, template rows left out."""
    form = page.find(id="draft")
    for blank in form.find_all("template"):
        blank.decompose()
    fields: dict[str, list[str]] = {}
    for field in form.select("input, textarea, select"):
        chosen = field.select_one("option[selected]") if field.name == "select" else None
        value = chosen["value"] if chosen else field.get("value") or field.get_text().strip()
        fields.setdefault(field["name"], []).append(
            "" if field.name == "select" and not chosen else value
        )
    return fields


def opened(ann, draft):
    return form_of(ann.browser.page(f"/invoices/{draft.invoice_id}/edit"))


def posted(ann, draft, fields, act, status=200):
    path = f"/invoices/{draft.invoice_id}/edit"
    return ann.browser.read(path, {**fields, "act": act}, status=status)


def described(page):
    return [one.get_text().strip() for one in page.select("[data-lines] textarea")]


def stored(ann, draft):
    return store.get(ann.tenant_id, draft.invoice_id)


def test_what_is_saved_is_what_was_typed(ann, draft):
    fields = opened(ann, draft)
    fields["quantity"][0], fields["discount"][1] = "1.5", "50 %"
    fields |= {"reference": ["PO 7"], "discount_of_all": ["10.00"]}

    response = ann.browser.post(f"/invoices/{draft.invoice_id}/edit", {**fields, "act": "save"})

    assert location(response) == f"/invoices/{draft.invoice_id}"
    after = stored(ann, draft)
    assert after.reference == "PO 7"
    assert after.totals.sub_total == Decimal("150.00")
    assert after.lines[1].discount_percent == 50


def test_saving_untouched_changes_nothing_of_the_lines(ann, draft):
    posted(ann, draft, opened(ann, draft), "save", status=302)

    assert stored(ann, draft).lines == draft.lines


def test_rows_move_come_and_go_before_anything_is_saved(ann, draft):
    fields = opened(ann, draft)
    rows = {
        "up:1": ["Second", "First"],
        "down:0": ["Second", "First"],
        "up:0": ["First", "Second"],
        "down:1": ["First", "Second"],
        "remove:0": ["Second"],
        "add": ["First", "Second", ""],
        "add-text": ["First", "Second", ""],
        "up:9": ["First", "Second"],
        "nonsense": ["First", "Second"],
    }

    assert {act: described(posted(ann, draft, fields, act)) for act in rows} == rows
    assert stored(ann, draft) == draft


def test_sums_are_shown_as_they_would_be(ann, draft):
    fields = opened(ann, draft)
    fields["unit_price"][0] = "200"

    said = posted(ann, draft, fields, "recount").select_one("[data-sums]").get_text()

    assert "220.00" in said
    assert "253.00 NZD" in said


def test_an_added_row_is_saved_and_an_empty_one_left_out(ann, draft):
    for place, words in enumerate(("Thank you", "")):
        fields = form_of(posted(ann, draft, opened(ann, draft), "add-text"))
        fields["description"][-1] = words
        fields["version"] = [str(stored(ann, draft).version)]
        posted(ann, draft, fields, "save", status=302)
        assert len(stored(ann, draft).lines) == 3, place


def test_what_is_wrong_is_told_at_its_row_and_nothing_typed_is_lost(ann, draft):
    wrong = {"quantity": "two", "unit_price": "1.23456", "discount": "150 %", "description": ""}
    for name, value in wrong.items():
        fields = {**opened(ann, draft), "reference": ["Typed"]}
        fields[name][1] = value

        page = posted(ann, draft, fields, "save", status=400)

        assert len(page.select("[data-lines] .line.wrong .error")) == 1, name
        assert page.select("[data-lines] > li")[1].select_one("[aria-invalid]")["name"] == name
        assert page.find("input", {"name": "reference"})["value"] == "Typed"
        assert stored(ann, draft) == draft


def test_who_saves_second_is_told_who_was_first_and_keeps_what_was_typed(ann, draft):
    mine, theirs = opened(ann, draft), opened(ann, draft)
    posted(ann, draft, {**theirs, "reference": ["Theirs"]}, "save", status=302)

    page = posted(ann, draft, {**mine, "reference": ["Mine"]}, "save", status=409)

    said = re.sub(r"\s+", " ", page.get_text())
    assert "Ann changed this draft since you opened it." in said
    assert page.find("input", {"name": "reference"})["value"] == "Mine"
    assert stored(ann, draft).reference == "Theirs"


def test_a_form_with_fields_missing_is_refused(ann, draft):
    fields = opened(ann, draft)
    del fields["quantity"][0]

    said = posted(ann, draft, fields, "save", status=400).get_text()

    assert "did not arrive whole" in said


def test_a_draft_that_was_sent_meanwhile_is_not_offered(ann, draft):
    store.save(ann.tenant_id, create.replace(draft, state=InvoiceState.SENT))

    response = ann.browser.get(f"/invoices/{draft.invoice_id}/edit")

    assert location(response) == f"/invoices/{draft.invoice_id}"


def test_names_and_descriptions_are_escaped(ann, draft):
    fields = opened(ann, draft)
    fields["description"][0] = "</textarea><b>x</b>"
    posted(ann, draft, fields, "save", status=302)

    raw = ann.browser.get(f"/invoices/{draft.invoice_id}/edit").body.decode()

    assert "<b>x</b>" not in raw
    assert "<FM>" not in raw
