"""An instalment whose day has come becomes one draft, by the deployed hourly function."""

import time

from tests.support.functions import run
from tests.support.work import linked_client


def made(program, plan_id, seconds=60):
    """The ids of the plan's invoices, as soon as there is one."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        plan = next(one for one in program.all("/billing-plans") if one["id"] == plan_id)
        ids = [one["invoice_id"] for one in plan["instalments"] if one["invoice_id"]]
        if ids:
            return ids
        time.sleep(0.5)
    raise AssertionError(f"no draft after {seconds} s")


def test_due_instalment_becomes_one_draft(stack, connected):
    program = connected.program
    client = linked_client(program)
    plan = program.post(
        "/invoices",
        {
            "basis": "fixed_dates",
            "client_id": client["id"],
            "currency": "NZD",
            "instalments": [
                {"date": "2020-01-31", "description": "First half", "amount": "500.00"},
                {"date": "2099-01-31", "description": "Second half", "amount": "500.00"},
            ],
        },
    )

    run(stack, "billing_run")
    run(stack, "billing_run")

    (invoice_id,) = made(program, plan["id"])
    invoice = program.get(f"/invoices/{invoice_id}")
    assert (invoice["state"], invoice["date"]) == ("draft", "2020-01-31")
    assert invoice["sub_total"] == {"amount": "500.00", "currency": "NZD"}
    drafts = [i for i in program.all("/invoices") if i["basis"] == "fixed_dates"]
    assert [draft["id"] for draft in drafts] == [invoice_id]
