"""One call that creates invoices in Xero, from its record to a settled outcome.

Whatever happens in between, the next attempt finds the record of the call and the invoices that
bear its id, and looks in Xero before it repeats anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus

from chalicelib.dispatch.exchanges import Outcome
from chalicelib.dispatch.lease import held
from chalicelib.dispatch.model import Failed, Wait
from chalicelib.dispatch.setbacks import back_off
from chalicelib.errors import NotConnected, WorkbillError
from chalicelib.events.outbox import Teller
from chalicelib.invoices import adopt, calls, payload, reconcile, refusals, store
from chalicelib.invoices.books import Books
from chalicelib.invoices.calls import Call
from chalicelib.invoices.model import UNSETTLED, Invoice, InvoiceState, Problem, advance
from chalicelib.xero.errors import (
    GrantEnded,
    XeroIdempotencyMisuse,
    XeroOutcomeUnknown,
    XeroRateLimited,
    XeroUnavailable,
)
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice
from chalicelib.xero.written import Written

MOST_TRIES = 12
NOT_DONE = (XeroRateLimited, XeroUnavailable, NotConnected, GrantEnded)
"""Raised only when this attempt was certainly not done."""

LOOKING = "Xero did not confirm. Workbill looks in Xero before it repeats anything."
GIVEN_UP = (
    "Xero did not confirm, and the invoice is not to be found there. "
    "Look into Xero, then say on the invoice's page what became of it."
)


@dataclass(slots=True)
class Sending:
    """Carries calls of one organisation; ``settled`` collects how invoices ended."""

    tenant_id: str
    organisation_id: str
    books: Books
    now: Callable[[], datetime]
    token: Callable[[], str]
    settled: dict[str, Invoice] = field(default_factory=dict)
    teller: Teller = field(init=False)

    def __post_init__(self) -> None:
        self.teller = Teller(self.tenant_id)

    def key(self) -> str:
        """A new idempotency key; the tenant is in it, since Xero keeps keys per app."""
        return f"{self.tenant_id}.{self.token()}"

    def make(self, call: Call, invoices: Sequence[Invoice]) -> Wait | Failed | None:
        """Make a call that is on record; None when every outcome is settled."""
        content = payload.body(invoices)
        lease = held(self.organisation_id)
        if lease:
            lease.concern([invoice.invoice_id for invoice in invoices])
        try:
            written = self.books(lambda books: books.put_invoices(content, call.key))
        except XeroOutcomeUnknown as error:
            return self._unsure(call, invoices, error, remembered=_remembered(error))
        except XeroIdempotencyMisuse as error:
            return self._unsure(call, invoices, error, remembered=True)
        except NOT_DONE:
            if call.tries == 1:
                self._settle(call, [_queued(invoice) for invoice in invoices])
            raise
        except WorkbillError as error:
            if not refusals.known(error):
                raise
            self._refuse(call, invoices, error)
            return None
        return self._judge(call, invoices, written)

    def recover(self, call_id: str) -> Wait | Failed | None:
        """Settle a call that was left open: adopt what arrived, repeat what did not."""
        call = calls.get(self.tenant_id, call_id)
        if call is None or call.organisation_id != self.organisation_id:
            return None
        left = [one for one in self._unsettled(call) if one.state is InvoiceState.SENDING]
        if left:
            # Whatever stops the look-up, people see that it is in doubt.
            self._settle(call, [_uncertain(invoice) for invoice in left], close=False)
        missing = self._look(call, self._unsettled(call))
        if not missing:
            return None
        if call.tries >= MOST_TRIES:
            return Failed(GIVEN_UP)
        return self._repeat(call, missing)

    def _unsettled(self, call: Call) -> list[Invoice]:
        found = store.get_many(self.tenant_id, call.invoice_ids)
        ordered = (found.get(invoice_id) for invoice_id in call.invoice_ids)
        return [
            invoice
            for invoice in ordered
            if invoice
            and invoice.state in UNSETTLED
            and invoice.call_id == call.call_id
            and not invoice.stopped
        ]

    def _repeat(self, call: Call, invoices: Sequence[Invoice]) -> Wait | Failed | None:
        """Under the same key while Xero remembers it and it stands for the same bytes."""
        content_hash = payload.body_hash(payload.body(invoices))
        now = self.now()
        if call.same_key_may_serve(content_hash, now):
            call = calls.try_again(self.tenant_id, call, now)
        elif now < call.quiet_at and not call.remembered:
            # What is still on its way under the old key would be a second one beside the new.
            return Wait(call.quiet_at, LOOKING)
        else:
            call = calls.try_again(
                self.tenant_id,
                call,
                now,
                key=self.key(),
                key_used_at=now,
                body_hash=content_hash,
                invoice_ids=tuple(invoice.invoice_id for invoice in invoices),
                remembered=False,
            )
        return self.make(call, invoices)

    def _judge(
        self, call: Call, invoices: Sequence[Invoice], written: Sequence[Written[XeroInvoice]]
    ) -> Wait | Failed | None:
        """Each invoice by its own element; a taken number may be taken by this very one."""
        outcomes = _whose(invoices, written)
        self._say(outcomes)
        ended, doubtful = [], []
        for invoice in invoices:
            outcome = outcomes.get(invoice.invoice_id)
            if outcome is not None and outcome.saved:
                ended.append(adopt.adopt(invoice, outcome.record))
            elif outcome is not None and not refusals.number_taken(outcome):
                ended.append(adopt.refused(invoice, outcome))
            else:
                doubtful.append(invoice)
        if not doubtful:
            self._settle(call, ended)
            return None
        call = calls.remember_error(self.tenant_id, call)
        return self._judge_doubtful(call, ended, doubtful, outcomes)

    def _say(self, outcomes: dict[str, Written[XeroInvoice]]) -> None:
        """What came of the call, for people: Xero says yes to it, whatever it refused in it."""
        lease, saved = held(self.organisation_id), sum(one.saved for one in outcomes.values())
        refused = len(outcomes) - saved
        if lease:
            some = Outcome.PARTLY if saved else Outcome.FAILED
            words = f"{saved} taken, {refused} refused." if refused else f"{saved} taken."
            lease.say(words, some if refused else Outcome.DONE)

    def _judge_doubtful(
        self,
        call: Call,
        ended: Sequence[Invoice],
        doubtful: Sequence[Invoice],
        outcomes: dict[str, Written[XeroInvoice]],
    ) -> Wait | Failed | None:
        self._settle(call, [*ended, *(_uncertain(invoice) for invoice in doubtful)], close=False)
        missing = self._look(call, self._unsettled(call))
        refused = [
            adopt.refused(invoice, outcomes[invoice.invoice_id])
            for invoice in missing
            if invoice.invoice_id in outcomes
        ]
        unheard = len(missing) - len(refused)
        if refused:
            self._settle(call, refused, close=not unheard)
        return self._later(call) if unheard else None

    def _unsure(
        self,
        call: Call,
        invoices: Sequence[Invoice],
        error: XeroOutcomeUnknown | XeroIdempotencyMisuse,
        *,
        remembered: bool,
    ) -> Wait | Failed | None:
        if remembered:
            call = calls.remember_error(self.tenant_id, call)
        problem = Problem(
            "xero_outcome_unknown",
            LOOKING,
            said=error.body,
            correlation_id=error.correlation_id or "",
        )
        self._settle(call, [_uncertain(invoice, problem) for invoice in invoices], close=False)
        return self._later(call) if self._look(call, self._unsettled(call)) else None

    def _look(self, call: Call, invoices: Sequence[Invoice]) -> list[Invoice]:
        """Adopt what is in Xero; the answer is what is not."""
        found = reconcile.look_up(self.books, invoices, call.first_tried_at)
        missing = [invoice for invoice in invoices if invoice.invoice_id not in found]
        adopted = [
            adopt.adopt(invoice, found[invoice.invoice_id])
            for invoice in invoices
            if invoice.invoice_id in found
        ]
        if adopted or not missing:
            self._settle(call, adopted, close=not missing)
        return missing

    def _refuse(self, call: Call, invoices: Sequence[Invoice], error: WorkbillError) -> None:
        """The whole call was refused, and with it each invoice in it."""
        problems = refusals.problems_of(error)
        self._settle(
            call,
            [
                advance(invoice, InvoiceState.FAILED, call_id="", problems=problems)
                for invoice in invoices
            ],
        )

    def _later(self, call: Call) -> Wait:
        return Wait(self.now() + back_off(call.tries - 1), LOOKING)

    def _settle(self, call: Call, invoices: Sequence[Invoice], *, close: bool = True) -> None:
        calls.settle(self.teller, call, invoices, close=close)
        for invoice in invoices:
            self.settled[invoice.invoice_id] = replace(invoice, version=invoice.version + 1)


def _whose(
    invoices: Sequence[Invoice], written: Sequence[Written[XeroInvoice]]
) -> dict[str, Written[XeroInvoice]]:
    """Which element is whose: by address, by number, or by place where Xero gave neither back."""
    by_address = {invoice.url: invoice.invoice_id for invoice in invoices}
    by_number = {one.number: one.invoice_id for one in invoices if one.number}
    found = {}
    for place, outcome in enumerate(written):
        address, number = outcome.record.url, outcome.record.invoice_number
        invoice_id = by_address.get(address) or by_number.get(number)
        if not (address or number) and len(written) == len(invoices):
            invoice_id = invoices[place].invoice_id
        if invoice_id:
            found[invoice_id] = outcome
    return found


def _remembered(error: XeroOutcomeUnknown) -> bool:
    """Whether the same key would only bring this back; a gateway's word is not Xero's own."""
    return error.http_status == HTTPStatus.INTERNAL_SERVER_ERROR


def _uncertain(invoice: Invoice, *problems: Problem) -> Invoice:
    found = problems or (Problem("xero_outcome_unknown", LOOKING),)
    return advance(invoice, InvoiceState.UNCERTAIN, problems=found)


def _queued(invoice: Invoice) -> Invoice:
    return advance(invoice, InvoiceState.QUEUED, call_id="")
