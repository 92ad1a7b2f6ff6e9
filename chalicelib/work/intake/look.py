"""Looking through a file before anything of it is taken: a job, and what it finds."""

from datetime import timedelta

import msgspec

from chalicelib import wiring
from chalicelib.dispatch import store
from chalicelib.dispatch.model import Done, Failed, Job, JobState, More, Slice, Step
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.people.caller import Caller
from chalicelib.work import uploads
from chalicelib.work.intake import answers as answered
from chalicelib.work.intake import jobs
from chalicelib.work.intake.answers import Answers
from chalicelib.work.intake.columns import fingerprint
from chalicelib.work.intake.jobs import Kind
from chalicelib.work.intake.known import everything
from chalicelib.work.intake.plan import Plan, Planner
from chalicelib.work.intake.questions import Question
from chalicelib.work.intake.read import File, Found, read
from chalicelib.work.intake.remember import keep_columns

FRESH = timedelta(minutes=1)
"""For so long a plan is shown as it is; then names are matched again."""

PLAN = "plan.json"


class Looked(msgspec.Struct, frozen=True):
    """What a file holds, and what would become of it."""

    found: Found
    plan: Plan


def start(caller: Caller, import_id: str, answers: Answers) -> Job:
    """Look through the file that has arrived, with these answers; a fresh look is shown again.

    Raises NotFound while no file has arrived, and InvalidInput for answers that cannot be.
    """
    answers = answered.checked(answers)
    etag = uploads.arrived(caller.tenant_id, import_id).etag
    read = {"etag": etag, "answers": answered.kept(answers)}
    wanted = jobs.wanted(caller, Kind.LOOK, import_id, read)
    earlier = jobs.found(caller.tenant_id, Kind.LOOK, import_id)
    if earlier and earlier.params == wanted.params and _still_good(earlier):
        return earlier
    return jobs.begin(wanted)


def handle(job: Job, slice_: Slice) -> Step:
    """Read what is left to read, then match the names."""
    try:
        looked = look(job, slice_)
    except (InvalidInput, NotFound, Conflict) as error:
        return Failed(error.sentence, {"field": error.field})
    if looked is None:
        return More()
    if isinstance(looked, Question):
        return Done(looked.sentence, {"question": msgspec.to_builtins(looked)})
    return Done("The file has been looked through.", {"ready": True})


def look(job: Job, slice_: Slice) -> Looked | Question | None:
    """What the file of a job holds, or what it leaves open; None when the slice is over first.

    Raises InvalidInput, NotFound and Conflict for a file that cannot be used.
    """
    file = file_of(job)
    found = read(file, slice_, lambda done, total: _tell(job, done, total))
    if found is None or isinstance(found, Question):
        return found
    there = everything(file.tenant_id)
    plan = Planner(file.answers, there, found.findings.currency).plan(found.findings)
    file.shelf.put(PLAN, plan)
    if found.survey.matched and not found.survey.remembered:
        keep_columns(file.tenant_id, fingerprint(found.survey.header), found.survey.matched)
    return Looked(found, plan)


def file_of(job: Job) -> File:
    """The file that a job is about."""
    answers = answered.found(job.params["answers"])
    return File(job.tenant_id, job.params["import_id"], job.params["etag"], answers)


def looked(job: Job) -> Looked | None:
    """What a look that has ended well has found; None once that has expired."""
    file = file_of(job)
    found, plan = file.found(), file.shelf.get(PLAN, Plan)
    return Looked(found, plan) if found and plan else None


def _tell(job: Job, done: int, total: int) -> None:
    job.state = JobState.RUNNING
    job.progress = {**job.progress, "done": done, "total": total}
    job.message = f"Looked at {done:,} of {total:,} rows."
    store.update(job)


def _still_good(earlier: Job) -> bool:
    if earlier.state in {JobState.FAILED, JobState.CANCELLED}:
        return False
    if earlier.state.open or not earlier.finished_at:
        return True
    return wiring.current().clock.now() - earlier.finished_at < FRESH
