"""The pages where a person signs in and lets an app into one organisation."""

import secrets
from uuid import uuid4

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from local.xero.identity import scopes
from local.xero.identity.grants import CODE_LIVES, FORGOTTEN, Code, Grant
from local.xero.identity.people import User
from local.xero.identity.request import KNOWN, BadRequestError, ConsentRequest, parse
from local.xero.present import world

blueprint = Blueprint(
    "authorise", __name__, template_folder="templates", static_folder="static",
    static_url_path="/identity/static",
)  # fmt: skip


@blueprint.after_request
def guard(response: Response) -> Response:
    """Refuses framing and cuts the opener, as Xero's own pages do."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/identity/connect/authorize", methods=["GET", "POST"])
def authorise() -> Answer:
    """Sign-in, then consent; a wrong request ends on an error page and goes nowhere."""
    with world().lock:
        if unknown := request.args.keys() - KNOWN:
            world().unexpected(request, f"unknown parameters: {sorted(unknown)}")
        try:
            asked = parse(request.args, world().apps)
        except BadRequestError as error:
            page = render_template("identity/error.html", error=error)
            return make_response(page, 400)
        user = signed_in()
        if request.method == "POST":
            return _act(asked, user, request.form.get("action", ""))
        if user is None:
            return make_response(render_template("identity/sign_in.html", asked=asked))
        return _consent_page(asked, user)


def _act(asked: ConsentRequest, user: User | None, action: str) -> Answer:
    if action == "cancel":
        return redirect(asked.answer_address(error="access_denied"), 302)
    if action == "sign_out":
        return _sign_out()
    if user is None:
        return _sign_in(asked)
    if action == "allow":
        return _allow(asked, user, request.form.get("tenant_id", ""))
    return _consent_page(asked, user)


def _sign_in(asked: ConsentRequest) -> Answer:
    user = world().user_by_email(request.form.get("email", ""))
    if user is None or not secrets.compare_digest(
        user.password.encode(), request.form.get("password", "").encode()
    ):
        page = render_template("identity/sign_in.html", asked=asked, wrong=True)
        return make_response(page, 401)
    response = redirect(request.full_path, 303)
    session = secrets.token_urlsafe(32)
    world().sessions[session] = user.user_id
    world().touch()
    response.set_cookie(cookie_name(), session, path="/identity", httponly=True, samesite="Lax")
    return response


def _sign_out() -> Answer:
    world().sessions.pop(request.cookies.get(cookie_name(), ""), None)
    world().touch()
    response = redirect(request.full_path, 303)
    response.delete_cookie(cookie_name(), path="/identity")
    return response


def _allow(asked: ConsentRequest, user: User, tenant_id: str) -> Answer:
    if tenant_id not in user.organisations or tenant_id not in world().organisations:
        return _consent_page(asked, user, missing=True)
    here, now = world(), world().clock.now()
    grant = _granted(asked, user)
    here.connect(asked.app.client_id, user.user_id, tenant_id, grant.auth_event_id)
    code = Code(
        value=secrets.token_urlsafe(32),
        client_id=asked.app.client_id,
        user_id=user.user_id,
        redirect_uri=asked.redirect_uri,
        scopes=asked.scopes,
        expires=now + CODE_LIVES,
        challenge=asked.challenge,
        nonce=asked.nonce,
    )
    here.codes = {v: c for v, c in here.codes.items() if now - c.expires < FORGOTTEN}
    here.codes[code.value] = code
    here.touch()
    granted = {"scope": " ".join(grant.scopes), "session_state": grant.session_id}
    return redirect(asked.answer_address(code=code.value, **granted), 302)


def _granted(asked: ConsentRequest, user: User) -> Grant:
    """The user's grant to the app, widened: scopes add up and never shrink."""
    here, name = world(), (asked.app.client_id, user.user_id)
    grant = here.grants.get(name)
    if grant is None:
        grant = Grant(*name, [], "", secrets.token_hex(16), here.clock.now())
        here.grants[name] = grant
    grant.scopes = list(dict.fromkeys([*grant.scopes, *asked.scopes]))
    grant.auth_event_id = str(uuid4())
    grant.auth_time = here.clock.now()
    return grant


def _consent_page(asked: ConsentRequest, user: User, *, missing: bool = False) -> Answer:
    organisations = [
        world().organisations[tenant_id]
        for tenant_id in user.organisations
        if tenant_id in world().organisations
    ]
    page = render_template(
        "identity/consent.html",
        asked=asked,
        user=user,
        organisations=organisations,
        words=[scopes.WORDS[scope] for scope in asked.scopes],
        missing=missing,
    )
    return make_response(page, 400 if missing else 200)


def signed_in() -> User | None:
    """Whose browser this is, by the page's own cookie."""
    user_id = world().sessions.get(request.cookies.get(cookie_name(), ""), "")
    return world().users.get(user_id)


def cookie_name() -> str:
    """Cookies ignore ports, so the port is in the name: two copies stay apart."""
    return f"local-xero-{request.host.rpartition(':')[2]}"
