"""What a list read from Xero changes in the one kept here: pure rules.

What Xero no longer lists is never forgotten: it stays, marked as deleted, so that whatever still
points at it can be told by name.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from chalicelib.reference.model import (
    ACTIVE,
    GONE,
    Account,
    TaxRate,
    TrackingCategory,
    TrackingOption,
)

Code = TypeVar("Code", Account, TaxRate, TrackingCategory, TrackingOption)
Item = TypeVar("Item")


class Counts:
    """What became of everything that was listed, over all lists."""

    def __init__(self) -> None:
        self.progress = dict.fromkeys(("done", "total", "created", "updated", "unchanged"), 0)

    def changed(
        self, listed: Mapping[str, Item], wanted: Mapping[str, Item], known: Mapping[str, Item]
    ) -> dict[str, Item]:
        """What of ``wanted`` is new or different, by key; counted, with what fell away."""
        different = {key: item for key, item in wanted.items() if known.get(key) != item}
        created = sum(key not in known for key in different)
        fallen = sum(key not in wanted for key in known)
        self._add(
            created=created,
            updated=len(different) - created + fallen,
            unchanged=sum(key not in different for key in listed),
        )
        return different

    def _add(self, **numbers: int) -> None:
        for name, number in numbers.items():
            for counter in (name, "done", "total"):
                self.progress[counter] += number


def with_gone(listed: Mapping[str, Code], known: Mapping[str, Code]) -> dict[str, Code]:
    """A whole list, and what is known but no longer in it, as deleted."""
    gone = {key: replace(code, status=GONE) for key, code in known.items() if key not in listed}
    return {**listed, **gone}


def with_renumbered(
    listed: Mapping[str, Account], known: Mapping[str, Account]
) -> dict[str, Account]:
    """All that is known, as changed by a list of some accounts.

    One that bears another code now has left its old one. One that is no longer in use does not
    take the place of another that has its code.
    """
    ids = {account.account_id for account in listed.values()}
    in_use = {
        key
        for key, account in known.items()
        if account.status == ACTIVE and account.account_id not in ids
    }
    held = {
        key: account
        for key, account in listed.items()
        if account.status == ACTIVE or key not in in_use
    }
    left = {
        key: replace(account, status=GONE)
        for key, account in known.items()
        if account.account_id in ids and key not in listed
    }
    return {**known, **left, **held}


def tracking(
    listed: Mapping[str, TrackingCategory], known: Mapping[str, TrackingCategory]
) -> dict[str, TrackingCategory]:
    """The categories as they are now, with those that are gone, and so with their options."""
    return {
        key: replace(category, options=_options(category, known.get(key)))
        for key, category in with_gone(listed, known).items()
    }


def _options(
    category: TrackingCategory, before: TrackingCategory | None
) -> tuple[TrackingOption, ...]:
    listed = {option.option_id: option for option in category.options}
    known = {option.option_id: option for option in before.options} if before else {}
    return tuple(with_gone(listed, known).values())
