"""A page for addresses that lead nowhere.

API Gateway answers for paths it knows no route of, in words of its own; what people mistype most,
an address of one word, comes here.
"""

from chalicelib.console.routing import Page, Pages, Visit
from chalicelib.errors import NotFound

pages = Pages(__name__)


@pages.get("/{page}", scope=None)
def show(_visit: Visit, page: str) -> Page:
    """Always refuses."""
    raise NotFound(f"There is no page at /{page}.")
