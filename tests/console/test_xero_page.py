"""The doors of the connection: who may knock, and what people are shown."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from chalice.test import Client

from app import app
from chalicelib.connection import features, store
from chalicelib.connection.features import Feature
from chalicelib.connection.model import ConnectionState
from chalicelib.dispatch import drain
from chalicelib.reference import mapping
from chalicelib.reference.model import Mapping
from tests.support.browser import PROJECT, Administrator, location
from tests.support.xero import SECOND, books


@pytest.fixture
def xero():
    with books() as both:
        yield both


@pytest.fixture
def ann(xero):
    with Client(app, project_dir=str(PROJECT)) as client:
        yield Administrator(client, xero.aws).set_up()


def words(page):
    return " ".join(page.get_text(" ").split())


def to_xero(ann, path="/xero/connect"):
    response = ann.browser.get(path)
    assert response.status_code == 302
    return str(response.headers["Location"])


def back(ann, query):
    """Follow Xero's redirect to the callback."""
    return ann.browser.get("/xero/callback?" + "&".join(f"{k}={v}" for k, v in query.items()))


def connect(ann, xero):
    return back(ann, xero.consent(to_xero(ann)))


def test_the_page_says_what_will_be_asked_for_and_what_not(ann):
    text = words(ann.browser.page("/settings/xero"))
    assert "Read your contacts" in text
    assert "Payroll" in text
    assert "Connect to Xero" in text


def test_usage_tells_what_was_asked_of_xero_and_what_rests(ann, xero):
    assert "Nothing was asked of Xero yet" in words(ann.browser.page("/settings/usage"))
    connect(ann, xero)
    xero.fault("rate_limit", "/Accounts", problem="day", retry_after=7_200)
    ann.browser.post("/settings/codes/refresh")

    usage = words(ann.browser.page("/settings/usage"))
    assert "Core tier" in usage
    assert "Calls left today 0" in usage
    for text in (usage, words(ann.browser.page("/settings/xero"))):
        assert "Xero's daily limit of calls is reached. This goes on by itself at" in text


def test_consent_is_asked_for_with_state_and_challenge(ann, xero):
    address = urlsplit(to_xero(ann))
    query = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}" == xero.server.url
    assert query["redirect_uri"] == ["http://localhost:8000/xero/callback"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 32


def test_connecting_ends_on_the_page_and_names_the_organisation(ann, xero):
    response = connect(ann, xero)
    assert response.status_code == 302
    assert location(response) == "/settings/xero"
    text = words(ann.browser.page("/settings/xero"))
    assert "Connected to Demo Company (NZ)." in text
    assert "Base currency NZD" in text


def test_a_pop_up_ends_on_a_page_that_closes_itself_and_leaves_the_notice(ann, xero):
    response = back(ann, xero.consent(to_xero(ann, "/xero/connect?popup=yes")))
    assert location(response) == "/xero/done"
    done = ann.browser.page("/xero/done")
    assert done.select_one("[data-close]")
    assert "Connected to Demo Company (NZ)." in words(ann.browser.page("/settings/xero"))


def test_the_page_behind_learns_from_the_server_that_the_pop_up_has_ended(ann, xero):
    def state():
        return json.loads(ann.browser.get("/settings/xero/state").body)["state"]

    shown = ann.browser.page("/settings/xero").select_one("form[data-popup]")["data-state"]
    assert state() == shown
    query = xero.consent(to_xero(ann, "/xero/connect?popup=yes"), act="cancel")
    assert state() == shown
    back(ann, query)
    assert state() == shown, "not before the browser has the notice"
    ann.browser.get("/xero/done")
    assert state() != shown


def test_the_setting_decides_whether_a_window_opens(ann, xero):
    assert ann.browser.page("/settings/xero").select_one("form[data-popup]")
    before = xero.aws.wiring.settings
    xero.aws.wiring.settings = replace(before, xero_consent="page")
    page = ann.browser.page("/settings/xero")
    assert not page.select_one("form[data-popup]")
    assert page.select_one("form[action$='/xero/connect'] [name=popup]")["value"] == ""
    assert location(connect(ann, xero)) == "/settings/xero"


@pytest.mark.parametrize(
    "query",
    ["", "?state=forged&code=x", "?error=access_denied", "?code=x", "?state=forged&error=boom"],
)
def test_whatever_comes_back_is_answered_by_a_redirect(ann, query):
    response = ann.browser.get(f"/xero/callback{query}")
    assert (response.status_code, response.body) == (302, b"")
    assert "Connect again" in words(ann.browser.page("/settings/xero"))


def test_an_answer_brought_by_another_browser_connects_nothing(ann, xero):
    query = xero.consent(to_xero(ann))
    eve = Administrator(
        ann.browser.client, xero.aws, company="Eve Ltd", email="eve@eve.test"
    ).set_up()
    back(eve, query)
    assert store.get(eve.tenant_id).state is ConnectionState.NONE
    assert store.get(ann.tenant_id).state is ConnectionState.NONE


def test_an_answer_brought_by_a_stranger_leads_to_the_page_that_asks_to_sign_in(ann, xero):
    query = xero.consent(to_xero(ann))
    ann.browser.cookies.clear()
    assert location(back(ann, query)) == "/settings/xero"
    assert location(ann.browser.get("/settings/xero")).startswith("/sign-in")
    assert store.get(ann.tenant_id).state is ConnectionState.NONE


class TestHowItEnds:
    """Every way through Xero that fails ends on the page, with a sentence and in both manners."""

    def cancel(self, ann, xero, path):
        return xero.consent(to_xero(ann, path), act="cancel")

    def wrong_state(self, ann, xero, path):
        return {**xero.consent(to_xero(ann, path)), "state": "forged"}

    def expired_code(self, ann, xero, path):
        query = xero.consent(to_xero(ann, path))
        for code in xero.world.codes.values():
            code.expires = xero.world.clock.now()
        return query

    def no_refresh_token(self, ann, xero, path):
        query = xero.consent(to_xero(ann, path))
        for grant in xero.world.grants.values():
            grant.scopes.remove("offline_access")
        return query

    def too_little(self, ann, xero, path):
        query = xero.consent(to_xero(ann, path))
        for grant in xero.world.grants.values():
            grant.scopes.remove("accounting.invoices")
        return query

    def taken(self, ann, xero, path):
        xero.connect("somebody")
        return xero.consent(to_xero(ann, path), email=SECOND)

    def several_at_once(self, ann, xero, path):
        query = xero.consent(to_xero(ann, path))
        (made,) = xero.world.connections.values()
        second = xero.organisation("Demo Company (AU)")
        xero.world.connect(made.client_id, made.user_id, second, made.auth_event_id)
        return query

    def none_at_all(self, ann, xero, path):
        query = xero.consent(to_xero(ann, path))
        xero.world.connections.clear()
        return query

    def xero_is_away(self, ann, xero, path):
        query = xero.consent(to_xero(ann, path))
        xero.fault("status", "/connect/token", status=503, times=0)
        return query

    # The last leaves an organisation with somebody else.
    WAYS = (
        (cancel, "access was not allowed in Xero"),
        (wrong_state, "used already, is too old, or was begun elsewhere"),
        (expired_code, "came too late or twice"),
        (no_refresh_token, "the refresh token is missing"),
        (too_little, "allowed less than Workbill needs"),
        (several_at_once, "several organisations at once"),
        (none_at_all, "named no organisation"),
        (xero_is_away, "Xero could not be reached after it had asked you"),
        (taken, "already connected to another Workbill tenant"),
    )

    @pytest.mark.parametrize("popup", [False, True], ids=["page", "pop-up"])
    def test_on_the_page_with_a_sentence(self, ann, xero, popup):
        for way, sentence in self.WAYS:
            self.ends(ann, xero, way, sentence, popup)
            xero.world.faults.clear()
            xero.world.seed()

    def ends(self, ann, xero, way, sentence, popup):
        path = "/xero/connect?popup=yes" if popup else "/xero/connect"
        response = back(ann, way(self, ann, xero, path))
        known = popup and way.__name__ != "wrong_state"
        assert location(response) == ("/xero/done" if known else "/settings/xero"), way
        if known:
            ann.browser.page("/xero/done")
        text = words(ann.browser.page("/settings/xero"))
        assert sentence in text, (way, text)
        assert "Not connected" in text, way
        assert store.get(ann.tenant_id).state is ConnectionState.NONE, way

    def test_an_organisation_that_was_linked_before_is_found_although_xero_lists_it_not(
        self, ann, xero
    ):
        connect(ann, xero)
        connect(ann, xero)
        assert "Connected to Demo Company (NZ)." in words(ann.browser.page("/settings/xero"))
        listed = [
            call["query"] for call in xero.world.calls.listed() if call["path"] == "/connections"
        ]
        assert len(listed) == 3, (
            "the second consent's list was empty, and the whole one asked for"
        )


def test_the_page_shows_what_there_is_to_know(ann, xero):
    connect(ann, xero)
    text = words(ann.browser.page("/settings/xero"))
    for fact in (
        "Country NZ",
        "Base currency NZD",
        "Connected by Ann, 23 Nov 2026",
        "Allowed in Xero by Dana Demo, demo@xero.test",
        "Last successful call 23 Nov 2026",
        "Next keep-alive 13 Dec 2026",
        "May create approved invoices.",
        "May invoice in other currencies.",
        "Create your sales invoices and read what became of them.",
    ):
        assert fact in text, fact
    apps = ann.browser.page("/settings/xero").select_one("a[href$=connected-apps]")
    assert apps["href"].startswith(xero.server.url)


def test_what_the_plan_does_not_allow_is_said_and_read_anew(ann, xero):
    connect(ann, xero)
    books_there = xero.world.organisations[xero.organisation()].books
    books_there.refuse_acts("UseMulticurrency")
    books_there.organisation["Name"] = "Renamed Ltd"
    ann.browser.page("/settings/xero")
    ann.browser.post("/settings/xero/check")
    text = words(ann.browser.page("/settings/xero"))
    assert "The connection to Renamed Ltd works." in text
    assert "Invoices in its own currency only" in text
    assert "May create approved invoices." in text


def test_a_feature_is_switched_on_and_asked_for(ann, xero):
    connect(ann, xero)
    page = ann.browser.page("/settings/xero")
    assert "Permissions need updating" not in words(page)
    fields = {"feature": "create_contacts", "on": "yes"}
    ann.browser.post("/settings/xero/change/features", fields)
    text = words(ann.browser.page("/settings/xero"))
    assert "Permissions need updating" in text
    assert "create contacts for clients that are not there yet." in text
    assert "Connected" in text
    connect(ann, xero)
    text = words(ann.browser.page("/settings/xero"))
    assert "Permissions need updating" not in text
    assert features.enabled(ann.tenant_id, Feature.CREATE_CONTACTS)
    unknown = ann.browser.post("/settings/xero/change/features", {"feature": "x", "on": "yes"})
    assert unknown.status_code == 400


class TestAnotherOrganisation:
    @pytest.fixture
    def asked(self, ann, xero):
        connect(ann, xero)
        xero.aws.clock.advance(seconds=1)
        response = back(ann, xero.consent(to_xero(ann), organisation="Demo Company (AU)"))
        assert location(response) == "/settings/xero"
        return ann.browser.page("/settings/xero")

    def test_is_asked_about_by_both_names(self, ann, xero, asked):  # noqa: ARG002
        text = words(asked)
        assert "Change to Demo Company (AU)?" in text
        assert "belong to Demo Company (NZ) (NZ, NZD)" in text
        assert "Nothing made for Demo Company (NZ) is ever sent to Demo Company (AU)" in text
        assert store.get(ann.tenant_id).organisation_name == "Demo Company (NZ)"

    def test_is_taken_when_confirmed(self, ann, asked):
        sent = asked.select_one("[name=organisation_id]")["value"]
        ann.browser.post("/settings/xero/change/organisation", {"organisation_id": sent})
        text = words(ann.browser.page("/settings/xero"))
        assert "Connected to Demo Company (AU)." in text
        assert "Earlier connections" in text
        assert "Changed to Demo Company (AU)." in text

    def test_is_left_when_declined(self, ann, xero, asked):  # noqa: ARG002
        ann.browser.post("/settings/xero/change/keep")
        text = words(ann.browser.page("/settings/xero"))
        assert "Nothing was changed." in text
        assert "Change to" not in text
        assert len(xero.world.connections) == 1


@pytest.mark.parametrize("path", ["/xero/connect", "/xero/connect?popup=yes"])
def test_connecting_demands_a_recent_second_factor(ann, path):
    ann.aws.clock.advance(minutes=11)
    assert location(ann.browser.get(path)).startswith("/second-factor?next=")


@pytest.mark.parametrize(
    "path",
    [
        "/settings/xero/disconnect",
        "/settings/xero/change/organisation",
        "/settings/xero/change/features",
        "/settings/codes",
    ],
)
def test_disconnecting_and_mapping_demand_a_recent_second_factor(ann, xero, path):
    connect(ann, xero)
    ann.browser.page("/settings/xero")
    ann.aws.clock.advance(minutes=11)
    assert location(ann.browser.post(path)).startswith("/second-factor?next=")
    assert store.get(ann.tenant_id).state is ConnectionState.ACTIVE


def test_disconnecting_is_said_on_the_page(ann, xero):
    connect(ann, xero)
    ann.browser.page("/settings/xero")
    assert location(ann.browser.post("/settings/xero/disconnect")) == "/settings/xero"
    text = words(ann.browser.page("/settings/xero"))
    assert "Disconnected" in text
    assert "Connect to Xero" in text
    assert not xero.world.connections


def test_a_disconnect_made_in_xero_is_said_on_every_page(ann, xero):
    connect(ann, xero)
    made = store.get(ann.tenant_id)
    assert "disconnected in Xero" not in words(ann.browser.page("/home"))
    xero.world.disconnect("test-client", tenant_id=made.organisation_id)
    ann.browser.page("/settings/xero")
    ann.browser.post("/settings/xero/check")
    for address in ("/home", "/clients", "/projects", "/invoices", "/invoices/new", "/jobs"):
        page = ann.browser.page(address)
        assert "Workbill was disconnected in Xero" in words(page), address
        assert page.select_one(".notice.warn a[href$='/settings/xero']"), address
    assert "disconnected in Xero" in words(ann.browser.page("/settings/xero"))


def test_codes_are_brought_in_and_chosen(ann, xero):
    connect(ann, xero)
    ann.browser.page("/settings/codes")
    ann.browser.post("/settings/codes/refresh")
    page = ann.browser.page("/settings/codes")
    assert page.select_one("#account_code optgroup option[value='200']")
    ann.browser.post("/settings/codes", {"account_code": "200", "tax_type": "OUTPUT2"})
    assert mapping.get(ann.tenant_id) == Mapping("200", "OUTPUT2")
    refused = ann.browser.post("/settings/codes", {"account_code": "610", "tax_type": ""})
    assert refused.status_code == 400
    assert b'id="account_code-error"' in refused.body


def test_the_page_of_codes_shows_all_that_came_from_xero(ann, xero):
    connect(ann, xero)
    words = ann.browser.page("/settings/codes").get_text(" ")
    assert "account codes" in words
    ann.browser.post("/settings/codes/refresh")
    page = ann.browser.page("/settings/codes")
    captions = [caption.get_text() for caption in page.find_all("caption")]
    assert captions[:4] == [
        "Accounts for sales (3)",
        "Tax rates for sales (3)",
        "Tracking",
        "Accounts that payments come in to (6)",
    ]
    words = " ".join(page.get_text(" ").split())
    assert "Eastside, North, South West Coast" in words
    assert "NZD, AUD, USD" in words
    assert "on day 20 of the month after" in words
    assert "read from Xero on" in words


def test_an_import_of_clients_is_followed_on_its_page(ann, xero):
    connect(ann, xero)
    ann.browser.page("/clients")
    response = ann.browser.post("/clients/import")
    followed = location(response)
    assert followed.startswith("/jobs/")
    assert ann.browser.page(followed).select_one("[data-job]")
    drain.drain(xero.organisation(), deadline=xero.aws.clock.now().replace(year=2027))
    assert "clients came in" in words(ann.browser.page(followed))


def test_what_xero_would_refuse_is_said_with_the_codes_and_on_home(ann, xero):
    connect(ann, xero)
    ann.browser.post("/settings/codes/refresh")
    ann.browser.post("/settings/codes", {"account_code": "200", "tax_type": ""})
    assert "Every account, tax rate" in ann.browser.page("/settings/codes").get_text()
    assert "would refuse" not in ann.browser.page("/home").get_text()
    xero.world.organisations[xero.organisation()].books.archive_account("200")
    ann.browser.post("/settings/codes/refresh")
    problems = ann.browser.page("/settings/codes").select_one("#problems")
    assert "Account 200 Sales is archived in Xero" in problems.get_text()
    assert "The defaults" in problems.get_text()
    assert "1 thing that Xero would refuse" in " ".join(
        ann.browser.page("/home").get_text(" ").split()
    )
    ann.browser.post("/settings/codes", {"account_code": "260", "tax_type": ""})
    ann.browser.post("/settings/codes/check")
    assert "Account 200" not in ann.browser.page("/settings/codes").select_one("#problems").text
