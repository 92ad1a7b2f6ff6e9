"""Looking through Xero's contacts, to choose which of them come in."""

from dataclasses import dataclass

from chalicelib.connection import access
from chalicelib.connection import store as connections
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Caller
from chalicelib.reference.contacts.facts import Facts, facts_of
from chalicelib.reference.contacts.store import Contacts
from chalicelib.storage.pages import Page, cursor, places

PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """Which contacts to show, of those that a search finds."""

    search: str = ""
    customers_only: bool = False
    with_email: bool = False
    unlinked_only: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """An active contact, and the client that it is linked to, if there is one."""

    facts: Facts
    client_id: str = ""


def browse(caller: Caller, wanted: Filter, after: str | None = None) -> Page[Listed]:
    """A page of active contacts by name, as Xero has them now: one call.

    Xero searches; the filters are applied to what it found, so a page may be short, even empty,
    and still have a next one. Raises NotConnected.
    """
    connection = connections.active(caller.tenant_id)
    contacts = Contacts(caller.tenant_id, connection.organisation_id)
    number = _number(after)
    page = access.call(
        connection,
        lambda books: books.contacts_searched(wanted.search.strip(), number, page_size=PER_PAGE),
    )
    found = [facts_of(contact) for contact in page.items]
    known = contacts.known(facts.contact_id for facts in found)
    linked = {contact_id: about.client_id for contact_id, about in known.items()}
    listed = [Listed(facts, linked.get(facts.contact_id, "")) for facts in found]
    following = None if page.is_last else cursor(str(number + 1))
    return Page([one for one in listed if _fits(one, wanted)], following)


def _fits(one: Listed, wanted: Filter) -> bool:
    return (
        (one.facts.customer or not wanted.customers_only)
        and bool(one.facts.email or not wanted.with_email)
        and not (one.client_id and wanted.unlinked_only)
    )


def _number(after: str | None) -> int:
    place = places(after, 1)
    if place is None:
        return 1
    if not place[0].isdecimal():
        raise InvalidInput("This cursor is not one that a list gave.", field="cursor")
    return int(place[0])
