from urllib.parse import parse_qs, urlsplit

import pytest


def query_of(answer):
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def test_consent_needs_a_sign_in_first(visitor):
    page = visitor.open()
    assert page.status_code == 200
    assert 'name="password"' in page.text
    assert visitor.sign_in(password="wrong").status_code == 401


def test_page_says_scopes_in_words_and_offers_own_organisations(visitor):
    visitor.sign_in("second@xero.test")
    page = visitor.open().text
    assert "View and manage contacts" in page
    assert "Demo Company (UK)" in page
    assert "Demo Company (AU)" not in page


def test_second_consent_skips_the_sign_in(visitor):
    visitor.sign_in()
    visitor.code()
    assert "Allow access" in visitor.open().text


def test_allow_answers_the_redirect_uri_with_code_and_state(visitor):
    visitor.sign_in()
    answer = visitor.press("allow", tenant_id=visitor.tenant())
    assert answer.status_code == 302
    assert answer.location.startswith("http://localhost:8000/xero/callback?")
    assert query_of(answer)["state"] == "the-state"
    assert query_of(answer)["code"]


def test_cancel_answers_access_denied(visitor):
    answer = visitor.press("cancel")
    assert query_of(answer) == {"error": "access_denied", "state": "the-state"}
    assert not visitor.world.connections


def test_organisation_of_somebody_else_cannot_be_chosen(visitor):
    visitor.sign_in("second@xero.test")
    answer = visitor.press("allow", tenant_id=visitor.tenant("Demo Company (US)"))
    assert answer.status_code == 400
    assert not visitor.world.connections


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": "NOBODY"}, "unauthorized_client"),
        ({"redirect_uri": "http://localhost:8000/xero/callback/"}, "unauthorized_client"),
        ({"scope": "openid accounting.transactions"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_wrong_request_shows_a_page_and_never_redirects(visitor, change, code):
    answer = visitor.open(**change)
    assert answer.status_code == 400
    assert code in answer.text
    assert answer.location is None


def test_pages_refuse_framing_and_cut_the_opener(visitor):
    headers = visitor.open().headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_only_https_or_localhost_can_be_registered(control):
    for uri in ("http://127.0.0.1:8000/cb", "http://example.com/cb", "https://*.example.com"):
        assert not control("POST", "/app", {"redirect_uris": [uri]})["ok"]
    chosen = ["https://app.example.com/cb", "http://localhost:9/cb"]
    assert control("POST", "/app", {"redirect_uris": chosen})["redirect_uris"] == chosen
