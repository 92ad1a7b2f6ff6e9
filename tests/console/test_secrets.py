"""No secret leaves by a log or by a page that is not its own."""

import re

from tests.support.browser import PASSWORD, Administrator


def test_no_secret_of_signing_in_is_logged(client, aws, capfd):
    ann = Administrator(client, aws).set_up()
    page = ann.browser.get("/settings/api-keys")
    page = ann.browser.post("/settings/api-keys", {"name": "K", "scopes": ["read"]})
    key = re.search(rb"wb_[\w-]{43}", page.body)[0].decode()
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
    ann.browser.get("/settings/api-keys")
    made = ann.browser.post("/settings/api-keys", {"name": "K", "scopes": ["read"]})
    key = re.search(rb"wb_[\w-]{43}", made.body)[0]
    assert key not in ann.browser.get("/settings/api-keys").body


def test_the_seed_is_on_no_page_after_enrolment(ann):
    for path in ("/home", "/settings/users", "/second-factor", "/two-factor"):
        assert ann.secret not in ann.browser.get(path).body.decode()
