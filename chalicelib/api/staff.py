"""Staff: who does the work."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.work.staff import store
from chalicelib.work.staff.change import change
from chalicelib.work.staff.make import make
from chalicelib.work.staff.model import Staff
from chalicelib.work.staff.remove import remove

api = API(__name__)


class StaffView(msgspec.Struct):
    """One of the staff; ``rate_id`` is their staff rate, ``former_names`` those they had."""

    id: str
    name: str
    email: str
    external_id: str
    rate_id: str | None
    former_names: list[str]
    archived: bool
    updated_at: datetime


class NewStaff(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody to be added; ``external_id`` is their id in another system."""

    name: str
    email: str = ""
    external_id: str = ""
    rate_id: str | None = None


class StaffChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change; what is left out stays."""

    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    external_id: str | UnsetType = UNSET
    rate_id: str | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET


@api.get(
    "/staff",
    scope=Scope.READ,
    answer=List[StaffView],
    query={**query.PAGED, "search": "part of a name", "archived": "true for archived ones"},
)
def list_staff(call: Call) -> List[StaffView]:
    """Staff by name, those who are not archived unless told."""
    found = store.listing(
        call.tenant_id,
        archived=query.flag(call, "archived") or False,
        search=call.query.get("search", ""),
        limit=query.limit(call),
        cursor=call.query.get("cursor"),
    )
    return List([_view(one) for one in found], found.next)


@api.post("/staff", scope=Scope.WRITE, body=NewStaff, answer=StaffView, status=201)
def make_staff(call: Call) -> StaffView:
    """Add somebody."""
    new: NewStaff = call.body
    return _view(
        make(
            call.caller,
            new.name,
            email=new.email,
            external_id=new.external_id,
            rate_id=new.rate_id,
        )
    )


@api.get("/staff/{staff_id}", scope=Scope.READ, answer=StaffView)
def read_staff(call: Call, staff_id: str) -> StaffView:
    """One of the staff."""
    return _view(store.get(call.tenant_id, staff_id))


@api.patch("/staff/{staff_id}", scope=Scope.WRITE, body=StaffChange, answer=StaffView)
def change_staff(call: Call, staff_id: str) -> StaffView:
    """Change what is known of somebody, archive them, or bring them back."""
    return _view(change(call.caller, staff_id, **query.changes(call.body)))


@api.delete("/staff/{staff_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_staff(call: Call, staff_id: str) -> None:
    """Remove somebody who never had any time; archive anybody else."""
    remove(call.caller, staff_id)


def _view(staff: Staff) -> StaffView:
    return StaffView(
        id=staff.staff_id,
        name=staff.name,
        email=staff.email,
        external_id=staff.external_id,
        rate_id=staff.rate_id,
        former_names=list(staff.former),
        archived=staff.archived,
        updated_at=staff.updated_at,
    )
