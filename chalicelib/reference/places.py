"""The things that can have codes of their own, by name."""

from collections.abc import Iterable

from chalicelib.reference.layers import Kind, Place
from chalicelib.work import clients, projects, tasks
from chalicelib.work.rates import store as rates
from chalicelib.work.store import ProjectRow, TaskRow


def name_of(tenant_id: str, place: Place) -> str:
    """What the thing is called; raises NotFound."""
    match place.kind:
        case Kind.CLIENT:
            return clients.get(tenant_id, place.thing_id).name
        case Kind.PROJECT:
            return projects.get(tenant_id, place.thing_id).name
        case Kind.TASK:
            return tasks.get(tenant_id, place.thing_id).name
        case Kind.RATE:
            return rates.get(tenant_id, place.thing_id).name


def names(tenant_id: str, places: Iterable[Place]) -> dict[Place, str]:
    """What those of the things are called that there are; one request per kind and hundred."""
    ids: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for place in places:
        ids[place.kind].append(place.thing_id)
    found = {
        Kind.CLIENT: {
            key: one.name for key, one in clients.by_ids(tenant_id, ids[Kind.CLIENT]).items()
        },
        Kind.PROJECT: _rows(ProjectRow, tenant_id, Kind.PROJECT, ids),
        Kind.TASK: _rows(TaskRow, tenant_id, Kind.TASK, ids),
        Kind.RATE: {
            key: one.name for key, one in rates.by_ids(tenant_id, ids[Kind.RATE]).items()
        },
    }
    return {
        Place(kind, key): name for kind, named in found.items() for key, name in named.items()
    }


def _rows(
    row: type[ProjectRow] | type[TaskRow], tenant_id: str, kind: Kind, ids: dict[Kind, list[str]]
) -> dict[str, str]:
    wanted = [(tenant_id, f"{kind}#{thing_id}") for thing_id in dict.fromkeys(ids[kind])]
    return {
        one.sk.partition("#")[2]: one.name
        for one in row.batch_get(wanted, attributes_to_get=["pk", "sk", "name"])
    }
