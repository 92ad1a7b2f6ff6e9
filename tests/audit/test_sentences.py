"""Every act that is recorded reads as a sentence."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.audit.model import Entry
from chalicelib.audit.outcomes import ACTS as OUTCOMES
from chalicelib.audit.sentences import ACTS, sentence
from chalicelib.dispatch.kinds import KINDS

PRODUCT = Path(__file__).parents[2] / "chalicelib"
SIGN_IN = Entry("t", 1, "", "user:1", "Ann", "", "sign-in", "user:1", "done", {}, "")


def recorded():
    """Each act that is written out in a call of ``trail.record``, with its result."""
    for file in PRODUCT.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
            if name in {"trail.record", "trail.record_with"}:
                args = call.args[name == "trail.record_with" :]
                what, result = args[1] if args[1:] else None, args[3:4]
                if isinstance(what, ast.Constant):
                    known = result and isinstance(result[0], ast.Constant)
                    yield what.value, result[0].value if known else "done"


def test_every_act_that_is_recorded_has_a_sentence():
    found = set(recorded())
    assert len(found) > 20

    without = {
        (what, result)
        for what, result in found
        if what not in ACTS or (result != "done" and result not in ACTS[what].other)
    }

    assert without == set()


def test_every_outcome_has_a_sentence_and_a_job():
    for kind, (what, _) in OUTCOMES.items():
        assert kind in KINDS
        assert "failed" in ACTS[what].other


def test_a_sentence_names_who_and_what():
    assert sentence(SIGN_IN) == "Ann signed in."
    refused = replace(SIGN_IN, result="refused")
    assert sentence(refused) == "Somebody gave a wrong password for Ann."
    by_id = replace(SIGN_IN, name="user:1")
    assert sentence(by_id, {"user:1": "Ann Lee"}) == "Ann Lee signed in."
    by_itself = replace(SIGN_IN, what="import", about="codes", name="system:worker")
    assert sentence(by_itself) == "The import of codes for Workbill is done."
    facts = {"extra": "note, timesheet_pdf"}
    beside = replace(SIGN_IN, what="invoice.extra", result="asked", facts=facts)
    assert sentence(beside).endswith(": a note in its history, its timesheet as PDF.")
    sent = replace(SIGN_IN, what="invoices.sent", facts={"sent": 2, "failed": 1}, result="partly")
    assert sentence(sent) == "For Ann, 2 invoices went to Xero and 1 invoice did not."


@pytest.mark.parametrize(("what", "result"), [("dance", "done"), ("sign-in", "lost")])
def test_an_act_nobody_wrote_a_sentence_for_is_shown_all_the_same(what, result):
    assert sentence(replace(SIGN_IN, what=what, result=result)) == f"Ann: {what} ({result})."


def test_what_an_entry_does_not_say_reads_as_a_dash():
    mapping = replace(
        SIGN_IN, what="mapping changed", facts={"account_code": "200", "tax_type": ""}
    )
    assert sentence(mapping) == "Ann chose account 200 and tax rate \N{EN DASH} as defaults."
    assert sentence(replace(SIGN_IN, what="connect", about="Book {x}", facts={})) == (
        "Ann connected Book {x} in Xero."
    )
