"""The registered app and the tokens handed to it."""

from typing import Any

from flask import Response, request

from local.xero.control.blueprint import OrderError, blueprint, body, done
from local.xero.identity.people import REDIRECTS_KEPT, App, User, redirect_refusal
from local.xero.present import locked, world


def chosen_app(client_id: str | None = None) -> App:
    """The app named, else the first one registered."""
    apps = world().apps
    return apps[client_id] if client_id else next(iter(apps.values()))


@blueprint.get("/app")
@locked
def app() -> Response:
    """The facts of the app ``client_id`` (else the first); its secret and key stay unsaid."""
    return done(**_facts(chosen_app(request.args.get("client_id"))))


@blueprint.post("/app")
@locked
def change_app() -> Response:
    """``redirect_uris``, ``webhook_url``, ``webhook_key``, ``name``, ``secret``.

    With a ``client_id`` not seen before, registers another app (no secret: PKCE kind).
    """
    order = body()
    client_id = order.get("client_id")
    if client_id and client_id not in world().apps:
        world().apps[client_id] = App(client_id, "", order.get("name", client_id))
    changed = chosen_app(client_id)
    changed.redirect_uris = _redirects(order.get("redirect_uris", changed.redirect_uris))
    changed.name = order.get("name", changed.name)
    changed.secret = order.get("secret", changed.secret)
    webhooks = changed.webhooks
    webhooks.point_at(order.get("webhook_url", webhooks.url), order.get("webhook_key"))
    return done(**_facts(changed))


def _redirects(uris: list[str]) -> list[str]:
    for uri in uris:
        if why := redirect_refusal(uri):
            raise OrderError(why)
    if len(uris) > REDIRECTS_KEPT:
        raise OrderError(f"An app has at most {REDIRECTS_KEPT} redirect URIs.")
    return uris


def _facts(one: App) -> dict[str, Any]:
    return {
        "client_id": one.client_id,
        "name": one.name,
        "redirect_uris": one.redirect_uris,
        "webhook_url": one.webhooks.url,
        "webhook_status": one.webhooks.trust,
        "connections": [
            {
                "id": link.connection_id,
                "tenant_id": link.tenant_id,
                "user": world().users[link.user_id].email,
            }
            for link in world().connections.values()
            if link.client_id == one.client_id
        ],
    }


@blueprint.post("/tokens/expire")
@locked
def expire_tokens() -> Response:
    """Access tokens of ``user`` (an e-mail; else everyone's) are past their time now."""
    user = _user(body().get("user"))
    ended = [
        issued
        for issued in world().issued.values()
        if user is None or issued.user_id == user.user_id
    ]
    for issued in ended:
        issued.expires = min(issued.expires, world().clock.now())
    return done(expired=len(ended))


@blueprint.post("/tokens/end")
@locked
def end_grant() -> Response:
    """The refresh tokens of ``user`` (else everyone's) are dead; connections stay."""
    user = _user(body().get("user"))
    ended = [name for name in world().grants if user is None or name[1] == user.user_id]
    for name in ended:
        world().grants[name].tokens.clear()
    return done(ended=len(ended))


@blueprint.post("/connections/remove")
@locked
def remove_connections() -> Response:
    """A disconnect made inside Xero: the app loses ``tenant_id`` (and ``user``, if said)."""
    order = body()
    user = _user(order.get("user"))
    removed = world().disconnect(
        chosen_app(order.get("client_id")).client_id,
        user_id=user.user_id if user else None,
        tenant_id=order.get("tenant_id"),
    )
    return done(removed=removed)


def _user(email: str | None) -> User | None:
    if email is None:
        return None
    user = world().user_by_email(email)
    if user is None:
        raise OrderError(f"Nobody signs in as {email}.")
    return user
