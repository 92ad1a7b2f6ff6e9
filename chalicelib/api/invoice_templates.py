"""Invoice templates: lines and texts that are kept to be billed again."""

from dataclasses import replace
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import invoice_requests as requests
from chalicelib.api import query
from chalicelib.api.invoice_requests import NewLine
from chalicelib.api.routing import API, Call
from chalicelib.api.shapes import List
from chalicelib.errors import InvalidInput
from chalicelib.invoices import copying, templates
from chalicelib.invoices.line import Line, LineAmountTypes
from chalicelib.invoices.templates import Template
from chalicelib.people.caller import Scope

api = API(__name__)


class TemplateLine(msgspec.Struct):
    """A line of a template; without codes those of the mapping are taken when it is billed."""

    description: str
    quantity: str | None
    unit_price: str | None
    account_code: str
    tax_type: str
    discount_percent: str | None
    discount_amount: str | None


class TemplateView(msgspec.Struct):
    """A template; a change names the ``version`` that it was made on."""

    id: str
    name: str
    version: int
    reference: str
    line_amount_types: LineAmountTypes | None
    discount_percent: str | None
    discount_amount: str | None
    lines: list[TemplateLine]
    updated_at: datetime


class NewTemplate(msgspec.Struct, forbid_unknown_fields=True):
    """A template to be kept: with ``lines``, or those of the invoice ``invoice_id``."""

    name: str
    invoice_id: str = ""
    reference: str = ""
    line_amount_types: LineAmountTypes | None = None
    discount_percent: str | None = None
    discount_amount: str | None = None
    lines: list[NewLine] = []


class TemplateChange(msgspec.Struct, forbid_unknown_fields=True):
    """What of a template is to change; what is left out stays."""

    version: int
    name: str | UnsetType = UNSET
    reference: str | UnsetType = UNSET
    line_amount_types: LineAmountTypes | UnsetType | None = UNSET
    discount_percent: str | UnsetType | None = UNSET
    discount_amount: str | UnsetType | None = UNSET
    lines: list[NewLine] | UnsetType = UNSET


@api.get("/invoice-templates", scope=Scope.READ, answer=List[TemplateView])
def list_templates(call: Call) -> List[TemplateView]:
    """All templates by name."""
    return List([_view(one) for one in templates.listing(call.tenant_id)])


@api.post(
    "/invoice-templates", scope=Scope.WRITE, body=NewTemplate, answer=TemplateView, status=201
)
def make_template(call: Call) -> TemplateView:
    """Keep a template, written out or taken from an invoice."""
    new: NewTemplate = call.body
    if new.invoice_id and new.lines:
        raise InvalidInput("Give the lines, or the invoice that has them.", field="lines")
    if new.invoice_id:
        return _view(copying.template_of(call.caller, new.invoice_id, new.name))
    made = Template(
        template_id="",
        name=new.name,
        updated_at=datetime.min,  # noqa: DTZ901  set when it is kept
        reference=new.reference,
        line_amount_types=new.line_amount_types,
        discount_percent=requests.cents(new.discount_percent, "discount_percent"),
        discount_amount=requests.cents(new.discount_amount, "discount_amount"),
        lines=tuple(requests.line_of(line) for line in new.lines),
    )
    return _view(templates.add(call.caller, made))


@api.get("/invoice-templates/{template_id}", scope=Scope.READ, answer=TemplateView)
def read_template(call: Call, template_id: str) -> TemplateView:
    """One template."""
    return _view(templates.get(call.tenant_id, template_id))


@api.patch(
    "/invoice-templates/{template_id}",
    scope=Scope.WRITE,
    body=TemplateChange,
    answer=TemplateView,
)
def change_template(call: Call, template_id: str) -> TemplateView:
    """Change a template; invoices made from it stay."""
    changes = query.changes(call.body)
    for name in ("discount_percent", "discount_amount"):
        if name in changes:
            changes[name] = requests.cents(changes[name], name)
    if "lines" in changes:
        changes["lines"] = tuple(requests.line_of(line) for line in changes["lines"])
    before = templates.get(call.tenant_id, template_id)
    return _view(templates.change(call.caller, replace(before, **changes)))


@api.delete("/invoice-templates/{template_id}", scope=Scope.WRITE, answer=None, status=204)
def delete_template(call: Call, template_id: str) -> None:
    """Remove a template; invoices made from it stay."""
    templates.delete(call.caller, template_id)


def _view(template: Template) -> TemplateView:
    return TemplateView(
        id=template.template_id,
        name=template.name,
        version=template.version,
        reference=template.reference,
        line_amount_types=template.line_amount_types,
        discount_percent=requests.text(template.discount_percent),
        discount_amount=requests.text(template.discount_amount),
        lines=[_line(line) for line in template.lines],
        updated_at=template.updated_at,
    )


def _line(line: Line) -> TemplateLine:
    return TemplateLine(
        description=line.description,
        quantity=requests.text(line.quantity),
        unit_price=None if line.text_only else requests.text(line.unit_price),
        account_code=line.account_code,
        tax_type=line.tax_type,
        discount_percent=requests.text(line.discount_percent),
        discount_amount=requests.text(line.discount_amount),
    )
