"""How pages read requests and write answers: session, CSRF, forms, notices, headers."""

import functools
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from chalice.app import Request, Response

from chalicelib import wiring
from chalicelib.console.forms import Form
from chalicelib.console.headers import content_security_policy, cookie, cookie_name
from chalicelib.errors import NotAllowed, NotSignedIn, SecondFactorNeeded, WorkbillError
from chalicelib.people import sessions
from chalicelib.people.caller import Caller, Scope
from chalicelib.people.sessions import Session
from chalicelib.routing import FORM, Doors, body_of, source_of

CSRF_FIELD = "csrf"


@dataclass(frozen=True, slots=True)
class Page:
    """A template and what it is filled with.

    ``posts_to`` is an address outside that a form of this page may post to.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    posts_to: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go to another page of ours; ``notice`` is shown there once."""

    to: str
    notice: str = ""
    cookies: tuple[str, ...] = ()


@dataclass(slots=True)
class Visit:
    """A request to a page, with who is asking; ``session`` is None before sign-in."""

    request: Request
    session: Session | None
    csrf: str
    form: Form
    query: Mapping[str, str]
    notice: str = ""
    cookies: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The address the request came from."""
        return source_of(self.request)

    @property
    def caller(self) -> Caller:
        """Who is signed in; raises NotSignedIn."""
        if self.session is None or self.session.caller is None:
            raise NotSignedIn("Please sign in.")
        return self.session.caller

    @property
    def tenant_id(self) -> str:
        """The tenant of the person signed in."""
        return self.caller.tenant_id


class Pages(Doors):
    """A blueprint of pages. A page is for people who are fully signed in unless it says so."""

    def answer_error(self, error: WorkbillError) -> Response:
        """Sign-in for strangers, otherwise a page with the sentence and a way back."""
        request = self.request()
        if isinstance(error, NotSignedIn):
            return _redirect(Redirect(f"/sign-in?next={quote(_way_back(request))}"))
        if isinstance(error, SecondFactorNeeded):
            to = f"/second-factor?next={quote(_way_back(request))}"
            return _redirect(Redirect(to, error.sentence))
        # When our own side fails, the page is drawn without asking the stores anything more.
        visit = _visit(request) if error.status < 500 else _blank(request)  # noqa: PLR2004  5xx
        return respond(Page("error.html", {"error": error}, error.status), visit)

    def get(self, path: str, **declared: Any) -> Callable[[Callable[..., Any]], Any]:
        """A page that changes nothing."""
        return self._declare("GET", path, **declared)

    def post(self, path: str, **declared: Any) -> Callable[[Callable[..., Any]], Any]:
        """A posted form; refused without the session's CSRF token and our own origin."""
        return self._declare("POST", path, **declared)

    def _declare(
        self, method: str, path: str, *, scope: Scope | None = Scope.READ
    ) -> Callable[[Callable[..., Any]], Any]:
        """``scope`` None opens the page to people who are not, or not fully, signed in."""

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            options = {"content_types": [FORM]} if method == "POST" else {}
            self.add(method, path, self._view(view, method, scope), **options)
            return view

        return declare

    def _view(
        self, view: Callable[..., Any], method: str, scope: Scope | None
    ) -> Callable[..., Response]:
        @functools.wraps(view)
        def answer(**path: str) -> Response:
            visit = _visit(self.request())
            if scope is not None:
                visit.caller.must_have(scope)
            if method == "POST":
                _check_csrf(visit)
            return respond(view(visit, **path), visit)

        return answer


def respond(result: Page | Redirect | Response, visit: Visit) -> Response:
    """The response for what a view answered."""
    from chalicelib.console.render import render

    if isinstance(result, Response):
        return result
    if isinstance(result, Redirect):
        return _redirect(result, visit)
    return _html(render(result, visit), visit, result.status, result.posts_to)


def _visit(request: Request) -> Visit:
    cookies = SimpleCookie(request.headers.get("cookie", ""))
    read = {name: morsel.value for name, morsel in cookies.items()}
    session = sessions.load(read.get(cookie_name("session"), ""), source_of(request))
    visit = Visit(
        request=request,
        session=session,
        csrf=session.csrf if session else read.get(cookie_name("csrf"), ""),
        form=Form(body_of(request) if request.method == "POST" else b""),
        query=dict(request.query_params or {}),
        notice=unquote(read.get(cookie_name("notice"), "")),
    )
    if not visit.csrf:
        visit.csrf = wiring.current().token()
        visit.cookies.append(cookie("csrf", visit.csrf))
    if visit.notice:
        visit.cookies.append(cookie("notice", "", max_age=0))
    return visit


def _blank(request: Request) -> Visit:
    return Visit(request=request, session=None, csrf="", form=Form(b""), query={})


def _check_csrf(visit: Visit) -> None:
    """The token proves the form is ours; the origin is checked too, for the sign-in form."""
    base = urlsplit(wiring.current().settings.public_base_url)
    origin = visit.request.headers.get("origin")
    ours = f"{base.scheme}://{base.netloc}"
    sent = visit.form.get(CSRF_FIELD)
    if (origin and origin != ours) or not hmac.compare_digest(sent.encode(), visit.csrf.encode()):
        raise NotAllowed("This form is too old or came from elsewhere. Go back and try again.")


def _html(body: str, visit: Visit, status: int, posts_to: str = "") -> Response:
    headers: dict[str, Any] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": content_security_policy(posts_to),
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    }
    if visit.cookies:
        headers["Set-Cookie"] = visit.cookies
    return Response(body, status_code=status, headers=headers)


def _redirect(target: Redirect, visit: Visit | None = None) -> Response:
    cookies = [*(visit.cookies if visit else []), *target.cookies]
    if target.notice:
        cookies.append(cookie("notice", quote(target.notice), max_age=60))
    headers: dict[str, Any] = {"Location": _address(target.to)}
    if cookies:
        headers["Set-Cookie"] = cookies
    return Response("", status_code=302, headers=headers)


def _address(path: str) -> str:
    return wiring.current().settings.public_base_url + path if path.startswith("/") else path


def _way_back(request: Request) -> str:
    """The page asked for; for a posted form, the page of ours that it was on."""
    if request.method == "GET":
        query = urlencode(dict(request.query_params or {}))
        return own_path(_without_stage(request)) + (f"?{query}" if query else "")
    referer = request.headers.get("referer", "")
    base = wiring.current().settings.public_base_url
    return own_path(referer.removeprefix(base)) if referer.startswith(f"{base}/") else "/home"


def own_path(path: str) -> str:
    """``path`` when it leads to a page of ours, otherwise Home: no form may send people away."""
    safe = path.startswith("/") and path.isprintable() and not set(path[1:2]) & set("/\\")
    return path if safe else "/home"


def _without_stage(request: Request) -> str:
    path: str = request.context.get("path", request.path)
    stage = request.context.get("stage", "")
    return path.removeprefix(f"/{stage}") if path.startswith(f"/{stage}/") else path
