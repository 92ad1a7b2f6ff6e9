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
    only organisations that are connected nowhere else count. Raises ConsentRefused.
    """
    event = token_set.authentication_event_id
    found = _organisations(identity, token_set, event) if event else []
    if not found:
        found = _free(_organisations(identity, token_set, None), previous)
    if not found:
        raise ConsentRefused(NONE_FOUND)
    if len(found) > 1:
        raise ConsentRefused(SEVERAL)
    _demand_same(identity, token_set, found[0], previous)
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


def _demand_same(
    identity: Identity, token_set: TokenSet, link: Link, previous: Connection
) -> None:
    """A tenant keeps to one organisation: its invoices and codes belong to those books.

    What this consent opened by mistake is closed again, unless somebody else uses it.
    """
    owner = store.tenant_of(link.organisation_id)
    if owner not in {None, previous.tenant_id}:
        raise OrganisationTaken(store.TAKEN)
    if previous.organisation_id in {"", link.organisation_id}:
        return
    identity.delete_connection(token_set.access_token, link.connection_id)
    raise ConsentRefused(
        f"Workbill's invoices here belong to {previous.organisation_name}, and {link.name} was "
        f"chosen in Xero. Connect again and choose {previous.organisation_name}; for "
        f"{link.name}, ask for a separate Workbill tenant."
    )
