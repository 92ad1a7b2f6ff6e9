"""What forms of work offer to choose from."""

from chalicelib.console.prices import label
from chalicelib.console.today import today
from chalicelib.work import phases
from chalicelib.work.model import Project
from chalicelib.work.rates import store as rates
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.price import currency_problem

MOST_RATES = 500

Choices = list[tuple[str, str]]


def phases_of(tenant_id: str, project: Project, chosen: str) -> Choices:
    """The project's phases, an archived one only where it is chosen already."""
    found = phases.of_project(tenant_id, project.project_id).values()
    return [
        (one.phase_id, one.name) for one in found if not one.archived or one.phase_id == chosen
    ]


def rates_of(tenant_id: str, kind: RateKind, project: Project, chosen: str) -> Choices:
    """Rates with a price in the project's currency, and the one that is chosen in any case."""
    found = {
        rate.rate_id: rate
        for rate in rates.listing(tenant_id, kind, limit=MOST_RATES)
        if not currency_problem(rate, project.currency)
    }
    if chosen:
        found |= rates.by_ids(tenant_id, [chosen])
    day = today(tenant_id)
    return [(rate.rate_id, label(rate, project.currency, day)) for rate in found.values()]
