"""What a company chose to be done once an invoice is sent, seen in Xero; and what is fetched."""

import requests

from tests.support.eventually import eventually
from tests.support.work import draft

CHOSEN = {
    "history_note": True,
    "timesheet": "both",
    "timesheet_online": True,
    "email_by": "xero",
}

CLIENT = {"Name": "Mailed Ltd", "EmailAddress": "accounts@mailed.test"}


def test_note_timesheet_and_one_email_follow_and_link_and_pdf_are_fetched(newcomer, xero):
    program = newcomer.program
    assert program.patch("/settings", CHOSEN)["timesheet"] == "both"
    assert "accounting.attachments" in program.get("/connection")["newly_asked"]
    newcomer.connect()
    organisation = program.get("/connection")["organisation_id"]
    xero.ask("POST", f"organisations/{organisation}/contacts", CLIENT)
    newcomer.import_reference()
    newcomer.choose_codes()
    (client,) = program.all("/clients", search=CLIENT["Name"])
    invoice = draft(program, client)
    here = f"/invoices/{invoice['id']}"
    program.post(f"{here}/send")
    assert eventually(lambda: program.get(here)["state"], "sent") == "sent"

    def states():
        return [one["state"] for one in program.get(f"{here}/extras")["items"]]

    assert eventually(states, ["done"] * 4) == ["done"] * 4
    sent = program.get(here)
    path = f"organisations/{organisation}/invoices/{sent['xero_invoice_id']}/beside"
    seen = xero.ask("GET", path)
    assert [one["name"] for one in seen["files"]] == [
        f"{sent['number']} timesheet.csv",
        f"{sent['number']} timesheet.pdf",
    ]
    assert all(one["online"] for one in seen["files"])
    assert len(seen["notes"]) == seen["emails"] == 1
    assert invoice["id"] in seen["notes"][0]
    # One more where the worker remembers a token from before the second consent.
    assert program.get("/usage")["days"][0]["purposes"]["extras"]["calls"] in {5, 6}

    assert program.post(f"{here}/online-link")["url"].startswith("https://in.xero.com/")
    pdf = program.post(f"{here}/pdf")
    assert requests.get(pdf["url"], timeout=60).content.startswith(b"%PDF")
    assert program.get(f"{here}/pdf")["fetched_at"] == pdf["fetched_at"]
