"""Clients: kept, found by name or Xero contact, archived rather than lost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.storage.pages import Page
from chalicelib.work import keys, queries
from chalicelib.work.currencies import clean_currency
from chalicelib.work.ids import new_id
from chalicelib.work.kept_apart import Present
from chalicelib.work.model import Client
from chalicelib.work.names import clean_name
from chalicelib.work.store import ClientRow

NO_CLIENT = "There is no such client."
KEPT = (
    "name", "email", "contact_id", "currency", "tax_type", "books", "elsewhere", "archived",
    "updated_at", "listing_key", "listing_order", "name_key",
)  # fmt: skip
LONGEST_EMAIL = 254


def create(
    tenant_id: str,
    name: str,
    *,
    email: str = "",
    currency: str | None = None,
    client_id: str | None = None,
) -> Client:
    """A new client; with a ``client_id`` that exists, the one that is there.

    Raises Conflict when a live client has this name already, but for case, spaces, accents
    and punctuation.
    """
    namesake = find(tenant_id, clean_name(name)) if client_id is None else None
    if namesake and not namesake.archived:
        raise Conflict(f"There is already a client called {namesake.name}.", field="name")
    client = Client(
        client_id=client_id or new_id(),
        name=clean_name(name),
        email=_email(email),
        currency=clean_currency(currency),
        updated_at=wiring.current().clock.now(),
    )
    if not queries.add(ClientRow.of(tenant_id, client, Present(tenant_id))):
        return get(tenant_id, client.client_id)
    return client


def get(tenant_id: str, client_id: str, *, organisation_id: str | None = None) -> Client:
    """The client as last stored; raises NotFound.

    ``organisation_id`` is the one that counts, where the caller knows it: it saves a read.
    """
    row = _row(tenant_id, client_id)
    return row.client(Present(tenant_id, organisation_id))


def by_ids(tenant_id: str, client_ids: Iterable[str]) -> dict[str, Client]:
    """Those of the clients that there are, by id; consistent."""
    wanted = [(tenant_id, f"client#{client_id}") for client_id in dict.fromkeys(client_ids)]
    present = Present(tenant_id)
    found = (row.client(present) for row in ClientRow.batch_get(wanted, consistent_read=True))
    return {client.client_id: client for client in found}


def listing(
    tenant_id: str,
    *,
    archived: bool = False,
    search: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Client]:
    """Live or archived clients by name, those whose name contains ``search``."""
    rows = queries.page(
        ClientRow.listing,
        tenant_id,
        keys.client_listing(tenant_id, archived=archived),
        limit=limit,
        cursor=cursor,
        where=queries.containing(search),
    )
    present = Present(tenant_id)
    return Page([row.client(present) for row in rows], rows.next)


def change(tenant_id: str, client_id: str, **changes: Any) -> Client:
    """Change name, email, currency, tax_type, contact_id or archived.

    Raises InvalidInput for a value that cannot be, and Conflict when somebody else changed the
    client at the same moment.
    """
    stored, present = _row(tenant_id, client_id), Present(tenant_id)
    before = stored.client(present)
    checked: dict[str, Any] = {name: CHECKS[name](value) for name, value in changes.items()}
    after = replace(before, **checked)
    if after == before:
        return before
    after = replace(after, updated_at=wiring.current().clock.now())
    row = ClientRow.of(tenant_id, after, present, stored)
    if not queries.update(
        row, queries.replacement(row, KEPT), ClientRow.updated_at == before.updated_at
    ):
        raise Conflict("Somebody else has just changed this client. Look again.")
    return after


def use(tenant_id: str, client_id: str) -> Client:
    """The client, marked as having a project; raises NotFound."""
    client = get(tenant_id, client_id)
    if not client.in_use:
        row = ClientRow(tenant_id, f"client#{client_id}")
        queries.update(row, [ClientRow.in_use.set(True)], ClientRow.pk.exists())
        return get(tenant_id, client_id)
    return client


def delete(tenant_id: str, client_id: str) -> None:
    """Remove a client that never had a project and is not in Xero; else raises Conflict."""
    get(tenant_id, client_id)
    unlinked = ClientRow.contact_id.does_not_exist() & ClientRow.elsewhere.does_not_exist()
    free = (ClientRow.in_use == False) & unlinked  # noqa: E712  an expression of DynamoDB's
    if not queries.remove(ClientRow(tenant_id, f"client#{client_id}"), free):
        raise Conflict("This client has projects or is linked to Xero. Archive it instead.")


def find(tenant_id: str, name: str) -> Client | None:
    """The client of this name, but for case, spaces, accents and punctuation.

    Of several, a live one goes before an archived one, then one linked to Xero, then the one
    spelt the same, then the one with the lowest id.
    """
    present = Present(tenant_id)
    found = [
        row.client(present)
        for archived in (False, True)
        for row in queries.of_name(
            ClientRow.listing, keys.client_listing(tenant_id, archived=archived), name
        )
    ]
    return min(found, key=lambda c: _preference(c, name), default=None)


def by_contact(tenant_id: str, organisation_id: str | None = None) -> dict[str, Client]:
    """Every client that is linked to Xero, by contact id; consistent.

    Links to this organisation count, else to the one connected now or last.
    """
    present = Present(tenant_id, organisation_id)
    rows = ClientRow.query(tenant_id, ClientRow.sk.startswith("client#"), consistent_read=True)
    found = (row.client(present) for row in rows)
    return {client.contact_id: client for client in found if client.contact_id}


def put_many(
    tenant_id: str, clients: Sequence[Client], organisation_id: str | None = None
) -> None:
    """Store clients as they are, in the place of those with their ids; one request per 25.

    What they have in Xero is of this organisation, else of the one connected now or last.
    """
    present = Present(tenant_id, organisation_id)
    with ClientRow.batch_write() as batch:
        for client in clients:
            batch.save(ClientRow.of(tenant_id, client, present))


def _row(tenant_id: str, client_id: str) -> ClientRow:
    found: ClientRow = queries.get(ClientRow, tenant_id, f"client#{client_id}", NO_CLIENT)
    return found


def _preference(client: Client, name: str) -> tuple[bool, bool, bool, str]:
    return client.archived, client.contact_id is None, client.name != name, client.client_id


def _email(text: str) -> str:
    email = text.strip()
    if email and ("@" not in email or len(email) > LONGEST_EMAIL or " " in email):
        raise InvalidInput("This is not an e-mail address.", field="email")
    return email


def _or_none(text: str | None) -> str | None:
    return text or None


CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": clean_name,
    "email": _email,
    "currency": clean_currency,
    "tax_type": _or_none,
    "contact_id": _or_none,
    "archived": bool,
}
