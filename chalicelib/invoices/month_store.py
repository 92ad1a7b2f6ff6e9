"""Where a month that was worked out is kept: a row for the whole, its long lists in parts.

Parts bear the name of their run, so that a run that stops half-way changes nothing of the one
that is shown.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, TypeVar

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from chalicelib.invoices.month import Month
from chalicelib.storage.rows import Row

PART = 90_000
"""Characters: at four bytes each still inside DynamoDB's 400 KB."""

HERE, THERE = "here", "there"

T = TypeVar("T")


class MonthRow(Row):
    """A month that was worked out, or a part of its lists; pk is the tenant's months."""

    table = "invoices"

    class Meta:
        pass

    run = UnicodeAttribute(null=True)
    text = UnicodeAttribute()


def put_list(tenant_id: str, month: Month, run: str, name: str, items: Sequence[Any]) -> None:
    """Keep a list under the name of a run; the same again writes the same rows."""
    text = msgspec.json.encode(items).decode()
    for number, start in enumerate(range(0, len(text), PART)):
        row = MonthRow(_pk(tenant_id), f"{_prefix(month, run, name)}{number:04d}")
        row.text = text[start : start + PART]
        row.save()


def lists(tenant_id: str, month: Month, run: str, name: str, kind: type[T]) -> Iterator[T]:
    """What was kept by ``put_list`` under this name, or under names that begin with it."""
    prefix = _prefix(month, run, name).removesuffix("#")
    rows = MonthRow.query(_pk(tenant_id), MonthRow.sk.startswith(prefix), consistent_read=True)
    for _, parts in groupby(rows, key=lambda row: row.sk.rpartition("#")[0]):
        text = "".join(part.text for part in parts)
        # What the list is of is known to the caller alone, and no checker can name it.
        yield from msgspec.json.decode(text, type=list[kind])  # type: ignore[valid-type]


def forget(tenant_id: str, month: Month, but: str) -> None:
    """Drop the lists of all runs of a month, but for what one run found here."""
    kept = _prefix(month, but, HERE)
    prefix = f"{month}#"
    for row in MonthRow.query(
        _pk(tenant_id), MonthRow.sk.startswith(prefix), attributes_to_get=["pk", "sk"]
    ):
        if not row.sk.startswith(kept):
            row.delete()


def put(tenant_id: str, month: Month, run: str, whole: Any) -> None:
    """Let this be what is shown of a month; the lists of its run are there already."""
    row = MonthRow(_pk(tenant_id), str(month), run=run)
    row.text = msgspec.json.encode(whole).decode()
    row.save()


def get(tenant_id: str, month: Month, kind: type[T]) -> tuple[str, T] | None:
    """The run that is shown of a month and what it came to; None before there is one."""
    try:
        row = MonthRow.get(_pk(tenant_id), str(month), consistent_read=True)
    except DoesNotExist:
        return None
    return row.run, msgspec.json.decode(row.text, type=kind)


def _pk(tenant_id: str) -> str:
    return f"{tenant_id}#months"


def _prefix(month: Month, run: str, name: str) -> str:
    return f"{month}#{run}#{name}#"
