"""Where a one-time link leads: choose a name and a password."""

from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.console.sign_in import session_cookie, whence
from chalicelib.errors import InvalidInput
from chalicelib.people import sessions, tenants
from chalicelib.people.model import User

pages = Pages(__name__)


@pages.get("/welcome/{token}", scope=None)
def show(_visit: Visit, token: str) -> Page:
    """The form; opening it leaves the link unused, because mail scanners open links too."""
    from chalicelib.people.sign_in import invited

    user = invited(token)
    return _form(user, token, user.name)


@pages.post("/welcome/{token}", scope=None)
def accept(visit: Visit, token: str) -> Page | Redirect:
    """Use the link up, and go on to two-factor."""
    from chalicelib.people import sign_in

    name, password = visit.form.get("name"), visit.form.raw("password")
    try:
        _must_agree(password, visit.form.raw("again"))
        user = sign_in.accept(token, name, password, visit.source)
    except InvalidInput as error:
        return _form(sign_in.invited(token), token, name, error)
    session = sessions.start(user, **whence(visit))
    step = "/second-factor" if user.has_two_factor else "/two-factor"
    return Redirect(step, cookies=(session_cookie(session),))


def _must_agree(password: str, again: str) -> None:
    if password != again:
        raise InvalidInput("The two passwords differ.", field="again")


def _form(user: User, token: str, name: str = "", error: InvalidInput | None = None) -> Page:
    company = tenants.get(user.tenant_id).name
    values = {"user": user, "company": company, "token": token, "name": name, "error": error}
    return Page("welcome.html", values, error.status if error else 200)
