"""How an import stands, for whoever brings it: what it waits for, or what came of it."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from chalicelib.dispatch.model import Job, JobState
from chalicelib.work.intake import answers, jobs, remember, report
from chalicelib.work.intake.answers import Answers
from chalicelib.work.intake.jobs import Kind
from chalicelib.work.intake.look import Looked, file_of, looked
from chalicelib.work.intake.questions import Question


class ImportStage(StrEnum):
    """What an import is at.

    WAITING is for a look at it: its file may not have come, or what was read has expired.
    """

    WAITING = "waiting"
    LOOKING = "looking"
    ASKING = "asking"
    UNUSABLE = "unusable"
    READY = "ready"
    TAKING = "taking"
    TAKEN = "taken"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Standing:
    """An import at a stage; ``job`` is the one that brought it there.

    ``question`` is set while ASKING and ``looked`` while READY. ``stopped`` is a job that was
    taking the file and ended too early.
    """

    stage: ImportStage
    job: Job | None = None
    question: Question | None = None
    looked: Looked | None = None
    stopped: Job | None = None


def standing(tenant_id: str, import_id: str) -> Standing:
    """How an import stands; it changes nothing."""
    taking = jobs.found(tenant_id, Kind.TAKE, import_id)
    back = jobs.taken_back(tenant_id, import_id, taking)
    if back:
        return Standing(
            ImportStage.TAKING_BACK if back.state.open else ImportStage.TAKEN_BACK, back
        )
    if taking and (taking.state.open or taking.state is JobState.DONE):
        return Standing(ImportStage.TAKING if taking.state.open else ImportStage.TAKEN, taking)
    return _before(jobs.found(tenant_id, Kind.LOOK, import_id), taking)


def _before(look: Job | None, stopped: Job | None) -> Standing:
    if look is None or look.state is JobState.CANCELLED:
        return Standing(ImportStage.WAITING, stopped=stopped)
    if look.state.open:
        return Standing(ImportStage.LOOKING, look, stopped=stopped)
    if look.state is JobState.FAILED:
        return Standing(ImportStage.UNUSABLE, look, stopped=stopped)
    if asked := look.result.get("question"):
        question = msgspec.convert(asked, Question)
        return Standing(ImportStage.ASKING, look, question, stopped=stopped)
    seen = looked(look)
    if seen is None:
        return Standing(ImportStage.WAITING, stopped=stopped)
    return Standing(ImportStage.READY, look, looked=seen, stopped=stopped)


def answers_so_far(tenant_id: str, import_id: str) -> Answers:
    """What was answered in the last look, else before the file had come."""
    look = jobs.found(tenant_id, Kind.LOOK, import_id)
    if look is None:
        return remember.answers_for(tenant_id, import_id)
    return answers.found(look.params["answers"])


def report_link(job: Job, import_id: str) -> str:
    """Where the report of refused rows can be had for five minutes."""
    return file_of(job).shelf.link(report.NAME, f"refused-{import_id}.csv")
