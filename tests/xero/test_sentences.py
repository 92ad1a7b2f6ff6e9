import re
from pathlib import Path

import pytest

from chalicelib.xero.catalogue import CATALOGUE
from chalicelib.xero.sentences import explain

MESSAGES = [
    tuple(line.split(": ", 1))
    for line in Path(__file__).with_name("messages.txt").read_text().splitlines()
    if not line.startswith("#")
]
PLACES = {"client", "mapping", "invoice", "xero", "wait"}


@pytest.mark.parametrize(("code", "message"), MESSAGES)
def test_every_known_message_has_its_explanation(code, message):
    explanation = explain(message)

    assert explanation.code == code
    assert explanation.next_step
    assert not re.search(r"[{}]|  | [.,]|''", explanation.sentence)


@pytest.mark.parametrize(("code", "message"), MESSAGES)
def test_a_message_is_known_in_any_case(code, message):
    assert explain(message.upper()).code == code


def test_every_row_of_the_catalogue_has_a_message_that_finds_it():
    assert {row[0] for row in CATALOGUE} == {code for code, _ in MESSAGES}


@pytest.mark.parametrize("row", CATALOGUE, ids=[row[0] for row in CATALOGUE])
def test_every_row_is_written_in_sentences_and_leads_somewhere(row):
    _, _, problem, next_step, place = row

    assert problem[0].isupper()
    assert problem.endswith(".")
    assert next_step.endswith(".")
    assert place in PLACES


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Account code '200' has been archived, or deleted.", "The account 200 is archived"),
        ("The account was deleted", "The account is archived"),
        ("Organisation is not subscribed to currency EUR", "the currency EUR in Xero."),
        ("the lock date, currently set at 31 March 2026", "up to 31 March 2026, and"),
        ("'A' cannot be used with account code 'B'.", "rate A cannot be used with"),
    ],
)
def test_what_xero_names_is_named_again(message, words):
    assert words in explain(message).sentence


@pytest.mark.parametrize("message", ["Something {odd} happened.", "100 % wrong", "\\1 {0}"])
def test_an_unknown_message_is_passed_on_as_it_is(message):
    explanation = explain(message)

    assert explanation.code == "unknown"
    assert message in explanation.sentence


def test_what_xero_names_cannot_break_the_sentence():
    assert "{x}" in explain("Account code '{x}' has been archived, or deleted.").sentence


def test_silence_has_a_sentence_too():
    assert explain("  ").sentence == "Xero says: no reason was given."
