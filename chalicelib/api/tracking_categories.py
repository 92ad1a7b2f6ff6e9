"""The tracking categories as last imported."""

import msgspec

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.reference import small_lists
from chalicelib.reference.model import TrackingCategory

api = API(__name__)


class TrackingOptionView(msgspec.Struct):
    """One of the values of a category; ``usable`` says whether lines may carry it."""

    id: str
    name: str
    status: str
    usable: bool


class TrackingCategoryView(msgspec.Struct):
    """A dimension of the books, with its options in Xero's order."""

    id: str
    name: str
    status: str
    usable: bool
    options: list[TrackingOptionView]


@api.get(
    "/tracking-categories",
    scope=Scope.READ,
    answer=List[TrackingCategoryView],
    query=query.STATUS,
)
def list_tracking_categories(call: Call) -> List[TrackingCategoryView]:
    """All categories, those no longer in use included, in one page."""
    found = small_lists.tracking(call.tenant_id)
    return List([_view(one) for one in query.of_status(call, found)])


def _view(category: TrackingCategory) -> TrackingCategoryView:
    return TrackingCategoryView(
        id=category.category_id,
        name=category.name,
        status=category.status,
        usable=category.usable,
        options=[
            TrackingOptionView(
                option.option_id, option.name, option.status, category.usable and option.usable
            )
            for option in category.options
        ],
    )
