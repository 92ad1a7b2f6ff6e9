"""Imports of clients: what they do, which contacts there are, and what waits for a person."""

from datetime import datetime

import msgspec

from chalicelib.api import query
from chalicelib.api.jobs import JobView, accepted, job_view
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import List
from chalicelib.connection import store as connections
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import Conflict
from chalicelib.people.caller import Scope
from chalicelib.reference.contacts.model import Choice, Decision
from chalicelib.reference.contacts.store import Contacts
from chalicelib.work.masters import FIELDS

api = API(__name__)

ANSWER = {200: JobView, 202: JobView}


class ImportRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be brought in: what changed since the last import, unless more is said.

    ``contact_ids`` chooses at most 1,000 contacts. ``whole`` reads all again and finds who is
    missing. ``choice`` counts instead of the organisation's own, this once.
    """

    contact_ids: list[str] = []
    whole: bool = False
    choice: Choice | None = None


class FieldView(msgspec.Struct):
    """A field of a client, and which side has the say in it while the client is linked."""

    name: str
    in_xero: str
    master: str


class ImportsView(msgspec.Struct):
    """What imports do, how far the contacts were read, and how much waits for a person.

    ``changes_since`` and ``whole_at`` are null before the first import. ``certain`` matches of
    those that wait can be accepted at once.
    """

    choice: Choice
    changes_since: datetime | None
    whole_at: datetime | None
    waiting: int
    certain: int
    fields: list[FieldView]


class ContactView(msgspec.Struct):
    """An active contact in Xero, and the client that it is linked to."""

    contact_id: str
    name: str
    email: str
    customer: bool
    client_id: str | None


class CandidateView(msgspec.Struct):
    """A client that may be the contact: what they have in common, which numbers contradict."""

    client_id: str
    evidence: list[str]
    against: list[str]


class DecisionView(msgspec.Struct):
    """Something that waits for a person.

    ``kind`` is match, merged or gone; ``answers`` are those that fit. A match has the clients
    that were proposed, the others the client they are about.
    """

    id: str
    kind: str
    contact_id: str
    contact_name: str
    candidates: list[CandidateView]
    certain: bool
    client_id: str | None
    other_client_id: str | None
    answers: list[str]
    since: datetime | None


class AnswerRequest(msgspec.Struct, forbid_unknown_fields=True):
    """An answer; ``client_id`` says which of the proposed clients is the same."""

    answer: str
    client_id: str = ""


@api.get("/imports/clients", scope=Scope.READ, answer=ImportsView)
def read_imports(call: Call) -> ImportsView:
    """What imports of clients do for the connected organisation, and how they stand."""
    from chalicelib.reference.contacts import propose

    contacts = _contacts(call)
    reading, waiting = contacts.reading(), list(contacts.decisions())
    return ImportsView(
        choice=contacts.chosen(),
        changes_since=reading.since if reading else None,
        whole_at=reading.whole_at if reading else None,
        waiting=len(waiting),
        certain=sum(1 for _ in propose.exact(waiting)),
        fields=[FieldView(one.name, one.in_xero, one.master) for one in FIELDS],
    )


@api.put("/imports/clients", scope=Scope.WRITE, body=Choice, answer=Choice)
def choose_imports(call: Call) -> Choice:
    """Choose what imports do from now on, and whether they come by themselves."""
    from chalicelib.reference.contacts.choose import choose

    return choose(call.caller, call.body)


@api.post("/imports/clients", scope=Scope.WRITE, body=ImportRequest, answer=JobView, status=202)
def import_clients(call: Call) -> Answer:
    """Bring in Xero's contacts as clients: all at first, later what changed since."""
    from chalicelib.reference.contacts.ask import Wish, start

    asked: ImportRequest = call.body
    wish = Wish(asked.choice, tuple(dict.fromkeys(asked.contact_ids)), asked.whole)
    return accepted(start(call.caller, wish))


@api.get(
    "/imports/clients/contacts",
    scope=Scope.READ,
    answer=List[ContactView],
    query={
        "search": "words in a name, number or e-mail address",
        "customers_only": "true for customers",
        "with_email": "true for those with an e-mail address",
        "unlinked_only": "true for those that are no clients yet",
        "cursor": query.PAGED["cursor"],
    },
)
def list_contacts(call: Call) -> List[ContactView]:
    """Xero's active contacts by name, as they are now; one call to Xero for each page."""
    from chalicelib.reference.contacts.browse import Filter, browse

    wanted = Filter(
        call.query.get("search", ""),
        query.flag(call, "customers_only") or False,
        query.flag(call, "with_email") or False,
        query.flag(call, "unlinked_only") or False,
    )
    found = browse(call.caller, wanted, call.query.get("cursor"))
    listed = [
        ContactView(
            one.facts.contact_id,
            one.facts.name,
            one.facts.email,
            one.facts.customer,
            one.client_id or None,
        )
        for one in found
    ]
    return List(listed, found.next)


@api.get("/imports/clients/decisions", scope=Scope.READ, answer=List[DecisionView])
def list_decisions(call: Call) -> List[DecisionView]:
    """Everything that waits for a person."""
    from chalicelib.reference.contacts import propose

    waiting = list(_contacts(call).decisions())
    certain = {decision.decision_id for decision, _ in propose.exact(waiting)}
    return List([_decision(one, certain=one.decision_id in certain) for one in waiting])


@api.post("/imports/clients/decisions/accept-certain", scope=Scope.WRITE, answer=ANSWER)
def accept_certain(call: Call) -> Answer:
    """Link every match that is beyond doubt at this moment."""
    from chalicelib.reference.contacts.acts import ask_accept_exact

    return _after(ask_accept_exact(call.caller))


@api.post(
    "/imports/clients/decisions/{decision_id}",
    scope=Scope.WRITE,
    body=AnswerRequest,
    answer=ANSWER,
)
def decide(call: Call, decision_id: str) -> Answer:
    """Answer one of those that wait; an answer is kept, and not asked for again."""
    from chalicelib.reference.contacts.acts import ask_answer

    asked: AnswerRequest = call.body
    return _after(ask_answer(call.caller, decision_id, asked.answer, asked.client_id))


def _contacts(call: Call) -> Contacts:
    connection = connections.active(call.tenant_id)
    return Contacts(call.tenant_id, connection.organisation_id)


def _after(job: Job) -> Answer:
    if job.state.open:
        return accepted(job)
    if job.state is not JobState.DONE:
        raise Conflict(job.message)
    return Answer(job_view(job))


def _decision(one: Decision, *, certain: bool) -> DecisionView:
    from chalicelib.reference.contacts.decide import ANSWERS

    return DecisionView(
        id=one.decision_id,
        kind=one.kind,
        contact_id=one.contact_id,
        contact_name=one.facts.name,
        candidates=[
            CandidateView(each.client_id, list(each.evidence), list(each.against))
            for each in one.candidates
        ],
        certain=certain,
        client_id=one.client_id or None,
        other_client_id=one.other_id or None,
        answers=[str(answer) for answer in ANSWERS[one.kind]],
        since=one.since,
    )
