"""What was made can be taken back, and work that was billed is unbilled again."""

import pytest

from local.demo.program import Program, RefusedError
from tests.support.eventually import eventually
from tests.support.work import draft, linked_client, tracked_task


def gone(program, path):
    with pytest.raises(RefusedError, match="404"):
        program.get(path)
    return True


def unbilled(program, project_id):
    return program.all("/time-records", project_id=project_id, unbilled="true")


def test_what_was_never_used_can_be_deleted(connected):
    program = connected.program
    client = program.post("/clients", {"name": "Not for long", "currency": "NZD"})
    project = program.post(
        "/projects", {"client_id": linked_client(program)["id"], "name": "Not for long"}
    )
    kept = tracked_task(program)
    task = program.post(
        "/tasks", {"project_id": kept["project_id"], "name": "Not for long", "rate": "1.00"}
    )
    (record,) = unbilled(program, kept["project_id"])
    paths = [
        f"/clients/{client['id']}",
        f"/projects/{project['id']}",
        f"/tasks/{task['id']}",
        f"/time-records/{record['id']}",
    ]

    for path in paths:
        program.delete(path)

    assert all(gone(program, path) for path in paths)


def test_a_discarded_draft_leaves_its_work_unbilled(connected):
    program = connected.program
    task = tracked_task(program)
    wanted = {"basis": "tracked_time", "project_ids": [task["project_id"]]}
    invoice = program.post("/invoices", wanted)
    assert unbilled(program, task["project_id"]) == []

    program.delete(f"/invoices/{invoice['id']}")

    assert gone(program, f"/invoices/{invoice['id']}")
    assert len(unbilled(program, task["project_id"])) == 1


def test_a_line_taken_out_of_a_draft_leaves_its_work_unbilled(connected):
    program = connected.program
    invoice = draft(program)
    task = program.get(f"/tasks/{invoice['lines'][0]['task_id']}")
    change = {"version": invoice["version"], "lines": [{"description": "Nothing this month"}]}

    after = program.patch(f"/invoices/{invoice['id']}", change)

    assert [line["records"] for line in after["lines"]] == [0]
    assert eventually(lambda: len(unbilled(program, task["project_id"])), 1) == 1
    program.delete(f"/invoices/{invoice['id']}")


def test_a_voided_invoice_leaves_its_work_unbilled_when_asked(connected, xero):
    program = connected.program
    invoice = draft(program)
    read = f"/invoices/{invoice['id']}"
    program.post(f"{read}/send")
    assert eventually(lambda: program.get(read)["state"], "sent") == "sent"
    task = program.get(f"/tasks/{invoice['lines'][0]['task_id']}")

    program.post(f"{read}/void", {"reason": "Billed too early", "release": True})

    assert eventually(lambda: program.get(read)["status"], "VOIDED") == "VOIDED"
    assert eventually(lambda: len(unbilled(program, task["project_id"])), 1) == 1
    (there,) = xero.invoices_of(program.get("/connection"), invoice["id"])
    assert there["Status"] == "VOIDED"


def test_a_revoked_key_opens_nothing(connected, demo):
    program = connected.program
    key = program.post("/api-keys", {"name": "For an hour", "scopes": ["read"]})
    other = Program(demo["base_url"], key["key"])
    assert other.get("/clients")["items"]
    assert key["id"] in {one["id"] for one in program.all("/api-keys")}

    program.delete(f"/api-keys/{key['id']}")

    with pytest.raises(RefusedError, match="401"):
        other.get("/clients")


def test_what_is_in_xero_is_changed_as_approved_and_then_credited(connected, xero):
    program = connected.program
    invoice = draft(program)
    read = f"/invoices/{invoice['id']}"
    program.post(f"{read}/send")
    assert eventually(lambda: program.get(read)["state"], "sent") == "sent"
    task = program.get(f"/tasks/{invoice['lines'][0]['task_id']}")

    program.put(
        f"{read}/revision", {"version": program.get(read)["version"], "reference": "PO 7"}
    )
    assert eventually(lambda: program.get(f"{read}/revision")["ready"], True)
    shown = program.get(f"{read}/revision")
    assert [(one["field"], one["wanted"]) for one in shown["differences"]] == [
        ("reference", "PO 7")
    ]
    program.post(f"{read}/revision/write", {"approval": shown["approval"]})
    assert eventually(lambda: program.get(f"{read}/revision"), None) is None
    program.post(f"{read}/credits", {"reason": "Agreed on the phone", "release": True})

    def ended():
        return [one["state"] for one in program.all(f"{read}/credits")]

    assert eventually(ended, ["done"]) == ["done"]
    assert eventually(lambda: len(unbilled(program, task["project_id"])), 1) == 1
    (there,) = xero.invoices_of(program.get("/connection"), invoice["id"])
    assert (there["Reference"], there["Status"]) == ("PO 7", "PAID")
