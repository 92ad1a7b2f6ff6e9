"""No secret leaves by a log, by an error, or by a page that is not its own."""

import re

import boto3
import pytest

from tests.support.browser import PASSWORD, Administrator, location


def made_key(ann):
    """An API key, from the page that shows it once."""
    ann.browser.get("/settings/api-keys")
    page = ann.browser.post("/settings/api-keys", {"name": "K", "scopes": ["read"]})
    return re.search(rb"wb_[\w-]{43}", page.body)[0].decode()


def test_no_secret_of_signing_in_is_logged(client, aws, capfd):
    ann = Administrator(client, aws).set_up()
    key = made_key(ann)
    ann.sign_in()
    ann.browser.post("/second-factor", {"code": "123456"})
    client.http.get("/api/v1/settings", headers={"Authorization": f"Bearer {key}x"})
    logged = "".join(capfd.readouterr())
    secrets = [
        PASSWORD,
        ann.secret,
        *ann.recovery_codes,
        key,
        ann.link,
        ann.code(),
        *ann.browser.cookies.values(),
    ]
    assert [secret for secret in secrets if secret in logged] == []


def test_a_key_is_on_the_page_that_made_it_only(ann):
    key = made_key(ann)
    assert key.encode() not in ann.browser.get("/settings/api-keys").body


def test_the_seed_is_on_no_page_after_enrolment(ann):
    for path in ("/home", "/settings/users", "/second-factor", "/two-factor"):
        assert ann.secret not in ann.browser.get(path).body.decode()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in", {"email": "ann@acme.test", "password": "planted-secret"}),
        ("/second-factor", {"code": "planted-secret"}),
        ("/second-factor/recovery", {"code": "planted-secret"}),
        ("/profile", {"act": "password", "present": "planted-secret", "password": "x"}),
        ("/profile", {"act": "password", "present": "x", "password": "planted-secret"}),
    ],
)
def test_a_refused_form_gives_no_secret_back(ann, capfd, path, fields):
    ann.browser.get("/home")
    refused = ann.browser.post(path, fields)
    assert refused.status_code in {400, 401}
    assert b"planted-secret" not in refused.body
    assert "planted-secret" not in capfd.readouterr().out


def test_a_key_that_is_none_is_not_given_back(ann, capfd):
    headers = {"Authorization": "Bearer wb_planted-secret-planted-secret"}
    refused = ann.browser.client.http.get("/api/v1/settings", headers=headers)
    assert refused.status_code == 401
    assert b"planted" not in refused.body
    assert "planted" not in capfd.readouterr().out


def test_a_code_of_xeros_leaves_the_address_at_once(ann, capfd):
    answer = ann.browser.get("/xero/callback?code=planted-code&state=planted-state")
    assert (answer.status_code, answer.body) == (302, b"")
    assert "planted" not in location(answer)
    assert "planted" not in ann.browser.get("/settings/xero").body.decode()
    assert "planted" not in capfd.readouterr().out


def test_a_used_link_is_not_given_back(ann, capfd):
    gone = ann.browser.get(ann.link)
    assert gone.status_code == 404
    token = ann.link.rpartition("/")[2]
    assert token.encode() not in gone.body
    assert token not in capfd.readouterr().out


def test_a_failure_on_our_side_gives_no_secret_away(ann, capfd):
    boto3.client("dynamodb").delete_table(TableName="test-people")
    token = ann.browser.cookies["workbill-session-8000"]
    failed = ann.browser.post("/sign-in", {"email": ann.email, "password": "planted-secret"})
    assert failed.status_code == 500
    logged = capfd.readouterr().out
    assert "request_failed" in logged
    for secret in ("planted-secret", token):
        assert secret not in logged
        assert secret.encode() not in failed.body
