"""The prices of a tenant's work as they stand, each list read once and only when it is needed."""

from datetime import date
from functools import cached_property

from chalicelib.work.materials.model import Material
from chalicelib.work.materials.price import of_material
from chalicelib.work.model import Task, TimeRecord
from chalicelib.work.rates import store as rates
from chalicelib.work.rates.model import Rate
from chalicelib.work.rates.price import Priced, of_time
from chalicelib.work.staff import store as staff
from chalicelib.work.staff.model import Roll, Staff


class Prices:
    """Rate cards and staff of one tenant; tasks that all have a price of their own read none."""

    def __init__(self, tenant_id: str) -> None:
        self._tenant_id = tenant_id
        self._found: dict[str, Staff | None] = {}

    @cached_property
    def rates(self) -> dict[str, Rate]:
        """Every rate card by id, archived ones too."""
        return rates.every(self._tenant_id)

    @cached_property
    def roll(self) -> Roll:
        """All staff."""
        return staff.roll(self._tenant_id)

    @property
    def by_staff(self) -> bool:
        """Whether anybody of the staff has a rate."""
        return any(one.rate_id for one in self.roll.everybody)

    def of_record(self, task: Task, record: TimeRecord) -> Priced:
        """The price of an hour of this record."""
        if task.rate is not None or task.rate_id:
            return self.of(task, None, record.date)
        return self.of(task, self._who(record), record.date)

    def of_material(self, material: Material) -> Priced:
        """The price of a unit of this material."""
        return of_material(
            material, self.rates.get(material.rate_id) if material.rate_id else None
        )

    def of(self, task: Task, who: Staff | None, day: date) -> Priced:
        """The price of an hour that somebody works on a task on a day."""
        task_rate = self.rates.get(task.rate_id) if task.rate_id else None
        staff_rate = self.rates.get(who.rate_id) if who and who.rate_id else None
        return of_time(task, task_rate, staff_rate, day)

    def _who(self, record: TimeRecord) -> Staff | None:
        """Whose time it is: by id where the record knows it, else by what it says."""
        key = record.staff_id or f"\n{record.staff}"
        if key not in self._found:
            self._found[key] = (
                self.roll.of_id(record.staff_id) if record.staff_id else None
            ) or self.roll.find(record.staff)
        return self._found[key]
