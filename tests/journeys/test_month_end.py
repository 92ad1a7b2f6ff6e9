"""What is changed in Xero is told and settled; the month is then the same on both sides."""

from decimal import Decimal

import pytest

from tests.support.eventually import eventually
from tests.support.functions import busy, run
from tests.support.work import draft

CHANGED = {"Reference": "Order 4711", "DueDate": "2027-01-31"}


@pytest.fixture
def sent(connected):
    """An invoice that is in Xero."""
    invoice = draft(connected.program)
    read = f"/invoices/{invoice['id']}"
    connected.program.post(f"{read}/send")
    assert eventually(lambda: connected.program.get(read)["state"], "sent") == "sent"
    return connected.program.get(read)


def worked_out(program, month):
    job = program.finished(program.post("/month-end", {"month": month}))
    assert job["state"] == "done", job["message"]
    return program.get(f"/month-end?month={month}")


def test_a_change_in_xero_is_told_accepted_and_the_month_is_closed(stack, connected, xero, sent):
    program, here = connected.program, f"/invoices/{sent['id']}/drift"
    organisation = program.get("/connection")["organisation_id"]
    path = f"organisations/{organisation}/invoices/{sent['xero_invoice_id']}/edit"
    xero.ask("POST", path, CHANGED)
    program.finished(program.post("/invoices/sync"))

    told = program.get(here)

    sides = {
        one["field"]: (one["sent"], one["here"], one["in_xero"]) for one in told["differences"]
    }
    assert sides["reference"] == (sent["reference"], sent["reference"], CHANGED["Reference"])
    assert sides["due_date"] == (sent["due_date"], sent["due_date"], CHANGED["DueDate"])
    assert sent["id"] in {one["id"] for one in program.all("/invoices/drift")}

    program.finished(program.post(f"{here}/accept", {"seen": told["seen"]}))

    assert program.get(f"/invoices/{sent['id']}")["reference"] == CHANGED["Reference"]
    assert program.get(here)["differences"] == []

    month = sent["date"][:7]
    found = worked_out(program, month)
    assert sent["id"] not in {one["id"] for one in found["apart"]}
    listed = program.all("/month-end/invoices", month=month)
    assert sent["id"] in {one["id"] for one in listed}
    for control in found["controls"]:
        apart = [one for one in found["apart"] if one["currency"] == control["currency"]]
        total = sum(Decimal(one["difference"]["total"]) for one in apart)
        assert total == Decimal(control["difference"]["total"])

    with busy(stack, organisation):
        waiting = program.post("/month-end", {"month": month})
        assert waiting["state"] == "queued"
    run(stack, "sync_tick")

    assert program.finished(waiting)["state"] == "done"
    assert program.get(f"/month-end?month={month}")["made_at"] > found["made_at"]
