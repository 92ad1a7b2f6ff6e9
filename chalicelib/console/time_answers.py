"""What a person answers on the pages of an import, read from their forms."""

from collections.abc import Iterator

import msgspec

from chalicelib.console.forms import Form
from chalicelib.errors import InvalidInput
from chalicelib.work.intake.answers import LEFT_OUT, NEW, Answers, Choice
from chalicelib.work.intake.columns import LABELS, SAME_FOR_ALL
from chalicelib.work.intake.dates import Order
from chalicelib.work.intake.names import Meaning
from chalicelib.work.intake.plan import Plan

MOST_SHOWN = 200
"""Projects, and names to check, that the preview shows; a form says nothing of the others."""

Named = tuple[str, Meaning, Choice]
"""The name of a field in the form, what its name means now, and the choice but for its use."""


def settled(form: Form) -> Answers:
    """The answers to a question: encoding, order of dates, or columns."""
    order = form.get("date_order")
    columns = {field: form.get(f"column:{field}") for field in LABELS}
    same = {field: form.get(f"same:{field}") for field in SAME_FOR_ALL}
    matched = {str(field): name for field, name in columns.items() if name}
    return Answers(
        encoding=form.get("encoding") or None,
        date_order=_order(order) if order else None,
        columns=matched or None,
        same={str(field): text for field, text in same.items() if text},
    )


def names(plan: Plan) -> Iterator[Named]:
    """Every name of a plan that a person may decide about, as the form calls it."""
    for n, person in enumerate(plan.people):
        if person.meaning.name:
            yield f"use:s{n}", person.meaning, Choice("", staff=person.meaning.name)
    for c, client in enumerate(plan.clients):
        of_client = client.meaning.name
        yield f"use:c{c}", client.meaning, Choice("", of_client)
        for p, project in enumerate(client.projects):
            of_project = project.meaning.name
            yield f"use:p{c}-{p}", project.meaning, Choice("", of_client, of_project)
            for t, task in enumerate(project.tasks):
                chosen = Choice("", of_client, of_project, task.meaning.name)
                yield f"use:t{c}-{p}-{t}", task.meaning, chosen


def chosen(form: Form, plan: Plan, before: Answers) -> Answers:
    """The answers as they were, with what the preview's form says of names, rate and currency."""
    choices = {choice.key: choice for choice in before.choices}
    projects = 0
    for name, meaning, choice in names(plan):
        use = form.get(name)
        if name.startswith("use:p") and projects < MOST_SHOWN:
            projects += 1
            use = _use_of_project(form, name, meaning, use)
        if use and use != use_of(meaning):
            choices[choice.key] = msgspec.structs.replace(choice, use=use)
    return msgspec.structs.replace(
        before,
        rate=form.get("rate") or None,
        currency=form.get("currency") or None,
        add_staff=form.get("add_staff") == "yes",
        choices=tuple(choices.values()),
    )


def use_of(meaning: Meaning) -> str:
    """What a name stands for now, as the form says it."""
    if meaning.left_out:
        return LEFT_OUT
    return meaning.id or NEW


def _use_of_project(form: Form, name: str, meaning: Meaning, use: str) -> str:
    """A project is left out by a tick, and taken again by taking the tick away."""
    if form.get(name.replace("use:", "out:")):
        return LEFT_OUT
    if meaning.left_out:
        return use or (meaning.offers[0].id if meaning.offers else NEW)
    return use


def _order(text: str) -> Order:
    try:
        return Order(text)
    except ValueError:
        raise InvalidInput("Choose how the days are meant.", field="date_order") from None
