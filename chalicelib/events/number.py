"""The job that gives events their numbers, and sends for whoever tells them on."""

from pynamodb.exceptions import TransactWriteError

from chalicelib.dispatch.enqueue import enqueue
from chalicelib.dispatch.model import Done, Job, More, Slice, Step
from chalicelib.events import deliver, endpoints, log
from chalicelib.events.model import EndpointState
from chalicelib.events.rows import UNTOLD, OutboxRow


def handle(job: Job, part: Slice) -> Step:
    """Number what is in the outbox, the oldest first; safe to repeat from any point."""
    tenant_id = job.tenant_id
    last = log.last_number(tenant_id)
    waiting = OutboxRow.query(tenant_id, OutboxRow.sk.startswith(UNTOLD), consistent_read=True)
    for untold in waiting:
        if part.over:
            return More()
        try:
            last = log.take_in(untold, last)
        except TransactWriteError:
            # Another worker was faster with it; what is left is read again.
            return More()
    for endpoint in endpoints.of_tenant(tenant_id):
        if endpoint.state is EndpointState.ACTIVE and endpoint.cursor < last:
            enqueue(deliver.job_for(endpoint))
    return Done()
