"""Sign in with e-mail and password, and sign out."""

from typing import TypedDict
from urllib.parse import quote

from chalicelib.console.headers import cookie
from chalicelib.console.routing import Page, Pages, Redirect, Visit, own_path
from chalicelib.errors import NotSignedIn, TooManyRequests
from chalicelib.people import sessions
from chalicelib.people.sessions import ABSOLUTE, Session, SessionState

pages = Pages(__name__)


class Whence(TypedDict):
    """What ``sessions.start`` is told of a visit."""

    replaces: Session | None
    source: str
    browser: str


@pages.get("/sign-in", scope=None)
def show(visit: Visit) -> Page | Redirect:
    """The form, or onwards for who is signed in."""
    then = own_path(visit.query.get("next", ""))
    if visit.session is None:
        return _form(then)
    if visit.session.state is SessionState.FULL:
        return Redirect(then)
    return Redirect(f"/second-factor?next={quote(then)}")


@pages.post("/sign-in", scope=None)
def sign_in(visit: Visit) -> Page | Redirect:
    """Check the password; the second factor comes next."""
    from chalicelib.people.sign_in import check_password

    email, then = visit.form.get("email"), own_path(visit.form.get("next"))
    try:
        user = check_password(email, visit.form.raw("password"), visit.source)
    except (NotSignedIn, TooManyRequests) as error:
        return _form(then, email=email, error=error)
    token = sessions.start(user, **whence(visit))
    step = "/second-factor" if user.has_two_factor else "/two-factor"
    return Redirect(f"{step}?next={quote(then)}", cookies=(session_cookie(token),))


@pages.post("/sign-out", scope=None)
def sign_out(visit: Visit) -> Redirect:
    """End the session here and in the browser."""
    if visit.session:
        sessions.end(visit.session)
        if visit.session.caller:
            from chalicelib.audit import trail

            trail.record(visit.session.caller, "sign-out", visit.session.caller.actor)
    gone = cookie("session", "", max_age=0)
    return Redirect("/sign-in", "You are signed out.", cookies=(gone,))


def whence(visit: Visit) -> Whence:
    """What a new session remembers of where it began, and the one that it replaces."""
    return {
        "replaces": visit.session,
        "source": visit.source,
        "browser": str(visit.request.headers.get("user-agent", "")),
    }


def session_cookie(token: str) -> str:
    """The cookie that holds a session's token for as long as it can last."""
    return cookie("session", token, max_age=int(ABSOLUTE.total_seconds()))


def _form(then: str, email: str = "", error: NotSignedIn | TooManyRequests | None = None) -> Page:
    values = {"next": then, "email": email, "error": error}
    return Page("sign_in.html", values, error.status if error else 200)
