"""Clients as their contacts in Xero make them: brought in, kept in step, linked and let go.

What comes from Xero is taken as it is. Each change is made only to the client that was read, so
that a person who changes it at the same moment loses nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.errors import Conflict
from chalicelib.work import clients, queries
from chalicelib.work.kept_apart import Present
from chalicelib.work.model import Client
from chalicelib.work.store import ClientRow

Changes = Callable[[Client], Mapping[str, Any]]
"""From a client to what is to become of it, by name of field; nothing when all is well."""

TRIES = 3


def take(tenant_id: str, organisation_id: str, client_id: str, wanted: Changes) -> bool:
    """Change a client to what Xero says; whether anything had to change.

    Raises NotFound, and Conflict when others change it again and again.
    """
    for _ in range(TRIES):
        before, changes, row = _prepared(tenant_id, organisation_id, client_id, wanted)
        if not changes:
            return False
        actions = queries.replacement(row, clients.KEPT)
        if queries.update(row, actions, ClientRow.updated_at == before.updated_at):
            return True
    raise Conflict(clients.CHANGED)


def take_in(
    transaction: TransactWrite,
    tenant_id: str,
    organisation_id: str,
    client_id: str,
    wanted: Changes,
) -> None:
    """The same as part of a transaction, which fails when the client changes meanwhile."""
    before, _, row = _prepared(tenant_id, organisation_id, client_id, wanted)
    unchanged = ClientRow.updated_at == before.updated_at
    transaction.update(row, queries.replacement(row, clients.KEPT), condition=unchanged)


def put_new(tenant_id: str, organisation_id: str, new: Sequence[Client]) -> None:
    """Store clients that are not there yet; one request per 25."""
    present = Present(tenant_id, organisation_id)
    with ClientRow.batch_write() as batch:
        for client in new:
            batch.save(ClientRow.of(tenant_id, client, present))


def unlinked(tenant_id: str, organisation_id: str) -> Iterator[tuple[Client, frozenset[str]]]:
    """Every client without a contact in this organisation, with its contacts in others.

    It reads through all clients, of whom DynamoDB leaves out those that are linked here.
    """
    here = ClientRow.books.does_not_exist() | (ClientRow.books == organisation_id)
    rows = ClientRow.query(
        tenant_id,
        ClientRow.sk.startswith("client#"),
        ClientRow.contact_id.does_not_exist() | ~here,
        consistent_read=True,
    )
    return _unlinked(rows, tenant_id, organisation_id)


def still_unlinked(
    tenant_id: str, organisation_id: str, client_ids: Iterable[str]
) -> Iterator[tuple[Client, frozenset[str]]]:
    """The same of these clients alone; one request per hundred."""
    keys = [(tenant_id, f"client#{client_id}") for client_id in client_ids]
    rows = ClientRow.batch_get(keys, consistent_read=True)
    return _unlinked(rows, tenant_id, organisation_id)


def _unlinked(
    rows: Iterable[ClientRow], tenant_id: str, organisation_id: str
) -> Iterator[tuple[Client, frozenset[str]]]:
    present = Present(tenant_id, organisation_id)
    for row in rows:
        client = row.client(present)
        if client.contact_id is None:
            yield client, row.contacts()


def _prepared(
    tenant_id: str, organisation_id: str, client_id: str, wanted: Changes
) -> tuple[Client, Mapping[str, Any], ClientRow]:
    """The client as it is, what is to become of it, and its row after that."""
    present = Present(tenant_id, organisation_id)
    stored = clients.row_of(tenant_id, client_id)
    before = stored.client(present)
    changes = wanted(before)
    after = replace(before, **changes, updated_at=wiring.current().clock.now())
    return before, changes, ClientRow.of(tenant_id, after, present, stored)
