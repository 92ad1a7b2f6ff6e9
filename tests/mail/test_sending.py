"""Who is e-mailed and when; that a message which cannot be sent fails nothing."""

import re

import pytest
from botocore.exceptions import ConnectTimeoutError

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import TooManyRequests
from chalicelib.mail.send import Delivery
from chalicelib.people import invite, links, sign_in, store, two_factor
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.people.make_tenant import make_tenant
from tests.support.browser import PASSWORD
from tests.support.mail import REFUSED, Unwilling

OUT_OF_REACH = ConnectTimeoutError(endpoint_url="https://email.example")


@pytest.fixture
def aws(aws_with_mail):
    return aws_with_mail


@pytest.fixture
def acme(aws):  # noqa: ARG001  the account must be there first
    """A tenant; its first administrator's invitation is the first message there is."""
    made = make_tenant(name="Acme Ltd", email="ann@acme.test")
    return Caller(made["tenant_id"], "user:ann", "Ann", EVERYTHING)


def link_in(mail):
    return re.search(r"http://localhost:8000/welcome/\S+", mail.text)[0]


def accepted(link):
    return sign_in.accept(link.rpartition("/")[2], "Ben", PASSWORD, "192.0.2.1")


def entries(caller):
    found = trail.entries(caller.tenant_id)
    return [(one.what, one.result, one.about, one.facts) for one in found if one.what == "mail"]


def test_a_tenants_first_administrator_is_e_mailed_the_link(aws):
    made = make_tenant(name="Acme Ltd", email="ann@acme.test")
    (mail,) = aws.mail()
    assert made["mail"] == "sent"
    assert (mail.source, mail.to) == ("Workbill <workbill@acme.test>", ["ann@acme.test"])
    assert link_in(mail) == made["link"]
    assert "An administrator of Acme Ltd invites you" in mail.text


def test_an_invitation_goes_to_the_invited_address_alone(acme, aws):
    made = invite.invite(acme, "ben@acme.test", "biller")
    mail = aws.mail()[-1]
    assert (made.mail, mail.to) == (Delivery.SENT, ["ben@acme.test"])
    assert link_in(mail) == made.link
    assert "Ann invites you" in mail.text
    assert "a biller" in mail.text
    assert accepted(link_in(mail)).email == "ben@acme.test"


def test_a_new_invitation_is_e_mailed_anew(acme, aws):
    first = invite.invite(acme, "ben@acme.test", "biller")
    again = invite.invite_again(acme, first.user.user_id)
    assert link_in(aws.mail()[-1]) == again.link != first.link


def test_a_password_link_is_e_mailed(acme, aws):
    user = accepted(invite.invite(acme, "ben@acme.test", "biller").link)
    made = invite.reset_password(acme, user.user_id)
    mail = aws.mail()[-1]
    assert (mail.to, link_in(mail)) == (["ben@acme.test"], made.link)
    assert "new password" in mail.subject


def test_whose_two_factor_is_reset_is_told(acme, aws):
    user = accepted(invite.invite(acme, "ben@acme.test", "biller").link)
    two_factor.begin(user)
    two_factor.reset(acme, store.user(user.tenant_id, user.user_id))
    mail = aws.mail()[-1]
    assert mail.to == ["ben@acme.test"]
    assert "Ann has reset the two-factor" in mail.text


def test_what_was_e_mailed_is_in_the_trail_without_the_link(acme):
    made = invite.invite(acme, "ben@acme.test", "biller")
    assert entries(acme)[-1] == (
        "mail",
        "done",
        f"user:{made.user.user_id}",
        {"letter": "invitation"},
    )
    assert made.link.rpartition("/")[2] not in str(trail.entries(acme.tenant_id))


@pytest.mark.parametrize("error", [REFUSED, OUT_OF_REACH], ids=["refused", "out of reach"])
def test_a_message_that_cannot_be_sent_fails_nothing(acme, capfd, error):
    wiring.current().clients["ses"] = Unwilling(error)
    made = invite.invite(acme, "ben@acme.test", "biller")
    del wiring.current().clients["ses"]
    assert made.mail is Delivery.FAILED
    assert accepted(made.link)
    assert entries(acme)[-1][1] == "failed"
    logged = capfd.readouterr().out
    assert "mail_failed" in logged
    assert made.link.rpartition("/")[2] not in logged
    assert "ben@acme.test" not in logged


def test_nobody_is_flooded_with_links(acme, aws):
    user = invite.invite(acme, "ben@acme.test", "biller").user
    for _ in range(5):
        invite.invite_again(acme, user.user_id)
    before = store.user(user.tenant_id, user.user_id).link_hash
    with pytest.raises(TooManyRequests):
        invite.invite_again(acme, user.user_id)
    assert store.user(user.tenant_id, user.user_id).link_hash == before
    assert len(aws.mail()) == 7
    aws.clock.advance(minutes=15)
    assert links.look(invite.invite_again(acme, user.user_id).link.rpartition("/")[2])
