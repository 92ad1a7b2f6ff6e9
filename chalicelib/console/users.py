"""Settings → Users: who may sign in, as what, and what to do for who cannot any more."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput, TooManyRequests
from chalicelib.people import sessions, store
from chalicelib.people.caller import Scope
from chalicelib.people.model import Role, User

if TYPE_CHECKING:
    from chalicelib.people.invite import HandOver

pages = Pages(__name__)

WHAT_ROLES_DO = {
    Role.ADMINISTRATOR: "Everything, with settings, users and the connection to Xero",
    Role.BILLER: "Add and change work and invoices, and send invoices to Xero",
    Role.VIEWER: "See everything but settings, change nothing",
}

Result = Page | Redirect
Refusal = InvalidInput | Conflict | TooManyRequests


@pages.get("/settings/users", scope=Scope.ADMIN)
def show(visit: Visit) -> Page:
    """The users there are, and a form to invite one."""
    return _list(visit)


@pages.post("/settings/users", scope=Scope.ADMIN)
def invite(visit: Visit) -> Page:
    """Invite somebody and show the link, this once."""
    from chalicelib.people.invite import invite

    sessions.demand_recent_factor(visit.session)
    try:
        made = invite(visit.caller, visit.form.get("email"), visit.form.get("role"))
    except (InvalidInput, Conflict) as error:
        return _list(visit, error=error)
    return _list(visit, made=made)


@pages.get("/settings/users/{user_id}", scope=Scope.ADMIN)
def show_one(visit: Visit, user_id: str) -> Page:
    """One user, and what can be done for or about that person."""
    return _one(visit, store.user(visit.tenant_id, user_id))


@pages.post("/settings/users/{user_id}", scope=Scope.ADMIN)
def act(visit: Visit, user_id: str) -> Result:
    """Do what the form's ``act`` names; every one of them demands a recent second factor."""
    sessions.demand_recent_factor(visit.session)
    user = store.user(visit.tenant_id, user_id)
    try:
        return ACTS.get(visit.form.get("act"), _nothing)(visit, user)
    except (InvalidInput, Conflict, TooManyRequests) as error:
        return _one(visit, store.user(visit.tenant_id, user_id), error=error)


def _change_role(visit: Visit, user: User) -> Redirect:
    from chalicelib.people import roster

    changed = roster.change_role(visit.caller, user.user_id, visit.form.get("role"))
    return _back(user, f"{_called(user)} is now {_a(changed.role)}.")


def _deactivate(visit: Visit, user: User) -> Redirect:
    from chalicelib.people import roster

    roster.deactivate(visit.caller, user.user_id)
    return _back(user, f"{_called(user)} cannot sign in any more.")


def _reactivate(visit: Visit, user: User) -> Redirect:
    from chalicelib.people import roster

    roster.reactivate(visit.caller, user.user_id)
    return _back(user, f"{_called(user)} may sign in again.")


def _link(visit: Visit, user: User) -> Page:
    from chalicelib.people import invite

    make = invite.reset_password if user.password_hash else invite.invite_again
    return _one(visit, user, made=make(visit.caller, user.user_id))


def _reset_two_factor(visit: Visit, user: User) -> Redirect:
    from chalicelib.people import two_factor

    two_factor.reset(visit.caller, user)
    return _back(user, f"{_called(user)} sets two-factor up anew at the next sign-in.")


def _nothing(_visit: Visit, _user: User) -> Redirect:
    raise InvalidInput("Choose what to do.", field="act")


ACTS: Mapping[str, Callable[[Visit, User], Result]] = {
    "role": _change_role,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "link": _link,
    "two-factor": _reset_two_factor,
}


def _list(
    visit: Visit,
    *,
    error: InvalidInput | Conflict | None = None,
    made: "HandOver | None" = None,
) -> Page:
    values = {
        "users": store.users(visit.tenant_id),
        "roles": WHAT_ROLES_DO,
        "error": error,
        "email": visit.form.get("email") if error else "",
        "chosen": visit.form.get("role") or Role.BILLER,
        "made": made,
        "mails": bool(wiring.current().settings.mail_from),
        "confirmed": _confirmed(visit),
    }
    return Page("users.html", values, error.status if error else 200)


def _one(
    visit: Visit, user: User, *, error: Refusal | None = None, made: "HandOver | None" = None
) -> Page:
    values = {
        "user": user,
        "called": _called(user),
        "roles": WHAT_ROLES_DO,
        "error": error,
        "made": made,
        "mails": bool(wiring.current().settings.mail_from),
        "confirmed": _confirmed(visit),
    }
    return Page("user.html", values, error.status if error else 200)


def _confirmed(visit: Visit) -> bool:
    return sessions.second_factor_recent(visit.session, wiring.current().clock.now())


def _back(user: User, notice: str) -> Redirect:
    return Redirect(f"/settings/users/{user.user_id}", notice)


def _called(user: User) -> str:
    return user.name or user.email


def _a(role: Role) -> str:
    return f"an {role}" if role is Role.ADMINISTRATOR else f"a {role}"
