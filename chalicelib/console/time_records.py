"""The form of a time record."""

import re
from datetime import date
from typing import Any

from chalicelib import wiring
from chalicelib.console.forms import Form
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people import tenants, time_zones
from chalicelib.people.caller import Scope
from chalicelib.work import add_time, projects, tasks, time_records
from chalicelib.work.add_time import NewTime
from chalicelib.work.model import Project, TimeRecord
from chalicelib.work.time_records import Facts

pages = Pages(__name__)

FIELDS = ("task_id", "date", "minutes", "staff", "note", "billable")

CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
MINUTES = re.compile(r"\d{1,4}")


@pages.get("/projects/{project_id}/time/new", scope=Scope.WRITE)
def new(visit: Visit, project_id: str) -> Page:
    """An empty form for today, on the tenant's calendar."""
    project = projects.get(visit.tenant_id, project_id)
    zone = time_zones.zone(tenants.get(visit.tenant_id).time_zone)
    today = wiring.current().clock.now().astimezone(zone).date()
    values = {"date": today.isoformat(), "staff": visit.caller.name, "billable": "yes"}
    return _form(visit, project, None, values)


@pages.post("/projects/{project_id}/time", scope=Scope.WRITE)
def create(visit: Visit, project_id: str) -> Page | Redirect:
    """Add a record, or show what is wrong."""
    project = projects.get(visit.tenant_id, project_id)
    form = visit.form
    try:
        facts = Facts(**_facts(form))
        task_id = _task_of(visit, project)
        new_time = NewTime(task_id, facts, form.get("billable") == "yes")
        add_time.add(visit.tenant_id, new_time)
    except (InvalidInput, Conflict) as error:
        return _form(visit, project, None, form.values(), error)
    return Redirect(f"/projects/{project_id}", "The time is added.")


@pages.get("/time-records/{record_id}", scope=Scope.WRITE)
def edit(visit: Visit, record_id: str) -> Page:
    """The form as the record is."""
    record = time_records.get(visit.tenant_id, record_id)
    values = {
        "task_id": record.task_id,
        "date": record.date.isoformat(),
        "minutes": f"{record.minutes // 60}:{record.minutes % 60:02d}",
        "staff": record.staff,
        "note": record.note,
        "billable": "yes" if record.billable else "",
    }
    return _form(visit, projects.get(visit.tenant_id, record.project_id), record, values)


@pages.post("/time-records/{record_id}", scope=Scope.WRITE)
def change(visit: Visit, record_id: str) -> Page | Redirect:
    """Keep the form, or show what is wrong."""
    record = time_records.get(visit.tenant_id, record_id)
    project = projects.get(visit.tenant_id, record.project_id)
    form = visit.form
    try:
        changes = {**_facts(form), "billable": form.get("billable") == "yes"}
        task_id = _task_of(visit, project)
        time_records.change(visit.tenant_id, record_id, task_id=task_id, **changes)
    except (InvalidInput, Conflict) as error:
        return _form(visit, project, record, form.values(), error)
    return Redirect(f"/projects/{record.project_id}", "The time is saved.")


@pages.post("/time-records/{record_id}/delete", scope=Scope.WRITE)
def delete(visit: Visit, record_id: str) -> Redirect:
    """Remove a record that is on no invoice."""
    record = time_records.get(visit.tenant_id, record_id)
    time_records.delete(visit.tenant_id, record_id)
    return Redirect(f"/projects/{record.project_id}", "The time is deleted.")


def minutes_of(text: str) -> int:
    """Minutes of 1:30, or of 90; raises InvalidInput for anything else."""
    if found := CLOCK.fullmatch(text):
        return int(found[1]) * 60 + int(found[2])
    if MINUTES.fullmatch(text):
        return int(text)
    raise InvalidInput("Write the time as 1:30, or as 90 minutes.", field="minutes")


def _facts(form: Form) -> dict[str, Any]:
    return {
        "date": _day(form.get("date")),
        "minutes": minutes_of(form.get("minutes")),
        "staff": form.get("staff"),
        "note": form.get("note"),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Say the day.", field="date") from None


def _task_of(visit: Visit, project: Project) -> str:
    """The task that the form names, which must be of this project."""
    task_id = visit.form.must("task_id", "The task")
    if task_id not in tasks.of_project(visit.tenant_id, project.project_id):
        raise InvalidInput("Choose one of the project's tasks.", field="task_id")
    return task_id


def _form(
    visit: Visit,
    project: Project,
    record: TimeRecord | None,
    values: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Page:
    of_project = tasks.of_project(visit.tenant_id, project.project_id).values()
    live = [t for t in of_project if not t.archived or (record and record.task_id == t.task_id)]
    shown: dict[str, Any] = {
        "project": project,
        "record": record,
        "values": {**dict.fromkeys(FIELDS, ""), **values},
        "error": error,
        "tasks": [(t.task_id, t.name) for t in sorted(live, key=lambda t: t.name.casefold())],
    }
    return Page("time/form.html", shown, error.status if error else 200)
