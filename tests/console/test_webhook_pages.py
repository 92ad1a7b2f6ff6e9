"""Settings → Webhooks, and the cards of Home that lead to what needs somebody."""

from dataclasses import replace

import pytest

from chalicelib.events import endpoints
from chalicelib.events.post import Outcome
from chalicelib.events.rows import EndpointRow
from chalicelib.invoices import store
from chalicelib.invoices.model import InvoiceState, Problem
from chalicelib.work import clients
from tests.attacks.two_tenants import LINE
from tests.support.program import Program

HERE = "/settings/webhooks"
URL = "https://reports.example/hooks"


@pytest.fixture
def endpoint(ann):
    """The page after an endpoint was added."""
    ann.browser.get(HERE)
    return ann.browser.read(HERE, {"name": "Reports", "url": URL, "kinds": ["invoice.sent"]})


def only(ann):
    (found,) = endpoints.of_tenant(ann.tenant_id)
    return found


def test_the_secret_is_shown_once(ann, endpoint):
    secret = endpoint.select_one("#endpoint-secret").get_text()

    assert secret.startswith("whsec_")
    page = ann.browser.get(f"{HERE}/{only(ann).endpoint_id}").body.decode()
    assert secret not in page
    assert only(ann).kinds == ("invoice.sent",)


def test_a_wrong_address_is_told_at_its_field_and_keeps_what_was_typed(ann):
    ann.browser.get(HERE)
    page = ann.browser.read(HERE, {"name": "Reports", "url": "http://10.0.0.1/"}, status=400)

    assert page.select_one("#url-error").get_text() == "The address has to begin with https://."
    assert page.select_one("#name")["value"] == "Reports"
    assert endpoints.of_tenant(ann.tenant_id) == []


@pytest.mark.usefixtures("endpoint")
def test_each_button_does_what_it_says(ann, aws):
    aws.wiring.deliver = lambda *_: Outcome(True, "It answered 204.")
    path = f"{HERE}/{only(ann).endpoint_id}"
    for act, holds in (
        ("pause", lambda: only(ann).state == "paused"),
        ("resume", lambda: only(ann).state == "active"),
        ("test", lambda: only(ann).outcome == "It answered 204."),
        ("rotate", lambda: len(only(ann).secrets) == 2),
        ("remove", lambda: endpoints.of_tenant(ann.tenant_id) == []),
    ):
        assert ann.browser.post(path, {"act": act}).status_code in {200, 302}
        assert holds(), act


@pytest.mark.usefixtures("endpoint")
def test_home_has_a_card_for_each_open_problem_until_it_is_gone(ann, client):
    hill = clients.create(ann.tenant_id, "Hill Ltd", currency="NZD")
    made = Program(client, ann.tenant_id).call(
        "POST", "/invoices", {"basis": "blank", "client_id": hill.client_id, "lines": [LINE]}
    )
    assert made.status_code == 201, made.body
    draft = store.get(ann.tenant_id, made.json_body["id"])
    problem = Problem("period_locked", "The books in Xero are locked.")
    failed = store.save(
        ann.tenant_id, replace(draft, state=InvoiceState.FAILED, problems=(problem,))
    )
    endpoints.change(only(ann), [EndpointRow.state.set("disabled")])

    page = ann.browser.page("/home")
    cards = [card.get_text(" ", strip=True) for card in page.select(".notice.bad")]
    assert any("Reports" in card for card in cards)
    assert any(card.endswith("Try again") for card in cards)

    store.save(ann.tenant_id, replace(failed, state=InvoiceState.DRAFT, problems=()))
    ann.browser.post(f"{HERE}/{only(ann).endpoint_id}", {"act": "resume"})
    assert ann.browser.page("/home").select(".notice.bad") == []
