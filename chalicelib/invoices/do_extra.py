"""One extra of one invoice, from its record to its end.

That Xero is about to be asked is on record before it is. Where that was the last word, nobody
knows whether it was done: it is looked for in Xero, and once nothing can still be on its way, a
note or a file is repeated, and an e-mail never is unless a person says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.connection.features import Feature, FeatureOff, PermissionNeeded
from chalicelib.dispatch.model import Wait
from chalicelib.errors import WorkbillError
from chalicelib.invoices import books as tenant_books
from chalicelib.invoices import extras, refusals
from chalicelib.invoices.extras import Extra, ExtraName, Extras, ExtraState
from chalicelib.invoices.mirror import XeroStatus
from chalicelib.invoices.model import Invoice, Problem
from chalicelib.invoices.sending import NOT_DONE
from chalicelib.xero.errors import XeroOutcomeUnknown

if TYPE_CHECKING:
    from chalicelib.xero.accounting import Accounting
    from chalicelib.xero.wire.attachment import Attachment

MOST_TRIES = 4
MAILED = frozenset({XeroStatus.AUTHORISED.value, XeroStatus.PAID.value})

LOOKING = "Xero did not confirm. Workbill looks in Xero before it does anything more."
UNSURE = "Xero did not confirm, and it is not to be found there. Look in Xero, then try again."
UNSURE_MAIL = (
    "Xero did not confirm the e-mail, and does not show the invoice as sent. Ask the client, or "
    "look at the invoice's history in Xero; e-mail it again only if nothing arrived."
)
UNAPPROVED = "Xero e-mails approved invoices only. Approve it in Xero, then try again."
TOO_LARGE = "The timesheet is larger than the 10 MB that Xero takes. Attach it in another form."
NOTE = "Sent by Workbill. The work behind it: {}"

DONE = {
    ExtraName.NOTE: "A note is in the invoice's history in Xero.",
    ExtraName.TIMESHEET_CSV: "Attached as {}.",
    ExtraName.TIMESHEET_PDF: "Attached as {}.",
    ExtraName.EMAIL: "Xero e-mailed it to the client.",
}
MAILED_BEFORE = "Xero shows it as sent to the client already, so nothing was e-mailed."


@dataclass(slots=True)
class Desk:
    """An invoice with its extras, which are stored here as they go on."""

    tenant_id: str
    organisation_id: str
    invoice: Invoice
    extras: Extras
    now: Callable[[], datetime]

    @property
    def xero_id(self) -> str:
        """Xero's id of the invoice; nothing is asked for one that is not there."""
        return self.invoice.mirror.xero_invoice_id if self.invoice.mirror else ""

    def books(self, feature: Feature | None = None) -> tenant_books.Books:
        """The books that the invoice is in."""
        return tenant_books.of(self.tenant_id, self.organisation_id, feature)

    def keep(self, extra: Extra) -> None:
        """Store an extra as it now is."""
        self.extras = extras.save(self.tenant_id, self.extras.having(extra))

    def done(self, extra: Extra, sentence: str) -> None:
        """Note that it is done."""
        now = self.now()
        self.keep(
            replace(extra, state=ExtraState.DONE, ended_at=now, sentence=sentence, problem=None)
        )

    def fail(self, extra: Extra, problem: Problem) -> None:
        """Give it up, and say why."""
        self.keep(extra.failed(problem, self.now()))

    def ask(self, extra: Extra, call: "Callable[[Accounting, str], None]") -> Extra | None:
        """Ask Xero for it, on record before; the extra where nobody knows whether it was done.

        Raises what certainly was not done and may pass, with the extra as it was before.
        """
        feature = Feature.ATTACH_TIMESHEETS if extra.name in extras.TIMESHEETS else None
        books = self.books(feature)
        tried = replace(
            extra, state=ExtraState.TRYING, tried_at=self.now(), tries=extra.tries + 1
        )
        self.keep(tried)
        key = f"{self.tenant_id}.{wiring.current().token()}"
        try:
            books(lambda accounting: call(accounting, key))
        except XeroOutcomeUnknown:
            return tried
        except NOT_DONE:
            self.keep(extra)
            raise
        except WorkbillError as error:
            if not _certain(error):
                raise
            self.fail(extra, refusals.problems_of(error)[0])
            return None
        self.done(tried, _sentence(self.invoice, extra.name))
        return None


def do(desk: Desk, name: ExtraName) -> Wait | None:
    """Bring an open extra to its end, or as far as it gets; raises what may pass."""
    extra = desk.extras.items[name]
    try:
        return DOERS[name](desk, extra)
    except WorkbillError as error:
        if not _certain(error):
            raise
        desk.fail(desk.extras.items[name], refusals.problems_of(error)[0])
        return None


def _note(desk: Desk, extra: Extra) -> Wait | None:
    from chalicelib.xero.resources.invoice_extras import LONGEST_NOTE

    text = NOTE.format(desk.invoice.url)[:LONGEST_NOTE]
    if extra.tried_at:
        entries = desk.books()(lambda accounting: accounting.history(desk.xero_id))
        if any(entry.details == text for entry in entries):
            desk.done(extra, DONE[ExtraName.NOTE])
            return None
        if unclear := _unclear(desk, extra):
            return unclear.step
    unsure = desk.ask(
        extra, lambda accounting, key: accounting.add_history(desk.xero_id, text, key)
    )
    return _note(desk, unsure) if unsure else None


def _attach(desk: Desk, extra: Extra) -> Wait | None:
    from chalicelib.invoices import timesheet
    from chalicelib.people import tenants
    from chalicelib.xero.resources.invoice_extras import LARGEST_FILE

    tenant = tenants.get(desk.tenant_id)
    work = timesheet.entries(desk.tenant_id, desk.invoice.invoice_id)
    if not work:
        desk.fail(extra, Problem("no_work", extras.NO_WORK))
        return None
    content, kind = timesheet.file_of(tenant, desk.invoice, work, extra.name)
    name = file_name(desk.invoice, extra.name)
    if len(content) > LARGEST_FILE:
        desk.fail(extra, Problem("too_large", TOO_LARGE))
        return None
    there = _attached(desk, name) if extra.tried_at else None
    if extra.state is ExtraState.TRYING:
        if there and there.content_length == len(content):
            desk.done(extra, _sentence(desk.invoice, extra.name))
            return None
        if unclear := _unclear(desk, extra):
            return unclear.step
    unsure = desk.ask(
        extra,
        lambda accounting, key: accounting.attach(
            desk.xero_id,
            name,
            content,
            kind,
            key,
            replace=there is not None,
            online=tenant.timesheet_online,
        ),
    )
    return _attach(desk, unsure) if unsure else None


def _attached(desk: Desk, name: str) -> "Attachment | None":
    books = desk.books(Feature.ATTACH_TIMESHEETS)
    found = books(lambda accounting: accounting.attachments(desk.xero_id))
    return next((one for one in found if one.file_name == name), None)


def _email(desk: Desk, extra: Extra) -> Wait | None:
    """Look first, always: somebody may have e-mailed it in Xero, and once is enough."""
    record = desk.books()(lambda accounting: accounting.invoice(desk.xero_id))
    trying = extra.state is ExtraState.TRYING
    if record.sent_to_contact:
        desk.done(extra, DONE[ExtraName.EMAIL] if trying else MAILED_BEFORE)
    elif extra.tried_at and desk.now() < extra.quiet_at:
        return Wait(extra.quiet_at, LOOKING)
    elif trying:
        desk.fail(extra, Problem("xero_outcome_unknown", UNSURE_MAIL))
    elif record.status not in MAILED:
        desk.fail(extra, Problem("not_approved", UNAPPROVED))
    else:
        unsure = desk.ask(
            extra, lambda accounting, key: accounting.email_invoice(desk.xero_id, key)
        )
        return _email(desk, unsure) if unsure else None
    return None


@dataclass(frozen=True, slots=True)
class _Unclear:
    """Nothing may be repeated: it waits, or where ``step`` is None a person has to look."""

    step: Wait | None = None


def _unclear(desk: Desk, extra: Extra) -> _Unclear | None:
    """What is not there may still be on its way; after some tries a person has to look."""
    if desk.now() < extra.quiet_at:
        return _Unclear(Wait(extra.quiet_at, LOOKING))
    if extra.tries >= MOST_TRIES:
        desk.fail(extra, Problem("xero_outcome_unknown", UNSURE))
        return _Unclear()
    return None


def _certain(error: WorkbillError) -> bool:
    """Whether the error says that nothing was done, and that it will not pass by itself."""
    return isinstance(error, FeatureOff | PermissionNeeded) or refusals.known(error)


def file_name(invoice: Invoice, name: ExtraName) -> str:
    """What the timesheet is called in Xero, with the invoice's number as far as Xero takes it."""
    from chalicelib.xero.resources.invoice_extras import NOT_IN_NAMES

    ending = "csv" if name is ExtraName.TIMESHEET_CSV else "pdf"
    number = "".join("-" if sign in NOT_IN_NAMES else sign for sign in invoice.number)
    return f"{number} timesheet.{ending}".strip()


def _sentence(invoice: Invoice, name: ExtraName) -> str:
    return DONE[name].format(file_name(invoice, name))


DOERS: Mapping[ExtraName, Callable[[Desk, Extra], Wait | None]] = {
    ExtraName.NOTE: _note,
    ExtraName.TIMESHEET_CSV: _attach,
    ExtraName.TIMESHEET_PDF: _attach,
    ExtraName.EMAIL: _email,
}
