"""Users of the tenant. Their passwords and second factors are no business of programs."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.clock import stamp
from chalicelib.mail.send import Delivery
from chalicelib.people import store
from chalicelib.people.caller import Scope
from chalicelib.people.model import Role, User

api = API(__name__)


class UserView(msgspec.Struct):
    """A person who may sign in; ``name`` is empty until the one-time link was used."""

    id: str
    email: str
    name: str
    role: Role
    active: bool
    two_factor: bool
    created_at: str
    signed_in_at: str | None


class NewUser(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to invite, and as what."""

    email: str
    role: Role


class Invitation(msgspec.Struct):
    """``link`` works once, for 72 hours; it is shown here and never again.

    ``mail`` says what became of the e-mail with it: ``sent``, ``failed`` or ``not_set_up``.
    Unless it was sent, the link has to be handed over.
    """

    user: UserView
    link: str
    mail: Delivery


class UserChange(msgspec.Struct, forbid_unknown_fields=True):
    """What to change; either ends the user's sessions."""

    role: Role | None = None
    active: bool | None = None


@api.get("/users", scope=Scope.ADMIN, answer=List[UserView])
def list_users(call: Call) -> List[UserView]:
    """All users, oldest first."""
    return List([_view(user) for user in store.users(call.tenant_id)])


@api.post("/users", scope=Scope.ADMIN, body=NewUser, answer=Invitation, status=201, secret=True)
def invite_user(call: Call) -> Invitation:
    """Invite somebody; the one-time link is e-mailed where that is set up, and in this answer."""
    from chalicelib.people.invite import invite

    made = invite(call.caller, call.body.email, call.body.role)
    return Invitation(_view(made.user), made.link, made.mail)


@api.get("/users/{user_id}", scope=Scope.ADMIN, answer=UserView)
def get_user(call: Call, user_id: str) -> UserView:
    """One user."""
    return _view(store.user(call.tenant_id, user_id))


@api.patch("/users/{user_id}", scope=Scope.ADMIN, body=UserChange, answer=UserView)
def change_user(call: Call, user_id: str) -> UserView:
    """Change a user's role, or shut the user out or let the user in again."""
    from chalicelib.people import roster

    wanted: UserChange = call.body
    user = store.user(call.tenant_id, user_id)
    if wanted.role is not None:
        user = roster.change_role(call.caller, user_id, wanted.role)
    if wanted.active is not None:
        act = roster.reactivate if wanted.active else roster.deactivate
        user = act(call.caller, user_id)
    return _view(user)


@api.post("/users/{user_id}/invitation", scope=Scope.ADMIN, answer=Invitation, secret=True)
def invite_user_again(call: Call, user_id: str) -> Invitation:
    """A new one-time link for somebody who has not used the one before, which is void then."""
    from chalicelib.people.invite import invite_again

    made = invite_again(call.caller, user_id)
    return Invitation(_view(made.user), made.link, made.mail)


def _view(user: User) -> UserView:
    return UserView(
        id=user.user_id,
        email=user.email,
        name=user.name,
        role=user.role,
        active=user.active,
        two_factor=user.has_two_factor,
        created_at=stamp(user.created_at),
        signed_in_at=stamp(user.signed_in_at) if user.signed_in_at else None,
    )
