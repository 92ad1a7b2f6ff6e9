"""Which account and tax rate a line gets: the task's own, else the tenant's, from lists only."""

from collections.abc import Sequence

from chalicelib.audit import trail
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.people.caller import Caller
from chalicelib.reference import store
from chalicelib.reference.model import Account, Layer, LineCodes, Mapping, TaxRate

NO_ACCOUNT = "No account code is chosen. Choose a default under Tax & account codes."
NO_TAX = "No tax rate is chosen. Choose a default under Tax & account codes."


def get(tenant_id: str) -> Mapping:
    """The tenant's defaults; empty ones when none are chosen."""
    return store.mapping(tenant_id)


def set_defaults(caller: Caller, account_code: str, tax_type: str) -> Mapping:
    """Choose the tenant's defaults from the imported lists; empty means none.

    An empty tax rate leaves it to each account's own. Raises InvalidInput naming the field for
    anything that a sales line may not use.
    """
    chosen = Mapping(account_code, tax_type)
    if account_code:
        _check_account(caller.tenant_id, account_code)
    if tax_type:
        _check_tax_rate(caller.tenant_id, tax_type)
    before = get(caller.tenant_id)
    if chosen != before:
        store.put_mapping(caller.tenant_id, chosen)
        trail.record(
            caller, "mapping changed", "mapping", account_code=account_code, tax_type=tax_type
        )
    return chosen


def resolve(
    mapping: Mapping,
    task_account: str | None,
    task_tax: str | None,
    accounts: Sequence[Account],
    tax_rates: Sequence[TaxRate],
) -> LineCodes:
    """The codes of a line and the layer each came from.

    Account: the task's, then the tenant's. Tax: the task's, then the tenant's, then the
    account's own. What Xero would refuse is named in ``problem``, and nothing takes its place.
    """
    code, code_from = _first((task_account, Layer.TASK), (mapping.account_code, Layer.TENANT))
    account = next((one for one in accounts if one.code == code), None)
    tax, tax_from = _first(
        (task_tax, Layer.TASK),
        (mapping.tax_type, Layer.TENANT),
        (account.tax_type if account else "", Layer.ACCOUNT),
    )
    rate = next((one for one in tax_rates if one.tax_type == tax), None)
    problem = _account_problem(code, account) or _tax_problem(tax, rate)
    return LineCodes(code, code_from, tax, tax_from, problem)


def _first(*layers: tuple[str | None, Layer]) -> tuple[str, Layer]:
    return next(((code, layer) for code, layer in layers if code), ("", Layer.NONE))


def _account_problem(code: str, account: Account | None) -> str:
    if not code:
        return NO_ACCOUNT
    if account is None:
        return (
            f"Account {code} is not in the list from Xero. Refresh the codes, or choose another."
        )
    if not account.usable_for_lines:
        return f"Account {code} {account.name} cannot be used for sales in Xero. Choose another."
    return ""


def _tax_problem(tax_type: str, rate: TaxRate | None) -> str:
    if not tax_type:
        return NO_TAX
    if rate is None:
        return (
            f"Tax rate {tax_type} is not in the list from Xero. "
            "Refresh the codes, or choose another."
        )
    if not rate.usable_for_lines:
        return f"Tax rate {rate.name} cannot be used for sales in Xero. Choose another."
    return ""


def _check_account(tenant_id: str, code: str) -> None:
    try:
        problem = _account_problem(code, store.account(tenant_id, code))
    except NotFound:
        problem = _account_problem(code, None)
    if problem:
        raise InvalidInput(problem, field="account_code")


def _check_tax_rate(tenant_id: str, tax_type: str) -> None:
    try:
        problem = _tax_problem(tax_type, store.tax_rate(tenant_id, tax_type))
    except NotFound:
        problem = _tax_problem(tax_type, None)
    if problem:
        raise InvalidInput(problem, field="tax_type")
