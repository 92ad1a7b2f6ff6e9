"""What the unbilled time of a project comes to."""

from dataclasses import dataclass
from decimal import Decimal

from chalicelib.money import Money
from chalicelib.work import tasks, time_records
from chalicelib.work.model import Project

MOST_COUNTED = 5000
PER_PAGE = 1000
MINUTES_OF_HOUR = 60


@dataclass(frozen=True, slots=True)
class Unbilled:
    """Billable time on no invoice, at the rates of now.

    ``amount`` leaves out the ``unrated_minutes`` of tasks without a rate, and an invoice may
    differ from it by its rounding of lines. Not ``complete`` means: there is more.
    """

    records: int
    minutes: int
    amount: Money
    unrated_minutes: int
    complete: bool


def of_project(tenant_id: str, project: Project) -> Unbilled:
    """The unbilled time of a project, counted over at most 5,000 records."""
    rates = {
        key: task.rate for key, task in tasks.of_project(tenant_id, project.project_id).items()
    }
    records = minutes = unrated = 0
    sum_of_rates, cursor = Decimal(0), None
    while records < MOST_COUNTED:
        page = time_records.unbilled(
            tenant_id, [project.project_id], limit=PER_PAGE, cursor=cursor
        )
        for record in page:
            rate = rates.get(record.task_id)
            records += 1
            minutes += record.minutes
            unrated += record.minutes if rate is None else 0
            sum_of_rates += record.minutes * (rate or 0)
        cursor = page.next
        if cursor is None:
            break
    amount = Money(sum_of_rates / MINUTES_OF_HOUR, project.currency)
    return Unbilled(records, minutes, amount, unrated, complete=cursor is None)
