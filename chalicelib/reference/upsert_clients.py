"""From contacts to clients: which are new, which changed, which wait, and which are left out.

A contact whose client is in step costs no write and no read of the client. Two contacts are
always two clients: of a contact that may be a client that is here already, none is made before a
person said what it is.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from chalicelib.errors import Conflict
from chalicelib.reference.contacts.evidence import Unlinked
from chalicelib.reference.contacts.facts import Facts, facts_of
from chalicelib.reference.contacts.link import Both, in_step
from chalicelib.reference.contacts.model import Choice, Decision, DecisionKind, Known
from chalicelib.reference.contacts.store import Contacts
from chalicelib.work import clients, linked
from chalicelib.work.ids import same_id
from chalicelib.work.model import Client, Source, Standing
from chalicelib.xero.wire.contact import Contact

CREATED, UPDATED, UNCHANGED, SKIPPED = "created", "updated", "unchanged", "skipped"

WAITS = "Waits for your decision: it may be a client that is here already."
NAMELESS = "Without a name in Xero."
UNREADABLE = "Xero's answer about it could not be read."
NO_CUSTOMER = "Not a customer in Xero."
NO_EMAIL = "Without an e-mail address in Xero."
NOT_HERE = "Not a client yet, and only clients that are here are updated."
NOT_UPDATED = "Changed in Xero, and clients that are here are not updated."
LEFT_OUT = "Left out, since somebody unlinked it."
BUSY = "Somebody else was changing the client."
AWAY = {
    Standing.ARCHIVED: "Archived in Xero.",
    Standing.REMOVED: "Removed in Xero at the person's request.",
    Standing.MERGED: "Merged into another contact in Xero.",
}
TRIES = 3
MOST_LOOSE = 500
"""Ids of clients that go along with a job; with more, each slice looks through all clients."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a contact, and why it was skipped."""

    name: str
    did: str
    reason: str = ""


@dataclass
class Upsert:
    """Brings contacts of one organisation in, page by page, for one job.

    ``chosen`` contacts come in whoever they are. ``merged`` collects the linked contacts that
    were merged into another, by id, for ``merges.py``; they have no outcome yet. ``loose`` are
    the clients that were not linked when the first page was judged; None before, or for too
    many. A client that somebody makes after that is as if it were made after the import.
    """

    contacts: Contacts
    choice: Choice
    now: Callable[[], datetime]
    by: str
    chosen: bool = False
    merged: dict[str, Facts] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)
    loose: list[str] | None = None

    def page(self, listed: Iterable[Contact]) -> list[Outcome]:
        """What became of each contact; safe to repeat."""
        facts = [facts_of(contact) for contact in listed]
        known = self.contacts.known(one.contact_id for one in facts if one.contact_id)
        here = [(one, known.get(one.contact_id) or Known(one.contact_id)) for one in facts]
        self.met = [one.contact_id for one, about in here if about.client_id]
        linked_ones = [pair for pair in here if pair[1].client_id]
        others = [pair for pair in here if not pair[1].client_id]
        return [*self._keep_in_step(linked_ones), *self._judge(others)]

    def _keep_in_step(self, pairs: Sequence[tuple[Facts, Known]]) -> list[Outcome]:
        outcomes, changed = [], []
        for facts, known in pairs:
            if known.seen == facts.print:
                mine = known.by == self.by and known.did in {CREATED, UPDATED}
                outcomes.append(Outcome(facts.name, known.did if mine else UNCHANGED))
            elif facts.standing is Standing.MERGED:
                self.merged[facts.contact_id] = facts
            elif not (self.choice.update or self.chosen):
                outcomes.append(Outcome(facts.name, SKIPPED, NOT_UPDATED))
            else:
                changed.append((facts, known))
        return outcomes + (self._update(changed) if changed else [])

    def _update(self, pairs: Sequence[tuple[Facts, Known]]) -> list[Outcome]:
        found = clients.by_ids(
            self.contacts.tenant_id,
            (known.client_id for _, known in pairs),
            organisation_id=self.contacts.organisation_id,
        )
        outcomes, unchanged = [], []
        for facts, known in pairs:
            after = replace(known, seen=facts.print, by=self.by, did=UNCHANGED)
            if in_step(facts)(found[known.client_id]):
                outcomes.append(self._write(facts, known, replace(after, did=UPDATED)))
            else:
                unchanged.append(after)
                outcomes.append(Outcome(facts.name, UNCHANGED))
        if unchanged:
            self.contacts.remember(unchanged)
        return outcomes

    def _write(self, facts: Facts, before: Known, after: Known) -> Outcome:
        """Client and print together, so that a change is counted once whatever happens."""
        gone = Decision(DecisionKind.GONE, facts.contact_id, facts)
        for _ in range(TRIES):
            with suppress(Conflict), Both(self.contacts) as both:
                both.client(before.client_id, in_step(facts))
                both.contact(after, before)
                both.answer(*[gone] if before.did == DecisionKind.GONE else [])
                return Outcome(facts.name, UPDATED)
        return Outcome(facts.name, SKIPPED, BUSY)

    def _judge(self, pairs: Sequence[tuple[Facts, Known]]) -> list[Outcome]:
        outcomes, new = [], []
        for facts, known in pairs:
            reason = self._why_not(facts, known)
            if reason:
                outcomes.append(Outcome(facts.name, SKIPPED, reason))
            else:
                new.append((facts, known))
        if new:
            self.make(new)
        return outcomes + [Outcome(facts.name, CREATED) for facts, _ in new]

    def _why_not(self, facts: Facts, known: Known) -> str:
        """Why no client is made of this contact; empty when one is."""
        never = _never(facts) or (LEFT_OUT if known.left_out and not self.chosen else "")
        not_now = never or self._not_wanted(facts)
        candidates = () if never else self._unlinked.like(facts, apart=known.apart)
        wait = Decision(
            DecisionKind.MATCH, facts.contact_id, facts, candidates, create=not not_now
        )
        before = self._waiting.get(facts.contact_id)
        if candidates and wait != before:
            self.contacts.decision_row(replace(wait, since=self.now())).save()
        elif before and not candidates:
            self.contacts.decision_row(before).delete()
        return WAITS if candidates else not_now

    def _not_wanted(self, facts: Facts) -> str:
        if self.chosen:
            return ""
        if not self.choice.create:
            return NOT_HERE
        if self.choice.customers_only and not facts.customer:
            return NO_CUSTOMER
        return NO_EMAIL if self.choice.with_email and not facts.email else ""

    def make(self, pairs: Sequence[tuple[Facts, Known]]) -> None:
        """New clients, then their links; of a crash in between, the clients are found again."""
        made = [self._client(facts, known) for facts, known in pairs]
        there = clients.by_ids(
            self.contacts.tenant_id,
            (one.client_id for one in made),
            organisation_id=self.contacts.organisation_id,
        )
        missing = [one for one in made if one.client_id not in there]
        if missing:
            linked.put_new(self.contacts.tenant_id, self.contacts.organisation_id, missing)
        self.contacts.remember(
            [
                replace(
                    known,
                    client_id=client.client_id,
                    seen=facts.print,
                    by=self.by,
                    did=CREATED,
                    left_out=False,
                )
                for (facts, known), client in zip(pairs, made, strict=True)
            ]
        )
        self.met += [facts.contact_id for facts, _ in pairs]

    def _client(self, facts: Facts, known: Known) -> Client:
        """The id follows from the contact, and from those that are not it, unlinked ones too."""
        organisation_id = self.contacts.organisation_id
        return Client(
            client_id=same_id(organisation_id, facts.contact_id, *sorted(known.apart)),
            contact_id=facts.contact_id,
            standing=facts.standing,
            source=Source.XERO,
            updated_at=self.now(),
            **facts.taken_by(None),
        )

    @cached_property
    def _unlinked(self) -> Unlinked:
        where = (self.contacts.tenant_id, self.contacts.organisation_id)
        if self.loose is None:
            found = list(linked.unlinked(*where))
            ids = [client.client_id for client, _ in found]
            self.loose = ids if len(ids) <= MOST_LOOSE else None
        else:
            found = list(linked.still_unlinked(*where, self.loose))
        stored = {client.client_id: contacts for client, contacts in found}
        return Unlinked((client for client, _ in found), stored)

    @cached_property
    def _waiting(self) -> dict[str, Decision]:
        matches = (one for one in self.contacts.decisions() if one.kind is DecisionKind.MATCH)
        return {one.contact_id: one for one in matches}


def _never(facts: Facts) -> str:
    if not facts.contact_id or not facts.name:
        return NAMELESS
    return AWAY.get(facts.standing, "")
