"""What Workbill does in Xero only where a tenant wants it, each by one more permission.

A feature is switched on here by an administrator; its permission is then asked for at the next
consent. Until Xero has granted it the feature alone rests: the connection goes on without it.
"""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.audit import trail
from chalicelib.connection import store
from chalicelib.connection.model import Connection
from chalicelib.errors import Conflict
from chalicelib.people.caller import Caller, Scope
from chalicelib.xero.scopes import missing


class Feature(StrEnum):
    """A feature that needs a permission of its own."""

    CREATE_CONTACTS = "create_contacts"
    ATTACH_TIMESHEETS = "attach_timesheets"


class Standing(StrEnum):
    """Whether a feature may be used; ``needs_permission``: it is on, and Xero has to be asked."""

    OFF = "off"
    NEEDS_PERMISSION = "needs_permission"
    ON = "on"


SCOPES: Mapping[Feature, str] = {
    Feature.CREATE_CONTACTS: "accounting.contacts",
    Feature.ATTACH_TIMESHEETS: "accounting.attachments",
}
NAMES: Mapping[Feature, str] = {
    Feature.CREATE_CONTACTS: "Create contacts in Xero",
    Feature.ATTACH_TIMESHEETS: "Attach timesheets",
}
WORDS: Mapping[Feature, str] = {
    Feature.CREATE_CONTACTS: (
        "A client that was born in Workbill can be created as a contact in Xero."
    ),
    Feature.ATTACH_TIMESHEETS: (
        "The time and materials behind an invoice can be attached to it in Xero as a file."
    ),
}


class FeatureOff(Conflict):
    """The tenant has not switched this on."""

    code = "feature_off"


class PermissionNeeded(Conflict):
    """The feature is on, and Xero has not granted its permission; the rest works."""

    code = "permissions_need_updating"


def enabled(tenant_id: str, feature: Feature) -> bool:
    """Whether the feature is switched on and Xero has granted what it needs; one read."""
    return standing(store.get(tenant_id), feature) is Standing.ON


def demand(connection: Connection, feature: Feature) -> None:
    """Raise FeatureOff or PermissionNeeded, with what to do, unless the feature may be used."""
    match standing(connection, feature):
        case Standing.OFF:
            raise FeatureOff(f"“{NAMES[feature]}” is switched off. Switch it on under Xero.")
        case Standing.NEEDS_PERMISSION:
            raise permission_needed(feature)


def standing(connection: Connection, feature: Feature) -> Standing:
    """How the feature stands; a connection that has ended grants nothing any more."""
    if feature not in connection.features:
        return Standing.OFF
    granted = SCOPES[feature] in _granted(connection)
    return Standing.ON if granted else Standing.NEEDS_PERMISSION


def standings(connection: Connection) -> list[tuple[Feature, Standing]]:
    """Every feature and how it stands."""
    return [(feature, standing(connection, feature)) for feature in Feature]


def extras(connection: Connection) -> tuple[str, ...]:
    """The scopes to ask for beside the usual ones, for the features that are switched on."""
    return tuple(SCOPES[feature] for feature in Feature if feature in connection.features)


def newly_asked(connection: Connection) -> tuple[str, ...]:
    """The scopes that the next consent asks for and the last one did not grant."""
    return missing(_granted(connection), extras(connection))


def _granted(connection: Connection) -> tuple[str, ...]:
    return connection.scopes if connection.live else ()


def switch(caller: Caller, feature: Feature, *, on: bool) -> Connection:
    """Switch a feature on or off, and answer the connection as it then stands.

    Nothing is asked of Xero by this, and nothing given back: scopes only add up there. Raises
    Conflict when the connection was changed at this very moment.
    """
    caller.must_have(Scope.ADMIN)
    connection = store.get(caller.tenant_id)
    if on is (feature in connection.features):
        return connection
    wanted = {*connection.features, feature} if on else {*connection.features} - {feature}
    switched = store.put_features(connection, tuple(sorted(wanted)))
    way = "on" if on else "off"
    trail.record(caller, "feature switched", f"feature:{NAMES[feature]}", way=way)
    return switched


def lost(connection: Connection, feature: Feature) -> PermissionNeeded:
    """Note that Xero refused the feature's scope; answers the error to raise."""
    store.put_scopes(connection, tuple(s for s in connection.scopes if s != SCOPES[feature]))
    return permission_needed(feature)


def permission_needed(feature: Feature) -> PermissionNeeded:
    """The error that says what to do; everything else goes on meanwhile."""
    return PermissionNeeded(
        f"Permissions need updating before “{NAMES[feature]}” works. Update them under Xero."
    )
