"""Where contacts are remembered. Every name says whose: the tenant and the organisation."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.errors import NotFound
from chalicelib.reference.contacts.evidence import Candidate
from chalicelib.reference.contacts.facts import Facts
from chalicelib.reference.contacts.model import (
    EVERYTHING,
    Choice,
    Decision,
    DecisionKind,
    Known,
    Reading,
)
from chalicelib.reference.contacts.rows import (
    CHOICE,
    CONTACT,
    DECISION,
    READING,
    ChoiceRow,
    ContactRow,
    DecisionRow,
    ReadingRow,
)

KNOWN_NAMES = tuple(name for name in Known.__slots__ if name not in {"contact_id", "apart"})


class Contacts:
    """What is remembered of the contacts of one organisation, for one tenant."""

    def __init__(self, tenant_id: str, organisation_id: str) -> None:
        self.tenant_id = tenant_id
        self.organisation_id = organisation_id
        self.partition = f"{tenant_id}#{organisation_id}"

    def known(self, contact_ids: Iterable[str]) -> dict[str, Known]:
        """Of these, what something is remembered of; one request per hundred, consistent."""
        keys = [(self.partition, CONTACT + one) for one in dict.fromkeys(contact_ids)]
        rows = ContactRow.batch_get(keys, consistent_read=True)
        return {known.contact_id: known for known in map(_known, rows)}

    def one(self, contact_id: str) -> Known:
        """What is remembered of one contact, which may be nothing."""
        return self.known([contact_id]).get(contact_id, Known(contact_id))

    def linked(self, after: str, most: int) -> list[str]:
        """The ids of contacts that have a client and are not known to be gone; consistent.

        They come in order, from the one behind ``after``; fewer than ``most`` are the last.
        """
        place = {"pk": {"S": self.partition}, "sk": {"S": CONTACT + after}}
        rows = ContactRow.query(
            self.partition,
            ContactRow.sk.startswith(CONTACT),
            ContactRow.client_id.exists() & (ContactRow.did != DecisionKind.GONE.value),
            consistent_read=True,
            attributes_to_get=["pk", "sk"],
            limit=most,
            last_evaluated_key=place if after else None,
        )
        return [row.sk.removeprefix(CONTACT) for row in rows]

    def remember(self, changed: Sequence[Known]) -> None:
        """Store these in the place of what was remembered; one request per 25."""
        with ContactRow.batch_write() as batch:
            for known in changed:
                batch.save(self.row(known))

    def row(self, known: Known) -> ContactRow:
        """The row of a contact, for a transaction."""
        values: dict[str, Any] = {name: getattr(known, name) or None for name in KNOWN_NAMES}
        apart = list(known.apart) or None
        return ContactRow(self.partition, CONTACT + known.contact_id, apart=apart, **values)

    def decisions(self) -> Iterator[Decision]:
        """Everything that waits for a person, matches last, by contact."""
        rows = DecisionRow.query(
            self.partition, DecisionRow.sk.startswith(DECISION), consistent_read=True
        )
        return map(_decision, rows)

    def decision(self, decision_id: str) -> Decision:
        """One thing that waits; raises NotFound when it does not, or not any more."""
        kind, _, contact_id = decision_id.partition(".")
        try:
            row = DecisionRow.get(
                self.partition, f"{DECISION}{kind}#{contact_id}", consistent_read=True
            )
        except DoesNotExist:
            raise NotFound("There is nothing to decide here, or no longer.") from None
        return _decision(row)

    def decision_row(self, decision: Decision) -> DecisionRow:
        """The row of a decision, for a transaction."""
        return DecisionRow(
            self.partition,
            f"{DECISION}{decision.kind}#{decision.contact_id}",
            facts=decision.facts,
            candidates=list(decision.candidates),
            create=decision.create,
            client_id=decision.client_id or None,
            other_id=decision.other_id or None,
            since=decision.since,
        )

    def reading(self) -> Reading | None:
        """How far the contacts were read; None before the first time."""
        try:
            row = ReadingRow.get(self.partition, READING, consistent_read=True)
        except DoesNotExist:
            return None
        choice = msgspec.convert(row.choice, Choice)
        return Reading(row.since, choice, row.whole_at, int(row.listed))

    def put_reading(self, reading: Reading) -> None:
        """Remember how far the contacts were read."""
        ReadingRow(
            self.partition,
            READING,
            since=reading.since,
            choice=reading.choice,
            whole_at=reading.whole_at,
            listed=reading.listed,
        ).save()

    def choice(self) -> Choice | None:
        """What imports do; None while nobody chose."""
        try:
            row = ChoiceRow.get(self.partition, CHOICE, consistent_read=True)
        except DoesNotExist:
            return None
        return msgspec.convert(row.choice, Choice)

    def put_choice(self, choice: Choice) -> None:
        """Remember what imports do."""
        ChoiceRow(self.partition, CHOICE, choice=choice).save()

    def chosen(self) -> Choice:
        """What an import does unless it is told otherwise."""
        return self.choice() or EVERYTHING


def _known(row: ContactRow) -> Known:
    values: dict[str, Any] = {name: getattr(row, name) or "" for name in KNOWN_NAMES}
    values["left_out"] = bool(row.left_out)
    return Known(row.sk.removeprefix(CONTACT), apart=tuple(row.apart or ()), **values)


def _decision(row: DecisionRow) -> Decision:
    kind, _, contact_id = row.sk.removeprefix(DECISION).partition("#")
    return Decision(
        kind=DecisionKind(kind),
        contact_id=contact_id,
        facts=msgspec.convert(row.facts, Facts),
        candidates=msgspec.convert(row.candidates, tuple[Candidate, ...]),
        create=bool(row.create),
        client_id=row.client_id or "",
        other_id=row.other_id or "",
        since=row.since,
    )
