"""A new endpoint: from its moment on, what happens is told to it."""

from collections.abc import Sequence

from pynamodb.transactions import TransactWrite
from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.events import addresses, endpoints, log, secrets
from chalicelib.events.model import Endpoint, EventKind
from chalicelib.events.rows import EndpointRow
from chalicelib.people import tenants
from chalicelib.people.caller import Caller
from chalicelib.people.model import proper_name
from chalicelib.storage.rows import transaction_connection

MOST = 10
"""As many as one message batch wakes."""


def add(caller: Caller, url: str, name: str, kinds: Sequence[str] = ()) -> tuple[Endpoint, str]:
    """The endpoint and its secret, which is never to be had again.

    The log of events is kept from a tenant's first endpoint on. Raises InvalidInput naming
    ``url``, ``name`` or ``kinds``, and Conflict when there are ten already.
    """
    present = wiring.current()
    url = addresses.checked(url, local=present.settings.local_webhooks)
    name, wanted = proper_name(name), kinds_of(kinds)
    if len(endpoints.of_tenant(caller.tenant_id)) >= MOST:
        raise Conflict(f"There are {MOST} endpoints already. Remove one that is not used.")
    now, plain = present.clock.now(), secrets.new()
    endpoint_id = str(ULID.from_datetime(now)).lower()
    endpoint = Endpoint(
        tenant_id=caller.tenant_id,
        endpoint_id=endpoint_id,
        name=name,
        url=url,
        created_at=now,
        kinds=wanted,
        cursor=log.last_number(caller.tenant_id),
        secrets=((secrets.seal(plain, caller.tenant_id, endpoint_id), secrets.FOR_EVER),),
    )
    trail.record(caller, "webhook added", f"endpoint:{endpoint_id}", url=url, endpoint=name)
    with TransactWrite(connection=transaction_connection()) as transaction:
        transaction.save(endpoints.row_of(endpoint), condition=EndpointRow.pk.does_not_exist())
        tenants.keep_telling(transaction, caller.tenant_id, telling=True)
    return endpoint, plain


def kinds_of(kinds: Sequence[str]) -> tuple[str, ...]:
    """The kinds of events that are named, each once; raises InvalidInput for any other."""
    try:
        return tuple(dict.fromkeys(EventKind(kind).value for kind in kinds))
    except ValueError:
        raise InvalidInput(f"Kinds are {', '.join(EventKind)}.", field="kinds") from None
