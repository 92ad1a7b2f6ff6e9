"""Bringing in what lines point at, by a click: accounts, tax rates, tracking and the rest."""

from chalicelib.audit import trail
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Job, Slice, Step
from chalicelib.people.caller import Caller
from chalicelib.reference import ask, check_mapping, read_codes, refresh

KIND = "import-codes"


def start(caller: Caller) -> Job:
    """Refresh all lists, here when Xero is quick, else by the queue; raises NotConnected."""
    job, begun = ask.one_at_a_time(KIND, caller)
    if not begun:
        return job
    trail.record(caller, "import", "codes", "asked")
    return enqueue.do_now(job)


def handle(job: Job, slice_: Slice) -> Step:
    """Read every list in full, store what differs, check the mapping by it; safe to repeat."""
    job.progress = read_codes.read(job.tenant_id, job.lane, slice_.now(), whole=True)
    check_mapping.check(job.tenant_id)
    refresh.put_off(job, slice_)
    return Done(read_codes.sentence(job.progress))
