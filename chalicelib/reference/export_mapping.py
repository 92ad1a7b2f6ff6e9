"""The whole mapping as a file: all layers, with names beside ids and codes."""

from typing import Any

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.clock import stamp
from chalicelib.people.caller import Caller, Scope
from chalicelib.reference import choices, mapping, read_things, small_lists, store
from chalicelib.reference.layers import Chosen, Codes, Kind, Lists
from chalicelib.reference.mapping_file import (
    FORMAT,
    VERSION,
    AccountNamed,
    ClientNamed,
    DefaultsNamed,
    MappingFile,
    OptionNamed,
    ProjectNamed,
    RateNamed,
    TaskNamed,
    TaxRateNamed,
)
from chalicelib.reference.model import Tracking
from chalicelib.reference.things import Things


def export(caller: Caller) -> MappingFile:
    """The mapping as it stands; raises NotAllowed without the right to administer."""
    caller.must_have(Scope.ADMIN)
    tenant_id = caller.tenant_id
    short = small_lists.everything(tenant_id)
    lists = mapping.lists_of(store.accounts(tenant_id), store.tax_rates(tenant_id), short)
    made = written(
        choices.load(tenant_id),
        lists,
        read_things.read(tenant_id),
        organisation=short.organisation.name if short.organisation else "",
        exported_at=stamp(wiring.current().clock.now()),
    )
    trail.record(caller, "mapping exported", "mapping")
    return made


def written(
    chosen: Chosen, lists: Lists, things: Things, *, organisation: str, exported_at: str
) -> MappingFile:
    """A mapping as a file; what belongs to things that are gone is left out."""
    tenant = chosen.tenant
    own = _Own(chosen, lists)
    projects, tasks = things.projects, things.tasks
    return MappingFile(
        format=FORMAT,
        version=VERSION,
        organisation=organisation,
        exported_at=exported_at,
        defaults=DefaultsNamed(
            contact_tax=tenant.contact_tax,
            contact_account=tenant.contact_account,
            **own.named(Codes(tenant.account_code, tenant.tax_type, tenant.tracking)),
        ),
        clients=tuple(
            ClientNamed(name=one.name, id=key, contact_id=one.contact_id or "", **codes)
            for key, codes in own.of(Kind.CLIENT)
            if (one := things.clients.get(key))
        ),
        projects=tuple(
            ProjectNamed(name=project.name, client=things.client_of(project), id=key, **codes)
            for key, codes in own.of(Kind.PROJECT)
            if (project := projects.get(key))
        ),
        tasks=tuple(
            TaskNamed(
                name=task.name,
                project=project.name,
                client=things.client_of(project),
                id=key,
                **codes,
            )
            for key, codes in own.of(Kind.TASK)
            if (task := tasks.get(key)) and (project := projects.get(task.project_id))
        ),
        rates=tuple(
            RateNamed(name=rate.name, kind=rate.kind.value, id=key, **codes)
            for key, codes in own.of(Kind.RATE)
            if (rate := things.rates.get(key))
        ),
    )


class _Own:
    """What things have of their own, with the names that codes have in Xero."""

    def __init__(self, chosen: Chosen, lists: Lists) -> None:
        self._chosen = chosen
        self._lists = lists

    def of(self, kind: Kind) -> list[tuple[str, dict[str, Any]]]:
        """By id, in the order of ids, so that the same mapping makes the same file."""
        found = sorted(
            (place.thing_id, codes)
            for place, codes in self._chosen.own.items()
            if place.kind is kind
        )
        return [(thing_id, self.named(codes)) for thing_id, codes in found]

    def named(self, codes: Codes) -> dict[str, Any]:
        account = self._lists.accounts.get(codes.account_code)
        rate = self._lists.tax_rates.get(codes.tax_type)
        return {
            "account": AccountNamed(codes.account_code, account.name if account else "")
            if codes.account_code
            else None,
            "tax_rate": TaxRateNamed(codes.tax_type, rate.name if rate else "")
            if codes.tax_type
            else None,
            "tracking": tuple(self._option(entry) for entry in codes.tracking),
        }

    def _option(self, entry: Tracking) -> OptionNamed:
        category = self._lists.tracking.get(entry.category_id)
        options = {one.option_id: one.name for one in category.options} if category else {}
        return OptionNamed(
            category.name if category else "",
            options.get(entry.option_id, ""),
            entry.category_id,
            entry.option_id,
        )
