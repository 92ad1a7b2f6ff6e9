"""An invoice of ten thousand time records, made and discarded on the deployed stack."""

import time
from dataclasses import dataclass
from typing import Any

from bench.stack import Stack

RECORDS = 10_000
PER_CALL = 1000
MEGA = 1_000_000
MOST_MEMORY = 256
"""Megabytes that the worker may have; it is deployed with four times that."""

PATIENCE = 1200


@dataclass(frozen=True, slots=True)
class Row:
    """What was done to so many records, how long it took, and the worker's most memory so far."""

    name: str
    records: int
    seconds: float
    megabytes: float


def measure(stack: Stack) -> list[Row]:
    """Bill ten thousand records as a job, then put them all back."""
    program = stack.journey.program
    project_id = _tracked(program)
    wanted = {"basis": "tracked_time", "project_ids": [project_id]}
    began = time.monotonic()
    made = program.finished(program.post("/invoices", wanted), seconds=PATIENCE)
    billed = _row(stack, "made into one draft", int(made["result"]["records"]), began)
    began = time.monotonic()
    job = program.delete(f"/invoices/{made['result']['invoice_id']}")
    gone = program.finished(job, seconds=PATIENCE)
    return [billed, _row(stack, "unbilled again", int(gone["result"]["released"]), began)]


def _tracked(program: Any) -> str:
    client = program.post("/clients", {"name": "Ten Thousand Hours Ltd", "currency": "NZD"})
    project = program.post("/projects", {"client_id": client["id"], "name": "Long haul"})
    task = program.post("/tasks", {"project_id": project["id"], "name": "Work", "rate": "90.00"})
    for start in range(0, RECORDS, PER_CALL):
        items = [
            {"task_id": task["id"], "date": f"2026-10-{1 + n % 28:02d}", "minutes": 1 + n % 480}
            for n in range(start, start + PER_CALL)
        ]
        program.post("/time-records/bulk", {"items": items})
    return str(project["id"])


def _row(stack: Stack, name: str, records: int, began: float) -> Row:
    seconds = time.monotonic() - began
    return Row(name, records, seconds, stack.most_memory("worker") / MEGA)
