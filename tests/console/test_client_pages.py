"""Clients from Xero by pages: choosing, deciding, linking, making a contact, and one client."""

import re

import pytest

from chalicelib.connection import features
from chalicelib.connection.features import Feature
from chalicelib.reference.contacts.model import Choice
from chalicelib.work import clients
from tests.support.browser import Administrator, application, location
from tests.support.imports import Importer
from tests.support.xero import books, caller_of


@pytest.fixture
def xero():
    with books() as both:
        yield both


@pytest.fixture
def ann(xero):
    with application() as client:
        yield Administrator(client, xero.aws).set_up()


@pytest.fixture
def importer(ann, xero):
    """Ann's company is connected, and may make contacts in Xero."""
    xero.connect(ann.tenant_id)
    features.switch(caller_of(ann.tenant_id), Feature.CREATE_CONTACTS, on=True)
    return Importer.connected(xero, ann.tenant_id)


def text(page) -> str:
    return re.sub(r"\s+", " ", page.get_text(" "))


def done(ann, importer, response):
    """The page that a posted form leads to, once a worker was there if one was needed."""
    assert response.status_code == 302, response.body[-1500:]
    importer.work()
    return ann.browser.page(location(response))


def test_without_a_connection_the_page_leads_to_it(ann):
    assert "not connected" in text(ann.browser.page("/clients/import"))
    assert ann.browser.get("/clients/import/contacts").status_code == 409


def test_what_an_import_does_is_chosen_kept_and_done(ann, importer):
    page = ann.browser.page("/clients/import")
    assert page.select_one("[name=create]").has_attr("checked")
    assert "Payment terms" in text(page)
    chosen = {"create": "yes", "customers_only": "yes", "automatic": "yes"}
    page = done(ann, importer, ann.browser.post("/clients/import/choice", chosen))
    assert importer.contacts.choice() == Choice(update=False, customers_only=True, automatic=True)
    assert not page.select_one("[name=update]").has_attr("checked")
    assert "Not a customer in Xero." in text(page)
    assert 0 < len(importer.clients()) < 20


def test_a_choice_that_does_nothing_is_refused(ann, importer):
    ann.browser.page("/clients/import")
    response = ann.browser.post("/clients/import/choice", {})
    assert response.status_code == 400
    assert b"make clients, to update them, or both" in response.body
    assert importer.contacts.choice() is None


def test_an_import_is_asked_for_and_its_end_shown(ann, importer):
    ann.browser.page("/clients/import")
    response = ann.browser.post("/clients/import")
    page = ann.browser.page("/clients/import")
    assert page.select_one("[data-job]")
    assert page.find("button", string="Cancel")
    done(ann, importer, response)
    page = text(ann.browser.page("/clients/import"))
    assert "36 clients came in" in page
    assert "Archived in Xero." in page
    assert "Orlena Greenville" in page


def test_contacts_are_searched_filtered_ticked_and_brought_in(ann, importer):
    page = ann.browser.page("/clients/import/contacts?search=city&with_email=yes")
    boxes = {
        box.find_parent("tr").label.get_text(): box["value"]
        for box in page.select("[name=contact_id]")
    }
    assert set(boxes) == {"City Agency", "City Limousines"}
    response = ann.browser.post("/clients/import/contacts", {"contact_id": list(boxes.values())})
    done(ann, importer, response)
    assert {one.name for one in importer.clients()} == set(boxes)
    again = "/clients/import/contacts?search=city&unlinked_only=yes"
    assert "No contact found" in text(ann.browser.page(again))


def test_nothing_ticked_is_said_and_the_search_kept(ann, importer):  # noqa: ARG001  connected
    ann.browser.page("/clients/import/contacts?search=city")
    response = ann.browser.post("/clients/import/contacts", {"search": "city"})
    assert response.status_code == 400
    assert b"Tick at least one" in response.body
    assert b"City Agency" in response.body
    assert b"Boom FM" not in response.body


def test_what_waits_is_shown_with_its_reasons_and_decided(ann, importer):
    mine = clients.create(ann.tenant_id, "boom fm")
    other = clients.create(ann.tenant_id, "City Agency", email="x@y.example")
    importer.run()
    assert "2 contacts in Xero wait" in text(ann.browser.page("/clients"))
    page = ann.browser.page("/clients/import/decisions")
    assert "Same name but for case, spaces, accents or punctuation" in text(page)
    assert "Link the 1 that is certain" in text(page)
    page = done(ann, importer, ann.browser.post("/clients/import/decisions"))
    assert clients.get(ann.tenant_id, other.client_id).contact_id
    form = page.find("form", action=re.compile("decisions/match"))
    path = form["action"].removeprefix("http://localhost:8000")
    page = done(ann, importer, ann.browser.post(path, {"answer": "none"}))
    assert "Nothing to decide" in text(page)
    assert clients.get(ann.tenant_id, mine.client_id).contact_id is None
    assert importer.client(importer.contact("Boom FM")["ContactID"]).client_id != mine.client_id
    assert ann.browser.post(path, {"answer": "none"}).status_code == 404


def test_a_client_is_linked_shown_and_unlinked(ann, importer):
    mine = clients.create(ann.tenant_id, "Ridgeway")
    here = f"/clients/{mine.client_id}"
    assert "Find or make its contact" in text(ann.browser.page(here))
    page = ann.browser.page(f"{here}/xero?search=ridge")
    assert "Ridgeway University" in text(page)
    contact_id = importer.contact("Ridgeway University")["ContactID"]
    page = done(ann, importer, ann.browser.post(f"{here}/xero/link", {"contact_id": contact_id}))
    shown = text(page)
    for words in ("Linked to Xero", "P O Box 3000", "Day 20 of the following month", "AC00000"):
        assert words in shown
    assert page.find("a", href=re.compile(f"contacts/contact/{contact_id}"))
    assert "come from Xero" in text(ann.browser.page(f"{here}/edit"))
    page = done(ann, importer, ann.browser.post(f"{here}/xero/unlink"))
    assert "Not linked to Xero" in text(page)
    assert clients.get(ann.tenant_id, mine.client_id).contact_id is None


def test_a_contact_is_made_after_the_near_ones_were_shown(ann, importer):
    mine = clients.create(ann.tenant_id, "Boom FM Radio", email="new@boom.example")
    here = f"/clients/{mine.client_id}/xero"
    importer.plant("Boom FM Radios")
    page = ann.browser.page(here)
    assert "The names look alike" in text(page)
    assert page.find("button", string="None of those: make a new contact")
    refused = ann.browser.post(f"{here}/contact")
    assert refused.status_code == 409
    assert b"Look at them first" in refused.body
    page = done(ann, importer, ann.browser.post(f"{here}/contact", {"seen": "yes"}))
    assert "Linked to Xero" in text(page)
    assert importer.contact("Boom FM Radio")["ContactNumber"] == mine.client_id


def test_a_contact_cannot_be_made_while_the_feature_is_off(ann, importer):
    features.switch(caller_of(ann.tenant_id), Feature.CREATE_CONTACTS, on=False)
    mine = clients.create(ann.tenant_id, "Kererū Kites")
    here = f"/clients/{mine.client_id}/xero"
    page = ann.browser.page(here)
    assert "is switched off" in text(page)
    assert not page.find("form", action=re.compile("xero/contact"))
    assert ann.browser.post(f"{here}/contact", {"seen": "yes"}).status_code == 409
    assert not [one for one in importer.books.contacts.all() if "Kites" in one["Name"]]


PARTICULARS = {
    "name": "Kererū Kites",
    "email": "ana@kereru.example",
    "first_name": "Ana",
    "phone": "03 555",
    "billing_lines": "1 Hill St\r\nLevel 2",
    "billing_city": "Nelson",
    "person1_first_name": "Bo",
    "person1_email": "bo@kereru.example",
    "person1_in_emails": "yes",
    "tax_number": "111",
    "terms_day": "20",
    "terms_kind": "OFFOLLOWINGMONTH",
}


def test_particulars_are_typed_shown_and_changed(ann):
    ann.browser.page("/clients/new")
    made = ann.browser.post("/clients", PARTICULARS)
    page = text(ann.browser.page(location(made)))
    for words in ("03 555", "1 Hill St", "Level 2", "Nelson", "Bo", "Gets invoices", "Day 20 of"):
        assert words in page
    here = location(made)
    form = ann.browser.page(f"{here}/edit")
    assert form.select_one("#person1_email")["value"] == "bo@kereru.example"
    assert form.select_one("#billing_lines").get_text() == "1 Hill St\r\nLevel 2".replace(
        "\r", ""
    )
    ann.browser.post(here, PARTICULARS | {"phone": "", "billing_lines": "", "billing_city": ""})
    client = clients.get(ann.tenant_id, here.rpartition("/")[2])
    assert (client.details.phones, client.details.addresses) == ((), ())
    assert client.details.persons[0].in_emails


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"terms_day": "soon"}, "as a number"),
        ({"terms_kind": ""}, "how the days are counted"),
        ({"person1_email": "nobody"}, "not an e-mail address"),
        ({"billing_lines": "\n".join("12345")}, "at most 4 lines"),
        ({"tax_number": "9" * 51}, "over 50 characters"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(ann, typed, said):
    ann.browser.page("/clients/new")
    response = ann.browser.post("/clients", PARTICULARS | typed)
    assert response.status_code == 400
    assert said.encode() in response.body
    assert "Kererū Kites".encode() in response.body
    assert b"bo@kereru.example" in response.body or "person1_email" in typed
    assert not clients.listing(ann.tenant_id).items
