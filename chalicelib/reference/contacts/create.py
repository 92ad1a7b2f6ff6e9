"""Making a contact in Xero for a client that was born here: exactly once, whatever happens.

The call is on record with its key before it is made. After an answer that was lost, the contact
is looked for by its number; only when Xero says that there is none is anything repeated, and if
the look-up fails, it waits.
"""

from datetime import datetime

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.connection import access, features
from chalicelib.connection import store as connections
from chalicelib.connection.features import Feature
from chalicelib.connection.model import Connection
from chalicelib.dispatch import enqueue
from chalicelib.dispatch.model import Done, Failed, Job, Slice, Step, Wait
from chalicelib.dispatch.setbacks import back_off
from chalicelib.errors import Conflict
from chalicelib.people.caller import Caller
from chalicelib.reference.contacts import creations
from chalicelib.reference.contacts.creations import Creation
from chalicelib.reference.contacts.facts import facts_of
from chalicelib.reference.contacts.link import LINKED, link
from chalicelib.reference.contacts.near import near
from chalicelib.reference.contacts.new_contact import hash_of, new_contact
from chalicelib.reference.contacts.store import Contacts
from chalicelib.work import clients
from chalicelib.work.model import Client
from chalicelib.xero.errors import (
    XeroIdempotencyMisuse,
    XeroNotFound,
    XeroOutcomeUnknown,
    XeroRejected,
)
from chalicelib.xero.sentences import explain
from chalicelib.xero.wire.contact import Contact
from chalicelib.xero.written import Written

KIND = "create-contact"
MOST_TRIES = 8
LOOKING = "Xero did not confirm. Workbill looks in Xero before it repeats anything."
GIVEN_UP = "Xero did not confirm, and the contact is not to be found there. Try again later."


class NearMatches(Conflict):
    """Xero has contacts that may be this client; say that they are not, or link to one."""

    code = "near_matches"


def start(caller: Caller, client_id: str, *, despite_matches: bool) -> Job:
    """Make a contact for a client and link the two, here if Xero is quick, else by the queue.

    Raises NotFound, NotConnected, FeatureOff, PermissionNeeded, InvalidInput for what Xero would
    not take, Conflict for a client that is linked, and NearMatches unless told to go on despite.
    """
    connection = connections.active(caller.tenant_id)
    contacts = Contacts(caller.tenant_id, connection.organisation_id)
    client = _client(contacts, client_id)
    features.demand(connection, Feature.CREATE_CONTACTS)
    if client.contact_id:
        raise Conflict(LINKED)
    new_contact(client)
    if not despite_matches and near(contacts, connection, client):
        raise NearMatches("Xero has contacts that may be this client. Look at them first.")
    trail.record(caller, "contact made", f"client:{client_id}", "asked")
    return enqueue.do_now(
        enqueue.job(
            KIND,
            contacts.organisation_id,
            contacts.tenant_id,
            params={"client_id": client_id},
            created_by=caller.actor,
            name=f"{KIND}-{client_id}",
        ),
        unless_open=True,
    )


def handle(job: Job, slice_: Slice) -> Step:
    """Settle an earlier call for this client, or make one; safe to repeat from any point."""
    connection = connections.active(job.tenant_id)
    if connection.organisation_id != job.lane:
        return Failed("The organisation is no longer connected here.")
    contacts = Contacts(job.tenant_id, job.lane)
    client = _client(contacts, job.params["client_id"])
    before = creations.get(contacts, client.client_id)
    if client.contact_id:
        if before:
            creations.settle(contacts, client.client_id)
        return Done(f"{client.name} is in Xero.")
    found = _look_up(connection, client) if before else None
    if found:
        return _adopt(contacts, found, client)
    tries = job.params.get("tries", 0)
    if tries >= MOST_TRIES:
        return Failed(GIVEN_UP)
    step = _make(contacts, connection, client, before, slice_.now())
    if step is None:
        job.params["tries"] = tries + 1
        return Wait(slice_.now() + back_off(tries), LOOKING)
    return step


def _make(
    contacts: Contacts,
    connection: Connection,
    client: Client,
    before: Creation | None,
    now: datetime,
) -> Step | None:
    """Make the call; None when its outcome is not known."""
    wanted = new_contact(client)
    key = f"{contacts.tenant_id}.{wiring.current().token()}"
    body_hash = hash_of(wanted)
    call = (
        before.next(key, body_hash, now)
        if before
        else Creation(client.client_id, key, body_hash, now)
    )
    creations.put(contacts, call)
    try:
        written = access.call(
            connection,
            lambda books: books.create_contacts([wanted], call.key),
            feature=Feature.CREATE_CONTACTS,
        )
    except (XeroOutcomeUnknown, XeroIdempotencyMisuse) as error:
        answered = not isinstance(error, XeroOutcomeUnknown) or error.http_status is not None
        if answered:
            creations.put(contacts, call.spent())
        return None
    except XeroRejected:
        creations.settle(contacts, client.client_id)
        raise
    return _judge(contacts, client, written)


def _judge(contacts: Contacts, client: Client, written: list[Written[Contact]]) -> Step:
    (outcome,) = written
    if outcome.saved:
        return _adopt(contacts, outcome.record, client)
    creations.settle(contacts, client.client_id)
    said = [explain(message.message).sentence for message in outcome.messages]
    return Failed(" ".join(said) or "Xero did not take the contact, and gave no reason.")


def _look_up(connection: Connection, client: Client) -> Contact | None:
    """The contact that bears the client's number, which nobody else gives; any failure raises."""
    try:
        return access.call(connection, lambda books: books.contact(client.client_id))
    except XeroNotFound:
        return None


def _adopt(contacts: Contacts, made: Contact, client: Client) -> Step:
    facts = facts_of(made)
    link(contacts, facts, client.client_id)
    creations.settle(contacts, client.client_id)
    return Done(f"{facts.name} is a contact in Xero now.")


def _client(contacts: Contacts, client_id: str) -> Client:
    return clients.get(contacts.tenant_id, client_id, organisation_id=contacts.organisation_id)
