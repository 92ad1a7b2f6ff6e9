"""Invoices that begin as another one, or as a template: the same lines, and none of the work."""

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as changed

from chalicelib.invoices import store, templates
from chalicelib.invoices.line import Line
from chalicelib.invoices.templates import Template, bare
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people.caller import Caller
from chalicelib.reference import mapping
from chalicelib.reference.layers import Lists
from chalicelib.reference.model import Tracking
from chalicelib.reference.resolve import tracking_problem


def of_invoice(tenant_id: str, wanted: NewInvoice, invoice_id: str) -> NewInvoice:
    """The wish filled from an invoice, in whatever state; raises NotFound.

    What the wish says goes first. Codes that can no longer be used are left to the mapping.
    """
    like = store.get(tenant_id, invoice_id)
    return changed(
        wanted,
        client_id=wanted.client_id or like.client_id,
        currency=wanted.currency or like.currency,
        reference=wanted.reference or like.reference,
        line_amount_types=wanted.line_amount_types or like.line_amount_types,
        discount_percent=like.discount_percent,
        discount_amount=like.discount_amount,
        lines=usable(tenant_id, bare(like.lines)),
    )


def of_template(tenant_id: str, wanted: NewInvoice, template_id: str) -> NewInvoice:
    """The wish filled from a template; raises NotFound."""
    like = templates.get(tenant_id, template_id)
    return changed(
        wanted,
        reference=wanted.reference or like.reference,
        line_amount_types=wanted.line_amount_types or like.line_amount_types,
        discount_percent=like.discount_percent,
        discount_amount=like.discount_amount,
        lines=usable(tenant_id, like.lines),
    )


def template_of(caller: Caller, invoice_id: str, name: str) -> Template:
    """A new template of an invoice's lines and texts; raises NotFound and InvalidInput."""
    like = store.get(caller.tenant_id, invoice_id)
    new = Template(
        template_id="",
        name=name,
        updated_at=like.created_at,
        lines=bare(like.lines),
        reference=like.reference,
        line_amount_types=like.line_amount_types,
        discount_percent=like.discount_percent,
        discount_amount=like.discount_amount,
    )
    return templates.add(caller, new)


def usable(tenant_id: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, with codes that lines may bear now; others are left to the mapping."""
    lists = mapping.lists(tenant_id)
    return tuple(_usable(line, lists) for line in lines)


def _usable(line: Line, lists: Lists) -> Line:
    account = lists.accounts.get(line.account_code)
    tax = lists.tax_rates.get(line.tax_type)
    tracking = tuple(Tracking(one.category_id, one.option_id) for one in line.tracking or ())
    return replace(
        line,
        account_code=line.account_code if account and account.usable_for_lines else "",
        tax_type=line.tax_type if tax and tax.usable_for_lines else "",
        tracking=None if tracking_problem(tracking, lists.tracking) else line.tracking,
    )
