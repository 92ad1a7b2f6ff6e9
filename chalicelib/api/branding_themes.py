"""The looks for documents, as last imported."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.reference import small_lists

api = API(__name__)


class BrandingThemeView(msgspec.Struct):
    """A look for invoices; Xero takes the default where none is named."""

    id: str
    name: str
    default: bool


@api.get("/branding-themes", scope=Scope.READ, answer=List[BrandingThemeView])
def list_branding_themes(call: Call) -> List[BrandingThemeView]:
    """All branding themes, the default first, in one page."""
    return List(
        [
            BrandingThemeView(one.theme_id, one.name, one.sort_order == 0)
            for one in small_lists.branding_themes(call.tenant_id)
        ]
    )
