"""Where rate cards are kept: in the table of work, each in one row with all its prices."""

from collections.abc import Iterable
from dataclasses import replace

import msgspec
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib import wiring
from chalicelib.errors import Conflict
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.moments import MomentAttribute
from chalicelib.storage.pages import Page
from chalicelib.work import keys, queries
from chalicelib.work.names import name_key
from chalicelib.work.rates.model import Price, Rate, RateKind
from chalicelib.work.store import ListingIndex, WorkRow

RATE = "rate#"
NO_RATE = "There is no such rate."
KEPT = (
    "name", "currency", "prices", "archived", "updated_at", "version", "listing_key",
    "listing_order", "name_key",
)  # fmt: skip


class RateRow(WorkRow):
    """A rate card."""

    class Meta:
        pass

    kind = UnicodeAttribute()
    name = UnicodeAttribute()
    currency = UnicodeAttribute()
    prices = JSONAttribute()
    archived = BooleanAttribute(default=False)
    in_use = BooleanAttribute(default=False)
    updated_at = MomentAttribute()
    version = NumberAttribute(default=1)

    listing = ListingIndex()

    @classmethod
    def of(cls, tenant_id: str, rate: Rate) -> "RateRow":
        """The row of a rate card."""
        return cls(
            tenant_id,
            RATE + rate.rate_id,
            listing_key=keys.rate_listing(tenant_id, rate.kind, archived=rate.archived),
            listing_order=keys.name_order(rate.name, rate.rate_id),
            name_key=name_key(rate.name),
            kind=rate.kind.value,
            name=rate.name,
            currency=rate.currency,
            prices=list(rate.prices),
            archived=rate.archived,
            in_use=rate.in_use,
            updated_at=rate.updated_at,
            version=rate.version,
        )

    def rate(self) -> Rate:
        """The rate card in this row."""
        return Rate(
            rate_id=self.sk.removeprefix(RATE),
            kind=RateKind(self.kind),
            name=self.name,
            currency=self.currency,
            prices=msgspec.convert(self.prices, tuple[Price, ...]),
            archived=self.archived,
            in_use=self.in_use,
            updated_at=self.updated_at,
            version=int(self.version),
        )


def add(tenant_id: str, rate: Rate) -> bool:
    """Store a new rate card; False when its id is taken."""
    return queries.add(RateRow.of(tenant_id, rate))


def get(tenant_id: str, rate_id: str) -> Rate:
    """The rate card as last stored; raises NotFound."""
    row = queries.get(RateRow, tenant_id, RATE + rate_id, NO_RATE)
    found: Rate = row.rate()
    return found


def by_ids(tenant_id: str, rate_ids: Iterable[str]) -> dict[str, Rate]:
    """Those of the rate cards that there are, by id; consistent."""
    wanted = [(tenant_id, RATE + rate_id) for rate_id in dict.fromkeys(rate_ids)]
    found = (row.rate() for row in RateRow.batch_get(wanted, consistent_read=True))
    return {rate.rate_id: rate for rate in found}


def every(tenant_id: str) -> dict[str, Rate]:
    """All of a tenant's rate cards by id, archived ones too; consistent."""
    rows = RateRow.query(tenant_id, RateRow.sk.startswith(RATE), consistent_read=True)
    return {rate.rate_id: rate for rate in (row.rate() for row in rows)}


def listing(
    tenant_id: str,
    kind: RateKind,
    *,
    archived: bool = False,
    limit: int = 100,
    cursor: str | None = None,
) -> Page[Rate]:
    """Live or archived rate cards of a kind, by name."""
    key = keys.rate_listing(tenant_id, kind, archived=archived)
    rows = queries.page(RateRow.listing, tenant_id, key, limit=limit, cursor=cursor)
    return Page([row.rate() for row in rows], rows.next)


def save(tenant_id: str, before: Rate, after: Rate) -> Rate:
    """Store a change; raises Conflict when somebody else changed it at the same moment."""
    now = wiring.current().clock.now()
    stored = replace(after, updated_at=now, version=before.version + 1)
    row = RateRow.of(tenant_id, stored)
    if not queries.update(row, queries.replacement(row, KEPT), _still(before)):
        raise Conflict("Somebody else has just changed this rate. Look again.")
    return stored


def mark_used(tenant_id: str, rate_id: str) -> bool:
    """Note that something names it, so that it stays; False when it has just gone."""
    row = RateRow(tenant_id, RATE + rate_id)
    return queries.update(row, [RateRow.in_use.set(True)], RateRow.pk.exists())


def remove(tenant_id: str, rate_id: str) -> bool:
    """Delete a rate card that nothing ever named; False for any other, which stays."""
    free = RateRow.in_use == False  # noqa: E712  an expression of DynamoDB's
    return queries.remove(RateRow(tenant_id, RATE + rate_id), free)


def _still(rate: Rate) -> Condition:
    still: Condition = RateRow.version == rate.version
    return still
