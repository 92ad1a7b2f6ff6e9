"""Users of the tenant."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.clock import stamp
from chalicelib.people import store
from chalicelib.people.caller import Scope
from chalicelib.people.model import User

api = API(__name__)


class UserView(msgspec.Struct):
    """A person who may sign in; ``name`` is empty until the one-time link was used."""

    id: str
    email: str
    name: str
    role: str
    two_factor: bool
    created_at: str


@api.get("/users", scope=Scope.ADMIN, answer=List[UserView])
def list_users(call: Call) -> List[UserView]:
    """All users, oldest first."""
    return List([_view(user) for user in store.users(call.tenant_id)])


def _view(user: User) -> UserView:
    return UserView(
        id=user.user_id,
        email=user.email,
        name=user.name,
        role=user.role.value,
        two_factor=user.has_two_factor,
        created_at=stamp(user.created_at),
    )
