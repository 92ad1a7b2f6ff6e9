"""What Xero would refuse of the mapping as it stands, and where each fault is put right.

Pure rules: whoever asks brings the facts. What each layer says is judged by itself, also where no
work stands under it yet; then what every task and rate would get in the end.
"""

from collections.abc import Iterator

from chalicelib.reference.code_rules import (
    Finding,
    of_account,
    of_currency,
    of_day,
    of_tax_rate,
    of_tracking,
)
from chalicelib.reference.facts import Facts
from chalicelib.reference.faults import Fault, Where
from chalicelib.reference.layers import Codes, Lists
from chalicelib.reference.lint_lines import of_lines
from chalicelib.work.model import Standing

STANDS = {
    Standing.ARCHIVED: "archived",
    Standing.REMOVED: "removed",
    Standing.MERGED: "merged into another one",
    Standing.GONE: "no longer listed",
}
NOT_REGISTERED = (
    "The organisation is not registered for tax in Xero: its invoices bear none, and the tax "
    "rates chosen here are not used."
)


def faults_of(facts: Facts) -> tuple[Fault, ...]:
    """Every fault once, those of the organisation and the defaults first; none: all is well."""
    found = (
        *_of_organisation(facts),
        *_of_layers(facts),
        *_of_currencies(facts),
        *_of_contacts(facts),
        *of_lines(facts),
    )
    order = list(Where)
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda one: (order.index(one.where), one.name.casefold(), one.thing_id, one.code),
        )
    )


def _of_organisation(facts: Facts) -> Iterator[Fault]:
    locked = of_day(facts.today, facts.organisation)
    if locked:
        yield Fault(locked.code, locked.sentence, Where.ORGANISATION, "lock_date")
    says = (facts.chosen.tenant.tax_type, *(one.tax_type for one in facts.chosen.own.values()))
    if not facts.lists.pays_tax and any(says):
        yield Fault("not_registered", NOT_REGISTERED, Where.ORGANISATION, "pays_tax", stops=False)


def _of_layers(facts: Facts) -> Iterator[Fault]:
    """What is wrong with what is chosen, layer by layer."""
    tenant = facts.chosen.tenant
    yield from _of_codes(
        Codes(tenant.account_code, tenant.tax_type, tenant.tracking), facts.lists, Where.TENANT
    )
    names = facts.names()
    for place, codes in facts.chosen.own.items():
        if place in names:
            where = Where(place.kind.value)
            yield from _of_codes(codes, facts.lists, where, place.thing_id, names[place])


def _of_codes(
    codes: Codes, lists: Lists, where: Where, thing_id: str = "", name: str = ""
) -> Iterator[Fault]:
    found: list[tuple[str, Finding | None]] = []
    if codes.account_code:
        found.append(("account_code", of_account(codes.account_code, lists.accounts)))
    if codes.tax_type and lists.pays_tax:
        found.append(("tax_type", of_tax_rate(codes.tax_type, lists.tax_rates)))
    found += [("tracking", one) for one in of_tracking(codes.tracking, lists.tracking)]
    for about, finding in found:
        if finding:
            yield Fault(finding.code, finding.sentence, where, about, thing_id, name)


def _of_currencies(facts: Facts) -> Iterator[Fault]:
    """Money that the organisation does not know; a client's own only matters without projects."""
    named = (
        *(
            (Where.CLIENT, one.client_id, one.name, one.currency)
            for one in facts.clients.values()
        ),
        *((Where.PROJECT, p.project_id, p.name, p.currency) for p in facts.projects.values()),
        *((Where.RATE, rate.rate_id, rate.name, rate.currency) for rate in facts.rates.values()),
    )
    for where, thing_id, name, currency in named:
        finding = of_currency(currency, facts.currencies) if currency else None
        if finding:
            yield Fault(finding.code, finding.sentence, where, "currency", thing_id, name)


def _of_contacts(facts: Facts) -> Iterator[Fault]:
    """Clients with live projects whom Xero takes no invoice for."""
    for client_id in {project.client_id for project in facts.projects.values()}:
        client = facts.clients.get(client_id)
        if client is None:
            continue
        if client.standing in STANDS:
            code = f"contact_{client.standing}"
            sentence = (
                f"Its contact is {STANDS[client.standing]} in Xero, which takes no invoice for "
                "it. Restore the contact there, or link another."
            )
        elif client.archived:
            code = "client_archived"
            sentence = (
                "It is archived, and has projects that are not. Restore it, or archive them."
            )
        elif not client.contact_id:
            code = "contact_missing"
            sentence = (
                "It is not linked to a contact in Xero, which every invoice needs. Link it."
            )
        else:
            continue
        yield Fault(code, sentence, Where.CLIENT, "contact_id", client_id, client.name)
