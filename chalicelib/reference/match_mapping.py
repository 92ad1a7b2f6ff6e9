"""From a file to a mapping of this tenant: all that it names is found here, or said.

Codes of two organisations may be the same and mean different things, above all those of tax rates
that people made (TAX001 and on). So code and name together go first, then what tells them apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from chalicelib.reference import code_rules
from chalicelib.reference.layers import Chosen, Codes, Kind, Lists, Place
from chalicelib.reference.mapping_file import (
    AccountNamed,
    CodesNamed,
    MappingFile,
    OptionNamed,
    TaxRateNamed,
)
from chalicelib.reference.model import Account, TaxRate, Tracking
from chalicelib.reference.model import Mapping as Defaults
from chalicelib.reference.things import Things

Code = TypeVar("Code", Account, TaxRate)

MADE_BY_PEOPLE = re.compile(r"TAX\d+")
DEFAULTS = "The defaults"


@dataclass(frozen=True, slots=True)
class Target:
    """What is here to be matched with."""

    lists: Lists
    things: Things


@dataclass(slots=True)
class Matched:
    """The mapping that a file means here; with anything ``unmatched`` it is not to be used.

    ``notes`` are what a person should know of what was matched.
    """

    chosen: Chosen
    unmatched: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def match(file: MappingFile, target: Target) -> Matched:
    """Match all that a file names, each with what is here."""
    matched = Matched(Chosen())
    codes = Matcher(target.lists, matched)
    defaults = codes.of(DEFAULTS, file.defaults)
    own: dict[Place, Codes] = {}
    for who, place, named in _places(file, target.things):
        found = codes.of(who, named)
        if place is None:
            matched.unmatched.append(f"{who}: there is none of this name here, or several.")
        elif place in own:
            matched.unmatched.append(f"{who}: comes twice in the file.")
        else:
            own[place] = found
    matched.chosen = Chosen(
        Defaults(
            defaults.account_code,
            defaults.tax_type,
            defaults.tracking,
            file.defaults.contact_tax,
            file.defaults.contact_account,
        ),
        {place: found for place, found in own.items() if found},
    )
    return matched


def _places(file: MappingFile, things: Things) -> Iterator[tuple[str, Place | None, CodesNamed]]:
    for client in file.clients:
        found = things.client(client.name, client.id, client.contact_id)
        yield (
            f"Client {client.name}",
            Place(Kind.CLIENT, found.client_id) if found else None,
            client,
        )
    for project in file.projects:
        one = things.project(project.name, project.client, project.id)
        who = f"Project {project.name} of {project.client}"
        yield who, Place(Kind.PROJECT, one.project_id) if one else None, project
    for task in file.tasks:
        work = things.task(task.name, task.project, task.client, task.id)
        who = f"Task {task.name} of {task.project}, {task.client}"
        yield who, Place(Kind.TASK, work.task_id) if work else None, task
    for rate in file.rates:
        card = things.rate(rate.name, rate.kind, rate.id)
        who = f"Rate {rate.name} ({rate.kind})"
        yield who, Place(Kind.RATE, card.rate_id) if card else None, rate


class Matcher:
    """Finds codes among the lists of this organisation, and notes what it cannot."""

    def __init__(self, lists: Lists, matched: Matched) -> None:
        self._lists = lists
        self._matched = matched

    def of(self, who: str, named: CodesNamed) -> Codes:
        """The codes that are meant here; what was not found is empty, and noted."""
        return Codes(
            self._account(who, named.account) if named.account else "",
            self._tax_rate(who, named.tax_rate) if named.tax_rate else "",
            tuple(self._tracking(who, named.tracking)),
        )

    def _account(self, who: str, named: AccountNamed) -> str:
        """By code and name, else by code, else by name."""
        known = self._lists.accounts
        found = known.get(named.code) or _called(known, named.name)
        if found is None:
            return self._missing(who, f"account {named.code} {named.name}".rstrip())
        if found.name != named.name or found.code != named.code:
            self._note(who, f"account {found.code} {found.name}", f"{named.code} {named.name}")
        finding = code_rules.of_account(found.code, known)
        return self._checked(who, found.code, finding)

    def _tax_rate(self, who: str, named: TaxRateNamed) -> str:
        """By type and name, else by name, else by type unless people made it."""
        known = self._lists.tax_rates
        found = known.get(named.type)
        if found is None or found.name != named.name:
            made_by_people = MADE_BY_PEOPLE.fullmatch(named.type) is not None
            found = _called(known, named.name) or (None if made_by_people else found)
        if found is None:
            return self._missing(who, f"tax rate {named.name or named.type}")
        if (found.tax_type, found.name) != (named.type, named.name):
            self._note(who, f"tax rate {found.name}", named.name or named.type)
        finding = code_rules.of_tax_rate(found.tax_type, known)
        return self._checked(who, found.tax_type, finding)

    def _tracking(self, who: str, named: Iterable[OptionNamed]) -> Iterator[Tracking]:
        found = [entry for one in named if (entry := self._option(who, one))]
        for finding in code_rules.of_tracking(found, self._lists.tracking):
            self._matched.unmatched.append(f"{who}: {finding.sentence}")
        yield from found

    def _option(self, who: str, named: OptionNamed) -> Tracking | None:
        """By ids where both are of these books, else by names."""
        category = self._lists.tracking.get(named.category_id)
        options = {one.option_id for one in category.options} if category else set()
        if category and named.option_id in options:
            return Tracking(category.category_id, named.option_id)
        for one in self._lists.tracking.values():
            for option in one.options:
                if (one.name, option.name) == (named.category, named.option):
                    return Tracking(one.category_id, option.option_id)
        self._missing(who, f"tracking option {named.category}: {named.option}")
        return None

    def _checked(self, who: str, code: str, finding: code_rules.Finding | None) -> str:
        if finding is None:
            return code
        self._matched.unmatched.append(f"{who}: {finding.sentence}")
        return ""

    def _missing(self, who: str, what: str) -> str:
        self._matched.unmatched.append(f"{who}: Xero has no {what} here.")
        return ""

    def _note(self, who: str, here: str, there: str) -> None:
        self._matched.notes.append(f"{who}: {here} here is {there.strip()} in the file.")


def _called(known: Mapping[str, Code], name: str) -> Code | None:
    """The one of this name; None for none or several."""
    found = [one for one in known.values() if one.name == name and name]
    return found[0] if len(found) == 1 else None
