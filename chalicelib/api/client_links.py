"""Clients and their contacts in Xero: link, unlink, and make a contact."""

import msgspec

from chalicelib.api.client_views import ClientView, client_view
from chalicelib.api.jobs import JobView, accepted
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import List
from chalicelib.connection import store as connections
from chalicelib.dispatch.model import Job, JobState
from chalicelib.errors import Conflict
from chalicelib.people.caller import Scope
from chalicelib.work import clients

api = API(__name__)

ANSWER = {200: ClientView, 202: JobView}


class LinkRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The contact to link to."""

    contact_id: str


class ContactRequest(msgspec.Struct, forbid_unknown_fields=True):
    """``despite_matches``: make a contact though Xero has some like it; look at those first."""

    despite_matches: bool = False


class NearContact(msgspec.Struct):
    """A contact in Xero that may be the client.

    ``evidence`` says what the two have in common, ``against`` which numbers contradict;
    ``client_id`` is the client it is linked to, if it is.
    """

    contact_id: str
    name: str
    email: str
    tax_number: str
    account_number: str
    evidence: list[str]
    against: list[str]
    client_id: str | None


@api.get("/clients/{client_id}/near-contacts", scope=Scope.READ, answer=List[NearContact])
def near_contacts(call: Call, client_id: str) -> List[NearContact]:
    """Contacts in Xero that may be this client, the likeliest first; one or two calls to Xero."""
    from chalicelib.reference.contacts.near import near
    from chalicelib.reference.contacts.store import Contacts

    client = clients.get(call.tenant_id, client_id)
    connection = connections.active(call.tenant_id)
    contacts = Contacts(call.tenant_id, connection.organisation_id)
    found = near(contacts, connection, client)
    return List(
        [
            NearContact(
                contact_id=one.facts.contact_id,
                name=one.facts.name,
                email=one.facts.email,
                tax_number=one.facts.details.tax_number,
                account_number=one.facts.details.account_number,
                evidence=list(one.evidence),
                against=list(one.against),
                client_id=one.client_id or None,
            )
            for one in found
        ]
    )


@api.post("/clients/{client_id}/link", scope=Scope.WRITE, body=LinkRequest, answer=ANSWER)
def link_client(call: Call, client_id: str) -> Answer:
    """Link a client to a contact in Xero, and bring it in step."""
    from chalicelib.reference.contacts.acts import ask_link

    return _after(call, ask_link(call.caller, client_id, call.body.contact_id), client_id)


@api.delete("/clients/{client_id}/link", scope=Scope.WRITE, answer=ANSWER)
def unlink_client(call: Call, client_id: str) -> Answer:
    """Let a client go from its contact, which no import brings in again unless it is chosen."""
    from chalicelib.reference.contacts.acts import ask_unlink

    return _after(call, ask_unlink(call.caller, client_id), client_id)


@api.post("/clients/{client_id}/contact", scope=Scope.WRITE, body=ContactRequest, answer=ANSWER)
def make_contact(call: Call, client_id: str) -> Answer:
    """Make a contact in Xero for a client, exactly once; near matches are refused unless told."""
    from chalicelib.reference.contacts.create import start

    job = start(call.caller, client_id, despite_matches=call.body.despite_matches)
    return _after(call, job, client_id)


def _after(call: Call, job: Job, client_id: str) -> Answer:
    """The client when it is done, the job while it is not; raises Conflict for what failed."""
    if job.state.open:
        return accepted(job)
    if job.state is not JobState.DONE:
        raise Conflict(job.message)
    return Answer(client_view(clients.get(call.tenant_id, client_id)))
