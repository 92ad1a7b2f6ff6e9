"""A fixed price: what is left of it, and how much of it an invoice holds."""

from dataclasses import dataclass
from decimal import Decimal

from chalicelib.errors import Conflict
from chalicelib.work.model import Phase, Project

CENTS = 100


class Overdrawn(Conflict):
    """More was to be billed of a fixed price than is left; ``remaining`` is what is left."""

    code = "overdrawn"

    def __init__(self, name: str, remaining: Decimal, currency: str) -> None:
        left = f"{remaining:,.2f} {currency}" if remaining > 0 else "Nothing"
        super().__init__(f"{left} is left of the price of {name}.", field="portions")
        self.remaining = remaining


@dataclass(frozen=True, slots=True)
class Draw:
    """What an invoice holds of the price of a project, or of one of its phases."""

    project_id: str
    phase_id: str
    cents: int

    @property
    def amount(self) -> Decimal:
        """In the project's currency."""
        return Decimal(self.cents) / CENTS


def left(project: Project, phase: Phase | None) -> Decimal:
    """What may still be billed of a project's price, or of a phase's part of it."""
    if phase is None or phase.price is None:
        return project.remaining
    return min(project.remaining, phase.remaining)


def called(project: Project, phase: Phase | None) -> str:
    """How the price is called in sentences and on invoices."""
    return f"{project.name}, {phase.name}" if phase else project.name
