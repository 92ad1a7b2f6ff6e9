"""Which organisation a consent was about: exactly one, and one that may be connected here."""

from chalicelib.connection import store
from chalicelib.connection.model import Connection, ConsentRefused, OrganisationTaken
from chalicelib.xero.grants import TokenSet
from chalicelib.xero.identity import Identity
from chalicelib.xero.wire.connection import Connection as Link

NONE_FOUND = (
    "Xero named no organisation that can be connected here. "
    "Connect again, and choose an organisation when Xero asks."
)
SEVERAL = (
    "Xero opened several organisations at once, so it is not clear which one is meant. "
    "Remove Workbill from those you do not want, under Connected apps in Xero, and connect again."
)


def choose(identity: Identity, token_set: TokenSet, previous: Connection) -> Link:
    """The organisation that this consent opened.

    Xero narrows its list to one consent, but an organisation that was linked before keeps its
    first consent and is then missing from it. The whole list is looked at in that case, and
    only organisations that are connected nowhere else count. Whether it is the one connected
    before is for the caller to ask about. Raises ConsentRefused, and OrganisationTaken.
    """
    event = token_set.authentication_event_id
    found = _organisations(identity, token_set, event) if event else []
    if not found:
        found = _free(_organisations(identity, token_set, None), previous)
    if not found:
        raise ConsentRefused(NONE_FOUND)
    if len(found) > 1:
        raise ConsentRefused(SEVERAL)
    _demand_free(found[0], previous)
    return found[0]


def _organisations(identity: Identity, token_set: TokenSet, event: str | None) -> list[Link]:
    listed = identity.connections(token_set.access_token, event)
    return [link for link in listed if link.is_organisation]


def _free(links: list[Link], previous: Connection) -> list[Link]:
    """Those that no other tenant has; the one connected here before settles the matter."""
    free = [
        link
        for link in links
        if store.tenant_of(link.organisation_id) in {None, previous.tenant_id}
    ]
    before = [link for link in free if link.organisation_id == previous.organisation_id]
    return before or free


def _demand_free(link: Link, previous: Connection) -> None:
    if store.tenant_of(link.organisation_id) not in {None, previous.tenant_id}:
        raise OrganisationTaken(store.TAKEN)
