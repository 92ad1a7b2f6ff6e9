"""Reading a page of a listing, and writing a row only while something holds."""

import functools
import operator
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex

from chalicelib.errors import NotFound
from chalicelib.storage import pages
from chalicelib.storage.pages import Page
from chalicelib.work.keys import name_place
from chalicelib.work.names import name_key
from chalicelib.work.store import WorkRow

AT_LEAST_READ = 200
"""How many rows one request reads when only some are wanted, so that a filter costs few."""

MOST_PROJECTS = 100

REFUSED = "ConditionalCheckFailedException"


def page(
    index: GlobalSecondaryIndex[Any],
    tenant_id: str,
    key: str,
    *,
    limit: int,
    cursor: str | None = None,
    between: Condition | None = None,
    where: Condition | None = None,
) -> Page[Any]:
    """Up to ``limit`` rows of one key of an index, in its order, after the cursor."""
    name = index.Meta.index_name
    start = pages.places(cursor, 2)
    rows = index.query(
        key,
        between,
        where,
        limit=limit,
        page_size=limit if where is None else max(limit, AT_LEAST_READ),
        last_evaluated_key=_key(name, tenant_id, key, *start) if start else None,
    )
    found = list(rows)
    last = rows.last_evaluated_key
    if last is None:
        return Page(found)
    return Page(found, pages.cursor(last[f"{name}_order"]["S"], last["sk"]["S"]))


def walk(
    index: GlobalSecondaryIndex[Any],
    tenant_id: str,
    key_of: Callable[[str, str], str],
    project_ids: Iterable[str],
    *,
    limit: int,
    cursor: str | None = None,
    between: Condition | None = None,
    where: Condition | None = None,
) -> Page[Any]:
    """Up to ``limit`` rows of several projects, one project after the other.

    A page ends early after ``MOST_PROJECTS``, so that a tenant with many idle ones waits for no
    page longer than for another.
    """
    at, inner = pages.places(cursor, 2) or ["", ""]
    ahead = sorted(project_id for project_id in set(project_ids) if project_id >= at)
    found: list[Any] = []
    for number, project_id in enumerate(ahead):
        if number == MOST_PROJECTS or len(found) == limit:
            return Page(found, pages.cursor(project_id, ""))
        part = page(
            index,
            tenant_id,
            key_of(tenant_id, project_id),
            limit=limit - len(found),
            cursor=inner if project_id == at else None,
            between=between,
            where=where,
        )
        found += part.items
        if part.next:
            return Page(found, pages.cursor(project_id, part.next))
    return Page(found)


def of_name(index: GlobalSecondaryIndex[Any], key: str, name: str) -> list[Any]:
    """All rows of a listing whose name has the same key as this one."""
    there = WorkRow.listing_order.startswith(f"{name_place(name)}#")
    return [row for row in index.query(key, there) if row.name_key == name_key(name)]


def containing(search: str) -> Condition | None:
    """The condition that a name contains what is sought; None when nothing is."""
    return WorkRow.name_key.contains(name_key(search)) if search.strip() else None


def days(order: Attribute[str], start: date | None, end: date | None) -> Condition | None:
    """The condition that an order begins with a day from ``start`` to ``end``; None for all."""
    if start is None and end is None:
        return None
    # A tilde comes after every sign that an id is made of.
    return order.between((start or date.min).isoformat(), f"{(end or date.max).isoformat()}#~")


def all_of(*conditions: Condition | None) -> Condition | None:
    """The conditions that there are, as one."""
    given = [condition for condition in conditions if condition is not None]
    return functools.reduce(operator.and_, given) if given else None


def get(kind: type[WorkRow], tenant_id: str, sk: str, sentence: str) -> Any:
    """A row by its key, consistently; raises NotFound with the sentence."""
    try:
        return kind.get(tenant_id, sk, consistent_read=True)
    except DoesNotExist:
        raise NotFound(sentence) from None


def add(row: WorkRow) -> bool:
    """Store a row that does not exist yet; False when it does."""
    try:
        row.save(condition=WorkRow.pk.does_not_exist())
    except PutError as error:
        if error.cause_response_code == REFUSED:
            return False
        raise
    return True


def update(row: WorkRow, actions: Sequence[Action], condition: Condition) -> bool:
    """Change a stored row; False when the condition does not hold, and nothing changed."""
    try:
        row.update(actions=list(actions), condition=condition)
    except UpdateError as error:
        if error.cause_response_code == REFUSED:
            return False
        raise
    return True


def remove(row: WorkRow, condition: Condition) -> bool:
    """Delete a stored row; False when the condition does not hold, and it stays."""
    try:
        row.delete(condition=condition)
    except DeleteError as error:
        if error.cause_response_code == REFUSED:
            return False
        raise
    return True


def replacement(row: WorkRow, names: Iterable[str]) -> list[Action]:
    """The actions that give a stored row these attributes of ``row``, or take them away."""
    return [_replace(row, name) for name in names]


def _replace(row: WorkRow, name: str) -> Action:
    attribute: Attribute[Any] = getattr(type(row), name)
    value = getattr(row, name)
    return attribute.remove() if value is None else attribute.set(value)


def _key(name: str, tenant_id: str, key: str, order: str, sk: str) -> dict[str, Any]:
    return {
        "pk": {"S": tenant_id},
        "sk": {"S": sk},
        f"{name}_key": {"S": key},
        f"{name}_order": {"S": order},
    }
