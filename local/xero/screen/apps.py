"""Apps on the screen: what is connected to an organisation, and the developer's page."""

from flask import render_template
from werkzeug.wrappers import Response

from local.xero.present import locked, world
from local.xero.screen.blueprint import back, blueprint, organisation
from local.xero.webhooks.verify import intent_to_receive

LATEST = 20


@blueprint.get("/app/<short_code>/connected-apps")
@locked
def connected(short_code: str) -> str:
    """The apps that some user connected to this organisation."""
    here = organisation(short_code)
    links = [
        (world().apps[one.client_id], world().users[one.user_id], one)
        for one in world().connections.values()
        if one.tenant_id == here.tenant_id
    ]
    return render_template("screen/connected.html", organisation=here, links=links)


@blueprint.post("/app/<short_code>/connected-apps/<client_id>/disconnect")
@locked
def disconnect(short_code: str, client_id: str) -> Response:
    """Takes the app away from this organisation, whoever connected it."""
    world().disconnect(client_id, tenant_id=organisation(short_code).tenant_id)
    return back(f"/app/{short_code}/connected-apps", "Disconnected.")


@blueprint.get("/developer")
@locked
def developer() -> str:
    """Each registered app, its webhook address and the latest deliveries."""
    return render_template("screen/developer.html", apps=world().apps.values(), latest=LATEST)


@blueprint.post("/developer/<client_id>/intent-to-receive")
def check(client_id: str) -> Response:
    """Asks the endpoint whether it tells good signatures from bad ones."""
    result = intent_to_receive(world(), world().apps[client_id].webhooks)
    said = "The endpoint passed." if result["ok"] else "The endpoint did not pass."
    return back("/developer", said)
