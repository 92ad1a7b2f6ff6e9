"""The connection to Xero; connecting itself needs a person and a browser."""

from datetime import date, datetime

import msgspec

from chalicelib.api.jobs import JobView, accepted
from chalicelib.api.routing import API, Answer, Call
from chalicelib.connection import disconnect, features, grants, particulars, pending, plan, store
from chalicelib.connection import switch as switching
from chalicelib.connection import usage as used
from chalicelib.connection.features import Feature, Standing
from chalicelib.connection.model import Connection
from chalicelib.people.caller import Scope

api = API(__name__)


class LimitView(msgspec.Struct):
    """Something that the plan in Xero, or the role of who connected, allows or not."""

    name: str
    allowed: bool
    words: str


class FeatureView(msgspec.Struct):
    """Something that needs one more permission; ``needs_permission`` until it is granted."""

    name: Feature
    standing: Standing
    words: str


class PendingView(msgspec.Struct):
    """Another organisation that was chosen in Xero and waits, for an hour, to be confirmed."""

    organisation_id: str
    organisation_name: str
    country: str | None
    base_currency: str | None
    chosen_by: str
    chosen_at: datetime | None


class EarlierView(msgspec.Struct):
    """A connection that was ended."""

    organisation_id: str
    organisation_name: str
    connected_by: str
    connected_at: datetime | None
    ended_at: datetime
    why: str


class ConnectionView(msgspec.Struct, kw_only=True):
    """The connection; all but state and features is empty before the first one.

    ``state`` is ``none``, ``active``, ``needs_reconnect`` or ``disconnected``; ``problem`` says
    in a sentence what is to be done. ``connected_by`` is the user here, ``xero_user`` the person
    in Xero. ``next_keep_alive`` is the day on which the permission is renewed if nothing calls
    Xero before. ``newly_asked`` are the scopes
    that the next consent asks for beyond those granted.
    """

    state: str
    organisation_id: str | None
    organisation_name: str | None
    country: str | None
    base_currency: str | None
    connected_by: str | None
    xero_user: str | None
    connected_at: datetime | None
    last_success_at: datetime | None
    next_keep_alive: date | None
    scopes: list[str]
    newly_asked: list[str]
    features: list[FeatureView]
    limits: list[LimitView]
    limits_read_at: datetime | None
    problem: str | None
    pending: PendingView | None
    earlier: list[EarlierView]


class ConnectionChange(msgspec.Struct, forbid_unknown_fields=True):
    """Features to switch on or off, by name; those left out stay."""

    features: dict[Feature, bool]


class Confirmation(msgspec.Struct, forbid_unknown_fields=True):
    """The organisation that waits, named so that no other is confirmed by mistake."""

    organisation_id: str


@api.get("/connection", scope=Scope.READ, answer=ConnectionView)
def read_connection(call: Call) -> ConnectionView:
    """The connection to Xero as it is now."""
    return _view(store.get(call.tenant_id))


@api.patch("/connection", scope=Scope.ADMIN, body=ConnectionChange, answer=ConnectionView)
def change_connection(call: Call) -> ConnectionView:
    """Switch features on or off; their permissions are asked for at the next consent."""
    wanted: ConnectionChange = call.body
    for feature, on in wanted.features.items():
        features.switch(call.caller, feature, on=on)
    return _view(store.get(call.tenant_id))


@api.delete("/connection", scope=Scope.ADMIN, answer=JobView, status=202)
def end_connection(call: Call) -> Answer:
    """Disconnect: our access ends at once, and the job tells Xero."""
    return accepted(disconnect.start(call.caller))


@api.post("/connection/check", scope=Scope.WRITE, answer=JobView, status=202)
def check_connection(call: Call) -> Answer:
    """Ask the organisation for itself and for what its plan allows."""
    return accepted(particulars.start(call.caller))


@api.post(
    "/connection/pending/confirm", scope=Scope.ADMIN, body=Confirmation, answer=ConnectionView
)
def confirm_pending(call: Call) -> ConnectionView:
    """Go over to the organisation that waits; what belongs to the one before stays with it."""
    wanted: Confirmation = call.body
    return _view(switching.confirm(call.caller, wanted.organisation_id))


@api.delete("/connection/pending", scope=Scope.ADMIN, answer=ConnectionView)
def decline_pending(call: Call) -> ConnectionView:
    """Stay with the organisation there is."""
    switching.decline(call.caller)
    return _view(store.get(call.tenant_id))


def _view(connection: Connection) -> ConnectionView:
    live = connection.live
    return ConnectionView(
        state=connection.state.value,
        organisation_id=connection.organisation_id or None,
        organisation_name=connection.organisation_name or None,
        country=connection.country or None,
        base_currency=connection.base_currency or None,
        connected_by=connection.connected_by or None,
        xero_user=connection.xero_user or None,
        connected_at=connection.connected_at,
        last_success_at=used.standing(connection).last_success_at,
        next_keep_alive=grants.next_keep_alive(connection.xero_userid) if live else None,
        scopes=list(connection.scopes),
        newly_asked=list(features.newly_asked(connection)),
        features=[
            FeatureView(feature, standing, features.WORDS[feature])
            for feature, standing in features.standings(connection)
        ],
        limits=[LimitView(*limit) for limit in plan.sentences(connection)],
        limits_read_at=connection.acts_read_at,
        problem=connection.problem or None,
        pending=_pending(connection.tenant_id),
        earlier=[
            EarlierView(
                one.organisation_id,
                one.organisation_name,
                one.connected_by,
                one.connected_at,
                one.ended_at,
                one.why,
            )
            for one in store.history(connection.tenant_id)
        ],
    )


def _pending(tenant_id: str) -> PendingView | None:
    waiting = pending.get(tenant_id)
    if waiting is None:
        return None
    return PendingView(
        organisation_id=waiting.organisation_id,
        organisation_name=waiting.organisation_name,
        country=waiting.country or None,
        base_currency=waiting.base_currency or None,
        chosen_by=waiting.connected_by,
        chosen_at=waiting.connected_at,
    )
