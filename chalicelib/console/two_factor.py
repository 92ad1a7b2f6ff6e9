"""The second factor: set it up, give it at sign-in, and give it again before what matters."""

from urllib.parse import quote

from chalicelib.console.routing import Page, Pages, Redirect, Visit, own_path
from chalicelib.console.sign_in import session_cookie, whence
from chalicelib.errors import InvalidInput, NotSignedIn, TooManyRequests, WorkbillError
from chalicelib.people import sessions, store
from chalicelib.people.model import User
from chalicelib.people.sessions import SessionState

pages = Pages(__name__)


@pages.get("/second-factor", scope=None)
def show(visit: Visit) -> Page | Redirect:
    """Asks for a code, at sign-in and again before what matters."""
    user, then = _user(visit), own_path(visit.query.get("next", ""))
    if not user.has_two_factor:
        return Redirect(f"/two-factor?next={quote(then)}")
    return _code_form(visit, then)


@pages.post("/second-factor", scope=None)
def give(visit: Visit) -> Page | Redirect:
    """Check the code, and begin a new session that is fully signed in."""
    from chalicelib.audit import trail
    from chalicelib.people import two_factor

    user, then = _user(visit), own_path(visit.form.get("next"))
    try:
        two_factor.verify(user, visit.form.get("code"), visit.source)
    except (InvalidInput, TooManyRequests) as error:
        if isinstance(error, InvalidInput):
            trail.record(user.caller(visit.source), "second factor", _about(user), "refused")
        return _code_form(visit, then, error)
    what = "sign-in" if _at_sign_in(visit) else "second factor"
    trail.record(user.caller(visit.source), what, _about(user))
    return _fully_in(visit, user, then)


@pages.get("/two-factor", scope=None)
def show_set_up(visit: Visit) -> Page | Redirect:
    """The QR picture and the key to type, until enrolment is finished."""
    user, then = _user(visit), own_path(visit.query.get("next", ""))
    if user.has_two_factor:
        return Redirect(then if not _at_sign_in(visit) else f"/second-factor?next={quote(then)}")
    return _set_up_form(user, then)


@pages.post("/two-factor", scope=None)
def finish_set_up(visit: Visit) -> Page:
    """Check the first code, which finishes enrolment, signs in, and shows recovery codes."""
    from chalicelib.audit import trail
    from chalicelib.people import recovery, two_factor

    user, then = _user(visit), own_path(visit.form.get("next"))
    try:
        two_factor.confirm(user, visit.form.get("code"), visit.source)
    except (InvalidInput, TooManyRequests) as error:
        if isinstance(error, InvalidInput):
            trail.record(user.caller(visit.source), "two-factor set up", _about(user), "refused")
        return _set_up_form(user, then, error)
    trail.record(user.caller(visit.source), "two-factor set up", _about(user))
    codes = recovery.renew(user.caller(visit.source), user)
    visit.cookies.extend(_fully_in(visit, user, then).cookies)
    return Page("recovery_codes.html", {"codes": codes, "next": then, "enrolled": True})


@pages.get("/second-factor/recovery", scope=None)
def show_recovery(visit: Visit) -> Page | Redirect:
    """Asks for a recovery code, for who has lost the phone."""
    user, then = _user(visit), own_path(visit.query.get("next", ""))
    if not user.has_two_factor:
        return Redirect(f"/two-factor?next={quote(then)}")
    return _recovery_form(visit, then)


@pages.post("/second-factor/recovery", scope=None)
def recover(visit: Visit) -> Page | Redirect:
    """Use a recovery code up, and begin a new session that is fully signed in."""
    from chalicelib.audit import trail
    from chalicelib.people import recovery

    user, then = _user(visit), own_path(visit.form.get("next"))
    try:
        left = recovery.use(user, visit.form.get("code"), visit.source)
    except (InvalidInput, TooManyRequests) as error:
        if isinstance(error, InvalidInput):
            trail.record(user.caller(visit.source), "recovery code", _about(user), "refused")
        return _recovery_form(visit, then, error)
    what = "sign-in" if _at_sign_in(visit) else "second factor"
    trail.record(user.caller(visit.source), what, _about(user), recovery_codes_left=left)
    redirect = _fully_in(visit, user, then)
    return Redirect(redirect.to, _left(left), redirect.cookies)


def _user(visit: Visit) -> User:
    if visit.session is None:
        raise NotSignedIn("Please sign in.")
    return store.user(visit.session.tenant_id, visit.session.user_id)


def _at_sign_in(visit: Visit) -> bool:
    return visit.session is None or visit.session.state is SessionState.PASSWORD


def _fully_in(visit: Visit, user: User, then: str) -> Redirect:
    token = sessions.start(user, state=SessionState.FULL, **whence(visit))
    return Redirect(then, cookies=(session_cookie(token),))


def _code_form(visit: Visit, then: str, error: WorkbillError | None = None) -> Page:
    values = {"next": then, "error": error, "at_sign_in": _at_sign_in(visit)}
    return Page("second_factor.html", values, error.status if error else 200)


def _recovery_form(visit: Visit, then: str, error: WorkbillError | None = None) -> Page:
    values = {"next": then, "error": error, "at_sign_in": _at_sign_in(visit)}
    return Page("recovery.html", values, error.status if error else 200)


def _left(count: int) -> str:
    if not count:
        return "That was your last recovery code. Make new ones in your profile."
    codes = "1 recovery code" if count == 1 else f"{count} recovery codes"
    return (
        f"You have {codes} left. If your phone is lost, set two-factor up anew in your profile."
    )


def _set_up_form(user: User, then: str, error: WorkbillError | None = None) -> Page:
    from chalicelib.people import two_factor

    seed = two_factor.begin(user)
    groups = [seed[place : place + 4] for place in range(0, len(seed), 4)]
    picture = two_factor.picture(two_factor.address(user, seed))
    values = {"next": then, "error": error, "picture": picture, "key": " ".join(groups)}
    return Page("two_factor.html", values, error.status if error else 200)


def _about(user: User) -> str:
    return f"user:{user.user_id}"
