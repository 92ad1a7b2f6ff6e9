"""Changes of an endpoint by people: what it is told, where, and whether at all."""

from collections.abc import Sequence

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.dispatch.enqueue import enqueue
from chalicelib.errors import InvalidInput
from chalicelib.events import addresses, deliver, endpoints, log, secrets
from chalicelib.events.add import kinds_of
from chalicelib.events.model import Endpoint, EndpointState
from chalicelib.events.rows import ENDPOINT, EndpointRow
from chalicelib.people import tenants
from chalicelib.people.caller import Caller
from chalicelib.people.model import proper_name
from chalicelib.storage.rows import transaction_connection


def change(
    caller: Caller,
    endpoint_id: str,
    *,
    url: str | None = None,
    name: str | None = None,
    kinds: Sequence[str] | None = None,
    paused: bool | None = None,
) -> Endpoint:
    """Change what is given; going on after a pause tells what happened meanwhile.

    Raises NotFound, and InvalidInput naming the field; then nothing is changed.
    """
    endpoint = endpoints.get(caller.tenant_id, endpoint_id)
    actions: list[Action] = []
    if url is not None:
        local = wiring.current().settings.local_webhooks
        actions.append(EndpointRow.url.set(addresses.checked(url, local=local)))
    if name is not None:
        actions.append(EndpointRow.name.set(proper_name(name)))
    if kinds is not None:
        actions.append(EndpointRow.kinds.set(list(kinds_of(kinds))))
    if paused is not None:
        state = EndpointState.PAUSED if paused else EndpointState.ACTIVE
        actions.append(EndpointRow.state.set(state.value))
    trail.record(
        caller,
        "webhook changed",
        f"endpoint:{endpoint_id}",
        endpoint=name or endpoint.name,
        url=url or endpoint.url,
        paused="" if paused is None else str(paused).lower(),
    )
    changed = endpoints.change(endpoint, [*actions, *_afresh(endpoint)])
    return _go_on(changed)


def rotate(caller: Caller, endpoint_id: str) -> tuple[Endpoint, str]:
    """A new secret, shown this once; for a day deliveries bear the former's signature as well."""
    endpoint = endpoints.get(caller.tenant_id, endpoint_id)
    plain = secrets.new()
    kept = secrets.rotated(endpoint, plain, wiring.current().clock.now())
    about = f"endpoint:{endpoint_id}"
    trail.record(caller, "webhook secret rotated", about, endpoint=endpoint.name)
    return endpoints.change(endpoint, [EndpointRow.secrets.set(list(kept))]), plain


def send_again(caller: Caller, endpoint_id: str, number: int) -> Endpoint:
    """Tell the endpoint everything from this number on, once more; twins bear the same ids.

    Raises NotFound, and InvalidInput for a number that no event has or that is not kept any more.
    """
    endpoint = endpoints.get(caller.tenant_id, endpoint_id)
    first = next(iter(log.after(caller.tenant_id, 0, 1)), None)
    last = log.last_number(caller.tenant_id)
    if first is None or not first.number <= number <= last:
        kept = f"from {first.number} to {last}" if first else "none yet"
        raise InvalidInput(f"The numbers that are kept: {kept}.", field="number")
    about = f"endpoint:{endpoint_id}"
    trail.record(caller, "webhook sent again", about, endpoint=endpoint.name, number=number)
    moved = endpoints.change(endpoint, [EndpointRow.cursor.set(number - 1), *_afresh(endpoint)])
    return _go_on(moved)


def remove(caller: Caller, endpoint_id: str) -> None:
    """Tell it nothing more, and forget its secret; with the last one the log ends, too."""
    endpoint = endpoints.get(caller.tenant_id, endpoint_id)
    others = [
        one for one in endpoints.of_tenant(caller.tenant_id) if one.endpoint_id != endpoint_id
    ]
    about = f"endpoint:{endpoint_id}"
    trail.record(caller, "webhook removed", about, endpoint=endpoint.name, url=endpoint.url)
    with TransactWrite(connection=transaction_connection()) as transaction:
        transaction.delete(EndpointRow(caller.tenant_id, ENDPOINT + endpoint_id))
        if not others:
            tenants.keep_telling(transaction, caller.tenant_id, telling=False)


def _afresh(endpoint: Endpoint) -> list[Action]:
    """Whatever a person changes is tried at once; who delivers meanwhile reads anew."""
    return [
        EndpointRow.turn.set(endpoint.turn + 1),
        EndpointRow.failures.set(0),
        EndpointRow.failing_since.remove(),
        EndpointRow.next_at.remove(),
    ]


def _go_on(endpoint: Endpoint) -> Endpoint:
    if endpoint.state is EndpointState.ACTIVE:
        enqueue(deliver.job_for(endpoint))
    return endpoint
