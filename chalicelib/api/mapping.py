"""The mapping: which account, tax rate and tracking lines get, and which layer says so."""

import msgspec

from chalicelib.api.own_codes import TrackingPair, pairs_of, tracking_of
from chalicelib.api.routing import API, Call
from chalicelib.people.caller import Scope
from chalicelib.reference import mapping
from chalicelib.reference.model import Mapping

api = API(__name__)


class MappingView(msgspec.Struct):
    """The tenant's defaults. Without a ``tax_type`` each account's own is taken.

    ``contact_tax`` and ``contact_account`` say whether the tax rate and sales account that a
    client's contact has in Xero count, after what is chosen for the client here.
    """

    account_code: str | None
    tax_type: str | None
    tracking: list[TrackingPair]
    contact_tax: bool
    contact_account: bool


class NewMapping(msgspec.Struct, forbid_unknown_fields=True):
    """The defaults to set, from the imported lists; null or left out means none."""

    account_code: str | None = None
    tax_type: str | None = None
    tracking: list[TrackingPair] = []
    contact_tax: bool = False
    contact_account: bool = False


@api.get("/mapping", scope=Scope.READ, answer=MappingView)
def read_mapping(call: Call) -> MappingView:
    """The defaults as chosen."""
    return _view(mapping.get(call.tenant_id))


@api.put("/mapping", scope=Scope.ADMIN, body=NewMapping, answer=MappingView)
def replace_mapping(call: Call) -> MappingView:
    """Choose the defaults; what a sales line may not use is refused."""
    wanted: NewMapping = call.body
    chosen = Mapping(
        wanted.account_code or "",
        wanted.tax_type or "",
        tracking_of(wanted.tracking),
        wanted.contact_tax,
        wanted.contact_account,
    )
    return _view(mapping.set_defaults(call.caller, chosen))


def _view(chosen: Mapping) -> MappingView:
    return MappingView(
        chosen.account_code or None,
        chosen.tax_type or None,
        pairs_of(chosen.tracking),
        chosen.contact_tax,
        chosen.contact_account,
    )
