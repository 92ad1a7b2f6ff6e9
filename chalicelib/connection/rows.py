"""The rows of a connection in the table of tenants."""

from datetime import datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.clock import parse_stamp, stamp
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.rows import Row

CONNECTION = "connection"
PENDING = "connection-pending"
OWNER = "owner"
HISTORY = "connection-history#"


class ConnectionRow(Row):
    """A tenant's present connection, or its last; or one that waits to be confirmed."""

    table = "tenants"

    class Meta:
        pass

    state = UnicodeAttribute()
    organisation_id = UnicodeAttribute(default="")
    connection_id = UnicodeAttribute(default="")
    organisation_name = UnicodeAttribute(default="")
    country = UnicodeAttribute(default="")
    base_currency = UnicodeAttribute(default="")
    short_code = UnicodeAttribute(default="")
    xero_userid = UnicodeAttribute(default="")
    xero_user = UnicodeAttribute(default="")
    connected_by = UnicodeAttribute(default="")
    connected_at = UnicodeAttribute(null=True)
    scopes = JSONAttribute(default=list)
    features = JSONAttribute(default=list)
    acts = JSONAttribute(default=dict)
    acts_read_at = UnicodeAttribute(null=True)
    last_success_at = UnicodeAttribute(null=True)
    problem = UnicodeAttribute(default="")
    ending = BooleanAttribute(default=False)
    version = NumberAttribute(default=0)


class OwnerRow(Row):
    """Whose an organisation is: one row per organisation, so that it is one tenant's only."""

    table = "tenants"

    class Meta:
        pass

    tenant_id = UnicodeAttribute()


class HistoryRow(Row):
    """A connection that was ended."""

    table = "tenants"

    class Meta:
        pass

    organisation_id = UnicodeAttribute()
    organisation_name = UnicodeAttribute()
    connected_by = UnicodeAttribute(default="")
    connected_at = UnicodeAttribute(null=True)
    ended_at = UnicodeAttribute()
    why = UnicodeAttribute(default="")


def owner_key(organisation_id: str) -> str:
    """The partition of an organisation's owner."""
    return f"organisation#{organisation_id}"


def row_of(connection: Connection, version: int) -> ConnectionRow:
    """A connection as it is stored, under a new version."""
    return ConnectionRow(
        connection.tenant_id,
        CONNECTION,
        state=connection.state.value,
        organisation_id=connection.organisation_id,
        connection_id=connection.connection_id,
        organisation_name=connection.organisation_name,
        country=connection.country,
        base_currency=connection.base_currency,
        short_code=connection.short_code,
        xero_userid=connection.xero_userid,
        xero_user=connection.xero_user,
        connected_by=connection.connected_by,
        connected_at=stamp(connection.connected_at) if connection.connected_at else None,
        scopes=list(connection.scopes),
        features=list(connection.features),
        acts=dict(connection.acts),
        acts_read_at=stamp(connection.acts_read_at) if connection.acts_read_at else None,
        last_success_at=(
            stamp(connection.last_success_at) if connection.last_success_at else None
        ),
        problem=connection.problem,
        ending=connection.ending,
        version=version,
    )


def connection_of(row: ConnectionRow) -> Connection:
    """The inverse of ``row_of``."""
    return Connection(
        tenant_id=row.pk,
        state=ConnectionState(row.state),
        organisation_id=row.organisation_id,
        connection_id=row.connection_id,
        organisation_name=row.organisation_name,
        country=row.country,
        base_currency=row.base_currency,
        short_code=row.short_code,
        xero_userid=row.xero_userid,
        xero_user=row.xero_user,
        connected_by=row.connected_by,
        connected_at=moment(row.connected_at),
        scopes=tuple(row.scopes),
        features=tuple(row.features),
        acts=row.acts,
        acts_read_at=moment(row.acts_read_at),
        last_success_at=moment(row.last_success_at),
        problem=row.problem,
        ending=bool(row.ending),
        version=int(row.version),
    )


def moment(text: str | None) -> datetime | None:
    """A stored moment, where there is one."""
    return parse_stamp(text) if text else None
