"""What was really done in a project, to be held against what was quoted and budgeted."""

from dataclasses import dataclass
from decimal import Decimal

from chalicelib.money import Money
from chalicelib.work import tasks, time_records
from chalicelib.work.materials import find as materials
from chalicelib.work.model import Project
from chalicelib.work.rates.prices import Prices

MOST_COUNTED = 5000
PER_PAGE = 1000
MINUTES_OF_HOUR = 60


@dataclass(frozen=True, slots=True)
class Actual:
    """All work of a project, billed or not.

    ``minutes`` are all that were tracked. ``time`` and ``materials`` are what the billable ones
    come to at the prices of now, whatever an invoice bills for them; ``unpriced`` counts pieces
    of work without a price. Not ``complete`` means: there is more.
    """

    minutes: int
    time: Money
    materials: Money
    unpriced: int
    complete: bool

    @property
    def amount(self) -> Money:
        """Time and materials together."""
        return Money(self.time.amount + self.materials.amount, self.time.currency)


def of_project(tenant_id: str, project: Project, prices: Prices | None = None) -> Actual:
    """What was done in a project, counted over at most 5,000 records and as many materials."""
    known = prices or Prices(tenant_id)
    minutes, time, unpriced, all_time = _time(tenant_id, project, known)
    worth, unpriced_materials, all_materials = _materials(tenant_id, project, known)
    return Actual(
        minutes,
        Money(time, project.currency),
        Money(worth, project.currency),
        unpriced + unpriced_materials,
        complete=all_time and all_materials,
    )


def _time(tenant_id: str, project: Project, known: Prices) -> tuple[int, Decimal, int, bool]:
    of_tasks = tasks.of_project(tenant_id, project.project_id)
    counted = minutes = unpriced = 0
    worth, cursor = Decimal(0), None
    while counted < MOST_COUNTED:
        page = time_records.listing(
            tenant_id, [project.project_id], limit=PER_PAGE, cursor=cursor
        )
        for record in page:
            counted += 1
            minutes += record.minutes
            task = of_tasks.get(record.task_id)
            if not record.billable or task is None:
                continue
            price = known.of_record(task, record).amount
            unpriced += price is None
            worth += record.minutes * (price or 0)
        cursor = page.next
        if cursor is None:
            break
    return minutes, worth / MINUTES_OF_HOUR, unpriced, cursor is None


def _materials(tenant_id: str, project: Project, known: Prices) -> tuple[Decimal, int, bool]:
    counted = unpriced = 0
    worth, cursor = Decimal(0), None
    while counted < MOST_COUNTED:
        page = materials.listing(tenant_id, [project.project_id], limit=PER_PAGE, cursor=cursor)
        for one in page:
            counted += 1
            if one.billable:
                price = known.of_material(one).amount
                unpriced += price is None
                worth += one.quantity * (price or 0)
        cursor = page.next
        if cursor is None:
            break
    return worth, unpriced, cursor is None
