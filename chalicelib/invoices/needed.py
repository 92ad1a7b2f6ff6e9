"""All that sending needs to know besides the invoices, read in one request."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection
from chalicelib.invoices import facts, numbering
from chalicelib.invoices.facts import Codes, FactsOf
from chalicelib.invoices.model import Invoice
from chalicelib.invoices.numbering import Numbering
from chalicelib.people import tenants
from chalicelib.reference import small_lists
from chalicelib.reference import store as reference
from chalicelib.storage import read_many
from chalicelib.work import clients
from chalicelib.work.kept_apart import Present


@dataclass(frozen=True, slots=True)
class Needed:
    """The tenant's connection, its numbers, and what these invoices are judged against.

    Of codes it holds those alone that their lines bear.
    """

    connection: Connection
    numbers: Numbering
    facts_of: FactsOf


def read(tenant_id: str, organisation_id: str, invoices: Sequence[Invoice]) -> Needed:
    """As it stands now; one request per hundred rows, which 50 invoices seldom exceed."""
    lines = [line for invoice in invoices for line in invoice.lines]
    codes = dict.fromkeys(line.account_code for line in lines if line.account_code)
    tax_types = dict.fromkeys(line.tax_type for line in lines if line.tax_type)
    client_ids = dict.fromkeys(invoice.client_id for invoice in invoices)
    own, lists, accounts, rates, billed = read_many.groups(
        [connections.key(tenant_id), tenants.key(tenant_id), numbering.key(tenant_id)],
        small_lists.keys(tenant_id, organisation_id),
        *reference.keys(tenant_id, organisation_id, codes, tax_types),
        [clients.key(tenant_id, client_id) for client_id in client_ids],
    )
    connection, tenant, counter = own
    present = Present(tenant_id, organisation_id)
    known = {
        client_id: row.client(present)
        for client_id, row in zip(client_ids, billed, strict=True)
        if row
    }
    return Needed(
        connections.found_in(connection, tenant_id),
        numbering.found_in(counter, tenants.tenant_of(tenant)),
        facts.of(
            tenant_id,
            organisation_id,
            Codes(
                [reference.account_of(row) for row in accounts if row],
                [reference.tax_rate_of(row) for row in rates if row],
            ),
            small_lists.found_in(lists),
            known.get,
        ),
    )
