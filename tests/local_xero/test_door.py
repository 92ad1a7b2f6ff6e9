"""Who gets in to an organisation's books, and what the others are told."""

from datetime import timedelta

import pytest

READ_ONLY = "openid offline_access accounting.contacts.read accounting.settings.read"


def problem(answer):
    body = answer.get_json()
    assert set(body) == {"Type", "Title", "Status", "Detail", "Instance", "Extensions"}
    assert body["Status"] == answer.status_code
    return answer.status_code, body["Detail"].split(":")[0]


def test_connected_user_gets_in(visitor):
    answer = visitor.call(visitor.connect(), "GET", "/Organisation")
    assert answer.get_json()["Organisations"][0]["Name"] == "Demo Company (NZ)"
    assert answer.headers["Xero-Correlation-Id"]


@pytest.mark.parametrize("token", [None, "Bearer nonsense", "Basic eDp5", "Bearer "])
def test_bad_token_is_unsuccessful(visitor, token):
    answer = visitor.call(visitor.connect(), "GET", "/Organisation", Authorization=token)
    assert problem(answer) == (401, "AuthenticationUnsuccessful")


def test_expired_token_says_so(visitor, world):
    tokens = visitor.connect()
    world.clock.advance(timedelta(minutes=30))
    answer = visitor.call(tokens, "GET", "/Organisation")
    assert problem(answer) == (401, "TokenExpired")


def test_control_expires_access_tokens_only(visitor, control):
    tokens = visitor.connect()
    assert control("POST", "/tokens/expire", {"user": "demo@xero.test"})["expired"] == 1
    assert problem(visitor.call(tokens, "GET", "/Organisation")) == (401, "TokenExpired")
    fresh = visitor.refresh(tokens["refresh_token"]).get_json()
    assert visitor.call(fresh, "GET", "/Organisation").status_code == 200


def test_missing_or_wrong_tenant_is_forbidden(visitor):
    tokens = visitor.connect()
    connection_id = visitor.connections(tokens)[0]["id"]
    for tenant_id in (None, "not-an-id", connection_id, visitor.tenant("Demo Company (AU)")):
        answer = visitor.call(tokens, "GET", "/Organisation", xero_tenant_id=tenant_id)
        assert problem(answer) == (403, "AuthenticationUnsuccessful")


def test_closed_organisation_is_forbidden(visitor, control):
    tokens = visitor.connect()
    tenant_id = visitor.tenant()
    control("DELETE", f"/organisations/{tenant_id}")
    answer = visitor.api.get(
        "/api.xro/2.0/Organisation",
        headers={
            "Authorization": f"Bearer {tokens['access_token']}",
            "xero-tenant-id": tenant_id,
        },
    )
    assert problem(answer) == (403, "AuthenticationUnsuccessful")
    assert visitor.connections(tokens) == []


def test_user_who_lost_access_is_forbidden_though_connected(visitor, control):
    tokens = visitor.connect()
    path = f"/organisations/{visitor.tenant()}/users"
    assert control("POST", path, {"users": ["second@xero.test"]})["ok"]
    assert visitor.call(tokens, "GET", "/Organisation").status_code == 403
    assert len(visitor.connections(tokens)) == 1


def test_app_token_opens_no_books(visitor):
    visitor.connect()
    own = visitor.token(grant_type="client_credentials", scope="app.connections").get_json()
    assert visitor.call(own, "GET", "/Organisation").status_code == 403


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/Invoices"), ("PUT", "/Contacts"), ("PUT", "/Items")]
)
def test_missing_scope_is_named_in_the_header(visitor, method, path):
    answer = visitor.call(visitor.connect(scope=READ_ONLY), method, path, body={})
    assert problem(answer) == (401, "AuthorizationUnsuccessful")
    assert answer.headers["WWW-Authenticate"] == "insufficient_scope"


@pytest.mark.parametrize("path", ["/Contacts", "/Organisation", "/TaxRates"])
def test_read_scope_reads(visitor, path):
    assert visitor.call(visitor.connect(scope=READ_ONLY), "GET", path).status_code == 200


@pytest.mark.parametrize("accept", [None, "*/*", "text/html,application/xml;q=0.9"])
def test_answer_is_xml_unless_json_is_asked_for(visitor, accept):
    answer = visitor.call(visitor.connect(), "GET", "/Organisation", Accept=accept)
    assert answer.mimetype == "text/xml"
    assert "<Organisations><Organisation>" in answer.text


def test_request_over_ten_megabytes_is_refused(visitor):
    body = {"Contacts": [{"Name": "x" * 10_000_000}]}
    assert visitor.call(visitor.connect(), "PUT", "/Contacts", body=body).status_code == 413


def test_calls_are_logged_with_their_size(visitor, control):
    tokens = visitor.connect()
    control("DELETE", "/calls")
    answer = visitor.call(tokens, "GET", "/Contacts?page=1")
    visitor.call(tokens, "GET", f"/Invoices/{visitor.tenant()}")
    told = control("GET", "/calls?path=/Contacts")
    assert told["calls"][0]["query"] == "page=1"
    assert told["calls"][0]["bytes_out"] == len(answer.data)
    assert told["calls"][0]["tenant_id"] == visitor.tenant()
    groups = control("GET", "/calls?grouped=1")["grouped"]
    assert groups["GET /api.xro/2.0/Contacts"]["count"] == 1
    assert len(groups) == 2
    assert not any(visitor.tenant() in name for name in groups)


def test_unknown_things_are_recorded(visitor, control):
    visitor.call(visitor.connect(), "GET", "/Nonsense")
    visitor.open(colour="red")
    visitor.token(grant_type="refresh_token", hint="x")
    visitor.api.get("/projects.xro/2.0/Projects")
    visitor.api.get("/connect/nonsense")
    visitor.api.get("/favicon.ico")
    assert control("GET", "/unexpected")["count"] == 5
    control("DELETE", "/unexpected")
    assert control("GET", "/unexpected")["unexpected"] == []
