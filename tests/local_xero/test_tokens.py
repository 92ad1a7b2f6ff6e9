import base64
import hashlib
from datetime import timedelta

import jwt
import pytest

from local.xero.serve import DEFAULTS

VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


@pytest.fixture
def signed_in(visitor):
    visitor.sign_in()
    return visitor


def refused(answer, code="invalid_grant"):
    return answer.status_code == 400 and answer.get_json() == {"error": code}


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_code_becomes_tokens(signed_in):
    answer = signed_in.exchange(signed_in.code())
    tokens = answer.get_json()
    assert answer.status_code == 200
    assert (tokens["expires_in"], tokens["token_type"]) == (1800, "Bearer")
    assert "accounting.contacts" in tokens["scope"].split()
    assert 2_900 < len(tokens["access_token"]) < 3_200


def test_access_token_names_user_consent_and_scopes(signed_in, world):
    tokens = signed_in.exchange(signed_in.code()).get_json()
    access = claims(tokens["access_token"])
    assert access["xero_userid"] in world.users
    assert access["exp"] - access["nbf"] == 1800
    assert "offline_access" in access["scope"]
    assert signed_in.connections(tokens)[0]["authEventId"] == access["authentication_event_id"]
    assert claims(tokens["id_token"])["email"] == "demo@xero.test"


def test_tokens_are_signed_by_the_published_key(signed_in):
    tokens = signed_in.exchange(signed_in.code()).get_json()
    places = signed_in.api.get("/.well-known/openid-configuration").get_json()
    keys = signed_in.api.get("/.well-known/openid-configuration/jwks").get_json()
    key = jwt.PyJWK.from_dict(keys["keys"][0])
    assert jwt.get_unverified_header(tokens["id_token"])["kid"] == key.key_id
    jwt.decode(
        tokens["id_token"],
        key,
        ["RS256"],
        audience=DEFAULTS["client_id"],
        issuer=places["issuer"],
    )


def test_code_works_once(signed_in):
    code = signed_in.code()
    assert signed_in.exchange(code).status_code == 200
    assert refused(signed_in.exchange(code))


def test_code_dies_after_five_minutes(signed_in, world):
    code = signed_in.code()
    world.clock.advance(timedelta(minutes=5))
    assert refused(signed_in.exchange(code))


def test_code_is_bound_to_its_redirect_uri(signed_in):
    code = signed_in.code()
    assert refused(signed_in.exchange(code, redirect_uri="http://localhost:8000/other"))


def test_code_with_challenge_needs_its_verifier(signed_in):
    challenge = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    assert refused(signed_in.exchange(signed_in.code(**challenge)))
    assert refused(signed_in.exchange(signed_in.code(**challenge), code_verifier="w" * 43))
    good = signed_in.exchange(signed_in.code(**challenge), code_verifier=VERIFIER)
    assert good.status_code == 200


def test_credentials_may_be_in_the_form(signed_in):
    form = {"client_id": DEFAULTS["client_id"], "client_secret": DEFAULTS["client_secret"]}
    code = signed_in.code()
    assert signed_in.exchange(code, auth=None, **form).status_code == 200


@pytest.mark.parametrize("auth", [(DEFAULTS["client_id"], "wrong"), ("nobody", "x"), None])
def test_wrong_client_is_refused(visitor, auth):
    answer = visitor.token(auth=auth, grant_type="refresh_token", refresh_token="x")
    assert refused(answer, "invalid_client")


def test_unknown_grant_type_is_refused(visitor):
    assert refused(visitor.token(grant_type="password"), "unsupported_grant_type")


def test_no_refresh_token_without_offline_access(signed_in):
    code = signed_in.code(scope="openid accounting.contacts")
    assert "refresh_token" not in signed_in.exchange(code).get_json()


def test_refresh_rotates_with_a_grace_of_thirty_minutes(visitor, world):
    first = visitor.connect()["refresh_token"]
    second = visitor.refresh(first).get_json()["refresh_token"]
    assert second != first
    world.clock.advance(timedelta(minutes=29))
    assert visitor.refresh(first).status_code == 200
    world.clock.advance(timedelta(minutes=1))
    assert refused(visitor.refresh(first))
    assert visitor.refresh(second).status_code == 200


def test_using_the_new_token_ends_the_grace_and_its_rivals(visitor):
    first = visitor.connect()["refresh_token"]
    second = visitor.refresh(first).get_json()["refresh_token"]
    rival = visitor.refresh(first).get_json()["refresh_token"]
    assert visitor.refresh(second).status_code == 200
    assert refused(visitor.refresh(first))
    assert refused(visitor.refresh(rival))


def test_refresh_token_dies_after_sixty_idle_days(visitor, world):
    tokens = visitor.connect()
    world.clock.advance(timedelta(days=59))
    tokens = visitor.refresh(tokens["refresh_token"]).get_json()
    world.clock.advance(timedelta(days=60))
    assert refused(visitor.refresh(tokens["refresh_token"]))


def test_new_consent_supersedes_the_old_tokens_and_adds_scopes(visitor):
    old = visitor.connect(scope="openid offline_access accounting.contacts")
    new = visitor.connect(scope="openid offline_access accounting.invoices")
    assert refused(visitor.refresh(old["refresh_token"]))
    assert {"accounting.contacts", "accounting.invoices"} <= set(new["scope"].split())


def test_revocation_ends_grant_and_all_connections_of_that_user(visitor, world):
    visitor.connect("Demo Company (AU)")
    other = visitor.connect("Demo Company (UK)", "second@xero.test")
    tokens = visitor.connect("Demo Company (NZ)")
    form = {"token": tokens["refresh_token"], "client_id": DEFAULTS["client_id"]}
    form["client_secret"] = DEFAULTS["client_secret"]
    answer = visitor.api.post("/connect/revocation", data=form)
    assert (answer.status_code, answer.text) == (200, "")
    assert refused(visitor.refresh(tokens["refresh_token"]))
    assert len(world.connections) == 1
    assert visitor.refresh(other["refresh_token"]).status_code == 200


def test_app_of_the_pkce_kind_sends_no_secret(visitor, control):
    control("POST", "/app", {"client_id": "PUBLIC", "redirect_uris": ["http://localhost:8000/x"]})
    visitor.sign_in()
    asked = {"client_id": "PUBLIC", "redirect_uri": "http://localhost:8000/x"}
    assert visitor.open(**asked).status_code == 400
    asked |= {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    code = visitor.code(**asked)
    answer = visitor.exchange(
        code,
        auth=None,
        client_id="PUBLIC",
        redirect_uri=asked["redirect_uri"],
        code_verifier=VERIFIER,
    )
    assert answer.status_code == 200


def test_control_ends_a_grant(visitor, control):
    tokens = visitor.connect()
    assert control("POST", "/tokens/end", {"user": "demo@xero.test"})["ended"] == 1
    assert refused(visitor.refresh(tokens["refresh_token"]))
