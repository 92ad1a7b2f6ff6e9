"""What every task, rate and material would get, as far as no layer is at fault by itself."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.reference.code_rules import Finding, of_account, of_tax_rate, of_tracking
from chalicelib.reference.facts import Facts
from chalicelib.reference.faults import Fault, Where
from chalicelib.reference.layers import SILENT, Codes, Layer, LineCodes, Spot
from chalicelib.reference.resolve import resolve
from chalicelib.work.model import Client, Project, Task
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.price import currency_problem

Thing = tuple[Where, str, str]
"""Whose fault, its id and its name."""

NO_ACCOUNT = (
    "Nothing says which account it is posted to: it has none of its own, nor what it belongs to, "
    "and there is no default. Choose one."
)


def of_lines(facts: Facts) -> Iterator[Fault]:
    """What tasks, rates and materials would get, as far as no layer is at fault by itself."""
    for task in facts.tasks:
        project = facts.projects.get(task.project_id)
        if project is not None:
            yield from _of_task(task, project, facts)
    for rate in facts.rates.values():
        if rate.kind is RateKind.MATERIAL:
            codes = resolve(facts.chosen, Spot(rate_id=rate.rate_id), facts.lists)
            yield from _of_line(codes, facts, (Where.RATE, rate.rate_id, rate.name), None)
    for project_id in facts.with_materials:
        project = facts.projects[project_id]
        spot = Spot(client_id=project.client_id, project_id=project_id)
        thing = (Where.PROJECT, project_id, project.name)
        yield from _of_line(resolve(facts.chosen, spot, facts.lists), facts, thing, None)


def _of_task(task: Task, project: Project, facts: Facts) -> Iterator[Fault]:
    client = facts.clients.get(project.client_id)
    spot = Spot(
        client_id=project.client_id,
        project_id=project.project_id,
        task_id=task.task_id,
        rate_id=task.rate_id or "",
        contact=Codes(client.account_code or "", client.tax_type or "") if client else SILENT,
    )
    thing = (Where.TASK, task.task_id, facts.task_name(task))
    for about, line in _lines(task, thing, spot, facts):
        yield from _of_line(line, facts, about, client)
    rate = facts.rates.get(task.rate_id or "")
    problem = currency_problem(rate, task.currency) if rate and task.rate is None else ""
    if problem:
        yield Fault("price_missing", problem, Where.TASK, "rate_id", *thing[1:])


def _lines(
    task: Task, thing: Thing, spot: Spot, facts: Facts
) -> Iterator[tuple[Thing, LineCodes]]:
    """What a task's time gets, and whose matter it is: that of who did it where they price it."""
    line = resolve(facts.chosen, spot, facts.lists)
    staff = [rate for rate in facts.rates.values() if rate.kind is RateKind.STAFF]
    if line.account_code or task.rate is not None or task.rate_id or not staff:
        yield thing, line
        return
    for rate in staff:
        spot = replace(spot, rate_id=rate.rate_id)
        about = (Where.RATE, rate.rate_id, rate.name)
        yield about, resolve(facts.chosen, spot, facts.lists)


def _of_line(
    line: LineCodes, facts: Facts, thing: Thing, client: Client | None
) -> Iterator[Fault]:
    where, thing_id, name = thing
    if not line.account_code:
        yield Fault("account_missing", NO_ACCOUNT, where, "account_code", thing_id, name)
    if facts.lists.pays_tax and line.account_code:
        yield from _of_tax(line, facts, client)
    if client and line.account_from is Layer.CONTACT:
        yield from _of_contact(
            of_account(line.account_code, facts.lists.accounts), client, "account_code"
        )
    together = of_tracking(line.tracking, facts.lists.tracking)
    for finding in together:
        if finding.code == "tracking_too_many":
            yield Fault(finding.code, finding.sentence, where, "tracking", thing_id, name)


def _of_tax(line: LineCodes, facts: Facts, client: Client | None) -> Iterator[Fault]:
    """Tax that no layer here says: the account's own in Xero, or the contact's."""
    account = facts.lists.accounts.get(line.account_code)
    if line.tax_from is Layer.NONE and account and account.usable_for_lines:
        sentence = (
            f"Account {account.code} {account.name} has no tax rate of its own in Xero, and none "
            "is chosen here. Choose one."
        )
        yield Fault("tax_missing", sentence, Where.TENANT, "tax_type")
    finding = of_tax_rate(line.tax_type, facts.lists.tax_rates) if line.tax_type else None
    if finding and line.tax_from is Layer.ACCOUNT and account:
        sentence = f"It is the own tax rate of account {account.code} {account.name}."
        yield Fault(finding.code, f"{finding.sentence} {sentence}", Where.TENANT, "tax_type")
    if client and line.tax_from is Layer.CONTACT:
        yield from _of_contact(finding, client, "tax_type")


def _of_contact(finding: Finding | None, client: Client, about: str) -> Iterator[Fault]:
    if finding:
        sentence = f"{finding.sentence} It is what the contact has in Xero."
        yield Fault(finding.code, sentence, Where.CLIENT, about, client.client_id, client.name)
