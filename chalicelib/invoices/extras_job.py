"""Doing what is wanted of an invoice that is sent: one extra after the other, each at most once.

A person asks for single ones; the tenant's choices ask for all invoices that are sent. None of
it touches the invoice: what fails is told on its page, where it can be tried again.
"""

from collections.abc import Sequence

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import features
from chalicelib.connection import store as connections
from chalicelib.connection.features import Feature, Standing
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.kinds import INVOICE_EXTRAS
from chalicelib.dispatch.lease import LeaseLost, held
from chalicelib.dispatch.model import Done, Failed, Job, More, Slice, Step, Wait
from chalicelib.dispatch.setbacks import setback
from chalicelib.errors import Conflict, NotConnected, NotFound, WorkbillError
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices import extras, refusals, store
from chalicelib.invoices.do_extra import Desk, do
from chalicelib.invoices.extras import TIMESHEETS, Extra, ExtraName, Extras, ExtraState
from chalicelib.invoices.model import Invoice, Problem
from chalicelib.people.caller import Caller

ONCE = {
    ExtraName.NOTE: "The note is in the invoice's history already, where nothing is removed.",
    ExtraName.EMAIL: "Xero has e-mailed this invoice already. It is never e-mailed twice.",
}
GONE = "This invoice has ended in Xero, so there is nothing to do for it."
OWN_FAULT = "Something went wrong on our side. Try again."


def start(caller: Caller, invoice_id: str, names: Sequence[ExtraName]) -> Job:
    """Do these extras of an invoice that is in Xero; a file takes the place of an earlier one.

    Raises NotConnected, NotFound, and Conflict where one of them cannot be done.
    """
    invoice = store.get(caller.tenant_id, invoice_id)
    if invoice.mirror is None:
        raise Conflict("This invoice is not in Xero. Send it first.")
    connection = connections.active(caller.tenant_id)
    tenant_books.demand_same(invoice, connection.organisation_id)
    _check(invoice, names)
    if TIMESHEETS & set(names):
        features.demand(connection, Feature.ATTACH_TIMESHEETS)
    known = extras.of_invoice(caller.tenant_id, invoice_id)
    for name in ONCE.keys() & known.items.keys() & set(names):
        if known.items[name].state is ExtraState.DONE:
            raise Conflict(ONCE[name])
    said = ", ".join(names)
    trail.record(caller, "invoice.extra", f"invoice:{invoice_id}", "asked", extra=said)
    _want(caller.tenant_id, known, names, caller.actor, again=True)
    job = enqueue.job(
        INVOICE_EXTRAS,
        connection.organisation_id,
        caller.tenant_id,
        params={"invoice_ids": [invoice_id], "names": []},
        created_by=caller.actor,
        name=f"extras-{invoice_id}",
    )
    return enqueue.do_now(job)


def _check(invoice: Invoice, names: Sequence[ExtraName]) -> None:
    able = extras.possible(invoice)
    for name in names:
        if name not in able:
            raise Conflict(GONE if not able else extras.NO_WORK)


def _want(
    tenant_id: str, known: Extras, names: Sequence[ExtraName], actor: str, *, again: bool
) -> Extras:
    """Put on record that these are wanted; with ``again`` those that have ended, too.

    One that is being tried keeps what is known of that: it is looked for before it is repeated.
    """
    wanted = known
    now = wiring.current().clock.now()
    for name in names:
        before = known.items.get(name)
        if before is None:
            wanted = wanted.having(Extra(name, actor, now))
        elif again and not before.state.open:
            wanted = wanted.having(Extra(name, actor, now, tried_at=before.tried_at))
    return extras.save(tenant_id, wanted) if wanted is not known else known


def handle(job: Job, part: Slice) -> Step:
    """Do what is wanted of each invoice that the job names; safe to repeat from any point."""
    ids: list[str] = job.params["invoice_ids"]
    while (place := job.params.get("position", 0)) < len(ids):
        if part.over:
            return More()
        try:
            waits = _one(job, part, ids[place])
        except (LeaseLost, NotConnected):
            raise
        except Conflict:
            # Somebody asked for one of them meanwhile: read again.
            return More()
        except Exception as error:
            if not isinstance(setback(error, job.attempts, part.now()), Failed):
                raise
            _give_up(job, ids[place], error)
        else:
            if waits:
                return waits
        job.params["position"] = place + 1
        job.progress = {"done": place + 1, "total": len(ids)}
    return Done("It is done, or the invoice's page says why not.")


def _one(job: Job, part: Slice, invoice_id: str) -> Wait | None:
    try:
        invoice = store.get(job.tenant_id, invoice_id)
    except NotFound:
        return None
    lease = held(job.lane)
    if lease:
        lease.concern([invoice_id])
    known = extras.of_invoice(job.tenant_id, invoice_id)
    known = _want(job.tenant_id, known, _chosen(job, invoice), job.created_by, again=False)
    desk = Desk(job.tenant_id, job.lane, invoice, known, part.now)
    for name in [one.name for one in known.shown if one.state.open]:
        waits = do(desk, name)
        if waits:
            return waits
        _record(job.tenant_id, invoice_id, desk.extras.items[name])
    return None


def _chosen(job: Job, invoice: Invoice) -> list[ExtraName]:
    """What the tenant's choices want of it: no timesheet of no work, nor where it is off."""
    names = [ExtraName(name) for name in job.params["names"]]
    able = extras.possible(invoice)
    if TIMESHEETS & set(names):
        connection = connections.active(job.tenant_id)
        if features.standing(connection, Feature.ATTACH_TIMESHEETS) is Standing.OFF:
            able = [name for name in able if name not in TIMESHEETS]
    return [name for name in names if name in able]


def _record(tenant_id: str, invoice_id: str, extra: Extra) -> None:
    done = extra.state is ExtraState.DONE
    trail.record(
        Caller(tenant_id, extra.asked_by, extra.asked_by, frozenset()),
        "invoice.extra",
        f"invoice:{invoice_id}",
        "done" if done else "failed",
        extra=extra.name.value,
        **({} if done else {"why": extra.sentence}),
    )


def _give_up(job: Job, invoice_id: str, error: Exception) -> None:
    """Nobody will try again by itself, so what still waits says why; a doubt stays one."""
    problem = (
        refusals.problems_of(error)[0]
        if isinstance(error, WorkbillError)
        else Problem("own_fault", OWN_FAULT)
    )
    known = extras.of_invoice(job.tenant_id, invoice_id)
    for one in known.shown:
        if one.state.open:
            known = known.having(one.failed(problem, wiring.current().clock.now()))
    extras.save(job.tenant_id, known)
    for one in known.shown:
        if one.problem is problem:
            _record(job.tenant_id, invoice_id, one)
