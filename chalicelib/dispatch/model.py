"""Jobs, lanes, and what a step of a job may answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from chalicelib.errors import NotFound


class Priority(IntEnum):
    """Lower goes first: people's clicks, then Xero's hints, then bulk, then housekeeping."""

    CLICK = 0
    HINT = 2
    BULK = 5
    BACKGROUND = 8


class JobState(StrEnum):
    """The life of a job; the first three still need a worker."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self in {JobState.QUEUED, JobState.RUNNING, JobState.WAITING}


@dataclass(slots=True)
class Job:
    """One piece of work in a lane.

    ``params`` is what was asked and where the work has got to; a handler may change it and it
    is stored after every step. ``progress`` holds counts that people see. ``message`` is one
    sentence about the present state. ``ticket`` is new each time the job is asked for, so that
    a worker's report on an older wish cannot cover a newer one. ``news`` says what the job is
    about, where it is about no more than that; nothing: about everything.
    """

    lane: str
    name: str
    tenant_id: str
    kind: str
    priority: Priority
    due_at: datetime
    created_at: datetime
    ticket: str
    created_by: str = ""
    state: JobState = JobState.QUEUED
    attempts: int = 0
    params: dict[str, Any] = field(default_factory=dict)
    progress: dict[str, int] = field(default_factory=dict)
    message: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    finished_at: datetime | None = None
    news: frozenset[str] = frozenset()

    @property
    def job_id(self) -> str:
        """The opaque id that the API shows; it leads back to lane and name."""
        return f"{self.name}.{self.lane}"


def split_job_id(job_id: str) -> tuple[str, str]:
    """Lane and name of a job from its opaque id; raises NotFound for anything else."""
    name, dot, lane = job_id.partition(".")
    if not (name and dot and lane):
        raise NotFound("There is no such job.")
    return lane, name


def tenant_lane(tenant_id: str) -> str:
    """The lane of a tenant's work that makes no call to Xero."""
    return f"tenant-{tenant_id}"


@dataclass(frozen=True, slots=True)
class Done:
    """The job is finished; ``result`` is for whoever asked."""

    message: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class More:
    """There is more to do; params and progress are stored and the next slice goes on."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing can be done before ``until``; ``why`` is a sentence that people see."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The job ends without success; ``why`` is a sentence with the next step."""

    why: str
    result: Mapping[str, Any] = field(default_factory=dict)


Step = Done | More | Wait | Failed


@dataclass(frozen=True, slots=True)
class Slice:
    """What a handler is given besides its job: until when it may go on."""

    deadline: datetime
    now: Callable[[], datetime]

    @property
    def over(self) -> bool:
        """Whether to stop at the next safe place."""
        return self.now() >= self.deadline


Handler = Callable[[Job, Slice], Step]
