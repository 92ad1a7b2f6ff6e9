"""A person's own account: password, two-factor, recovery codes and sessions."""

from collections.abc import Callable, Mapping

from chalicelib import wiring
from chalicelib.console.headers import cookie
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.console.sign_in import session_cookie, whence
from chalicelib.errors import Conflict, InvalidInput, NotSignedIn, TooManyRequests
from chalicelib.people import session_list, sessions, store
from chalicelib.people.model import User
from chalicelib.people.sessions import Session, SessionState

pages = Pages(__name__)

HERE = "/profile"

Result = Page | Redirect
Refusal = InvalidInput | Conflict | TooManyRequests


@pages.get(HERE)
def show(visit: Visit) -> Page:
    """The person's own account."""
    return _page(visit)


@pages.post(HERE)
def act(visit: Visit) -> Result:
    """Do what the form's ``act`` names."""
    user = store.user(visit.tenant_id, _session(visit).user_id)
    try:
        return ACTS.get(visit.form.get("act"), _nothing)(visit, user)
    except (InvalidInput, Conflict, TooManyRequests) as error:
        return _page(visit, error)


def _change_password(visit: Visit, user: User) -> Redirect:
    """All sessions end, this one too: it goes on under a new token."""
    from chalicelib.people.change_password import change_password

    form = visit.form
    if form.raw("password") != form.raw("again"):
        raise InvalidInput("The two passwords differ.", field="again")
    changed = change_password(visit.caller, user, form.raw("present"), form.raw("password"))
    token = sessions.start(
        changed,
        state=SessionState.FULL,
        second_factor_at=_session(visit).second_factor_at,
        **whence(visit),
    )
    notice = "Your password is changed. Your other sessions are ended."
    return Redirect(HERE, notice, cookies=(session_cookie(token),))


def _move_two_factor(visit: Visit, user: User) -> Redirect:
    """To another phone: the factor is forgotten, and this person signed in by password only."""
    from chalicelib.people import two_factor

    sessions.demand_recent_factor(visit.session)
    two_factor.reset(visit.caller, user)
    token = sessions.start(store.user(user.tenant_id, user.user_id), **whence(visit))
    return Redirect(f"/two-factor?next={HERE}", cookies=(session_cookie(token),))


def _renew_recovery_codes(visit: Visit, user: User) -> Page:
    from chalicelib.people import recovery

    sessions.demand_recent_factor(visit.session)
    codes = recovery.renew(visit.caller, user)
    return Page("recovery_codes.html", {"codes": codes, "next": HERE, "enrolled": False})


def _end_session(visit: Visit, user: User) -> Redirect:
    id_hash = visit.form.get("session")
    session_list.end_one(visit.caller, user, id_hash)
    if id_hash == _session(visit).id_hash:
        gone = cookie("session", "", max_age=0)
        return Redirect("/sign-in", "You are signed out.", cookies=(gone,))
    return Redirect(HERE, "The session is ended.")


def _end_others(visit: Visit, user: User) -> Redirect:
    from chalicelib.audit import trail

    session_list.end_all(user, but=_session(visit).id_hash)
    trail.record(visit.caller, "other sessions ended", f"user:{user.user_id}")
    return Redirect(HERE, "Your other sessions are ended.")


def _nothing(_visit: Visit, _user: User) -> Redirect:
    raise InvalidInput("Choose what to do.", field="act")


ACTS: Mapping[str, Callable[[Visit, User], Result]] = {
    "password": _change_password,
    "two-factor": _move_two_factor,
    "recovery-codes": _renew_recovery_codes,
    "end-session": _end_session,
    "end-others": _end_others,
}


def _page(visit: Visit, error: Refusal | None = None) -> Page:
    session = _session(visit)
    user = store.user(visit.tenant_id, session.user_id)
    now = wiring.current().clock.now()
    values = {
        "user": user,
        "error": error,
        "sessions": session_list.of_user(user),
        "present": session.id_hash,
        "confirmed": sessions.second_factor_recent(session, now),
    }
    return Page("profile.html", values, error.status if error else 200)


def _session(visit: Visit) -> Session:
    if visit.session is None:
        raise NotSignedIn("Please sign in.")
    return visit.session
