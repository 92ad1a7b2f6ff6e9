"""Following contacts that were merged in Xero to the ones that stayed in the end.

Those may have been merged in turn. Where the one that stayed is another client's already, a
person decides.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from chalicelib.audit import trail
from chalicelib.errors import Conflict
from chalicelib.people.caller import Caller
from chalicelib.reference.contacts.facts import Facts
from chalicelib.reference.contacts.link import Both, move
from chalicelib.reference.contacts.lookup import Lookup
from chalicelib.reference.contacts.model import Decision, DecisionKind, Known
from chalicelib.work.model import Standing

FOLLOWED, ASKED, NOTHING, BUSY = "followed", "asked", "nothing", "busy"


def follow(lookup: Lookup, merged: Mapping[str, Facts]) -> dict[str, str]:
    """What became of the clients of these contacts that lost; safe to repeat."""
    known = lookup.contacts.known(merged)
    stayed = chase(lookup, {loser: facts.merged_to for loser, facts in merged.items()})
    done = {}
    for loser in sorted(merged):
        about = known.get(loser, Known(loser))
        done[loser] = BUSY
        with suppress(Conflict):
            done[loser] = _one(lookup, merged[loser], about, stayed[loser])
    return done


def chase(lookup: Lookup, merged: Mapping[str, str]) -> dict[str, Facts | None]:
    """For each contact that lost the one that stayed in the end; None when there is none.

    One call for each step of the longest chain, as long as there are no more than 40.
    """
    seen: dict[str, Facts | None] = {}
    wanted = list(dict.fromkeys(merged.values()))
    while wanted:
        seen |= dict.fromkeys(wanted)
        seen |= {facts.contact_id: facts for facts in lookup.facts(wanted)}
        steps = (seen[one] for one in wanted)
        onwards = dict.fromkeys(facts.merged_to for facts in steps if facts and facts.merged_to)
        wanted = [one for one in onwards if one not in seen]
    return {loser: _end(winner, seen) for loser, winner in merged.items()}


def _end(contact_id: str, seen: Mapping[str, Facts | None]) -> Facts | None:
    passed = set()
    facts = seen[contact_id]
    while facts and facts.merged_to and facts.contact_id not in passed:
        passed.add(facts.contact_id)
        facts = seen[facts.merged_to]
    return None if facts and facts.contact_id in passed else facts


def _one(lookup: Lookup, lost: Facts, known: Known, stayed: Facts | None) -> str:
    if not known.client_id:
        return FOLLOWED if known.merged_to and known.by == lookup.by else NOTHING
    owner = lookup.contacts.one(stayed.contact_id).client_id if stayed else ""
    if stayed and owner in {"", known.client_id}:
        move(lookup.contacts, known.client_id, lost.contact_id, stayed, lookup.by)
        _tell_the_trail(lookup, known, f"The client follows to {stayed.name}.")
        return FOLLOWED
    kind = DecisionKind.MERGED if stayed else DecisionKind.GONE
    standing = Standing.MERGED if stayed else Standing.GONE
    decision = Decision(
        kind,
        lost.contact_id,
        stayed or lost,
        client_id=known.client_id,
        other_id=owner,
        since=lookup.now,
    )
    after = replace(
        known, seen=lost.print, merged_to=lost.merged_to, by=lookup.by, did=kind.value
    )
    with Both(lookup.contacts) as both:
        both.client(known.client_id, lambda _: {"standing": standing})
        both.contact(after, known)
        both.ask(decision)
    _tell_the_trail(lookup, known, "A person decides.")
    return ASKED


def _tell_the_trail(lookup: Lookup, known: Known, what: str) -> None:
    nobody = Caller(lookup.contacts.tenant_id, "system:worker", "system:worker", frozenset())
    said = f"Its contact was merged in Xero. {what}"
    trail.record(nobody, "client link", f"client:{known.client_id}", said=said)
