"""What the unbilled time of a project comes to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib.money import Money
from chalicelib.work import tasks, time_records
from chalicelib.work.model import Project, Task
from chalicelib.work.rates.prices import Prices

MOST_COUNTED = 5000
PER_PAGE = 1000
MINUTES_OF_HOUR = 60


@dataclass(frozen=True, slots=True)
class Unbilled:
    """Billable time on no invoice, each record at the price of its day.

    ``amount`` leaves out the ``unrated_minutes`` that have no price, and an invoice may differ
    from it by its rounding of lines. ``oldest`` is the first day. Not ``complete`` means: there
    is more.
    """

    records: int
    minutes: int
    amount: Money
    unrated_minutes: int
    complete: bool
    oldest: date | None = None


def of_project(tenant_id: str, project: Project, prices: Prices | None = None) -> Unbilled:
    """The unbilled time of a project, counted over at most 5,000 records.

    ``prices`` saves reading rates and staff again where several projects are looked at.
    """
    known = prices or Prices(tenant_id)
    of_tasks: dict[str, Task] = {}
    records = minutes = unrated = 0
    sum_of_rates, cursor, oldest = Decimal(0), None, None
    while records < MOST_COUNTED:
        page = time_records.unbilled(
            tenant_id, [project.project_id], limit=PER_PAGE, cursor=cursor
        )
        if page.items and not records:
            of_tasks, oldest = tasks.of_project(tenant_id, project.project_id), page.items[0].date
        for record in page:
            task = of_tasks.get(record.task_id)
            price = known.of_record(task, record).amount if task else None
            records += 1
            minutes += record.minutes
            unrated += record.minutes if price is None else 0
            sum_of_rates += record.minutes * (price or 0)
        cursor = page.next
        if cursor is None:
            break
    amount = Money(sum_of_rates / MINUTES_OF_HOUR, project.currency)
    complete = cursor is None
    return Unbilled(records, minutes, amount, unrated, complete=complete, oldest=oldest)
