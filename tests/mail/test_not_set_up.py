"""Where the operator has set up no e-mail, links are shown and nothing is sent."""

import pytest

from chalicelib.audit import trail
from chalicelib.errors import MisconfiguredError
from chalicelib.mail.send import Delivery
from chalicelib.people import invite
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.people.make_tenant import make_tenant
from tests.support.aws import mocked_account


def test_nothing_is_sent_and_the_answer_says_so(aws):
    made = make_tenant(name="Acme Ltd", email="ann@acme.test")
    caller = Caller(made["tenant_id"], "user:ann", "Ann", EVERYTHING)
    invited = invite.invite(caller, "ben@acme.test", "biller")
    assert made["mail"] == "not_set_up"
    assert invited.mail is Delivery.NOT_SET_UP
    assert aws.mail() == []
    assert "mail" not in {entry.what for entry in trail.entries(caller.tenant_id)}


@pytest.mark.parametrize(
    "address",
    ["workbill", "a@b", "Workbill <a@b.test>", "a@b.test\r\nBcc: c@d.test", "a b@c.test"],
)
def test_an_address_that_is_none_is_refused_at_the_start(address):
    with (
        pytest.raises(MisconfiguredError, match="MAIL_FROM is not a bare e-mail address"),
        mocked_account(MAIL_FROM=address),
    ):
        pass
