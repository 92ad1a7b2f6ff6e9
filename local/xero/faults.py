"""Faults to order: what goes wrong, for which call, and how often."""

import threading
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

HELD_AT_MOST = 120.0
PROBLEMS = ("minute", "day", "appminute", "concurrent")


class Kind(StrEnum):
    """What can be made to go wrong."""

    STATUS = "status"
    SLOW = "slow"
    HOLD = "hold"
    DROP = "drop"
    TRUNCATE = "truncate"
    XML = "xml"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - the name of a fault, not a secret
    SCOPE_MISSING = "insufficient_scope"
    RATE_LIMIT = "rate_limit"
    NULL_ARRAYS = "null_arrays"
    UNKNOWN_ENUM = "unknown_enum"


class Moment(StrEnum):
    """Whether the call's effect is lost or stands."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True)
class Fault:
    """One ordered fault.

    ``method`` and ``path`` (a part of it) and ``organisation`` say which calls; the first
    ``skip`` of those pass, the next ``times`` fail; ``times`` 0 is for ever. ``memorised``
    says whether the idempotency memory keeps the failure, as Xero's does with a 500.
    ``field`` is the word in the header of ``insufficient_scope``, which Xero also spells
    ``insufficent_scope``.
    """

    kind: Kind
    method: str = ""
    path: str = ""
    organisation: str = ""
    times: int = 1
    skip: int = 0
    when: Moment = Moment.BEFORE
    status: int = 500
    body: str | None = None
    content_type: str | None = None
    seconds: float = 1.0
    problem: str = "minute"
    retry_after: int | None = None
    field: str = ""
    value: str = "UNHEARDOF"
    memorised: bool | None = None
    fault_id: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        self.kind, self.when = Kind(self.kind), Moment(self.when)
        if self.problem not in PROBLEMS:
            raise ValueError(f"problem is one of {', '.join(PROBLEMS)}")
        if self.memorised is None:
            self.memorised = self.kind is Kind.STATUS and self.status == 500

    def matches(self, method: str, path: str, tenant_id: str | None) -> bool:
        return (
            self.method in ("", method)
            and self.path in path
            and self.organisation in ("", tenant_id)
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A call being held: of which organisation, and from which port of this machine it came."""

    organisation: str
    port: int


@dataclass(slots=True)
class FaultBook:
    """The faults in force, and the calls being held."""

    faults: list[Fault] = field(default_factory=list)
    holding: list[Held] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _gate: threading.Condition = field(default_factory=threading.Condition)
    _releases: int = 0

    def add(self, fault: Fault) -> Fault:
        with self._gate:
            fault.fault_id = next(self._numbers)
            self.faults.append(fault)
            return fault

    def clear(self, fault_id: int | None = None) -> None:
        """Ends that fault, or all of them; calls held go on."""
        with self._gate:
            self.faults = [
                fault for fault in self.faults if fault_id not in (None, fault.fault_id)
            ]
        if fault_id is None:
            self.release()

    def take(self, method: str, path: str, tenant_id: str | None) -> Fault | None:
        """The fault that this call meets, counted; spent faults disappear."""
        with self._gate:
            for fault in self.faults:
                if not fault.matches(method, path, tenant_id):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    return None
                fault.hits += 1
                if fault.times and fault.hits >= fault.times:
                    self.faults.remove(fault)
                return fault
        return None

    @property
    def held(self) -> int:
        """How many calls are being held."""
        return len(self.holding)

    def hold(self, call: Held) -> None:
        """Waits for ``release``, two minutes at most, so that no thread is lost."""
        with self._gate:
            turn = self._releases
            self.holding.append(call)
            self._gate.wait_for(lambda: self._releases > turn, HELD_AT_MOST)
            self.holding.remove(call)

    def release(self) -> None:
        """Lets every held call go on."""
        with self._gate:
            self._releases += 1
            self._gate.notify_all()

    def listed(self) -> list[dict[str, Any]]:
        with self._gate:
            return [asdict(fault) for fault in self.faults]
