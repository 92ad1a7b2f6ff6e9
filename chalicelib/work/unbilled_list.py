"""Everything that waits to be billed, project by project.

A billable piece of work is on one live invoice, or it is here. Archived projects are looked at
too: what was forgotten there is money all the same.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib.money import Money, round_half_up
from chalicelib.storage import pages
from chalicelib.storage.pages import Page
from chalicelib.work import clients, projects, unbilled
from chalicelib.work.materials import find as materials
from chalicelib.work.model import Client, Project
from chalicelib.work.rates.prices import Prices
from chalicelib.work.unbilled import MOST_COUNTED, PER_PAGE, Unbilled

MOST_LOOKED_AT = 100
"""Projects for one page, so that a tenant with many idle ones waits no longer than another."""

AT_A_TIME = 5
MOST_PIECES = 10_000
"""A page ends early where so much work was counted: a tenant may have a million records."""

MOST_PIECES_OF_ALL = 50_000
LIVE, ARCHIVED = "live", "archived"


@dataclass(frozen=True, slots=True)
class Goods:
    """Billable materials and expenses on no invoice; ``amount`` leaves out the ``unpriced``."""

    count: int = 0
    amount: Decimal = Decimal("0.00")
    unpriced: int = 0
    oldest: date | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """A project with work on no invoice; its time and materials are counted up to 5,000 each."""

    project: Project
    client: Client
    time: Unbilled
    goods: Goods

    @property
    def amount(self) -> Money:
        """What can be billed, before tax: of a fixed price what is left of it, not its hours."""
        project = self.project
        of_time = project.remaining if project.fixed else self.time.amount.amount
        return Money(of_time + self.goods.amount, project.currency)

    @property
    def oldest(self) -> date:
        """The first day of any of it."""
        days = [one for one in (self.time.oldest, self.goods.oldest) if one]
        return min(days)

    @property
    def pieces(self) -> int:
        """How many time records and materials were counted."""
        return self.time.records + self.goods.count

    @property
    def priced(self) -> bool:
        """Whether a price is known for everything."""
        rated = self.project.fixed or not self.time.unrated_minutes
        return rated and not self.goods.unpriced

    @property
    def complete(self) -> bool:
        """Whether all of it was counted."""
        return self.time.complete and self.goods.complete


def listing(
    tenant_id: str, *, client_id: str | None = None, limit: int = 50, cursor: str | None = None
) -> Page[Waiting]:
    """Projects with unbilled work, of one client or all: live ones by name, then archived ones.

    A page may be short, even empty, and still have a next one.
    """
    shelf, place = pages.places(cursor, 2) or [LIVE, ""]
    prices, found, looked_at = Prices(tenant_id), list[Waiting](), 0
    while len(found) < limit and looked_at < MOST_LOOKED_AT and _pieces(found) < MOST_PIECES:
        page = projects.listing(
            tenant_id,
            client_id=client_id,
            archived=shelf == ARCHIVED,
            limit=min(limit - len(found), AT_A_TIME),
            cursor=place or None,
        )
        found += _waiting(tenant_id, page.items, prices)
        # A page without any project was looked for among the projects of other clients.
        looked_at += len(page.items) or 1
        if page.next is None and shelf == ARCHIVED:
            return Page(found)
        shelf, place = (shelf, page.next) if page.next else (ARCHIVED, "")
    return Page(found, pages.cursor(shelf, place))


def every(tenant_id: str, client_id: str | None, most: int) -> tuple[list[Waiting], bool]:
    """All of them, and whether that is all: no more than ``most``, nor of 50,000 pieces."""
    found, cursor = list[Waiting](), None
    while len(found) < most and _pieces(found) < MOST_PIECES_OF_ALL:
        limit = min(50, most - len(found))
        page = listing(tenant_id, client_id=client_id, limit=limit, cursor=cursor)
        found += page.items
        cursor = page.next
        if cursor is None:
            return found, True
    return found, False


def of_project(tenant_id: str, project: Project, prices: Prices) -> Goods:
    """The unbilled materials of a project, counted over at most 5,000."""
    count = unpriced = 0
    amount, oldest, cursor = Decimal("0.00"), None, None
    while count < MOST_COUNTED:
        page = materials.unbilled(tenant_id, [project.project_id], limit=PER_PAGE, cursor=cursor)
        if page.items and not count:
            oldest = page.items[0].date
        for one in page:
            price = prices.of_material(one).amount
            count += 1
            unpriced += price is None
            amount += round_half_up(one.quantity * (price or 0))
        cursor = page.next
        if cursor is None:
            break
    return Goods(count, amount, unpriced, oldest, complete=cursor is None)


def _pieces(found: list[Waiting]) -> int:
    return sum(one.pieces for one in found)


def _waiting(tenant_id: str, some: list[Project], prices: Prices) -> list[Waiting]:
    counted = [
        (
            one,
            unbilled.of_project(tenant_id, one, prices),
            of_project(tenant_id, one, prices),
        )
        for one in some
    ]
    left = [(one, time, goods) for one, time, goods in counted if time.records or goods.count]
    whose = clients.by_ids(tenant_id, [one.client_id for one, _, _ in left])
    return [Waiting(one, whose[one.client_id], time, goods) for one, time, goods in left]
