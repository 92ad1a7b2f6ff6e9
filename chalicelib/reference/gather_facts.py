"""Reading all that the mapping is judged against, in about a dozen requests."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date

from chalicelib import wiring
from chalicelib.people.time_zones import zone
from chalicelib.reference import choices, mapping, small_lists, store
from chalicelib.reference.facts import Facts
from chalicelib.reference.layers import Chosen, Kind
from chalicelib.reference.organisation import Organisation
from chalicelib.work import clients
from chalicelib.work.materials import find
from chalicelib.work.model import Project
from chalicelib.work.rates import store as rates
from chalicelib.work.store import ProjectRow, TaskRow


def gather(tenant_id: str) -> Facts | None:
    """All that the mapping is judged against; None before anything came from Xero."""
    short = small_lists.everything(tenant_id)
    lists = mapping.lists_of(store.accounts(tenant_id), store.tax_rates(tenant_id), short)
    if not lists.accounts:
        return None
    facts = Facts(
        lists=lists,
        chosen=choices.load(tenant_id),
        today=_today(short.organisation),
        currencies=frozenset(one.code for one in short.currencies),
        organisation=short.organisation,
    )
    return _with_work(tenant_id, facts)


def _with_work(tenant_id: str, facts: Facts) -> Facts:
    projects = {
        one.project_id: one
        for row in ProjectRow.query(tenant_id, ProjectRow.sk.startswith("project#"))
        if not (one := row.project()).archived
    }
    tasks = [
        row.task()
        for row in TaskRow.query(tenant_id, TaskRow.sk.startswith("task#"))
        if not row.archived
    ]
    wanted = {one.client_id for one in projects.values()} | _with_own(facts.chosen, Kind.CLIENT)
    return replace(
        facts,
        projects=projects,
        tasks=tasks,
        clients=clients.by_ids(tenant_id, wanted),
        rates={key: one for key, one in rates.every(tenant_id).items() if not one.archived},
        with_materials=_with_materials(tenant_id, projects.values(), facts.chosen),
    )


def _with_own(chosen: Chosen, kind: Kind) -> set[str]:
    return {place.thing_id for place in chosen.own if place.kind is kind}


def _with_materials(
    tenant_id: str, projects: Iterable[Project], chosen: Chosen
) -> frozenset[str]:
    """Where materials wait; asked only while there is no default that they would get."""
    if chosen.tenant.account_code:
        return frozenset()
    return frozenset(
        project.project_id
        for project in projects
        if find.unbilled(tenant_id, [project.project_id], limit=1).items
    )


def _today(organisation: Organisation | None) -> date:
    """The day where the organisation is; UTC's where its time zone is not known."""
    now = wiring.current().clock.now()
    name = organisation.time_zone if organisation else ""
    return now.astimezone(zone(name) if name else UTC).date()
