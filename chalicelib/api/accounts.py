"""The chart of accounts as last imported."""

import msgspec

from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.reference import store
from chalicelib.reference.model import Account

api = API(__name__)


class AccountView(msgspec.Struct, kw_only=True):
    """An account; ``usable`` says whether invoice lines may be posted to it.

    ``tax_type`` is what its lines bear unless the mapping says otherwise.
    """

    code: str | None
    name: str
    type: str
    account_class: str = msgspec.field(name="class")
    tax_type: str | None
    status: str
    usable: bool


@api.get("/accounts", scope=Scope.READ, answer=List[AccountView])
def list_accounts(call: Call) -> List[AccountView]:
    """The whole chart, by code, in one page."""
    return List([_view(account) for account in store.accounts(call.tenant_id)])


def _view(account: Account) -> AccountView:
    return AccountView(
        code=account.code or None,
        name=account.name,
        type=account.type,
        account_class=account.class_,
        tax_type=account.tax_type or None,
        status=account.status,
        usable=account.usable_for_lines,
    )
