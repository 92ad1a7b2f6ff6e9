"""Taking a file in: a job that makes what is missing, then stores the records.

Nothing is stored before every row has been judged. What is missing is made first, then the
records follow a hundred at a time, and how far it has got is kept with the job: a worker that
dies costs what it did since, and doing that again adds nothing, because the ids of all that is
stored are made of what the file says. A job that ended too early goes on when it is asked for
again, or everything that it brought is taken back (``take_back``).
"""

from decimal import Decimal
from typing import Any

import msgspec

from chalicelib.audit import trail
from chalicelib.dispatch import store
from chalicelib.dispatch.model import Done, Failed, Job, JobState, More, Slice, Step
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.people.caller import Caller
from chalicelib.work import uploads
from chalicelib.work.intake import answers as answered
from chalicelib.work.intake import jobs
from chalicelib.work.intake.answers import Answers
from chalicelib.work.intake.findings import Findings
from chalicelib.work.intake.jobs import Kind
from chalicelib.work.intake.look import Looked, file_of, look
from chalicelib.work.intake.people import People
from chalicelib.work.intake.places import AllMade, Places
from chalicelib.work.intake.plan import Plan
from chalicelib.work.intake.put_records import GONE, PutRecords
from chalicelib.work.intake.questions import Question
from chalicelib.work.intake.read import File
from chalicelib.work.intake.remember import keep_meanings

TAKEN, MADE = "taken.json", "made.json"


def start(caller: Caller, import_id: str, answers: Answers) -> Job:
    """Bring in the file that has arrived; asking again answers with the same job.

    One that failed or was cancelled goes on where it stopped, unless the answers are others; one
    that was taken back begins anew. Raises NotFound while no file has arrived, InvalidInput for
    answers that cannot be, and Conflict while it is being taken back.
    """
    answers = answered.checked(answers)
    arrived = uploads.arrived(caller.tenant_id, import_id)
    earlier = jobs.found(caller.tenant_id, Kind.TAKE, import_id)
    back = jobs.taken_back(caller.tenant_id, import_id, earlier)
    if back and back.state.open:
        raise Conflict("This import is being taken back. Wait for its end.")
    if earlier and not back and (earlier.state.open or earlier.state is JobState.DONE):
        return earlier
    trail.record(caller, Kind.TAKE, import_id, "asked", bytes=arrived.size)
    read = {"etag": arrived.etag, "answers": answered.kept(answers)}
    wanted = jobs.wanted(caller, Kind.TAKE, import_id, read)
    if earlier and not back and wanted.params.items() <= earlier.params.items():
        wanted.params, wanted.progress = dict(earlier.params), dict(earlier.progress)
    return jobs.begin(wanted)


def handle(job: Job, slice_: Slice) -> Step:
    """Look through the file unless that is done, make what is missing, store the records."""
    try:
        return _step(job, slice_)
    except (InvalidInput, NotFound, Conflict) as error:
        return Failed(f"{error.sentence} {_so_far(job)}", {"field": error.field})


def _step(job: Job, slice_: Slice) -> Step:
    if "row" not in job.params:
        return _look(job, slice_)
    file = file_of(job)
    found = file.found()
    made = file.shelf.get(MADE, AllMade)
    if found is None or made is None:
        raise NotFound(GONE)
    if not job.params["made"] and not _make(job, file, made, slice_):
        return More()
    if not PutRecords(job, file, found.findings, made).go_on(slice_):
        return More()
    return Done(_summary(job), _result(job, found.findings))


def _look(job: Job, slice_: Slice) -> Step:
    seen = look(job, slice_)
    if seen is None:
        return More()
    if isinstance(seen, Question):
        question = msgspec.to_builtins(seen)
        return Failed(f"{seen.sentence} Nothing was brought in.", {"question": question})
    return _begin(job, seen)


def _begin(job: Job, seen: Looked) -> Step:
    findings = seen.found.findings
    if not findings.rows:
        raise InvalidInput(f"None of the {findings.refused_count:,} rows can be taken.")
    lacking = seen.plan.lacks_currency()
    if lacking:
        raise InvalidInput(
            f"In which currency {', '.join(lacking[:3])} is billed is not known. Say it, give "
            "the client one, or connect to Xero.",
            field="currency",
        )
    keep_meanings(job.tenant_id, seen.plan.chosen())
    # Names matched anew for another look, while this goes on, change nothing here.
    shelf = file_of(job).shelf
    shelf.put(TAKEN, seen.plan)
    shelf.put(MADE, AllMade())
    job.params |= {"made": False, "page": 0, "row": 0, "left_out": 0}
    job.progress = {
        "done": 0,
        "created": 0,
        "updated": 0,
        "unchanged": 0,
        "skipped": findings.refused_count,
        "total": findings.rows,
    }
    job.state, job.message = JobState.RUNNING, "Making what is missing."
    return More()


def _make(job: Job, file: File, made: AllMade, slice_: Slice) -> bool:
    """Make what is missing, and find who did the work; whether that is done."""
    plan = file.shelf.get(TAKEN, Plan)
    if plan is None:
        raise NotFound(GONE)
    actor = job.created_by or "system:worker"
    caller = Caller(job.tenant_id, actor, actor, frozenset())
    places = Places(job.tenant_id, file.import_id, _rate(file.answers))
    people = People(caller, add=file.answers.add_staff)
    ended = places.make(plan, made.places, slice_) and people.find(plan, made.staff, slice_)
    file.shelf.put(MADE, made)
    job.params["made"] = ended
    return ended and not slice_.over and store.update(job)


def _rate(answers: Answers) -> Decimal | None:
    return None if answers.rate is None else Decimal(answers.rate)


def _so_far(job: Job) -> str:
    if job.progress.get("created"):
        return f"{_counted(job.progress['created'], 'time record')} had been brought in before."
    return "Nothing was brought in."


def _result(job: Job, findings: Findings) -> dict[str, Any]:
    refused = [{"line": row.line, "reason": row.reason} for row in findings.refused]
    return {
        "refused_count": findings.refused_count,
        "refused": refused,
        "left_out": job.params["left_out"],
        "minutes": findings.minutes,
        "billable_minutes": findings.billable,
    }


def _summary(job: Job) -> str:
    counts, left_out = job.progress, job.params["left_out"]
    said = f"{_counted(counts['created'], 'time record')} brought in"
    for count, what in (
        (counts["unchanged"], f"{counts['unchanged']:,} already here"),
        (counts["updated"], f"{counts['updated']:,} invoiced elsewhere by now"),
        (left_out, f"{left_out:,} left out"),
        (counts["skipped"], f"{_counted(counts['skipped'], 'row')} refused"),
    ):
        said += f", {what}" if count else ""
    return said + "."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
