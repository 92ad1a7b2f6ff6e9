"""Where connections are kept, and the transactions that keep an organisation to one tenant."""

from dataclasses import replace
from datetime import datetime

from pynamodb.exceptions import DoesNotExist, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.clock import parse_stamp, stamp
from chalicelib.connection.model import (
    Connection,
    ConnectionState,
    EarlierConnection,
    OrganisationTaken,
)
from chalicelib.connection.rows import (
    CONNECTION,
    HISTORY,
    OWNER,
    PENDING,
    ConnectionRow,
    HistoryRow,
    OwnerRow,
    connection_of,
    moment,
    owner_key,
    row_of,
)
from chalicelib.errors import Conflict, NotConnected
from chalicelib.storage.refused import CONDITION_FAILED
from chalicelib.storage.rows import transaction_connection

CHANGED = "The connection was changed meanwhile. Look at it again."
TAKEN = (
    "This organisation is already connected to another Workbill tenant. "
    "It has to be disconnected there first."
)


def get(tenant_id: str) -> Connection:
    """The tenant's connection, in the state ``none`` when there never was one."""
    try:
        return connection_of(ConnectionRow.get(tenant_id, CONNECTION, consistent_read=True))
    except DoesNotExist:
        return Connection(tenant_id)


def active(tenant_id: str) -> Connection:
    """The tenant's live connection; raises NotConnected with what to do."""
    return demand_active(get(tenant_id))


def key(tenant_id: str) -> ConnectionRow:
    """The row to read where a connection is read together with others; ``found_in`` reads it."""
    return ConnectionRow(tenant_id, CONNECTION)


def found_in(row: ConnectionRow | None, tenant_id: str) -> Connection:
    """The connection in a row, as ``get`` answers."""
    return connection_of(row) if row else Connection(tenant_id)


def demand_active(found: Connection) -> Connection:
    """The connection, if it is live; raises NotConnected with what to do."""
    if found.state is ConnectionState.ACTIVE:
        return found
    if found.state is ConnectionState.NEEDS_RECONNECT:
        raise NotConnected(found.problem or "Reconnect to Xero under Settings.")
    raise NotConnected("Workbill is not connected to Xero. Connect under Settings.")


def tenant_of(organisation_id: str) -> str | None:
    """Whose an organisation is; None when it is connected nowhere."""
    try:
        row = OwnerRow.get(owner_key(organisation_id), OWNER, consistent_read=True)
    except DoesNotExist:
        return None
    return row.tenant_id


def claim(connection: Connection, previous: Connection, *, confirmed: bool = False) -> Connection:
    """Store a connection and make its organisation this tenant's, both or neither.

    With ``confirmed`` it is the one that waited, and waits no more. Raises OrganisationTaken when
    it is another's, Conflict when ``previous``, or what waits, is no longer what is stored.
    """
    row = row_of(connection, previous.version + 1)
    owner = OwnerRow(owner_key(connection.organisation_id), OWNER, tenant_id=connection.tenant_id)
    ours = OwnerRow.pk.does_not_exist() | (OwnerRow.tenant_id == connection.tenant_id)
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.save(owner, condition=ours)
            transaction.save(row, condition=_unchanged(previous))
            if confirmed:
                waiting = ConnectionRow(connection.tenant_id, PENDING)
                same = ConnectionRow.connection_id == connection.connection_id
                transaction.delete(waiting, condition=same)
    except TransactWriteError as error:
        first = next(iter(error.cancellation_reasons), None)
        if first is not None and first.code == CONDITION_FAILED:
            raise OrganisationTaken(TAKEN) from None
        raise Conflict(CHANGED) from None
    return connection_of(row)


def mark(connection: Connection, state: ConnectionState, problem: str) -> bool:
    """Move a connection to another state; False when it was changed meanwhile."""
    return _update(
        connection,
        [
            ConnectionRow.state.set(state.value),
            ConnectionRow.problem.set(problem),
            ConnectionRow.version.set(connection.version + 1),
        ],
    )


def put_features(connection: Connection, features: tuple[str, ...]) -> Connection:
    """Store which features are switched on; raises Conflict when it was changed meanwhile."""
    actions: list[Action] = [
        ConnectionRow.state.set(connection.state.value),
        ConnectionRow.features.set(list(features)),
        ConnectionRow.version.set(connection.version + 1),
    ]
    if not _update(connection, actions):
        raise Conflict(CHANGED)
    return replace(connection, features=features, version=connection.version + 1)


def put_scopes(connection: Connection, scopes: tuple[str, ...]) -> None:
    """Store what Xero still grants; says nothing when the connection was changed meanwhile."""
    _update(connection, [ConnectionRow.scopes.set(list(scopes))])


def put_particulars(connection: Connection, found: Connection) -> bool:
    """Store what the organisation says of itself; False when it was changed meanwhile."""
    row = row_of(found, connection.version)
    names = (
        "organisation_name", "country", "base_currency", "short_code", "acts",
        "acts_read_at", "last_success_at",
    )  # fmt: skip
    kept = [(getattr(ConnectionRow, name), getattr(row, name)) for name in names]
    return _update(
        connection, [attribute.set(value) for attribute, value in kept if value is not None]
    )


def begin_ending(connection: Connection, now: datetime, why: str) -> bool:
    """End local access at once and keep the fact; False when it was changed meanwhile.

    The organisation stays this tenant's until ``ended``, so that nobody connects it while Xero
    is still being told.
    """
    history = HistoryRow(
        connection.tenant_id,
        f"{HISTORY}{stamp(now)}",
        organisation_id=connection.organisation_id,
        organisation_name=connection.organisation_name,
        connected_by=connection.connected_by,
        connected_at=stamp(connection.connected_at) if connection.connected_at else None,
        ended_at=stamp(now),
        why=why,
    )
    actions: list[Action] = [
        ConnectionRow.state.set(ConnectionState.DISCONNECTED.value),
        ConnectionRow.problem.set(why),
        ConnectionRow.ending.set(True),
        ConnectionRow.version.set(connection.version + 1),
    ]
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.save(history)
            transaction.update(_key(connection), actions, condition=_unchanged(connection))
    except TransactWriteError:
        return False
    return True


def ended(connection: Connection) -> bool:
    """Set the organisation free once Xero knows; False when it was changed meanwhile."""
    owner = OwnerRow(owner_key(connection.organisation_id), OWNER)
    actions: list[Action] = [
        ConnectionRow.ending.set(False),
        ConnectionRow.version.set(connection.version + 1),
    ]
    ours = OwnerRow.pk.does_not_exist() | (OwnerRow.tenant_id == connection.tenant_id)
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.delete(owner, condition=ours)
            transaction.update(_key(connection), actions, condition=_unchanged(connection))
    except TransactWriteError:
        return False
    return True


def history(tenant_id: str) -> list[EarlierConnection]:
    """The connections that were ended, the latest first."""
    rows = HistoryRow.query(
        tenant_id, HistoryRow.sk.startswith(HISTORY), scan_index_forward=False
    )
    return [
        EarlierConnection(
            organisation_id=row.organisation_id,
            organisation_name=row.organisation_name,
            connected_by=row.connected_by,
            connected_at=moment(row.connected_at),
            ended_at=parse_stamp(row.ended_at),
            why=row.why,
        )
        for row in rows
    ]


def _update(connection: Connection, actions: list[Action]) -> bool:
    try:
        _key(connection).update(actions=actions, condition=_unchanged(connection))
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _unchanged(connection: Connection) -> Condition:
    if not connection.version:
        return ConnectionRow.pk.does_not_exist()
    return ConnectionRow.version == connection.version


def _key(connection: Connection) -> ConnectionRow:
    return ConnectionRow(connection.tenant_id, CONNECTION)
