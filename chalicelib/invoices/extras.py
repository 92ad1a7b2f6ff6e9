"""What is done in Xero for an invoice once it is sent, and what was fetched of it from there.

Each extra is on record before Xero is asked for it, and its end is recorded after, so that none
is done twice whoever dies in between. Whatever becomes of it, the invoice stays sent.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError

from chalicelib.errors import Conflict
from chalicelib.invoices import store
from chalicelib.invoices.calls import UNDER_WAY
from chalicelib.invoices.model import Invoice, Problem
from chalicelib.invoices.rows import lines_key
from chalicelib.storage.rows import Row

EXTRAS = "extras"
NO_WORK = "No time and no material is on this invoice, so there is no timesheet of it."


class ExtraName(StrEnum):
    """What can be done, in the order in which it is; the e-mail last, as it shows the files."""

    NOTE = "note"
    TIMESHEET_CSV = "timesheet_csv"
    TIMESHEET_PDF = "timesheet_pdf"
    EMAIL = "email"


TIMESHEETS = frozenset({ExtraName.TIMESHEET_CSV, ExtraName.TIMESHEET_PDF})


class ExtraState(StrEnum):
    """Where an extra stands.

    ``trying`` is stored before Xero is asked, so that after it nothing is certain. ``doubtful``
    is left to a person; ``refused`` was certainly not done.
    """

    WANTED = "wanted"
    TRYING = "trying"
    DONE = "done"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"

    @property
    def open(self) -> bool:
        """Whether it is still to be worked at."""
        return self in {ExtraState.WANTED, ExtraState.TRYING}


@dataclass(frozen=True, slots=True)
class Extra:
    """One extra of one invoice; ``sentence`` tells people how it ended.

    ``tried_at`` is when Xero was last asked for it, ``tries`` how often. ``problem`` is why it
    was refused, or what is in doubt.
    """

    name: ExtraName
    asked_by: str
    asked_at: dt.datetime
    state: ExtraState = ExtraState.WANTED
    tried_at: dt.datetime | None = None
    tries: int = 0
    ended_at: dt.datetime | None = None
    sentence: str = ""
    problem: Problem | None = None

    @property
    def quiet_at(self) -> dt.datetime:
        """From when on no attempt can still be on its way to Xero."""
        return (self.tried_at or self.asked_at) + UNDER_WAY

    def failed(self, problem: Problem, now: dt.datetime) -> "Extra":
        """The same once it is given up: in doubt where Xero may have done it, else refused."""
        trying = self.state is ExtraState.TRYING
        return replace(
            self,
            state=ExtraState.DOUBTFUL if trying else ExtraState.REFUSED,
            ended_at=now,
            sentence=problem.sentence,
            problem=problem,
        )


@dataclass(frozen=True, slots=True)
class Pdf:
    """Xero's PDF in the object store; ``version`` is that of the invoice it was fetched of."""

    key: str
    version: int
    fetched_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Extras:
    """All of one invoice; ``online_url`` is where its client sees it, once that was fetched."""

    invoice_id: str
    items: Mapping[ExtraName, Extra] = field(default_factory=dict)
    online_url: str = ""
    pdf: Pdf | None = None
    version: int = 0

    def having(self, extra: Extra) -> "Extras":
        """The same with this extra as it now is."""
        return replace(self, items={**self.items, extra.name: extra})

    @property
    def shown(self) -> list[Extra]:
        """In the order in which they are done."""
        return [self.items[name] for name in ExtraName if name in self.items]


class ExtrasRow(Row):
    """The extras of an invoice; pk is tenant and invoice."""

    table = "invoices"

    class Meta:
        pass

    version = NumberAttribute()
    text = UnicodeAttribute()


def of_invoice(tenant_id: str, invoice_id: str) -> Extras:
    """The extras of an invoice, none where nothing was asked; one consistent read."""
    try:
        row = ExtrasRow.get(lines_key(tenant_id, invoice_id), EXTRAS, consistent_read=True)
    except DoesNotExist:
        return Extras(invoice_id)
    found = msgspec.json.decode(row.text, type=Extras)
    return replace(found, version=int(row.version))


def save(tenant_id: str, extras: Extras) -> Extras:
    """Store the extras; raises Conflict when they are no longer what was read."""
    stored = replace(extras, version=extras.version + 1)
    row = ExtrasRow(lines_key(tenant_id, extras.invoice_id), EXTRAS)
    row.version, row.text = stored.version, msgspec.json.encode(stored).decode()
    unchanged = ExtrasRow.version == extras.version
    try:
        row.save(condition=unchanged if extras.version else ExtrasRow.pk.does_not_exist())
    except PutError as error:
        if error.cause_response_code == store.REFUSED:
            raise Conflict(store.CHANGED) from None
        raise
    return stored


def possible(invoice: Invoice) -> list[ExtraName]:
    """What can be done for an invoice: nothing before it is in Xero or once it has ended."""
    if invoice.mirror is None or invoice.mirror.ended:
        return []
    with_work = bool(invoice.records or invoice.materials)
    return [name for name in ExtraName if with_work or name not in TIMESHEETS]
