"""Bringing in account codes and tax rates: two calls, and a write only for what changed."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from chalicelib.audit import trail
from chalicelib.connection import access
from chalicelib.connection import store as connections
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Job, Slice, Step
from chalicelib.people.caller import Caller
from chalicelib.reference import ask, store
from chalicelib.reference.model import ACTIVE, GONE, Account, TaxComponent, TaxRate
from chalicelib.xero.wire import codes as wire

KIND = "import-codes"

Code = TypeVar("Code", Account, TaxRate)


def start(caller: Caller) -> Job:
    """Refresh both lists, here when Xero is quick, else by the queue; raises NotConnected."""
    job, begun = ask.one_at_a_time(KIND, caller)
    if not begun:
        return job
    trail.record(caller, "import", "codes", "asked")
    return enqueue.do_now(job)


def handle(job: Job, _slice: Slice) -> Step:
    """Read both lists and store what differs; safe to repeat."""
    connection = connections.active(job.tenant_id)
    listed = access.call(connection, lambda books: books.accounts())
    rates = access.call(connection, lambda books: books.tax_rates())
    job.progress = {"done": 0, "total": len(listed) + len(rates)}
    job.progress |= dict.fromkeys(("created", "updated", "unchanged", "skipped"), 0)
    _merge(
        job, _accounts(listed), {a.code or a.account_id: a for a in store.accounts(job.tenant_id)}
    )
    _merge(job, _tax_rates(rates), {r.tax_type: r for r in store.tax_rates(job.tenant_id)})
    job.progress["skipped"] = job.progress["total"] - job.progress["done"]
    job.progress["done"] = job.progress["total"]
    return Done(f"{len(listed)} accounts and {len(rates)} tax rates are up to date.")


def _merge(job: Job, listed: dict[str, Code], known: dict[str, Code]) -> None:
    """Write what is new or different; what Xero no longer lists stays, as deleted."""
    changed: list[Code] = [code for key, code in listed.items() if known.get(key) != code]
    changed += [
        replace(code, status=GONE)
        for key, code in known.items()
        if key not in listed and code.status != GONE
    ]
    created = sum(key not in known for key in listed)
    job.progress["done"] += len(listed)
    job.progress["created"] += created
    job.progress["updated"] += len(changed) - created
    job.progress["unchanged"] += sum(known.get(key) == code for key, code in listed.items())
    if changed:
        store.put(job.tenant_id, changed)


def _accounts(listed: Sequence[wire.Account]) -> dict[str, Account]:
    """By code, or by id where there is none; of two with one code, the active one."""
    found: dict[str, Account] = {}
    for one in sorted(listed, key=lambda account: account.status == ACTIVE):
        key = one.code or one.account_id
        if key:
            found[key] = Account(
                code=one.code,
                name=one.name,
                type=one.type,
                class_=one.account_class,
                tax_type=one.tax_type,
                status=one.status,
                system_account=one.system_account,
                account_id=one.account_id,
            )
    return found


def _tax_rates(listed: Sequence[wire.TaxRate]) -> dict[str, TaxRate]:
    return {
        one.tax_type: TaxRate(
            tax_type=one.tax_type,
            name=one.name,
            effective_rate=_rate(one),
            status=one.status,
            for_revenue=one.can_apply_to_revenue,
            report_tax_type=one.report_tax_type,
            components=tuple(
                TaxComponent(part.name, part.rate or Decimal(0), part.is_compound)
                for part in one.tax_components
            ),
        )
        for one in listed
        if one.tax_type
    }


def _rate(one: wire.TaxRate) -> Decimal:
    rate = one.effective_rate if one.effective_rate is not None else one.display_tax_rate
    return rate if rate is not None else Decimal(0)
