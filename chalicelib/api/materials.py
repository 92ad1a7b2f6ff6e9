"""Materials and expenses of projects, one at a time or up to a thousand."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.api.time_records import ItemProblem
from chalicelib.errors import InvalidInput, WorkbillError
from chalicelib.people.caller import Scope
from chalicelib.storage.pages import Page
from chalicelib.work import projects
from chalicelib.work.materials import add, find
from chalicelib.work.materials import change as changing
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.materials.model import Material, MaterialKind
from chalicelib.work.outcome import Added, Outcome
from chalicelib.work.rates.prices import Prices

api = API(__name__)

MOST = 1000


class MaterialView(msgspec.Struct):
    """A material; amounts are per unit, in ``currency``.

    ``unit_price`` is what a unit is billed at: its own ``price``, else that of the material rate
    it names, else its ``cost`` with the ``markup`` in percent, null where none is known.
    ``invoice_id`` is null while no invoice bills it.
    """

    id: str
    client_id: str
    project_id: str
    phase_id: str | None
    kind: MaterialKind
    date: dt.date
    name: str
    quantity: str
    unit: str
    currency: str
    cost: str | None
    markup: str | None
    price: str | None
    rate_id: str | None
    unit_price: str | None
    staff: str
    note: str
    billable: bool
    invoice_id: str | None
    external_id: str | None


class NewMaterialRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A material to be added: numbers are decimals in strings, at most four places.

    ``external_id`` is your own name for it: the same one again adds nothing, and renews what is
    there while no invoice bills it.
    """

    project_id: str
    date: str
    name: str
    quantity: str = "1"
    kind: MaterialKind = MaterialKind.MATERIAL
    unit: str = ""
    cost: str | None = None
    markup: str | None = None
    price: str | None = None
    rate_id: str | None = None
    phase_id: str | None = None
    staff: str = ""
    note: str = ""
    billable: bool = True
    external_id: str | None = None


class NewMaterials(msgspec.Struct, forbid_unknown_fields=True):
    """Up to 1,000 to be added, each on its own."""

    items: Annotated[list[NewMaterialRequest], Meta(min_length=1, max_length=MOST)]


class AddedMaterial(msgspec.Struct):
    """What became of one of many, in the order they were sent."""

    state: Added
    material: MaterialView | None
    problem: ItemProblem | None


class MaterialChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of a material is to change; what is left out stays."""

    date: dt.date | UnsetType = UNSET
    name: str | UnsetType = UNSET
    quantity: str | UnsetType = UNSET
    kind: MaterialKind | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    cost: str | UnsetType | None = UNSET
    markup: str | UnsetType | None = UNSET
    price: str | UnsetType | None = UNSET
    rate_id: str | UnsetType | None = UNSET
    phase_id: str | UnsetType | None = UNSET
    staff: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    billable: bool | UnsetType = UNSET


@api.get(
    "/materials",
    scope=Scope.READ,
    answer=List[MaterialView],
    query={
        **query.PAGED,
        "project_id": "of this project only",
        "client_id": "of this client only",
        "from": "first day, YYYY-MM-DD",
        "to": "last day, YYYY-MM-DD",
        "invoiced": "true or false: on an invoice or not",
        "unbilled": "true: billable and on no invoice",
    },
)
def list_materials(call: Call) -> List[MaterialView]:
    """Materials, project after project, by date; a page may be short and not the last."""
    found = _found(call, _project_ids(call))
    prices = Prices(call.tenant_id)
    return List([_view(material, prices) for material in found], found.next)


@api.post(
    "/materials", scope=Scope.WRITE, body=NewMaterialRequest, answer=MaterialView, status=201
)
def make_material(call: Call) -> MaterialView:
    """Add a material; with an external_id that is known, the one that is there, renewed."""
    return _view(add.add(call.tenant_id, _new(call.body)), Prices(call.tenant_id))


@api.post("/materials/bulk", scope=Scope.WRITE, body=NewMaterials, answer=List[AddedMaterial])
def make_materials(call: Call) -> List[AddedMaterial]:
    """Add up to 1,000 materials; one that is refused holds up no other."""
    new: NewMaterials = call.body
    outcomes = add.add_many(call.tenant_id, [_new_or_error(item) for item in new.items])
    prices = Prices(call.tenant_id)
    return List([_outcome(outcome, prices) for outcome in outcomes])


@api.get("/materials/{material_id}", scope=Scope.READ, answer=MaterialView)
def read_material(call: Call, material_id: str) -> MaterialView:
    """One material."""
    return _view(find.get(call.tenant_id, material_id), Prices(call.tenant_id))


@api.patch(
    "/materials/{material_id}", scope=Scope.WRITE, body=MaterialChange, answer=MaterialView
)
def change_material(call: Call, material_id: str) -> MaterialView:
    """Change a material that is on no invoice."""
    changed = changing.change(call.tenant_id, material_id, **query.changes(call.body))
    return _view(changed, Prices(call.tenant_id))


@api.delete("/materials/{material_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_material(call: Call, material_id: str) -> None:
    """Remove a material that is on no invoice."""
    changing.delete(call.tenant_id, material_id)


def _project_ids(call: Call) -> list[str]:
    project_id = call.query.get("project_id")
    if project_id:
        return [projects.get(call.tenant_id, project_id).project_id]
    return projects.ids(call.tenant_id, call.query.get("client_id"))


def _found(call: Call, project_ids: list[str]) -> Page[Material]:
    asked: dict[str, Any] = {
        "start": query.day(call.query.get("from"), "from"),
        "end": query.day(call.query.get("to"), "to"),
        "limit": query.limit(call),
        "cursor": call.query.get("cursor"),
    }
    if query.flag(call, "unbilled"):
        return find.unbilled(call.tenant_id, project_ids, **asked)
    invoiced = query.flag(call, "invoiced")
    return find.listing(call.tenant_id, project_ids, invoiced=invoiced, **asked)


def _new(sent: NewMaterialRequest) -> NewMaterial:
    facts = msgspec.structs.asdict(sent)
    day = query.day(facts.pop("date"), "date")
    if day is None:
        raise InvalidInput("date is missing.", field="date")
    place = {
        name: facts.pop(name) for name in ("project_id", "phase_id", "rate_id", "external_id")
    }
    return NewMaterial(facts={**facts, "date": day}, **place)


def _new_or_error(sent: NewMaterialRequest) -> NewMaterial | WorkbillError:
    try:
        return _new(sent)
    except InvalidInput as error:
        return error


def _outcome(outcome: Outcome[Material], prices: Prices) -> AddedMaterial:
    error = outcome.error
    return AddedMaterial(
        outcome.state,
        None if error else _view(outcome.made, prices),
        ItemProblem(error.code, error.sentence, error.field) if error else None,
    )


def _view(material: Material, prices: Prices) -> MaterialView:
    def text(value: Any) -> str | None:
        return None if value is None else f"{value:f}"

    return MaterialView(
        id=material.material_id,
        client_id=material.client_id,
        project_id=material.project_id,
        phase_id=material.phase_id,
        kind=material.kind,
        date=material.date,
        name=material.name,
        quantity=f"{material.quantity:f}",
        unit=material.unit,
        currency=material.currency,
        cost=text(material.cost),
        markup=text(material.markup),
        price=text(material.price),
        rate_id=material.rate_id,
        unit_price=text(prices.of_material(material).amount),
        staff=material.staff,
        note=material.note,
        billable=material.billable,
        invoice_id=material.invoice_id,
        external_id=material.external_id,
    )
