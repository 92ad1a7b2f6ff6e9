"""Changing an invoice that Xero has: proposed, looked at side by side, approved, dropped.

Nothing is written over that somebody changed in Xero, unless that is asked for by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Job
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices import deposits, drift, edit, facts, preflight, revised, revision, store
from chalicelib.invoices.line import Totals
from chalicelib.invoices.model import Invoice, InvoiceKind, InvoiceState, Problem
from chalicelib.invoices.preflight import Facts
from chalicelib.invoices.revision import Revision, RevisionState
from chalicelib.people.caller import Caller
from chalicelib.reference.code_rules import of_day
from chalicelib.storage.rows import transaction_connection
from chalicelib.work import draws

LOOK, WRITE = "look-at-revision", "write-revision"
ENDED = "It was {} in Xero, which takes no change of it any more."
TAKEN_OFF = "Part of this deposit is taken off later invoices, so it stays as it is."
STAYS = (
    "Xero has all that a change can write just like this already. What still differs stays as it "
    "is in Xero: change it there, or accept what Xero has."
)
CREDIT = "Credit it instead, in full or in part, and bill what is right anew."


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that Xero has otherwise than it would become.

    ``changed_there`` says that somebody changed it in Xero since it was ``sent``. A line that is
    on one side only differs as a whole; ``line`` counts from 1.
    """

    field: str
    line: int | None
    sent: str
    in_xero: str
    wanted: str
    changed_there: bool


@dataclass(frozen=True, slots=True)
class WouldWrite:
    """What writing a change would do: field by field, the exact body, and what is in the way.

    ``approval`` given back writes this or nothing. All is empty before Xero was looked at.
    ``stays`` is what differs, too, and no change from here can write.
    """

    revision: Revision
    differences: tuple[Difference, ...]
    body: bytes
    approval: str
    totals: Totals
    problems: tuple[Problem, ...]
    stays: tuple[Difference, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it may be written."""
        return bool(self.approval) and not preflight.blocking(self.problems)


def propose(
    caller: Caller,
    invoice_id: str,
    version: int,
    changes: Mapping[str, Any],
    *,
    release: bool = True,
    overwrite: bool = False,
) -> Job:
    """Keep a change of an invoice that Xero has, and look at what Xero has now.

    It takes the place of one that was proposed before. With ``overwrite`` and no changes, what
    was sent is written again over what Xero has otherwise. Raises NotFound, NotConnected,
    InvalidInput naming the field, and Conflict where the invoice is not in Xero, has ended
    there, was changed since, or a change of it is under way.
    """
    invoice = store.get(caller.tenant_id, invoice_id)
    organisation_id = connections.active(caller.tenant_id).organisation_id
    _check(invoice, version, organisation_id)
    before = revision.find(caller.tenant_id, invoice_id)
    if before and before.under_way:
        raise Conflict("A change of it is being written to Xero. Let that come to an end.")
    wanted = edit.reworked(caller.tenant_id, invoice, changes).invoice
    if not overwrite and same_face(invoice, wanted):
        raise InvalidInput("Nothing is changed.", field="lines")
    _check_deposit(caller.tenant_id, invoice, wanted)
    proposed = Revision(
        invoice_id,
        sent=invoice,
        wanted=wanted,
        asked_by=caller.name,
        asked_at=wiring.current().clock.now(),
        release=release,
        overwrite=overwrite,
        version=before.version if before else 0,
    )
    revision.save(caller.tenant_id, proposed)
    return enqueue.do_now(_job(LOOK, caller, organisation_id, invoice_id))


def look_again(caller: Caller, invoice_id: str, *, overwrite: bool = False) -> Job:
    """Hold a proposed change against what Xero has now; ``overwrite`` as in ``propose``."""
    found = revision.get(caller.tenant_id, invoice_id)
    organisation_id = connections.active(caller.tenant_id).organisation_id
    tenant_books.demand_same(found.sent, organisation_id)
    if overwrite and not found.under_way:
        revision.save(caller.tenant_id, replace(found, overwrite=True))
    return enqueue.do_now(_job(LOOK, caller, organisation_id, invoice_id), unless_open=True)


def write(caller: Caller, invoice_id: str, approved: str) -> Job:
    """Write a change to Xero that somebody has looked at, exactly once.

    One that is under way already is followed. Raises NotFound, NotConnected, and Conflict for
    none, another change than was approved, or one that Xero would refuse.
    """
    found = revision.get(caller.tenant_id, invoice_id)
    organisation_id = connections.active(caller.tenant_id).organisation_id
    tenant_books.demand_same(found.sent, organisation_id)
    job = _job(WRITE, caller, organisation_id, invoice_id)
    if found.state is not RevisionState.WRITING:
        would = would_write(caller.tenant_id, found)
        if not approved or would.approval != approved:
            raise Conflict(
                "This is not the change that was approved. Look at it again, then write it."
            )
        blocking = preflight.blocking(would.problems)
        if blocking:
            raise Conflict(blocking[0].sentence)
        trail.record(
            caller,
            "invoice.revise",
            f"invoice:{invoice_id}",
            "asked",
            fields=", ".join(sorted({one.field for one in would.differences})),
            before=f"{found.sent.totals.total}",
            after=f"{found.wanted.totals.total} {found.wanted.currency}",
        )
        revision.save(caller.tenant_id, replace(found, state=RevisionState.WRITING, problems=()))
    return enqueue.do_now(job)


def drop(caller: Caller, invoice_id: str) -> None:
    """Let a proposed change go; raises NotFound, and Conflict for none or one under way."""
    found = revision.get(caller.tenant_id, invoice_id)
    if found.under_way:
        raise Conflict("This change is being written to Xero and cannot be dropped.")
    # What was held for it ahead of the call is given back.
    back = edit.moves(caller.tenant_id, store.get(caller.tenant_id, invoice_id))
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            revision.forget_in(transaction, caller.tenant_id, found)
            for held, cents in back:
                draws.change_in(transaction, caller.tenant_id, invoice_id, held, cents)
    except TransactWriteError:
        raise Conflict(store.CHANGED) from None


def would_write(tenant_id: str, found: Revision) -> WouldWrite:
    """What a change comes to by what Xero had when it was last looked at."""
    mirror = found.sent.mirror
    xero_id = mirror.xero_invoice_id if mirror else ""
    known = facts.load(tenant_id)(found.wanted)
    if found.theirs is None:
        return WouldWrite(found, (), b"", "", found.wanted.totals, found.problems)
    return WouldWrite(
        found,
        tuple(_differences(found)),
        revision.body(found, xero_id),
        revision.approval(found, xero_id),
        found.wanted.totals,
        (*found.problems, *problems(found, known)),
        tuple(_staying(found)),
    )


def problems(found: Revision, known: Facts) -> tuple[Problem, ...]:
    """Why Xero would refuse a change, or why it would lose somebody's work there."""
    theirs, written = found.theirs, revision.written(found)
    if theirs is None:
        return ()
    if theirs.status in {"VOIDED", "DELETED"}:
        return (Problem("ended_in_xero", ENDED.format(theirs.status.lower())),)
    if not written:
        if _staying(found):
            return (Problem("only_what_stays_differs", STAYS),)
        return (Problem("nothing_differs", "Xero has it just like this already."),)
    return (
        *_locked(found, known),
        *_paid(found, written),
        *_lost(found),
        # Whom it bills stays as it is in Xero.
        *(one for one in preflight.problems_of(found.wanted, known) if one.field != "client_id"),
    )


def _locked(found: Revision, known: Facts) -> tuple[Problem, ...]:
    """Of a locked period nothing can be changed; a new day is judged with all else."""
    there = found.theirs.face.date if found.theirs else ""
    days = {found.sent.date, *(date.fromisoformat(day) for day in (there,) if day)}
    if not any(of_day(day, known.organisation) for day in days):
        return ()
    return (Problem("period_locked", f"Its date is in a locked period of the books. {CREDIT}"),)


def _paid(found: Revision, written: list[str]) -> tuple[Problem, ...]:
    if not (found.theirs and found.theirs.money):
        return ()
    fixed = {name for name in written if not revised.open_when_paid(name)}
    if not fixed:
        return ()
    return (
        Problem(
            "money_on_it",
            "A payment or credit is on it, so Xero takes changes of its reference, due date, "
            f"descriptions, accounts and tracking only. {CREDIT}",
        ),
    )


def _lost(found: Revision) -> tuple[Problem, ...]:
    """Somebody's change in Xero stands in the way, unless it is to be written over."""
    if not revision.changed_there(found):
        return ()
    return (
        Problem(
            "changed_in_xero",
            "Somebody changed this invoice in Xero since it was sent; what would be written over "
            "is marked below."
            + " Make the same change here, or say that it may be written over."
            * (not found.overwrite),
            blocking=not found.overwrite,
        ),
    )


def _differences(found: Revision) -> list[Difference]:
    if found.theirs is None:
        return []
    sent, wanted = found.faces
    sides = [face.flat() for face in (sent, found.theirs.face, wanted)]
    there = set(revised.differing(sent, found.theirs.face))
    places = {
        f"{revised.LINE}{line.key or f'new {place}'}": place + 1
        for face in (found.theirs.face, wanted)
        for place, line in enumerate(face.lines)
    }
    return [
        Difference(
            _field(name),
            places.get(":".join(name.split(":")[:2])),
            sent=_text(name, sides[0]),
            in_xero=_text(name, sides[1]),
            wanted=_text(name, sides[2]),
            changed_there=name in there,
        )
        for name in revision.written(found)
        if not _same(name, sides[1], sides[2])
    ]


def _staying(found: Revision) -> list[Difference]:
    """Contact, number and currency, where Xero has them otherwise than they are here."""
    ours = drift.unwritable(drift.ours(found.sent))
    theirs = found.theirs.stays if found.theirs else {}
    return [
        Difference(name, None, ours[name][1], text, ours[name][1], changed_there=True)
        for name, (value, text) in theirs.items()
        if value != ours[name][0]
    ]


def _same(name: str, theirs: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return name != revised.ORDER and theirs.get(name) == wanted.get(name)


def _field(name: str) -> str:
    if name == revised.ORDER or not revised.is_line(name):
        return "order" if name == revised.ORDER else name
    return revised.whose(name)[1] or "line"


def _text(name: str, side: Mapping[str, str]) -> str:
    """What a side has of a field; of a whole line its description, quantity and price."""
    if name == revised.ORDER:
        return ""
    if not revised.is_line(name) or revised.whose(name)[1]:
        return side.get(name, "")
    if name not in side:
        return ""
    description = side[f"{name}:description"]
    quantity, price = side[f"{name}:quantity"], side[f"{name}:unit_price"]
    return f"{description} · {quantity} at {price}" if quantity else description


def same_face(before: Invoice, after: Invoice) -> bool:
    """Whether two states of an invoice say the same of all that a change may write."""
    keys = {line.line_id: line.line_id for line in before.lines}
    return not revised.differing(revised.of_ours(before, keys), revised.of_ours(after, keys))


def _check(invoice: Invoice, version: int, organisation_id: str) -> None:
    if invoice.state is not InvoiceState.SENT or invoice.mirror is None:
        raise Conflict(f"This invoice is {invoice.state}: it is not in Xero.")
    tenant_books.demand_same(invoice, organisation_id)
    if invoice.mirror.ended:
        raise Conflict(ENDED.format(invoice.mirror.status.lower()))
    if invoice.version != version:
        raise Conflict(
            "This invoice was changed, or heard of from Xero, since you opened it. Look again."
        )


def _check_deposit(tenant_id: str, before: Invoice, after: Invoice) -> None:
    """What later invoices take off stays as large as they took it to be."""
    if other_deposit(before, after) and deposits.deducted(tenant_id, before):
        raise Conflict(TAKEN_OFF)


def other_deposit(before: Invoice, after: Invoice) -> bool:
    """Whether a change makes a deposit larger or smaller."""
    return before.kind is InvoiceKind.DEPOSIT and before.deposit != after.deposit


def _job(kind: str, caller: Caller, organisation_id: str, invoice_id: str) -> Job:
    return enqueue.job(
        kind,
        organisation_id,
        caller.tenant_id,
        params={"invoice_id": invoice_id},
        created_by=caller.actor,
        name=f"{kind}-{invoice_id}",
    )
