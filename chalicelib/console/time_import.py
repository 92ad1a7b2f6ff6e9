"""Bringing in a CSV file: choose it, answer what it leaves open, look at it, take it.

The file goes straight to the store of uploads, which sends the browser back here; nothing is
taken before a person has seen what would be.
"""

from typing import Any

from chalicelib.console import time_answers
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.people.caller import Scope
from chalicelib.work import uploads
from chalicelib.work.intake import columns, encodings, look, questions, take, take_back
from chalicelib.work.intake.answers import Answers, over
from chalicelib.work.intake.names import NameState
from chalicelib.work.intake.plan import Plan
from chalicelib.work.intake.questions import Question
from chalicelib.work.intake.standing import (
    ImportStage,
    Standing,
    answers_so_far,
    report_link,
    standing,
)

pages = Pages(__name__)

HERE = "/time/import"
ENDED = {ImportStage.TAKING, ImportStage.TAKEN, ImportStage.TAKING_BACK, ImportStage.TAKEN_BACK}
"""Stages at which there is nothing to look at any more."""

MAIN_FIELDS = ("date", "client", "project", "task", "duration", "staff", "note", "billable")
"""What nearly every table has; the rest is opened on demand."""

HINTS = {
    "duration": "As 1:30, 01:30:00, 1.5 or 1,5. Or match minutes, or a start and an end time.",
    "billable": "Yes or No; an empty cell means No. Without it all time is billable.",
    "invoiced": "Rows marked Yes are kept and never billed.",
}
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@pages.get(HERE, scope=Scope.WRITE)
def choose(visit: Visit) -> Page:
    """A form that leads to the store of uploads."""
    upload = uploads.make(visit.tenant_id, back_to=f"{HERE}/{{id}}")
    values = {"upload": upload, "largest": uploads.LARGEST}
    return Page("time/import.html", values, posts_to=upload.url)


@pages.get(f"{HERE}/{{import_id}}", scope=Scope.WRITE)
def show(visit: Visit, import_id: str) -> Page:
    """What the file asks or holds, how taking it is getting on, or what came of it."""
    found = standing(visit.tenant_id, import_id)
    if found.stage in ENDED and "again" not in visit.query:
        return _progress(import_id, found)
    return _look(visit, import_id, answers_so_far(visit.tenant_id, import_id))


@pages.post(f"{HERE}/{{import_id}}/answers", scope=Scope.WRITE)
def answer(visit: Visit, import_id: str) -> Page | Redirect:
    """Look again with an answer; what the form said is kept when it cannot be."""
    before = answers_so_far(visit.tenant_id, import_id)
    try:
        given = over(before, time_answers.settled(visit.form))
        _must_fit(look.start(visit.caller, import_id, given))
    except InvalidInput as error:
        return _look(visit, import_id, before, error)
    return Redirect(f"{HERE}/{import_id}")


@pages.post(f"{HERE}/{{import_id}}", scope=Scope.WRITE)
def begin(visit: Visit, import_id: str) -> Page | Redirect:
    """Take the file, unless names are to be taken otherwise than was shown: then show that."""
    before = answers_so_far(visit.tenant_id, import_id)
    found = standing(visit.tenant_id, import_id)
    if found.looked is None:
        uploads.arrived(visit.tenant_id, import_id)
        return Redirect(f"{HERE}/{import_id}")
    try:
        given = time_answers.chosen(visit.form, found.looked.plan, before)
        if given.choices != before.choices or visit.form.get("show"):
            look.start(visit.caller, import_id, given)
            return Redirect(f"{HERE}/{import_id}", "This is what becomes of it now.")
        _must_know_currencies(given, found.looked.plan)
        take.start(visit.caller, import_id, given)
    except InvalidInput as error:
        return _look(visit, import_id, before, error)
    return Redirect(f"{HERE}/{import_id}")


@pages.post(f"{HERE}/{{import_id}}/take-back", scope=Scope.WRITE)
def undo(visit: Visit, import_id: str) -> Redirect:
    """Remove what the file brought, but for what an invoice bills."""
    take_back.start(visit.caller, import_id)
    return Redirect(f"{HERE}/{import_id}")


def _must_know_currencies(answers: Answers, plan: Plan) -> None:
    if answers.currency is None and plan.lacks_currency():
        raise InvalidInput("Say the currency of the new projects.", field="currency")


def _must_fit(job: Job) -> None:
    """Raise InvalidInput when the look failed because of an answer, not of the file."""
    if job.state is JobState.FAILED and job.result.get("field"):
        raise InvalidInput(job.message, field=job.result["field"])


def _look(
    visit: Visit, import_id: str, answers: Answers, error: InvalidInput | None = None
) -> Page:
    try:
        look.start(visit.caller, import_id, answers)
    except (InvalidInput, NotFound) as fault:
        return _unusable(import_id, fault.sentence, fault.status)
    found = standing(visit.tenant_id, import_id)
    if found.stage is ImportStage.UNUSABLE and found.job:
        wrong = found.job.result.get("field")
        if not wrong or answers == Answers() or error:
            return _unusable(import_id, found.job.message, 400)
        # An answer does not fit: the file is asked about anew, without any.
        return _look(visit, import_id, Answers(), InvalidInput(found.job.message, field=wrong))
    return _found(visit, import_id, found, answers, error)


def _found(
    visit: Visit,
    import_id: str,
    found: Standing,
    answers: Answers,
    error: InvalidInput | None,
) -> Page:
    if found.question:
        return _question(visit, import_id, found.question, answers, error)
    if found.looked is None:
        return _progress(import_id, found)
    if visit.query.get("change") == "columns" or (error and error.field == "columns"):
        survey = found.looked.found.survey
        asked = questions.columns(survey.header, survey.first)
        held = survey.matched.columns if survey.matched else asked.proposed
        return _question(visit, import_id, asked, over(answers, Answers(columns=held)), error)
    return _preview(visit, import_id, found, answers, error)


def _unusable(import_id: str, sentence: str, status: int) -> Page:
    values = {"import_id": import_id, "sentence": sentence}
    return Page("time/import_unusable.html", values, status)


def _question(
    visit: Visit,
    import_id: str,
    question: Question,
    answers: Answers,
    error: InvalidInput | None,
) -> Page:
    form = visit.form
    held = answers.columns or question.proposed
    matched = {
        field: form.get(f"column:{field}") if error else held.get(field, "")
        for field in columns.LABELS
    }
    values: dict[str, Any] = {
        "import_id": import_id,
        "question": question,
        "error": error,
        "chosen": form.get(question.name) or question.proposed.get(question.name, ""),
        "fields": columns.LABELS,
        "hints": HINTS,
        "main_fields": MAIN_FIELDS,
        "more_open": any(name for field, name in matched.items() if field not in MAIN_FIELDS),
        "same_for_all": columns.SAME_FOR_ALL,
        "columns": matched,
        "same": {
            field: form.get(f"same:{field}") if error else answers.same.get(field, "")
            for field in columns.SAME_FOR_ALL
        },
    }
    template = "import_columns" if question.name == "columns" else "import_question"
    return Page(f"time/{template}.html", values, error.status if error else 200)


def _preview(
    visit: Visit,
    import_id: str,
    found: Standing,
    answers: Answers,
    error: InvalidInput | None,
) -> Page:
    looked = found.looked
    if looked is None or found.job is None:
        raise Conflict("This file is being looked at. Wait a moment.")
    survey, plan = looked.found.survey, looked.plan
    to_check = [
        (name, meaning, choice, time_answers.use_of(meaning))
        for name, meaning, choice in time_answers.names(plan)
        if meaning.offers and meaning.state not in {NameState.SAME, NameState.LEFT_OUT}
    ]
    form = visit.form
    values: dict[str, Any] = {
        "import_id": import_id,
        "survey": survey,
        "findings": looked.found.findings,
        "plan": plan,
        "to_check": to_check[: time_answers.MOST_SHOWN],
        "unchecked": max(0, len(to_check) - time_answers.MOST_SHOWN),
        "most_shown": time_answers.MOST_SHOWN,
        "stopped": found.stopped,
        "error": error,
        "rate": form.get("rate") or answers.rate or "",
        "currency": form.get("currency") or answers.currency or "",
        "strangers": plan.strangers(),
        "add_staff": form.get("add_staff") == "yes" if error else True,
        "encoding": encodings.NAMES.get(survey.encoding) or encodings.OTHERS[survey.encoding],
        "separated": DELIMITERS.get(survey.delimiter, survey.delimiter),
        "report": report_link(found.job, import_id),
    }
    return Page("time/import_preview.html", values, error.status if error else 200)


def _progress(import_id: str, found: Standing) -> Page:
    job = found.job
    refused = bool(job and job.result.get("refused"))
    values = {
        "import_id": import_id,
        "stage": found.stage,
        "job": job,
        "report": report_link(job, import_id) if job and refused else "",
    }
    return Page("time/import_job.html", values)
