"""Whoever sends is killed after Xero took the invoice and before it could answer.

``make test`` kills a few; ``KILLED_SENDERS=50`` kills so many, over many organisations.
"""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.eventually import eventually
from tests.support.functions import busy, end_lease, run, wakes_come_again
from tests.support.process_of import environment_of, process_of
from tests.support.work import blank

KILLED = int(os.environ.get("KILLED_SENDERS", "2"))
ORGANISATIONS = max(1, KILLED // 5)
ROUNDS = KILLED // ORGANISATIONS
NOT_SAID = {202, 502, 504}
"""What somebody who clicked is answered: it is on its way, or nothing that Workbill said."""

PRICE = "80.05"
TOTAL = "92.06"
"""With 15 % of tax, half up."""


@pytest.fixture
def companies(connected, arrive):
    """Tenants, each with an organisation of its own, that can send."""
    found = [connected]
    for _ in range(ORGANISATIONS - 1):
        company = arrive()
        company.import_reference()
        company.choose_codes()
        found.append(company)
    return found


def click(company, invoice_id):
    """A click that may never be answered."""
    address = f"{company.demo['base_url']}/api/v1/invoices/{invoice_id}/send"
    key = {"Authorization": f"Bearer {company.demo['api_key']}"}
    return requests.post(address, headers=key, json={}, timeout=60).status_code


def state_in_the_end(company, invoice_id):
    return eventually(lambda: company.program.get(f"/invoices/{invoice_id}")["state"], "sent")


def kill_who_sends(xero, lanes, seconds=60):
    """Kill each process whose call is held, as it comes; answers the functions they were of."""
    killed, deadline = {}, time.monotonic() + seconds
    while killed.keys() != set(lanes) and time.monotonic() < deadline:
        for call in xero.ask("GET", "faults")["holding"]:
            if call["organisation"] not in killed:
                process = process_of(call["port"], urlsplit(xero.url).port)
                killed[call["organisation"]] = environment_of(process)["AWS_LAMBDA_FUNCTION_NAME"]
                os.kill(process, signal.SIGKILL)
        time.sleep(0.05)
    xero.ask("POST", "release", {})
    return [killed.get(lane) for lane in lanes]


def test_what_a_killed_sender_sent_is_adopted_and_never_sent_again(stack, companies, xero):
    began = time.monotonic()
    lanes = {id(one): one.program.get("/connection")["organisation_id"] for one in companies}
    made, killed = [], []
    last = xero.ask("GET", "calls")["last"]
    hold = {"kind": "hold", "when": "after", "method": "PUT", "path": "/Invoices"}

    with wakes_come_again(stack, 10), ThreadPoolExecutor(ORGANISATIONS) as pool:
        for turn in range(ROUNDS):
            drafts = [(company, blank(company.program, PRICE)["id"]) for company in companies]
            xero.ask("POST", "faults", {**hold, "times": len(companies)})
            queued, clicked = drafts[turn % 2 :: 2], drafts[1 - turn % 2 :: 2]
            for company, invoice_id in queued:
                with busy(stack, lanes[id(company)]):
                    assert click(company, invoice_id) == 202
            run(stack, "sync_tick")
            clicks = [pool.submit(click, *one) for one in clicked]
            killed += kill_who_sends(xero, lanes.values())
            assert {one.result() for one in clicks} <= NOT_SAID

            for lane in lanes.values():
                end_lease(stack, lane)
            run(stack, "sync_tick")
            assert all(state_in_the_end(*one) == "sent" for one in drafts)
            made += drafts

    assert set(killed) == {stack.function("app"), stack.function("worker")}
    for company, invoice_id in made:
        invoice = company.program.get(f"/invoices/{invoice_id}")
        (found,) = xero.invoices_of(company.program.get("/connection"), invoice_id)
        assert (found["InvoiceNumber"], found["Total"]) == (invoice["number"], TOTAL)
        assert (invoice["total"]["amount"], invoice["problems"]) == (TOTAL, [])
    sends = xero.ask("GET", f"calls?since={last}&method=PUT&path=/Invoices")["count"]
    assert sends == len(made) == KILLED
    # Shown by ``pytest -s``; docs/sending.md has it of a large run.
    print(  # noqa: T201
        f"{KILLED} senders of {ORGANISATIONS} organisations killed, {sends} calls, "
        f"{len(made)} invoices in Xero, all adopted; {time.monotonic() - began:.0f} s"
    )
