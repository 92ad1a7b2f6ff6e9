"""Users over the API."""

import pytest

from chalicelib.people import links, sign_in, store
from tests.support.browser import PASSWORD


def invite(program, email="ben@acme.test", role="biller", **more):
    return program.call("POST", "/users", {"email": email, "role": role}, **more)


def accept(invitation):
    return sign_in.accept(invitation["link"].rpartition("/")[2], "Ben", PASSWORD, "192.0.2.1")


def test_an_invitation_answers_with_a_link_that_works(acme):
    made = invite(acme)
    assert made.status_code == 201
    user = made.json_body["user"]
    assert (user["role"], user["active"], user["name"]) == ("biller", True, "")
    assert accept(made.json_body).user_id == user["id"]
    assert acme.call("GET", f"/users/{user['id']}").json_body["name"] == "Ben"


class TestWithMail:
    @pytest.fixture
    def aws(self, aws_with_mail):
        return aws_with_mail

    def test_the_answer_says_that_the_link_was_e_mailed(self, acme, aws):
        made = invite(acme).json_body
        assert (made["mail"], aws.mail()[-1].to) == ("sent", ["ben@acme.test"])
        assert made["link"] in aws.mail()[-1].text
        again = acme.call("POST", f"/users/{made['user']['id']}/invitation").json_body
        assert again["mail"] == "sent"
        assert again["link"] in aws.mail()[-1].text


def test_without_mail_the_answer_says_that_the_link_has_to_be_handed_over(acme):
    assert invite(acme).json_body["mail"] == "not_set_up"


def test_a_link_is_not_remembered_for_a_repeated_request(acme):
    first = invite(acme, once="k1")
    again = invite(acme, once="k1")
    assert again.status_code == 409
    assert again.json_body["code"] == "answer_not_kept"
    assert first.json_body["link"] not in again.body.decode()


@pytest.mark.parametrize(
    "body",
    [
        {"email": "ben", "role": "biller"},
        {"email": "ann@acme.test", "role": "biller"},
        {"email": "ben@acme.test", "role": "owner"},
        {"email": "ben@acme.test", "role": "biller", "tenant_id": "other"},
        {"email": "ben@acme.test"},
    ],
)
def test_an_invitation_that_cannot_be_makes_nobody(acme, body):
    assert acme.call("POST", "/users", body).status_code == 400
    assert len(acme.call("GET", "/users").json_body["items"]) == 1


def test_a_key_that_may_not_send_makes_nobody_who_may(acme, program):
    small = program(acme.tenant_id, "read", "admin")
    assert invite(small).status_code == 403
    assert invite(small, role="viewer").status_code == 201
    user_id = store.user_by_email("ben@acme.test").user_id
    assert small.call("PATCH", f"/users/{user_id}", {"role": "administrator"}).status_code == 403


@pytest.mark.parametrize("scopes", [("read",), ("read", "write", "send")])
def test_users_take_the_admin_scope(acme, program, scopes):
    small = program(acme.tenant_id, *scopes)
    assert small.call("GET", "/users").status_code == 403
    assert invite(small).status_code == 403


def test_role_and_standing_are_changed(acme):
    user = invite(acme).json_body["user"]
    changed = acme.call("PATCH", f"/users/{user['id']}", {"role": "viewer", "active": False})
    assert (changed.json_body["role"], changed.json_body["active"]) == ("viewer", False)
    back = acme.call("PATCH", f"/users/{user['id']}", {"active": True})
    assert (back.json_body["role"], back.json_body["active"]) == ("viewer", True)


def test_the_last_administrator_stays_one(acme):
    token = links.issue(store.user_by_email("ann@acme.test")).rpartition("/")[2]
    ann = sign_in.accept(token, "Ann", PASSWORD, "192.0.2.1")
    for change in ({"active": False}, {"role": "viewer"}):
        assert acme.call("PATCH", f"/users/{ann.user_id}", change).status_code == 409


def test_an_invitation_made_again_voids_the_one_before(acme):
    first = invite(acme).json_body
    again = acme.call("POST", f"/users/{first['user']['id']}/invitation")
    assert again.status_code == 200
    assert accept(again.json_body)
    third = acme.call("POST", f"/users/{first['user']['id']}/invitation")
    assert third.status_code == 409


def test_no_program_makes_a_password_link_for_somebody_who_has_one(acme):
    user = accept(invite(acme).json_body)
    assert acme.call("POST", f"/users/{user.user_id}/invitation").status_code == 409


def test_another_tenants_user_is_not_there(acme, other):
    user_id = store.user_by_email("bob@other.test").user_id
    assert acme.call("GET", f"/users/{user_id}").status_code == 404
    assert acme.call("PATCH", f"/users/{user_id}", {"active": False}).status_code == 404
    assert acme.call("POST", f"/users/{user_id}/invitation").status_code == 404
    assert other.call("GET", f"/users/{user_id}").json_body["active"] is True
