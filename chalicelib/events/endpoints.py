"""Where endpoints are kept, and the moves of their cursor."""

from collections.abc import Sequence
from datetime import datetime

from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.clock import parse_stamp, stamp
from chalicelib.errors import NotFound
from chalicelib.events.model import Endpoint, EndpointState
from chalicelib.events.rows import ENDPOINT, EndpointRow

UNKNOWN = "There is no such endpoint."


def of_tenant(tenant_id: str) -> list[Endpoint]:
    """A tenant's endpoints, the oldest first."""
    rows = EndpointRow.query(tenant_id, EndpointRow.sk.startswith(ENDPOINT))
    return [endpoint_of(row) for row in rows]


def get(tenant_id: str, endpoint_id: str) -> Endpoint:
    """One endpoint as last stored; raises NotFound."""
    try:
        row = EndpointRow.get(tenant_id, ENDPOINT + endpoint_id, consistent_read=True)
    except DoesNotExist:
        raise NotFound(UNKNOWN) from None
    return endpoint_of(row)


def change(endpoint: Endpoint, actions: Sequence[Action]) -> Endpoint:
    """Store changes; raises NotFound when it was removed meanwhile."""
    row = EndpointRow(endpoint.tenant_id, ENDPOINT + endpoint.endpoint_id)
    if not _update(row, actions, EndpointRow.pk.exists()):
        raise NotFound(UNKNOWN)
    return endpoint_of(row)


def advance(endpoint: Endpoint, actions: Sequence[Action]) -> Endpoint | None:
    """The same by whoever delivers; None when somebody moved or removed it meanwhile."""
    row = EndpointRow(endpoint.tenant_id, ENDPOINT + endpoint.endpoint_id)
    unmoved = (EndpointRow.turn == endpoint.turn) & (EndpointRow.cursor == endpoint.cursor)
    return endpoint_of(row) if _update(row, actions, unmoved) else None


def row_of(endpoint: Endpoint) -> EndpointRow:
    """The row of a new endpoint."""
    return EndpointRow(
        endpoint.tenant_id,
        ENDPOINT + endpoint.endpoint_id,
        name=endpoint.name,
        url=endpoint.url,
        created_at=stamp(endpoint.created_at),
        kinds=list(endpoint.kinds),
        state=endpoint.state.value,
        cursor=endpoint.cursor,
        turn=endpoint.turn,
        secrets=list(endpoint.secrets),
    )


def endpoint_of(row: EndpointRow) -> Endpoint:
    """The endpoint that a row holds."""
    return Endpoint(
        tenant_id=row.pk,
        endpoint_id=row.sk.removeprefix(ENDPOINT),
        name=row.name,
        url=row.url,
        created_at=parse_stamp(row.created_at),
        kinds=tuple(row.kinds),
        state=EndpointState(row.state),
        cursor=int(row.cursor),
        turn=int(row.turn),
        secrets=tuple((sealed, until) for sealed, until in row.secrets),
        failures=int(row.failures),
        failing_since=_moment(row.failing_since),
        next_at=_moment(row.next_at),
        outcome=row.outcome,
        outcome_at=_moment(row.outcome_at),
    )


def _moment(text: str | None) -> datetime | None:
    return parse_stamp(text) if text else None


def _update(row: EndpointRow, actions: Sequence[Action], condition: Condition) -> bool:
    try:
        row.update(actions=list(actions), condition=condition)
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True
