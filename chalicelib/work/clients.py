"""Clients: kept, found by name, archived rather than lost.

What an import or a link does to a client is in ``linked.py``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib import wiring
from chalicelib.errors import Conflict
from chalicelib.storage.pages import Page
from chalicelib.work import check_details, keys, queries
from chalicelib.work.check_details import clean_email
from chalicelib.work.currencies import clean_currency
from chalicelib.work.details import NOTHING_KNOWN
from chalicelib.work.ids import new_id
from chalicelib.work.kept_apart import Present
from chalicelib.work.masters import ONLY_IN_XERO
from chalicelib.work.model import Client
from chalicelib.work.names import clean_name
from chalicelib.work.store import ClientRow

NO_CLIENT = "There is no such client."
CHANGED = "Somebody else has just changed this client. Look again."
KEPT = (
    "name", "email", "contact_id", "standing", "currency", "tax_type", "account_code", "details",
    "books", "elsewhere", "archived", "archived_by_xero", "updated_at",
    "listing_key", "listing_order", "name_key",
)  # fmt: skip


def create(
    tenant_id: str,
    name: str,
    *,
    email: str = "",
    currency: str | None = None,
    client_id: str | None = None,
    **details: Any,
) -> Client:
    """A new client; with a ``client_id`` that exists, the one that is there.

    ``details`` are those of ``check_details.CHECKS``. Raises Conflict when a live client has this
    name already, but for case, spaces, accents and punctuation.
    """
    namesake = find(tenant_id, clean_name(name)) if client_id is None else None
    if namesake and not namesake.archived:
        raise Conflict(f"There is already a client called {namesake.name}.", field="name")
    client = Client(
        client_id=client_id or new_id(),
        name=clean_name(name),
        email=clean_email(email),
        currency=clean_currency(currency),
        details=check_details.changed(NOTHING_KNOWN, details),
        updated_at=wiring.current().clock.now(),
    )
    if not queries.add(ClientRow.of(tenant_id, client, Present(tenant_id))):
        return get(tenant_id, client.client_id)
    return client


def get(tenant_id: str, client_id: str, *, organisation_id: str | None = None) -> Client:
    """The client as last stored; raises NotFound.

    ``organisation_id`` is the one that counts, where the caller knows it: it saves a read.
    """
    return row_of(tenant_id, client_id).client(Present(tenant_id, organisation_id))


def key(tenant_id: str, client_id: str) -> ClientRow:
    """The row to read where a client is read together with others."""
    return ClientRow(tenant_id, f"client#{client_id}")


def by_ids(
    tenant_id: str, client_ids: Iterable[str], *, organisation_id: str | None = None
) -> dict[str, Client]:
    """Those of the clients that there are, by id; one request per hundred, consistent."""
    wanted = [(tenant_id, f"client#{client_id}") for client_id in dict.fromkeys(client_ids)]
    present = Present(tenant_id, organisation_id)
    found = (row.client(present) for row in ClientRow.batch_get(wanted, consistent_read=True))
    return {client.client_id: client for client in found}


def listing(
    tenant_id: str,
    *,
    archived: bool = False,
    search: str = "",
    linked: bool | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Client]:
    """Live or archived clients by name, those whose name contains ``search``.

    ``linked`` narrows them down to those with a contact in the present organisation, or without;
    such a page may be short and not the last.
    """
    present = Present(tenant_id)
    rows = queries.page(
        ClientRow.listing,
        tenant_id,
        keys.client_listing(tenant_id, archived=archived),
        limit=limit,
        cursor=cursor,
        where=queries.all_of(queries.containing(search), _tied(present, linked=linked)),
    )
    found = [row.client(present) for row in rows]
    fitting = [one for one in found if linked in {None, one.contact_id is not None}]
    return Page(fitting, rows.next)


def change(tenant_id: str, client_id: str, **changes: Any) -> Client:
    """Change name, email, currency, archived, a detail, or what it has in Xero.

    Raises InvalidInput for a value that cannot be, and Conflict for a field that Xero has the
    say in, or when somebody else changed the client at the same moment.
    """
    stored, present = row_of(tenant_id, client_id), Present(tenant_id)
    before = stored.client(present)
    after = _changed(before, changes)
    if after == before:
        return before
    if before.contact_id == after.contact_id and before.contact_id:
        _leave_to_xero(before, after)
    after = replace(after, updated_at=wiring.current().clock.now())
    row = ClientRow.of(tenant_id, after, present, stored)
    if not queries.update(
        row, queries.replacement(row, KEPT), ClientRow.updated_at == before.updated_at
    ):
        raise Conflict(CHANGED)
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


def row_of(tenant_id: str, client_id: str) -> ClientRow:
    """The stored row, consistently; raises NotFound."""
    found: ClientRow = queries.get(ClientRow, tenant_id, f"client#{client_id}", NO_CLIENT)
    return found


def _tied(present: Present, *, linked: bool | None) -> Condition | None:
    """What rows of linked or unlinked clients have, those of other organisations among them."""
    if linked is None:
        return None
    here: Condition = ClientRow.books == present.organisation_id
    tied: Condition = here & ClientRow.contact_id.exists()
    loose: Condition = ClientRow.contact_id.does_not_exist() | ~here
    return tied | ClientRow.elsewhere.exists() if linked else loose


def _changed(before: Client, changes: Mapping[str, Any]) -> Client:
    own = {name: CHECKS[name](value) for name, value in changes.items() if name in CHECKS}
    details = {name: value for name, value in changes.items() if name not in CHECKS}
    if "archived" in own:
        own["archived_by_xero"] = False
    return replace(before, details=check_details.changed(before.details, details), **own)


def _leave_to_xero(before: Client, after: Client) -> None:
    """Refuse a change of what Xero has the say in; raises Conflict naming the field."""
    for name, field in ONLY_IN_XERO.items():
        ours = (before.details, after.details) if field.detail else (before, after)
        if getattr(ours[0], name) != getattr(ours[1], name):
            raise Conflict(
                f"{field.label} comes from Xero. Change it there, or unlink this client.",
                field=name,
            )
    if before.details.default_currency and before.currency != after.currency:
        raise Conflict("The currency is set in Xero. Change it there.", field="currency")


def _preference(client: Client, name: str) -> tuple[bool, bool, bool, str]:
    return client.archived, client.contact_id is None, client.name != name, client.client_id


def _or_none(text: str | None) -> str | None:
    return text or None


CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": clean_name,
    "email": clean_email,
    "currency": clean_currency,
    "tax_type": _or_none,
    "contact_id": _or_none,
    "archived": bool,
}
