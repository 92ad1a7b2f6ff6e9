"""Bringing in a CSV file of time records: a place to post it to, a look at it, then a job."""

import datetime as dt
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.api.jobs import JobView, accepted, job_view
from chalicelib.api.routing import API, Answer, Call
from chalicelib.people.caller import Scope
from chalicelib.work import uploads
from chalicelib.work.intake import answers, look, remember, take, take_back
from chalicelib.work.intake.answers import Answers
from chalicelib.work.intake.look import Looked
from chalicelib.work.intake.names import Meaning, NameState, Offer
from chalicelib.work.intake.plan import ClientPlan, ProjectPlan
from chalicelib.work.intake.questions import Question
from chalicelib.work.intake.standing import (
    ImportStage,
    Standing,
    answers_so_far,
    report_link,
    standing,
)

api = API(__name__)

HERE = "/imports/time-records"


class UploadView(msgspec.Struct):
    """Where to post the file as multipart/form-data, ``fields`` first, then ``file``.

    Good for an hour and for at most 10 MB; the store answers 201.
    """

    url: str
    fields: dict[str, str]


class TimeImportView(msgspec.Struct):
    """An import whose file is to come."""

    import_id: str
    upload: UploadView


class NameView(msgspec.Struct):
    """What becomes of a name in the file.

    ``id`` is what it stands for, null for what would be made; ``offers`` are what it may stand
    for.
    """

    name: str
    state: NameState
    id: str | None
    means: str
    offers: list[Offer]


class ProjectInFile(NameView):
    """A project in the file; ``currency`` is null where nobody has said it yet.

    ``here`` counts the records that were brought in before.
    """

    currency: str | None
    records: int
    here: int
    minutes: int
    billable_minutes: int
    tasks: list[NameView]


class ClientInFile(NameView):
    """A client in the file."""

    projects: list[ProjectInFile]


class PersonInFile(NameView):
    """Somebody in the file; who is ``new`` is not among the staff, see ``add_staff``."""

    email: str
    minutes: int


class RefusedView(msgspec.Struct):
    """A row that cannot be taken; ``line`` counts from 1."""

    line: int
    reason: str


class LongDayView(msgspec.Struct):
    """Somebody with more than 24 hours on one day."""

    staff: str
    date: dt.date
    minutes: int


class FilePreview(msgspec.Struct):
    """What the file holds, and what would become of it; nothing is taken yet.

    ``here`` of the records were brought in before and add nothing; ``invoiced`` ones are kept
    and never billed. ``refused`` are the first of ``refused_count`` rows; the report has all.
    ``lacks_currency`` names clients whose new projects need the answer ``currency``.
    """

    kind: str
    label: str
    encoding: str
    columns_remembered: bool
    records: int
    here: int
    minutes: int
    billable_minutes: int
    invoiced: int
    first_day: dt.date | None
    last_day: dt.date | None
    clients: list[ClientInFile]
    people: list[PersonInFile]
    lacks_currency: list[str]
    long_days: list[LongDayView]
    strange_currencies: list[str]
    refused_count: int
    refused: list[RefusedView]


class TimeImportState(msgspec.Struct):
    """How an import stands; ``question`` is what it waits for while ``asking``.

    ``report_url`` is the CSV of refused rows, for five minutes, null when there are none.
    """

    import_id: str
    state: ImportStage
    message: str
    question: Question | None
    preview: FilePreview | None
    job: JobView | None
    report_url: Annotated[str | None, Meta(description="The refused rows as CSV")]


@api.post(HERE, scope=Scope.WRITE, body=Answers, answer=TimeImportView, status=201)
def make_time_import(call: Call) -> TimeImportView:
    """Get a place for a CSV file of time records, with answers to what it may leave open."""
    given = answers.checked(call.body)
    upload = uploads.make(call.tenant_id)
    if given != Answers():
        remember.keep_answers(call.tenant_id, upload.import_id, given)
    return TimeImportView(upload.import_id, UploadView(upload.url, upload.fields))


@api.get(f"{HERE}/{{import_id}}", scope=Scope.READ, answer=TimeImportState)
def read_time_import(call: Call, import_id: str) -> TimeImportState:
    """How an import stands: what it asks, what it would bring, or what it brought."""
    found = standing(call.tenant_id, import_id)
    if found.stage is ImportStage.WAITING:
        uploads.arrived(call.tenant_id, import_id)
    return _state(import_id, found)


@api.post(f"{HERE}/{{import_id}}/look", scope=Scope.WRITE, body=Answers, answer=TimeImportState)
def look_at_time_import(call: Call, import_id: str) -> TimeImportState:
    """Look through the file that was posted, with further answers; nothing is taken."""
    look.start(call.caller, import_id, _answers(call, import_id))
    return _state(import_id, standing(call.tenant_id, import_id))


@api.post(
    f"{HERE}/{{import_id}}/begin", scope=Scope.WRITE, body=Answers, answer=JobView, status=202
)
def begin_time_import(call: Call, import_id: str) -> Answer:
    """Bring in the file that was posted; safe to ask again.

    The job fails, with nothing brought in, while the file leaves something open.
    """
    return accepted(take.start(call.caller, import_id, _answers(call, import_id)))


@api.post(f"{HERE}/{{import_id}}/take-back", scope=Scope.WRITE, answer=JobView, status=202)
def take_back_time_import(call: Call, import_id: str) -> Answer:
    """Remove what the import brought, but for what an invoice bills; for a week."""
    return accepted(take_back.start(call.caller, import_id))


def _answers(call: Call, import_id: str) -> Answers:
    return answers.over(answers_so_far(call.tenant_id, import_id), call.body)


def _state(import_id: str, found: Standing) -> TimeImportState:
    job, seen = found.job, found.looked
    told = found.stopped or job
    refused = job is not None and (
        bool(seen and seen.found.findings.refused_count) or bool(job.result.get("refused"))
    )
    return TimeImportState(
        import_id=import_id,
        state=found.stage,
        message=told.message if told else "",
        question=found.question,
        preview=_preview(seen) if seen else None,
        job=job_view(job) if job else None,
        report_url=report_link(job, import_id) if job and refused else None,
    )


def _preview(seen: Looked) -> FilePreview:
    survey, findings = seen.found.survey, seen.found.findings
    return FilePreview(
        kind=survey.kind,
        label=survey.label,
        encoding=survey.encoding,
        columns_remembered=survey.remembered,
        records=findings.rows,
        here=findings.here,
        minutes=findings.minutes,
        billable_minutes=findings.billable,
        invoiced=findings.invoiced,
        first_day=findings.first_day,
        last_day=findings.last_day,
        clients=[_client(client) for client in seen.plan.clients],
        people=[
            PersonInFile(*_name(one.meaning), one.email, one.minutes) for one in seen.plan.people
        ],
        lacks_currency=seen.plan.lacks_currency(),
        long_days=[LongDayView(day.who, day.day, day.minutes) for day in findings.long_days],
        strange_currencies=findings.strange_currencies,
        refused_count=findings.refused_count,
        refused=[RefusedView(row.line, row.reason) for row in findings.refused],
    )


def _client(client: ClientPlan) -> ClientInFile:
    projects = [_project(project) for project in client.projects]
    return ClientInFile(*_name(client.meaning), projects=projects)


def _project(project: ProjectPlan) -> ProjectInFile:
    return ProjectInFile(
        *_name(project.meaning),
        currency=project.currency or None,
        records=project.rows,
        here=project.here,
        minutes=project.minutes,
        billable_minutes=project.billable,
        tasks=[NameView(*_name(task.meaning)) for task in project.tasks],
    )


def _name(means: Meaning) -> tuple[str, NameState, str | None, str, list[Offer]]:
    return means.name, means.state, means.id, means.means, means.offers
