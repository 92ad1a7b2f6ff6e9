"""Choosing what lines get, for the tenant or for one thing; from the imported lists only."""

from collections.abc import Iterable

from chalicelib.audit import trail
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Caller, Scope
from chalicelib.reference import choices, places, small_lists, store
from chalicelib.reference.layers import Codes, Lists, Place
from chalicelib.reference.model import Account, Mapping, TaxRate, Tracking
from chalicelib.reference.resolve import account_problem, tax_problem, tracking_problem
from chalicelib.reference.small_lists import SmallLists

NOTHING = "nothing"


def get(tenant_id: str) -> Mapping:
    """The tenant's defaults; empty ones when none are chosen."""
    return choices.load(tenant_id).tenant


def lists(tenant_id: str) -> Lists:
    """What may be chosen from, as last imported; three requests."""
    return lists_of(
        store.accounts(tenant_id), store.tax_rates(tenant_id), small_lists.everything(tenant_id)
    )


def lists_of(accounts: Iterable[Account], rates: Iterable[TaxRate], short: SmallLists) -> Lists:
    """Lists that were read already; accounts without a code cannot be chosen."""
    return Lists(
        accounts={one.code: one for one in accounts if one.code},
        tax_rates={one.tax_type: one for one in rates},
        tracking={one.category_id: one for one in short.tracking},
        pays_tax=short.organisation is None or short.organisation.pays_tax,
    )


def set_defaults(caller: Caller, chosen: Mapping) -> Mapping:
    """Choose the tenant's defaults; empty means none.

    Without a tax rate each account's own is taken. Raises InvalidInput naming the field for
    anything that a sales line may not use; then nothing is changed.
    """
    tenant_id = caller.tenant_id
    check(tenant_id, Codes(chosen.account_code, chosen.tax_type, chosen.tracking))
    if chosen != get(tenant_id):
        trail.record(
            caller,
            "mapping changed",
            "mapping",
            account_code=chosen.account_code or NOTHING,
            tax_type=chosen.tax_type or "that of the account",
            tracking=_told(tenant_id, chosen.tracking),
            contact_tax=_yes(chosen=chosen.contact_tax),
            contact_account=_yes(chosen=chosen.contact_account),
        )
        choices.put_tenant(tenant_id, chosen)
        _check_all(tenant_id)
    return chosen


def choose(caller: Caller, place: Place, codes: Codes) -> Codes:
    """Choose what one client, project, task or rate has of its own; empty leaves it to the next.

    Raises NotAllowed without the right to administer, NotFound for a thing that is not there,
    and InvalidInput naming the field for what a sales line may not use.
    """
    caller.must_have(Scope.ADMIN)
    tenant_id = caller.tenant_id
    name = places.name_of(tenant_id, place)
    check(tenant_id, codes)
    if codes != choices.load(tenant_id).of(place.kind, place.thing_id):
        trail.record(
            caller,
            "codes chosen",
            f"{place.kind}:{place.thing_id}",
            kind=place.kind.value,
            name=name,
            account_code=codes.account_code or NOTHING,
            tax_type=codes.tax_type or NOTHING,
            tracking=_told(tenant_id, codes.tracking),
        )
        choices.put(tenant_id, place, codes)
        _check_all(tenant_id)
    return codes


def check(tenant_id: str, codes: Codes) -> None:
    """Raise InvalidInput, naming the field, unless each code that is given can be used."""
    if not codes:
        return
    known = lists(tenant_id)
    found = (
        (
            "account_code",
            codes.account_code
            and account_problem(codes.account_code, known.accounts.get(codes.account_code)),
        ),
        (
            "tax_type",
            codes.tax_type and tax_problem(codes.tax_type, known.tax_rates.get(codes.tax_type)),
        ),
        ("tracking", tracking_problem(codes.tracking, known.tracking)),
    )
    for field, problem in found:
        if problem:
            raise InvalidInput(problem, field=field)


def _check_all(tenant_id: str) -> None:
    """Another fault may be mended, or made, by what was just chosen."""
    from chalicelib.reference import check_mapping

    check_mapping.check(tenant_id)


def _told(tenant_id: str, tracking: tuple[Tracking, ...]) -> str:
    """Tracking by the names of now, for people who read the trail."""
    if not tracking:
        return NOTHING
    categories = lists(tenant_id).tracking
    told = []
    for entry in tracking:
        category = categories[entry.category_id]
        names = {one.option_id: one.name for one in category.options}
        told.append(f"{category.name}: {names.get(entry.option_id, 'none')}")
    return ", ".join(told)


def _yes(*, chosen: bool) -> str:
    return "yes" if chosen else "no"
