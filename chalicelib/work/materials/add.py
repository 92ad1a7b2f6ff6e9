"""Adding materials, one or many, each once; one that is sent again is brought up to date.

What is sent again unchanged undoes no correction that a person made here. What its sender has
changed is taken over while no invoice bills it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.storage.each import write_each
from chalicelib.work import phases, projects, queries
from chalicelib.work.ids import new_id, same_id
from chalicelib.work.materials import find
from chalicelib.work.materials.change import KEPT, OnInvoice, still
from chalicelib.work.materials.checks import CHECKS, consistent
from chalicelib.work.materials.model import Material
from chalicelib.work.materials.rows import MaterialRow
from chalicelib.work.model import Project
from chalicelib.work.outcome import Added, Outcome
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.use import use as use_rate

LONGEST_EXTERNAL_ID = 200
CAME_TWICE = "This external id came before in the same request, with other contents."
JUST_CHANGED = "This material was just changed here. Send it again."


@dataclass(frozen=True, slots=True)
class NewMaterial:
    """A material to be added; ``facts`` are what ``change`` takes.

    ``external_id`` is the sender's own name for it: the same one again adds nothing.
    """

    project_id: str
    facts: Mapping[str, Any]
    phase_id: str | None = None
    rate_id: str | None = None
    external_id: str | None = None


def add(tenant_id: str, new: NewMaterial) -> Material:
    """A new material; with an ``external_id`` that is known, the one that is there, renewed.

    Raises what would refuse it among many.
    """
    (outcome,) = add_many(tenant_id, [new])
    if outcome.error:
        raise outcome.error
    return outcome.made


def add_many(
    tenant_id: str, wanted: Sequence[NewMaterial | WorkbillError]
) -> list[Outcome[Material]]:
    """What became of each, in order; an error stands for one that was refused already.

    The good ones are added whatever becomes of the others. Of several with one external id the
    first counts; those after it are unchanged where they say the same, and else refused.
    """
    places = Places(tenant_id)
    judged = [_judged(tenant_id, one, places) for one in wanted]
    first: dict[str, Material] = {}
    for place, one in enumerate(judged):
        if isinstance(one, Material):
            before = first.setdefault(one.material_id, one)
            if before.sent != one.sent:
                judged[place] = Conflict(CAME_TWICE, field="external_id")
    there = {one.material_id for one in write_each(first.values(), _putting(tenant_id))}
    renewed = _renew(tenant_id, [one for one in first.values() if one.material_id in there])
    return [_outcome(one, first, renewed) for one in judged]


@dataclass(slots=True)
class Places:
    """Projects and their phases, each read once and marked as in use when first asked for."""

    tenant_id: str
    _known: dict[tuple[str, str | None], tuple[Project, str | None]] = field(default_factory=dict)
    _rates: set[tuple[str, str]] = field(default_factory=set)

    def rate(self, rate_id: str | None, project: Project) -> str | None:
        """The material rate, if one is named; raises InvalidInput where it cannot serve."""
        if rate_id and (rate_id, project.currency) not in self._rates:
            use_rate(self.tenant_id, rate_id, RateKind.MATERIAL, currency=project.currency)
            self._rates.add((rate_id, project.currency))
        return rate_id or None

    def of(self, project_id: str, phase_id: str | None) -> tuple[Project, str | None]:
        """The project and the id of its phase; raises NotFound, InvalidInput."""
        key = (project_id, phase_id or None)
        if key not in self._known:
            project = projects.use(self.tenant_id, project_id)
            self._known[key] = project, phases.use(self.tenant_id, project_id, phase_id)
        return self._known[key]


def material_of(tenant_id: str, new: NewMaterial, places: Places) -> Material:
    """What is to be stored; raises NotFound, InvalidInput."""
    if new.external_id and len(new.external_id) > LONGEST_EXTERNAL_ID:
        raise InvalidInput("An external id has at most 200 characters.", field="external_id")
    given = {name: CHECKS[name](value) for name, value in new.facts.items()}
    for name in ("date", "name", "quantity"):
        if name not in given:
            raise InvalidInput(f"The {name} is missing.", field=name)
    project, phase_id = places.of(new.project_id, new.phase_id)
    rate_id = places.rate(new.rate_id, project)
    return consistent(
        Material(
            material_id=same_id(tenant_id, "material", new.external_id)
            if new.external_id
            else new_id(),
            project_id=project.project_id,
            client_id=project.client_id,
            currency=project.currency,
            phase_id=phase_id,
            rate_id=rate_id,
            external_id=new.external_id or None,
            sent=_sent(new, given) if new.external_id else None,
            **given,
        )
    )


def _sent(new: NewMaterial, given: Mapping[str, Any]) -> str:
    """What its sender says, as a fingerprint."""
    said = (f"{name}={given[name]}" for name in sorted(given))
    return same_id(new.project_id, new.phase_id or "", new.rate_id or "", *said)


def _judged(
    tenant_id: str, one: NewMaterial | WorkbillError, places: Places
) -> Material | WorkbillError:
    if isinstance(one, WorkbillError):
        return one
    try:
        return material_of(tenant_id, one, places)
    except WorkbillError as error:
        return error


def _putting(tenant_id: str) -> Any:
    def put(transaction: TransactWrite, material: Material) -> None:
        row = MaterialRow.of(tenant_id, material)
        transaction.save(row, condition=MaterialRow.pk.does_not_exist())

    return put


def _renew(tenant_id: str, sent: Sequence[Material]) -> dict[str, Outcome[Material]]:
    """What became of those that were there already, by id."""
    stored = {one.material_id: one for one in find.by_ids(tenant_id, _ids(sent))}
    outcomes = {one.material_id: _renewed(one, stored.get(one.material_id)) for one in sent}

    def change(transaction: TransactWrite, after: Material) -> None:
        row = MaterialRow.of(tenant_id, after)
        unchanged = still(stored[after.material_id])
        transaction.update(row, queries.replacement(row, KEPT), unchanged)

    changed = [one.made for one in outcomes.values() if one.state is Added.UPDATED]
    overtaken = write_each(changed, change)
    return outcomes | {one.material_id: _refused(Conflict(JUST_CHANGED)) for one in overtaken}


def _renewed(new: Material, before: Material | None) -> Outcome[Material]:
    if before is None:
        return _refused(Conflict(JUST_CHANGED))
    after = replace(new, invoice_id=before.invoice_id, version=before.version)
    if before.sent == new.sent or replace(after, sent=before.sent) == before:
        return Outcome(Added.UNCHANGED, before)
    if before.invoice_id:
        return _refused(OnInvoice())
    return Outcome(Added.UPDATED, replace(after, version=before.version + 1))


def _outcome(
    one: Material | WorkbillError,
    first: Mapping[str, Material],
    renewed: Mapping[str, Outcome[Material]],
) -> Outcome[Material]:
    if isinstance(one, WorkbillError):
        return _refused(one)
    found = renewed.get(one.material_id, Outcome(Added.CREATED, one))
    repeated = first[one.material_id] is not one and found.state is not Added.REFUSED
    return Outcome(Added.UNCHANGED, found.made) if repeated else found


def _refused(error: WorkbillError) -> Outcome[Material]:
    return Outcome(Added.REFUSED, error=error)


def _ids(materials: Sequence[Material]) -> list[str]:
    return [one.material_id for one in materials]
