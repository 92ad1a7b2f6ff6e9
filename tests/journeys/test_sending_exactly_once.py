"""Promise 1 on the deployed stack: whatever happens to the call, one invoice in Xero."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.support.work import draft


def sent(connected, invoice_id, seconds=150):
    """The invoice once it is sent; fails the test when it is not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        invoice = connected.program.get(f"/invoices/{invoice_id}")
        if invoice["state"] == "sent":
            return invoice
        time.sleep(0.5)
    pytest.fail(f"not sent after {seconds} s: {invoice}")


def click(demo, invoice_id):
    """A click without idempotency key, as an impatient person makes it."""
    answer = requests.post(
        f"{demo['base_url']}/api/v1/invoices/{invoice_id}/send",
        headers={"Authorization": f"Bearer {demo['api_key']}"},
        json={},
        timeout=60,
    )
    return answer.status_code


def test_many_clicks_at_once_make_one_invoice(connected, demo, xero):
    invoice = draft(connected.program)

    with ThreadPoolExecutor(12) as pool:
        # Functions that are still starting take turns with the machine; warm ones really meet.
        list(
            pool.map(lambda _: requests.get(f"{demo['base_url']}/health", timeout=60), range(12))
        )
        answers = list(pool.map(lambda _: click(demo, invoice["id"]), range(12)))

    assert set(answers) <= {200, 202, 409}
    sent(connected, invoice["id"])
    connection = connected.program.get("/connection")
    assert len(xero.invoices_of(connection, invoice["id"])) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop", "when": "after"},
        {"kind": "drop", "when": "before"},
        {"kind": "status", "status": 500, "when": "after"},
        {"kind": "status", "status": 503, "when": "before"},
        {"kind": "truncate"},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('status', '')} {fault.get('when', '')}",
)
def test_a_lost_answer_ends_in_one_invoice(connected, demo, xero, fault):
    invoice = draft(connected.program)
    xero.ask("POST", "faults", {"method": "PUT", "path": "/Invoices", "times": 1, **fault})

    click(demo, invoice["id"])

    arrived = sent(connected, invoice["id"])
    connection = connected.program.get("/connection")
    found = xero.invoices_of(connection, invoice["id"])
    assert [one["InvoiceNumber"] for one in found] == [arrived["number"]]


def test_a_limit_is_waited_out(connected, demo, xero):
    invoice = draft(connected.program)
    xero.ask(
        "POST",
        "faults",
        {
            "kind": "rate_limit",
            "problem": "minute",
            "retry_after": 5,
            "path": "/Invoices",
            "method": "PUT",
            "times": 1,
        },
    )

    click(demo, invoice["id"])

    sent(connected, invoice["id"])
    connection = connected.program.get("/connection")
    assert len(xero.invoices_of(connection, invoice["id"])) == 1


def test_no_record_is_billed_twice(connected, demo):
    invoice = draft(connected.program)

    again = requests.post(
        f"{demo['base_url']}/api/v1/invoices",
        headers={"Authorization": f"Bearer {demo['api_key']}"},
        json={
            "basis": "tracked_time",
            "project_ids": [
                connected.program.get(f"/tasks/{invoice['lines'][0]['task_id']}")["project_id"]
            ],
        },
        timeout=60,
    )

    assert again.status_code == 400
    assert "unbilled" in again.json()["detail"].lower()
