"""An invoice before its lines, and the lines of those that bill no work."""

from datetime import date, datetime

from chalicelib.connection import store as connections
from chalicelib.dispatch.model import Job
from chalicelib.invoices.by_hand import check_line, coded
from chalicelib.invoices.due import due_date
from chalicelib.invoices.line import Line, LineAmountTypes
from chalicelib.invoices.model import Invoice, InvoiceState, SendAs
from chalicelib.invoices.rework import LONGEST_REFERENCE
from chalicelib.invoices.scope import Scope
from chalicelib.invoices.terms import Known
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people.model import Tenant
from chalicelib.people.time_zones import zone
from chalicelib.reference import small_lists
from chalicelib.work.details import Terms
from chalicelib.work.model import Client


def blank_invoice(
    job: Job, wanted: NewInvoice, scope: Scope, tenant: Tenant, now: datetime
) -> Invoice:
    """The invoice before its lines; dates are days where the tenant is.

    It is for the books of the organisation connected now, whose codes its lines will bear.
    Without a reference it bears the purchase orders of its projects.
    """
    day = wanted.date or today(tenant, now)
    return Invoice(
        invoice_id=str(job.params["invoice_id"]),
        client_id=scope.client.client_id,
        client_name=scope.client.name,
        basis=wanted.basis,
        kind=wanted.kind,
        state=InvoiceState.BUILDING,
        currency=scope.currency,
        date=day,
        due_date=wanted.due_date
        or due_date(day, _terms(job.tenant_id, scope.client), tenant.due_days),
        created_at=job.created_at,
        created_by=job.created_by,
        line_amount_types=wanted.line_amount_types or LineAmountTypes(tenant.line_amount_types),
        reference=wanted.reference or _purchase_orders(scope),
        discount_percent=wanted.discount_percent,
        discount_amount=wanted.discount_amount,
        send_as=wanted.send_as or SendAs(tenant.send_as),
        organisation_id=connections.get(job.tenant_id).organisation_id,
        project_ids=tuple(scope.projects) or wanted.project_ids,
    )


def by_hand(wanted: NewInvoice, known: Known) -> tuple[Line, ...]:
    """Lines as given, with codes from the mapping where they name none.

    Raises InvalidInput naming the field, such as ``lines[0].quantity``.
    """
    desk = known.desk(next(iter(wanted.project_ids), ""))
    checked = (check_line(line, place) for place, line in enumerate(wanted.lines))
    return tuple(
        line if line.text_only else coded(line, desk, place) for place, line in enumerate(checked)
    )


def today(tenant: Tenant, now: datetime) -> date:
    """The day it is where the tenant is."""
    return now.astimezone(zone(tenant.time_zone)).date()


def _terms(tenant_id: str, client: Client) -> Terms | None:
    """The client's own terms, else those that the organisation in Xero has for its sales."""
    own = client.details.payment_terms
    if own is not None and own.day is not None:
        return own
    organisation = small_lists.organisation(tenant_id)
    found = organisation.sales_terms if organisation else None
    return Terms(found.day, found.counted) if found else None


def _purchase_orders(scope: Scope) -> str:
    orders = dict.fromkeys(one.purchase_order for one in scope.projects.values())
    joined = ", ".join(filter(None, orders))
    return joined if len(joined) <= LONGEST_REFERENCE else ""
