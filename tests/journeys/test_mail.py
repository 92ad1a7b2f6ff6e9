"""What people are e-mailed, read where the local cloud's mail service keeps it."""

import re
import uuid

import pytest
import requests

from local.cloud.mail import MAIL_FROM, taken
from local.demo.person import Person


@pytest.fixture
def letters(stack):
    """A look at what went to an address."""

    def to(address):
        return [mail for mail in taken(stack.cloud_url) if mail.to == [address]]

    return to


def link_in(mail):
    return re.search(r"http://\S+/welcome/\S+", mail.text)[0]


def test_an_invitation_arrives_with_a_link_that_lets_in(connected, letters):
    address = f"kim.{uuid.uuid4().hex[:6]}@harbour.test"
    made = connected.program.post("/users", {"email": address, "role": "viewer"})

    (mail,) = letters(address)

    assert (mail.source, made["mail"]) == (f"Workbill <{MAIL_FROM}>", "sent")
    assert link_in(mail) == made["link"]
    person = Person()
    person.open(link_in(mail))
    assert "a viewer of Harbour Studio Ltd" in person.words


def test_a_tenants_first_administrator_is_e_mailed(stranger, letters):
    (mail,) = letters(stranger["email"])

    # The link was used to make the tenant, and works once.
    assert requests.get(link_in(mail), timeout=60).status_code == 404
