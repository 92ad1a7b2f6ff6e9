"""The organisation itself: its facts, lock dates, day and what a user may do."""

from collections.abc import Collection
from datetime import date, datetime

# It carries its own zones: a bare machine may have none.
from dateutil.tz import gettz  # type: ignore[import-untyped] # it has no stubs

from local.xero.books.errors import Problems
from local.xero.books.records import Record

_ALLOWED = (
    "CreateApprovedInvoice",
    "CreateDraftPurchaseOrder",
    "CreateApprovedBill",
    "AttachFilesIntoInvoice",
    "UseMulticurrency",
    "CreateDraftInvoice",
    "CreateRepeatingInvoice",
    "CreateRepeatingBill",
    "CreateSentQuote",
    "CreateInvoicePayment",
    "CreateApprovedPurchaseOrder",
    "CreateDraftQuote",
    "CreateDraftBill",
)
_NOT_ALLOWED = ("ApproveTransactionsBeforePeriodLockDate",)

# Xero names time zones as Windows does.
_ZONES = {
    "NEWZEALANDSTANDARDTIME": "Pacific/Auckland",
    "AUSEASTERNSTANDARDTIME": "Australia/Sydney",
    "GMTSTANDARDTIME": "Europe/London",
    "PACIFICSTANDARDTIME": "America/Los_Angeles",
}


def actions(refused: Collection[str] = ()) -> list[Record]:
    """What the plan and the connecting user's role allow, but for what is ``refused``."""
    never = {*_NOT_ALLOWED, *refused}
    return [
        {"Name": name, "Status": "NOT-ALLOWED" if name in never else "ALLOWED"}
        for name in (*_ALLOWED, *_NOT_ALLOWED)
    ]


def today(organisation: Record, now: datetime) -> date:
    """The calendar day where the organisation is."""
    return now.astimezone(gettz(_ZONES[organisation["Timezone"]])).date()


def check_open(organisation: Record, day: date, problems: Problems) -> None:
    """Says so when `day` is on or before a lock date."""
    for field, words in (
        ("PeriodLockDate", "period lock date"),
        ("EndOfYearLockDate", "end of year lock date"),
    ):
        locked = organisation.get(field)
        if locked and day <= locked:
            problems.say(
                f"The document date cannot be before the {words}, currently set at "
                f"{locked.day} {locked:%B %Y}"
            )
            return
