"""The chart of accounts as last imported."""

import msgspec

from chalicelib.api import query
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.people.caller import Scope
from chalicelib.reference import store
from chalicelib.reference.model import Account

api = API(__name__)

USES = {
    "lines": lambda account: account.usable_for_lines,
    "payments": lambda account: account.usable_for_payments,
}
LISTED = {"use": "only those for `lines` or for `payments`", **query.STATUS}


class AccountView(msgspec.Struct, kw_only=True):
    """An account; ``usable`` says whether invoice lines may be posted to it.

    ``tax_type`` is what its lines bear unless the mapping says otherwise; ``payments`` says
    whether money may be received there, ``currency`` is that of a bank account.
    """

    code: str | None
    name: str
    type: str
    account_class: str = msgspec.field(name="class")
    tax_type: str | None
    status: str
    usable: bool
    payments: bool
    currency: str | None


@api.get("/accounts", scope=Scope.READ, answer=List[AccountView], query=LISTED)
def list_accounts(call: Call) -> List[AccountView]:
    """The whole chart, by code, in one page."""
    use = query.one_of(call, "use", USES)
    found = query.of_status(call, store.accounts(call.tenant_id))
    return List([_view(account) for account in found if use is None or USES[use](account)])


def _view(account: Account) -> AccountView:
    return AccountView(
        code=account.code or None,
        name=account.name,
        type=account.type,
        account_class=account.class_,
        tax_type=account.tax_type or None,
        status=account.status,
        usable=account.usable_for_lines,
        payments=account.usable_for_payments,
        currency=account.currency or None,
    )
