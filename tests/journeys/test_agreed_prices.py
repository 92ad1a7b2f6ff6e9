"""An agreed price goes to Xero in parts, less a deposit, and never as more than it is."""

import uuid
from decimal import Decimal

import pytest

from local.demo.program import RefusedError
from tests.support.eventually import eventually
from tests.support.work import linked_client

LINE = {"description": "Paid ahead", "quantity": "1", "unit_price": "200.00"}


def test_price_is_drawn_to_its_last_cent_and_a_deposit_comes_off(connected, xero):
    program = connected.program
    client = linked_client(program)
    name = f"Relaunch {uuid.uuid4().hex[:8]}"
    agreed = {"client_id": client["id"], "name": name, "kind": "fixed_price", "price": "999.99"}
    project = program.post("/projects", agreed)

    def bill(**facts):
        return program.post("/invoices", {"basis": "project", **facts})

    def status(invoice_id):
        return program.get(f"/invoices/{invoice_id}")["status"]

    def left_of_price():
        return program.get(f"/projects/{project['id']}")["remaining"]["amount"]

    def sent(**facts):
        invoice = bill(**facts)
        program.post(f"/invoices/{invoice['id']}/send", {})
        assert eventually(lambda: status(invoice["id"]), "AUTHORISED") == "AUTHORISED"
        (theirs,) = xero.invoices_of(program.get("/connection"), invoice["id"])
        assert Decimal(str(theirs["Total"])) == Decimal(invoice["total"]["amount"])
        return invoice

    part = {"project_id": project["id"], "take": "percent", "value": "30"}
    first = sent(portions=[part])
    assert first["sub_total"]["amount"] == "300.00"
    whose = {"client_id": client["id"], "project_ids": [project["id"]]}
    currency = project["currency"]
    ahead = {"basis": "blank", "kind": "deposit", "lines": [LINE], "currency": currency}
    deposit = sent(**ahead, **whose)
    with pytest.raises(RefusedError, match="overdrawn"):
        bill(portions=[{**part, "take": "amount", "value": "700.00"}])

    final = sent(project_ids=[project["id"]], deduct=[{"deposit_id": deposit["id"]}])

    assert final["sub_total"]["amount"] == "499.99"
    now = program.get(f"/projects/{project['id']}")
    assert (now["drawn"]["amount"], now["remaining"]["amount"]) == ("999.99", "0.00")
    with pytest.raises(RefusedError, match="nothing to bill"):
        bill(project_ids=[project["id"]])
    program.post(f"/invoices/{final['id']}/void", {"reason": "A slip", "release": True})
    assert eventually(left_of_price, "699.99") == "699.99"
    again = bill(project_ids=[project["id"]])
    assert again["sub_total"]["amount"] == "699.99"
    left = program.get(f"/deposits?client_id={client['id']}")["items"]
    assert [one["remaining"]["amount"] for one in left if one["id"] == deposit["id"]] == [
        "200.00"
    ]


def test_what_is_billed_again_and_again_is_copied_and_kept(connected):
    program = connected.program
    client = linked_client(program)
    hand = {"basis": "blank", "client_id": client["id"], "lines": [LINE], "currency": "NZD"}
    like = program.post("/invoices", hand)

    copy = program.post("/invoices", {"basis": "copy", "invoice_id": like["id"]})
    kept = program.post("/invoice-templates", {"name": "Monthly", "invoice_id": like["id"]})
    path = f"/invoice-templates/{kept['id']}"
    program.patch(path, {"version": kept["version"], "reference": "Care"})
    made = program.post(
        "/invoices",
        {
            "basis": "template",
            "client_id": client["id"],
            "template_id": kept["id"],
            "currency": "NZD",
        },
    )
    program.delete(path)

    assert copy["total"] == made["total"] == like["total"]
    assert made["reference"] == "Care"
    assert kept["id"] not in {one["id"] for one in program.all("/invoice-templates")}
