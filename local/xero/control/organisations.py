"""Organisations: listed, opened, closed."""

from typing import Any

from flask import Response

from local.xero.control.blueprint import OrderError, blueprint, body, done
from local.xero.present import locked, world
from local.xero.world import Organisation


@blueprint.get("/organisations")
@locked
def list_organisations() -> Response:
    return done(organisations=[_facts(one) for one in world().organisations.values()])


@blueprint.post("/organisations")
@locked
def open_organisation() -> Response:
    """``country``, ``name``, ``contacts`` (how many) and ``users`` (e-mails; else all).

    An organisation's id follows from its name, so the name must be new.
    """
    order, here = body(), world()
    name = order.get("name", f"Company {len(here.organisations) + 1}")
    if name in {one.name for one in here.organisations.values()}:
        raise OrderError(f"There is an organisation called {name} already.")
    emails = order.get("users") or [user.email for user in here.users.values()]
    users = [user for user in here.users.values() if user.email in emails]
    made = here.add_organisation(
        order.get("country", "NZ"),
        name,
        users,
        int(order.get("contacts", 0)),
    )
    return done(**_facts(made))


@blueprint.post("/organisations/<tenant_id>/users")
@locked
def change_users(tenant_id: str) -> Response:
    """Only these ``users`` (e-mails) may open it now; connections of others answer 403."""
    emails, one = body().get("users", []), world().organisations[tenant_id]
    for user in world().users.values():
        user.organisations = [kept for kept in user.organisations if kept != tenant_id]
        if user.email in emails:
            user.organisations.append(tenant_id)
    return done(**_facts(one))


@blueprint.delete("/organisations/<tenant_id>")
@locked
def close_organisation(tenant_id: str) -> Response:
    """The organisation is gone, as after a demo company's reset; its calls answer 403."""
    here = world()
    del here.organisations[tenant_id]
    for client_id in here.apps:
        here.disconnect(client_id, tenant_id=tenant_id)
    for user in here.users.values():
        user.organisations = [one for one in user.organisations if one != tenant_id]
    return done()


def _facts(one: Organisation) -> dict[str, Any]:
    return {
        "tenant_id": one.tenant_id,
        "name": one.name,
        "country": one.books.organisation["CountryCode"],
        "short_code": one.short_code,
        "connections": [
            link.connection_id
            for link in world().connections.values()
            if link.tenant_id == one.tenant_id
        ],
        "users": [
            user.email for user in world().users.values() if one.tenant_id in user.organisations
        ],
    }
