"""What letters say, and what they never hold."""

import re

import pytest

from chalicelib.mail import letters
from chalicelib.mail.letters import Sender
from chalicelib.people.model import Role

SENDER = Sender("Ann", "Acme Ltd", "https://workbill.example")
LINK = "https://workbill.example/welcome/secret"
ALL = [
    letters.invitation(SENDER, Role.BILLER, LINK),
    letters.password_link(SENDER, LINK),
    letters.two_factor_reset(SENDER),
    letters.connection_lost(SENDER, "Demo Company (NZ)", "Workbill was disconnected in Xero."),
]


@pytest.mark.parametrize("letter", ALL, ids=lambda letter: letter.name)
def test_a_letter_is_plain_text_and_leads_to_us_alone(letter):
    assert "<" not in letter.text
    assert set(re.findall(r"https?://[^\s/]+", letter.text)) == {"https://workbill.example"}
    assert "Acme Ltd" in letter.text
    assert "\n" not in letter.subject


@pytest.mark.parametrize("letter", ALL, ids=lambda letter: letter.name)
def test_no_subject_holds_a_link(letter):
    assert "secret" not in letter.subject


def test_only_what_is_for_its_reader_alone_holds_a_link():
    assert [letter.name for letter in ALL if LINK in letter.text] == [
        "invitation",
        "password link",
    ]


def test_the_reader_learns_what_happened_and_what_to_do():
    lost = ALL[3].text
    assert "Demo Company (NZ)" in lost
    assert "disconnected in Xero" in lost
    assert "https://workbill.example/settings/xero" in lost
