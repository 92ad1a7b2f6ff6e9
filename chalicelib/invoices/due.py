"""When an invoice falls due, by the terms that hold for it or else by the tenant's days.

Xero counts in four ways (payment terms in its accounting API). It documents nothing for a day of
a month that has passed, or that the month does not have: here the next month's, and the last day.
"""

import calendar
from datetime import date, timedelta

from chalicelib.work.details import Terms

END_OF_MONTH = 31


def due_date(day: date, terms: Terms | None, days: int) -> date:
    """The due date of an invoice of this day; ``days`` count where there are no terms we know."""
    if terms is None or terms.day is None:
        return day + timedelta(days=days)
    match terms.kind:
        case "DAYSAFTERBILLDATE":
            return day + timedelta(days=terms.day)
        case "DAYSAFTERBILLMONTH":
            return _day_of(day.year, day.month, END_OF_MONTH) + timedelta(days=terms.day)
        case "OFCURRENTMONTH":
            this = _day_of(day.year, day.month, terms.day)
            return this if this >= day else _of_next_month(day, terms.day)
        case "OFFOLLOWINGMONTH":
            return _of_next_month(day, terms.day)
        case _:
            return day + timedelta(days=days)


def _of_next_month(day: date, number: int) -> date:
    year, month = divmod(day.year * 12 + day.month, 12)
    return _day_of(year, month + 1, number)


def _day_of(year: int, month: int, number: int) -> date:
    return date(year, month, max(1, min(number, calendar.monthrange(year, month)[1])))
