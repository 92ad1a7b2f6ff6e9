"""Work that nobody could do at once is done by whoever comes next, and done once."""

from tests.journeys.conftest import CONTACTS
from tests.support.functions import busy, run, worker_away
from tests.support.work import linked_client

MANY = 201
COLUMNS = (
    "User,Email,Client,Project,Task,Description,Billable,"
    "Start date,Start time,End date,End time,Duration"
)
ROWS = (
    (
        "Ana Silva,ana@studio.example,{},Waiting room,Plan,Talk,Yes,"
        "2026-10-01,09:00:00,2026-10-01,10:00:00,01:00:00"
    ),
    (
        "Ana Silva,ana@studio.example,{},Waiting room,Draw,Plans,Yes,"
        "2026-10-02,09:00:00,2026-10-02,11:00:00,02:00:00"
    ),
)


def test_a_click_does_what_no_worker_came_for(stack, newcomer):
    program = newcomer.program
    with worker_away(stack):
        job = program.post("/imports/clients")
        assert job["state"] == "queued"

        program.post("/invoices/sync")

        assert program.get(f"/jobs/{job['id']}")["state"] == "done"
    assert len(program.all("/clients")) >= CONTACTS


def test_a_file_is_brought_in_by_the_tick_when_the_lane_was_busy(stack, connected, demo):
    program = connected.program
    client = linked_client(program)
    rows = [row.format(client["name"]) for row in ROWS]
    import_id = connected.upload("\n".join([COLUMNS, *rows]))
    with busy(stack, f"tenant-{demo['tenant_id']}"):
        job = program.post(f"/imports/time-records/{import_id}/begin")
        assert job["state"] == "queued"

    run(stack, "sync_tick")

    assert program.finished(job)["progress"]["created"] == 2


def test_codes_come_in_when_xero_can_be_reached_again(connected, xero):
    program = connected.program
    organisation = program.get("/connection")["organisation_id"]
    xero.ask("POST", f"organisations/{organisation}/accounts/260/archive", {})
    xero.ask("POST", "faults", {"kind": "status", "status": 503, "path": "/Accounts", "times": 0})
    job = program.post("/imports/codes")
    assert job["state"] == "waiting"
    assert "by itself" in job["message"]

    xero.ask("DELETE", "faults")

    assert program.finished(job)["progress"]["updated"] == 1
    (archived,) = [one for one in program.all("/accounts") if one["code"] == "260"]
    assert not archived["usable"]


def test_a_large_invoice_is_built_and_taken_apart_by_jobs(connected):
    program = connected.program
    client = linked_client(program)
    project = program.post("/projects", {"client_id": client["id"], "name": "Large"})
    task = program.post(
        "/tasks", {"project_id": project["id"], "name": "Drawing", "rate": "90.00"}
    )
    items = [
        {"task_id": task["id"], "date": "2026-11-20", "minutes": 60, "note": f"Sheet {number}"}
        for number in range(MANY)
    ]
    program.post("/time-records/bulk", {"items": items})

    job = program.post(
        "/invoices",
        {"basis": "tracked_time", "project_ids": [project["id"]], "grouping": "each"},
    )
    assert job["state"] == "queued"
    invoice_id = program.finished(job)["result"]["invoice_id"]
    invoice = program.get(f"/invoices/{invoice_id}")
    program.finished(program.delete(f"/invoices/{invoice_id}"))

    assert len(invoice["lines"]) == MANY
    assert invoice["sub_total"] == {"amount": "18090.00", "currency": "NZD"}
    assert len(program.all("/time-records", project_id=project["id"], unbilled="true")) == MANY
