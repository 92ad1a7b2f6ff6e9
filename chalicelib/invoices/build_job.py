"""Making a draft in the tenant's lane: claim the work in batches, then add it up.

Nothing but a finished draft can be sent. A worker that dies leaves a job that goes on where the
claims stand; a job that cannot succeed puts all its work back.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Failed, Job, More, Slice, Step
from chalicelib.errors import InvalidInput, NotConnected, NotFound
from chalicelib.invoices import build, discard, lines_work, send, store
from chalicelib.invoices import scope as scopes
from chalicelib.invoices.by_hand import check_line, coded
from chalicelib.invoices.compose import compose
from chalicelib.invoices.line import Line, LineAmountTypes
from chalicelib.invoices.model import Basis, Invoice, InvoiceState, SendAs, advance
from chalicelib.invoices.scope import Scope
from chalicelib.invoices.terms import Known
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people import tenants
from chalicelib.people.model import Tenant
from chalicelib.people.time_zones import zone
from chalicelib.work import claims, time_records

MOST_RECORDS = 10_000
PER_STEP = 500
GIVE_UP_AFTER = 4
"""Tries; the dispatch gives up after the fifth, and the work must be back by then."""

NOTHING = "There is no unbilled time here any more. Somebody may have billed it just now."
GONE = "This invoice was discarded."


def handle(job: Job, part: Slice) -> Step:
    """Make the draft that the job names, or put everything back; safe to repeat."""
    work = Building(job, part, msgspec.convert(job.params["wanted"], NewInvoice))
    if job.attempts >= GIVE_UP_AFTER:
        work.undo()
        return Failed("The draft could not be made. Its work is unbilled again. Ask for help.")
    try:
        return work.run()
    except (InvalidInput, NotFound) as error:
        work.undo()
        return Failed(error.sentence)


@dataclass(slots=True)
class Building:
    """One draft on its way; what has been done is in the job's params and in the store."""

    job: Job
    part: Slice
    wanted: NewInvoice

    @property
    def tenant_id(self) -> str:
        """Whose draft it is."""
        return self.job.tenant_id

    @property
    def invoice_id(self) -> str:
        """Given when the invoice was asked for, so that a repetition makes no second one."""
        return str(self.job.params["invoice_id"])

    def run(self) -> Step:
        """From nothing to a draft, or as far as this slice goes."""
        scope = scopes.of(self.tenant_id, self.wanted)
        invoice = self._begun(scope)
        if invoice is None:
            return Failed(GONE)
        if invoice.state is InvoiceState.BUILDING:
            if not self._claimed():
                return More()
            invoice = self._finish(invoice, scope)
        return self._end(invoice)

    def undo(self) -> None:
        """Put the work back and let the unfinished invoice go."""
        try:
            invoice = store.get(self.tenant_id, self.invoice_id)
        except NotFound:
            return
        if invoice.state is InvoiceState.BUILDING:
            discard.put_back(self.tenant_id, invoice)

    def _begun(self, scope: Scope) -> Invoice | None:
        """The invoice as it stands; None when it was discarded under way."""
        if "begun" not in self.job.params:
            tenant = tenants.get(self.tenant_id)
            blank = blank_invoice(self.job, self.wanted, scope, tenant, self.part.now())
            store.add(self.tenant_id, blank)
            self.job.params["begun"] = True
        try:
            return store.get(self.tenant_id, self.invoice_id)
        except NotFound:
            return None

    def _claimed(self) -> bool:
        """Whether all work is on the invoice; False when the slice ended first."""
        params = self.job.params
        if self.wanted.basis is not Basis.TRACKED_TIME:
            return True
        while not params.get("claimed"):
            if self.part.over:
                return False
            page = time_records.unbilled(
                self.tenant_id,
                scopes.project_ids(self.tenant_id, self.wanted),
                self.wanted.start,
                self.wanted.end,
                limit=PER_STEP,
                cursor=params.get("cursor"),
            )
            refused = claims.claim(self.tenant_id, self.invoice_id, page.items)
            self._count(len(page.items) - len(refused))
            params["cursor"] = page.next
            params["claimed"] = page.next is None or self.job.progress["done"] >= MOST_RECORDS
        return True

    def _count(self, claimed: int) -> None:
        progress = self.job.progress
        progress["done"] = progress.get("done", 0) + claimed
        progress["total"] = max(progress.get("total", 0), progress["done"])

    def _finish(self, invoice: Invoice, scope: Scope) -> Invoice:
        """The draft, from what is really claimed."""
        known = Known(self.tenant_id, scope.client)
        if self.wanted.basis is Basis.TRACKED_TIME:
            ids = claims.claimed(self.tenant_id, self.invoice_id)
            if not ids:
                raise InvalidInput(NOTHING)
            records = time_records.by_ids(self.tenant_id, ids)
            lines = build.time_lines(
                sorted(records, key=lambda record: (record.date, record.record_id)),
                scopes.book(self.tenant_id, scope, known),
                self.wanted.grouping,
            )
            invoice = replace(invoice, records=len(ids))
        else:
            lines = by_hand(self.wanted, known)
        whole = compose(known.registered(invoice), lines)
        kept = lines_work.keep(self.tenant_id, self.invoice_id, whole.lines)
        draft = advance(whole, InvoiceState.DRAFT, lines=kept)
        return store.save_with_lines(self.tenant_id, draft)

    def _end(self, invoice: Invoice) -> Step:
        result: dict[str, Any] = {"invoice_id": self.invoice_id, "records": invoice.records}
        if self.wanted.send and invoice.state in {InvoiceState.DRAFT, InvoiceState.QUEUED}:
            return self._send(invoice, result)
        more = f" It holds {MOST_RECORDS:,} records; more are unbilled." * self._is_full(invoice)
        return Done(f"The draft is ready.{more}", result)

    def _is_full(self, invoice: Invoice) -> bool:
        return invoice.records >= MOST_RECORDS and self.job.params.get("cursor") is not None

    def _send(self, invoice: Invoice, result: dict[str, Any]) -> Step:
        try:
            organisation_id = connections.active(self.tenant_id).organisation_id
        except NotConnected as error:
            return Done(f"The draft is ready and was not sent. {error.sentence}", result)
        send.queue(self.tenant_id, invoice, self.wanted.send_as)
        job = send.job_for(
            self.tenant_id, organisation_id, [self.invoice_id], self.job.created_by
        )
        enqueue.enqueue(job, unless_open=True)
        return Done("The draft is ready and on its way to Xero.", {**result, "send": job.job_id})


def blank_invoice(
    job: Job, wanted: NewInvoice, scope: Scope, tenant: Tenant, now: datetime
) -> Invoice:
    """The invoice before its lines; dates are days where the tenant is.

    It is for the books of the organisation connected now, whose codes its lines will bear.
    """
    day = wanted.date or today(tenant, now)
    return Invoice(
        invoice_id=str(job.params["invoice_id"]),
        client_id=scope.client.client_id,
        client_name=scope.client.name,
        basis=wanted.basis,
        state=InvoiceState.BUILDING,
        currency=scope.currency,
        date=day,
        due_date=wanted.due_date or day + timedelta(days=tenant.due_days),
        created_at=job.created_at,
        created_by=job.created_by,
        line_amount_types=wanted.line_amount_types or LineAmountTypes(tenant.line_amount_types),
        reference=wanted.reference,
        discount_percent=wanted.discount_percent,
        discount_amount=wanted.discount_amount,
        send_as=wanted.send_as or SendAs(tenant.send_as),
        organisation_id=connections.get(job.tenant_id).organisation_id,
    )


def by_hand(wanted: NewInvoice, known: Known) -> tuple[Line, ...]:
    """Lines as given, with codes from the mapping where they name none.

    Raises InvalidInput naming the field, such as ``lines[0].quantity``.
    """
    desk = known.desk(next(iter(wanted.project_ids), ""))
    checked = (check_line(line, place) for place, line in enumerate(wanted.lines))
    return tuple(
        line if line.text_only else coded(line, desk, place) for place, line in enumerate(checked)
    )


def today(tenant: Tenant, now: datetime) -> date:
    """The day it is where the tenant is."""
    return now.astimezone(zone(tenant.time_zone)).date()
