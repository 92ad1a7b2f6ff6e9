"""Clients as tests look at them."""

from collections.abc import Iterator

from chalicelib.work.kept_apart import Present
from chalicelib.work.model import Client
from chalicelib.work.store import ClientRow


def all_clients(tenant: str, organisation: str | None = None) -> Iterator[Client]:
    """Every client of a tenant, as it is in this organisation or in the present one."""
    present = Present(tenant, organisation)
    rows = ClientRow.query(tenant, ClientRow.sk.startswith("client#"), consistent_read=True)
    return (row.client(present) for row in rows)


def by_contact(tenant: str, organisation: str | None = None) -> dict[str, Client]:
    """The linked ones by the id of their contact."""
    return {one.contact_id: one for one in all_clients(tenant, organisation) if one.contact_id}
