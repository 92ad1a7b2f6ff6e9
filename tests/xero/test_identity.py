import io
import logging
import os
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from chalicelib.xero.errors import (
    GrantEnded,
    XeroCallError,
    XeroCodeRefused,
    XeroForbidden,
    XeroGrantIncomplete,
    XeroMisconfigured,
    XeroNotFound,
    XeroOutcomeUnknown,
    XeroRateLimited,
    XeroRefusedClient,
    XeroTokenExpired,
    XeroUnavailable,
    XeroUnreadable,
)
from chalicelib.xero.identity import Identity
from chalicelib.xero.scopes import scopes
from tests.xero.answers import HTML, problem, reply

API = "https://api.xero.test"
TOKEN = "https://identity.xero.test/connect/token"
REVOKE = "https://identity.xero.test/connect/revocation"
CALLBACK = "https://workbill.test/xero/callback"
RFC_7636_VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
RFC_7636_CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.fixture
def granted(make_jwt, planted):
    """What the token endpoint answers."""
    return {
        "access_token": make_jwt(xero_userid="user-1", authentication_event_id="event-1"),
        "refresh_token": planted.refresh,
        "id_token": make_jwt(email="a@b.test"),
        "expires_in": 1800,
        "token_type": "Bearer",
        "scope": "openid offline_access accounting.invoices accounting.reports.read",
    }


def form(call) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(call.request.body.decode()).items()}


def exchange(kit, planted):
    return kit.identity.exchange_code(
        code=planted.code, code_verifier=planted.verifier, redirect_uri=CALLBACK
    )


def test_the_address_of_consent_carries_the_challenge_and_not_the_verifier(kit):
    address = kit.identity.authorise_url(
        state="state-1", code_verifier=RFC_7636_VERIFIER, redirect_uri=CALLBACK
    )

    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert address.startswith("https://login.xero.test/identity/connect/authorize?")
    assert asked == {
        "response_type": "code",
        "client_id": "client-1",
        "redirect_uri": CALLBACK,
        "scope": " ".join(scopes()),
        "state": "state-1",
        "code_challenge": RFC_7636_CHALLENGE,
        "code_challenge_method": "S256",
    }


def test_the_app_asks_for_itself_to_end_connections_only(kit, xero):
    xero.post(TOKEN, json={"access_token": "app", "expires_in": 1800})

    assert kit.identity.app_token() == "app"
    asked = {"grant_type": "client_credentials", "scope": "app.connections"}
    assert form(xero.calls[0]) == asked


def test_an_answer_without_the_apps_token_is_unreadable(kit, xero):
    xero.post(TOKEN, json={})

    with pytest.raises(XeroUnreadable):
        kit.identity.app_token()


def test_every_verifier_is_new_and_of_the_length_xero_takes(kit):
    verifiers = {kit.identity.new_code_verifier() for _ in range(20)}

    assert len(verifiers) == 20
    assert all(43 <= len(verifier) <= 128 for verifier in verifiers)


def test_a_code_is_exchanged_for_a_grant(kit, xero, planted, granted):
    xero.post(TOKEN, json=granted)

    grant = exchange(kit, planted)

    assert form(xero.calls[0]) == {
        "grant_type": "authorization_code",
        "code": planted.code,
        "redirect_uri": CALLBACK,
        "code_verifier": planted.verifier,
    }
    assert xero.calls[0].request.headers["Authorization"].startswith("Basic ")
    assert grant.access_token == granted["access_token"]
    assert grant.refresh_token == planted.refresh
    assert grant.expires_in == 1800
    assert grant.xero_user_id == "user-1"
    assert grant.authentication_event_id == "event-1"


def test_a_wider_scope_than_asked_is_no_fault(kit, xero, planted, granted):
    xero.post(TOKEN, json=granted)

    assert "accounting.reports.read" in exchange(kit, planted).scope


def test_a_scope_is_read_from_the_token_where_the_answer_has_none(kit, xero, make_jwt, granted):
    token = make_jwt(scope=["openid", "offline_access"], xero_userid="u")
    xero.post(TOKEN, json={**granted, "scope": None, "access_token": token})

    assert kit.identity.refresh("r").scope == {"openid", "offline_access"}


def test_a_grant_without_a_refresh_token_is_refused_with_a_sentence(kit, xero, planted, granted):
    xero.post(TOKEN, json={**granted, "refresh_token": None})

    with pytest.raises(XeroGrantIncomplete, match="Connect again"):
        exchange(kit, planted)


def test_a_spent_code_does_not_end_an_earlier_grant(kit, xero, planted):
    xero.post(TOKEN, **reply(400, {"error": "invalid_grant"}))

    with pytest.raises(XeroCodeRefused):
        exchange(kit, planted)


@pytest.mark.parametrize(
    "answer",
    [
        {"token_type": "Bearer"},
        {"access_token": 7, "refresh_token": "r"},
        {"access_token": "no-jwt", "refresh_token": "r"},
        {"access_token": "a.!!!.c", "refresh_token": "r"},
        {"access_token": "a.W10.c", "refresh_token": "r"},
    ],
)
def test_what_is_no_grant_is_unreadable(kit, xero, planted, answer):
    xero.post(TOKEN, json=answer)

    for ask in (lambda: exchange(kit, planted), lambda: kit.identity.refresh("r")):
        with pytest.raises(XeroUnreadable):
            ask()


@pytest.mark.parametrize(
    ("said", "seconds"), [(1800, 1800), ("1800", 1800), (None, 0), ("soon", 0)]
)
def test_a_token_of_unknown_age_counts_as_old(kit, xero, granted, said, seconds):
    xero.post(TOKEN, json={**granted, "expires_in": said})

    assert kit.identity.refresh("r").expires_in == seconds


def test_a_refresh_gives_the_next_pair(kit, xero, planted, granted):
    xero.post(TOKEN, json=granted)

    grant = kit.identity.refresh("old")

    assert form(xero.calls[0]) == {"grant_type": "refresh_token", "refresh_token": "old"}
    assert grant.refresh_token == planted.refresh


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (reply(400, {"error": "invalid_grant"}), GrantEnded),
        (reply(400, {"error": "invalid_client"}), XeroRefusedClient),
        (reply(401, {"error": "invalid_client"}), XeroRefusedClient),
        (reply(400, {"error": "unauthorized_client"}), XeroRefusedClient),
        (reply(400, {"error": "unsupported_grant_type"}), XeroMisconfigured),
        (reply(400, {"error": "invalid_request"}), XeroMisconfigured),
        (reply(400, {"error": "invalid_scope"}), XeroMisconfigured),
        (reply(503, {"error": "temporarily_unavailable"}), XeroUnavailable),
        (reply(429, Retry_After="30"), XeroRateLimited),
        (reply(500), XeroOutcomeUnknown),
        (reply(503, HTML, "text/html"), XeroOutcomeUnknown),
        ({"body": requests.ReadTimeout("lost")}, XeroOutcomeUnknown),
        ({"body": requests.ConnectTimeout("down")}, XeroUnavailable),
        (reply(200, HTML, "text/html"), XeroUnreadable),
    ],
)
def test_only_invalid_grant_ends_a_grant(kit, xero, answer, wanted):
    xero.post(TOKEN, **answer)

    with pytest.raises(XeroCallError) as raised:
        kit.identity.refresh("r")

    assert type(raised.value) is wanted
    assert len(xero.calls) == 1


def test_a_grant_is_revoked_by_its_refresh_token(kit, xero):
    xero.post(REVOKE, body="")

    kit.identity.revoke("r-1")

    assert form(xero.calls[0]) == {"token": "r-1"}


def test_connections_are_listed_whole_or_for_one_consent(kit, xero):
    xero.get(f"{API}/connections", json=[{"id": "c", "tenantId": "o", "tenantName": "Kea"}])

    (connection,) = kit.identity.connections("a")
    kit.identity.connections("a", "event-1")

    assert connection.organisation_id == "o"
    assert xero.calls[0].request.params == {}
    assert xero.calls[1].request.params == {"authEventId": "event-1"}
    assert "xero-tenant-id" not in xero.calls[0].request.headers


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (reply(401, problem(401, "TokenExpired")), XeroTokenExpired),
        (reply(503), XeroUnavailable),
        (reply(200, {"not": "a list"}), XeroUnreadable),
    ],
)
def test_connections_that_cannot_be_had_say_why(kit, xero, answer, wanted):
    xero.get(f"{API}/connections", **answer)

    with pytest.raises(wanted):
        kit.identity.connections("a")


def test_a_connection_is_deleted_by_its_own_id(kit, xero):
    xero.delete(f"{API}/connections/c-1", status=204)

    kit.identity.delete_connection("a", "c-1")

    assert kit.records[0].path == "/connections/{id}"


@pytest.mark.parametrize(("status", "wanted"), [(404, XeroNotFound), (403, XeroForbidden)])
def test_a_connection_that_cannot_be_deleted_says_why(kit, xero, status, wanted):
    xero.delete(f"{API}/connections/c-1", status=status)

    with pytest.raises(wanted):
        kit.identity.delete_connection("a", "c-1")


@pytest.mark.parametrize("url", ["http://identity.example", "ftp://127.0.0.1", "http://[::2]"])
def test_a_secret_is_never_sent_in_the_clear(kit, url):
    with pytest.raises(XeroMisconfigured, match="not https"):
        Identity(url, kit.transport, kit.transport, "id", "secret")
    with pytest.raises(XeroMisconfigured, match="not https"):
        Identity(API, kit.transport_to(url), kit.transport, "id", "secret")


def test_plain_http_is_allowed_to_this_machine_only(kit, xero, planted, granted):
    local = "http://127.0.0.1:8169"
    identity = Identity(local, kit.transport_to(local), kit.transport_to(local), "id", "s")
    xero.post(f"{local}/connect/token", json=granted)

    address = identity.authorise_url(
        state="s", code_verifier=planted.verifier, redirect_uri=CALLBACK
    )
    identity.exchange_code(
        code="c", code_verifier=planted.verifier, redirect_uri="http://localhost:8000/x"
    )

    assert address.startswith(local)


def test_the_insecure_switch_is_left_alone_on_https(kit, planted):
    kit.identity.authorise_url(state="s", code_verifier=planted.verifier, redirect_uri=CALLBACK)

    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ


@pytest.mark.parametrize("answer", ["grant", "refusal", "page"])
def test_no_secret_of_a_grant_is_seen_again(kit, xero, planted, granted, answer):
    said = {
        "grant": {"json": granted},
        "refusal": reply(400, {"error": "invalid_grant"}),
        "page": reply(200, str(granted), "text/html"),
    }[answer]
    xero.post(TOKEN, **said)

    with everything_logged() as log:
        seen = [
            outcome(lambda: exchange(kit, planted)),
            outcome(lambda: kit.identity.refresh(planted.refresh)),
        ]

    text = " ".join([*seen, log.getvalue(), repr(kit.identity), repr(kit.records)])
    secrets = [*vars(planted).values(), granted["access_token"]]
    assert not [secret for secret in secrets if secret in text]


def outcome(ask) -> str:
    """All that the answer or its error would show of itself."""
    try:
        return repr(ask())
    except XeroCallError as error:
        return repr([error, vars(error), error.__cause__, error.__context__])


@contextmanager
def everything_logged():
    """What every library writes to its log, at any level."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
