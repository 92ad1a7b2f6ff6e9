"""Work made through the API, for journeys that want an invoice of their own."""

import uuid
from typing import Any

from local.demo.program import Program


def linked_client(program: Program) -> dict[str, Any]:
    """A client that Xero knows, is not archived, and can be billed."""
    return next(
        client
        for client in program.all("/clients")
        if client["contact_id"] and not client["archived"]
    )


def tracked_task(
    program: Program, rate: str = "120.00", client: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A task of a fresh project with 90 minutes of unbilled time."""
    client = client or linked_client(program)
    project = program.post(
        "/projects", {"client_id": client["id"], "name": f"Project {uuid.uuid4().hex[:8]}"}
    )
    task = program.post("/tasks", {"project_id": project["id"], "name": "Drawing", "rate": rate})
    program.post("/time-records", {"task_id": task["id"], "date": "2026-11-20", "minutes": 90})
    return {**task, "client_id": client["id"]}


def draft(program: Program, client: dict[str, Any] | None = None) -> dict[str, Any]:
    """An invoice of fresh tracked time, not sent."""
    task = tracked_task(program, client=client)
    made: dict[str, Any] = program.post(
        "/invoices", {"basis": "tracked_time", "project_ids": [task["project_id"]]}
    )
    return made


def blank(program: Program, price: str = "80.00", **facts: str) -> dict[str, Any]:
    """An invoice of one line without work behind it, not sent: the quickest to make."""
    line = {"description": "Visit", "quantity": "1", "unit_price": price}
    client = linked_client(program)["id"]
    made: dict[str, Any] = program.post(
        "/invoices", {"basis": "blank", "client_id": client, "lines": [line], **facts}
    )
    return made
