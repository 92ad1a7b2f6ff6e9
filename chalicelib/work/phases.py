"""Phases: the parts of a project, in an order, each with its part of a fixed price if wanted."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib import wiring
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.work import keys, projects, queries
from chalicelib.work.check_project import amount_of
from chalicelib.work.ids import new_id
from chalicelib.work.model import Phase
from chalicelib.work.names import clean_name
from chalicelib.work.store import PhaseRow

NO_PHASE = "There is no such phase."
MOST_PHASES = 100
KEPT = (
    "name", "position", "price", "archived", "updated_at", "listing_key", "listing_order",
    "name_key",
)  # fmt: skip


def create(
    tenant_id: str, project_id: str, name: str, *, price: Decimal | str | None = None
) -> Phase:
    """A new phase, after those that there are; raises NotFound, and InvalidInput by field."""
    project = projects.use(tenant_id, project_id)
    there = of_project(tenant_id, project.project_id)
    if len(there) >= MOST_PHASES:
        raise InvalidInput(f"A project has at most {MOST_PHASES} phases.", field="name")
    phase = Phase(
        phase_id=new_id(),
        project_id=project_id,
        name=clean_name(name),
        price=_price(price),
        position=max((one.position for one in there.values()), default=0) + 1,
        updated_at=wiring.current().clock.now(),
    )
    queries.add(PhaseRow.of(tenant_id, phase))
    return phase


def get(tenant_id: str, phase_id: str) -> Phase:
    """The phase as last stored; raises NotFound."""
    row = queries.get(PhaseRow, tenant_id, keys.phase_sk(phase_id), NO_PHASE)
    found: Phase = row.phase()
    return found


def of_project(tenant_id: str, project_id: str) -> dict[str, Phase]:
    """Every phase of a project by id, in their order, archived ones too."""
    found = [
        row.phase() for row in PhaseRow.listing.query(keys.phase_listing(tenant_id, project_id))
    ]
    return {phase.phase_id: phase for phase in found}


def of(tenant_id: str, project_id: str, phase_id: str | None) -> Phase | None:
    """The project's phase, None for none; raises InvalidInput for one of another project."""
    if not phase_id:
        return None
    try:
        phase = get(tenant_id, phase_id)
    except NotFound:
        phase = None
    if phase is None or phase.project_id != project_id:
        raise InvalidInput("Choose one of the project's phases.", field="phase_id")
    return phase


def change(tenant_id: str, phase_id: str, **changes: Any) -> Phase:
    """Change name, price, position or archived.

    Raises InvalidInput for less than is on invoices, and Conflict when the phase was changed or
    billed at the same moment.
    """
    before = get(tenant_id, phase_id)
    checked: dict[str, Any] = {name: CHECKS[name](value) for name, value in changes.items()}
    after = replace(before, **checked)
    if after == before:
        return before
    if after.drawn and after.remaining < 0:
        raise InvalidInput(
            f"{after.drawn} of the price is on invoices already; it cannot be less.",
            field="price",
        )
    row = PhaseRow.of(tenant_id, replace(after, updated_at=wiring.current().clock.now()))
    unchanged = (PhaseRow.updated_at == before.updated_at) & (
        PhaseRow.drawn_cents == before.drawn_cents
    )
    if not queries.update(row, queries.replacement(row, KEPT), unchanged):
        raise Conflict("Somebody has just changed or billed this phase. Look again.")
    return get(tenant_id, phase_id)


def use(tenant_id: str, project_id: str, phase_id: str | None) -> str | None:
    """The id of the project's phase, marked as having work; raises InvalidInput for another's."""
    phase = of(tenant_id, project_id, phase_id)
    if phase and not phase.in_use:
        row = PhaseRow(tenant_id, keys.phase_sk(phase.phase_id))
        queries.update(row, [PhaseRow.in_use.set(True)], PhaseRow.pk.exists())
    return phase.phase_id if phase else None


def delete(tenant_id: str, phase_id: str) -> None:
    """Remove a phase that never had a task nor an invoice; raises Conflict for any other."""
    get(tenant_id, phase_id)
    free = (PhaseRow.in_use == False) & (PhaseRow.drawn_cents == 0)  # noqa: E712  an expression of DynamoDB's
    if not queries.remove(PhaseRow(tenant_id, keys.phase_sk(phase_id)), free):
        raise Conflict("This phase has tasks or was billed. Archive it instead.")


_price = amount_of("price", "A price")


def _position(value: int) -> int:
    if not 0 <= value <= 10 * MOST_PHASES:
        raise InvalidInput("A place is a small number.", field="position")
    return value


CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": clean_name,
    "price": _price,
    "position": _position,
    "archived": bool,
}
