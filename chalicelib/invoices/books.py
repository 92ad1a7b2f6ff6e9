"""How this area reaches a tenant's books in Xero."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from chalicelib.errors import Conflict, NotConnected
from chalicelib.invoices.model import Invoice

if TYPE_CHECKING:
    from chalicelib.connection.features import Feature
    from chalicelib.connection.model import Connection
    from chalicelib.xero.accounting import Accounting
    from chalicelib.xero.caller import Page
    from chalicelib.xero.wire.invoice import Invoice as XeroInvoice

LARGEST_PAGE = 1000
MOST_NUMBERS = 40
"""Xero's advice for a list of names in one address."""

T = TypeVar("T")


class Books(Protocol):
    """Asks one organisation's books, with a valid token."""

    def __call__(self, ask: "Callable[[Accounting], T]", /) -> T:
        """What ``ask`` answers; raises what it raises, or NotConnected."""


def of(tenant_id: str, organisation_id: str, feature: "Feature | None" = None) -> Books:
    """The books of the tenant's organisation; raises NotConnected when it is another by now.

    Calls of a ``feature`` raise as ``access.call`` says.
    """
    from chalicelib.connection import store

    return reached_by(store.get(tenant_id), organisation_id, feature)


def reached_by(
    connection: "Connection", organisation_id: str, feature: "Feature | None" = None
) -> Books:
    """The same where the tenant's connection was read before."""
    from chalicelib.connection import access, store

    store.demand_active(connection)
    if connection.organisation_id != organisation_id:
        raise NotConnected("This belongs to an organisation that is no longer connected.")
    return partial(access.call, connection, feature=feature)


def demand_same(invoice: Invoice, organisation_id: str) -> None:
    """Raise Conflict for an invoice that is in the books of another organisation."""
    if invoice.organisation_id != organisation_id:
        raise Conflict(
            "This invoice is in the books of another organisation, which is not connected now. "
            "Look at it in Xero, or connect that organisation again."
        )


def pages_changed(books: Books, since: datetime) -> "Iterator[Page[XeroInvoice]]":
    """Sales invoices changed at or after the second of ``since``, the longest unchanged first.

    One call per page of up to 1,000.
    """
    number = 1
    while True:
        page = books(partial(_page_changed, since=since, number=number))
        yield page
        if page.is_last:
            return
        number += 1


def page_dated(books: Books, first: date, until: date, number: int) -> "Page[XeroInvoice]":
    """A page of up to 1,000 of the sales invoices dated from ``first`` to before ``until``."""
    return books(partial(_page_dated, first=first, until=until, number=number))


def of_numbers(books: Books, numbers: Sequence[str]) -> "Iterator[XeroInvoice]":
    """The invoices of these numbers in every status; one call per 40.

    Numbers with a comma cannot be asked for and are left out.
    """
    wanted = [number for number in numbers if number and "," not in number]
    for start in range(0, len(wanted), MOST_NUMBERS):
        yield from books(partial(_of_numbers, numbers=wanted[start : start + MOST_NUMBERS]))


def _page_changed(
    accounting: "Accounting", *, since: datetime, number: int
) -> "Page[XeroInvoice]":
    return accounting.invoices_changed_since(since, number, page_size=LARGEST_PAGE)


def _page_dated(
    accounting: "Accounting", *, first: date, until: date, number: int
) -> "Page[XeroInvoice]":
    return accounting.invoices_dated(first, until, number, page_size=LARGEST_PAGE)


def _of_numbers(accounting: "Accounting", *, numbers: Sequence[str]) -> "tuple[XeroInvoice, ...]":
    return accounting.invoices_by_numbers(numbers)
