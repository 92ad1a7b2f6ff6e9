"""The mapping: which account and tax rate lines get unless their task says otherwise."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.people.caller import Scope
from chalicelib.reference import mapping
from chalicelib.reference.model import Mapping

api = API(__name__)


class MappingView(msgspec.Struct):
    """The tenant's defaults. Without a ``tax_type`` each account's own is taken."""

    account_code: str | None
    tax_type: str | None


class NewMapping(msgspec.Struct, forbid_unknown_fields=True):
    """The defaults to set, from the imported lists; null or left out means none."""

    account_code: str | None = None
    tax_type: str | None = None


@api.get("/mapping", scope=Scope.READ, answer=MappingView)
def read_mapping(call: Call) -> MappingView:
    """The defaults as chosen."""
    return _view(mapping.get(call.tenant_id))


@api.put("/mapping", scope=Scope.ADMIN, body=NewMapping, answer=MappingView)
def replace_mapping(call: Call) -> MappingView:
    """Choose the defaults; what a sales line may not use is refused."""
    wanted: NewMapping = call.body
    chosen = mapping.set_defaults(call.caller, wanted.account_code or "", wanted.tax_type or "")
    return _view(chosen)


def _view(chosen: Mapping) -> MappingView:
    return MappingView(chosen.account_code or None, chosen.tax_type or None)
