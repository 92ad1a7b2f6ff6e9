"""Invoice templates: lines and texts that are kept to be billed again, without any work.

Who made, changed or removed one is in the audit trail.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from ulid import ULID

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.invoices.by_hand import check_line
from chalicelib.invoices.line import Line, LineAmountTypes, Part
from chalicelib.invoices.rework import CHECKS, MOST_LINES
from chalicelib.people.caller import Caller
from chalicelib.storage.rows import Row
from chalicelib.work.names import clean_name

TEMPLATE = "template#"
MOST_TEMPLATES = 500
UNKNOWN = "There is no such template."
LARGEST = 380_000
"""Characters; an item of DynamoDB holds 400 KB."""


class TemplateRow(Row):
    """A template, as JSON but for its version."""

    table = "invoices"

    class Meta:
        pass

    template = UnicodeAttribute()
    version = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Template:
    """What invoices made from it begin with; None leaves it to the tenant."""

    template_id: str
    name: str
    updated_at: datetime
    lines: tuple[Line, ...] = ()
    reference: str = ""
    line_amount_types: LineAmountTypes | None = None
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    version: int = 0


def add(caller: Caller, template: Template) -> Template:
    """Keep a new template, with an id of its own; raises InvalidInput naming the field."""
    if len(listing(caller.tenant_id)) >= MOST_TEMPLATES:
        raise InvalidInput(f"There are at most {MOST_TEMPLATES} templates.", field="name")
    now = wiring.current().clock.now()
    new = replace(
        _checked(template), template_id=str(ULID.from_datetime(now)).lower(), updated_at=now
    )
    sk = TEMPLATE + new.template_id
    TemplateRow(caller.tenant_id, sk, template=_text(new), version=0).save()
    _record(caller, "template.made", new)
    return new


def get(tenant_id: str, template_id: str) -> Template:
    """The template as last stored; raises NotFound."""
    try:
        row = TemplateRow.get(tenant_id, TEMPLATE + template_id, consistent_read=True)
    except DoesNotExist:
        raise NotFound(UNKNOWN) from None
    return _template(row)


def listing(tenant_id: str) -> list[Template]:
    """All templates by name."""
    rows = TemplateRow.query(tenant_id, TemplateRow.sk.startswith(TEMPLATE))
    return sorted((_template(row) for row in rows), key=lambda one: one.name.casefold())


def change(caller: Caller, template: Template) -> Template:
    """Store a change of what was read; raises InvalidInput, Conflict when others were faster."""
    new = replace(
        _checked(template),
        updated_at=wiring.current().clock.now(),
        version=template.version + 1,
    )
    row = TemplateRow(caller.tenant_id, TEMPLATE + new.template_id)
    try:
        row.update(
            actions=[TemplateRow.template.set(_text(new)), TemplateRow.version.set(new.version)],
            condition=TemplateRow.version == template.version,
        )
    except UpdateError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            raise Conflict("Somebody else changed this template. Look again.") from None
        raise
    _record(caller, "template.changed", new)
    return new


def delete(caller: Caller, template_id: str) -> None:
    """Remove a template; invoices made from it stay. Raises NotFound."""
    removed = get(caller.tenant_id, template_id)
    TemplateRow(caller.tenant_id, TEMPLATE + template_id).delete()
    _record(caller, "template.deleted", removed)


def bare(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines without the work behind them; what is worked out from others is left out."""
    return tuple(replace(line, work=None, line_id="") for line in lines if line.part is Part.ITEM)


def _record(caller: Caller, act: str, template: Template) -> None:
    trail.record(caller, act, f"template:{template.template_id}", name=template.name)


def _checked(template: Template) -> Template:
    if not 1 <= len(template.lines) <= MOST_LINES:
        raise InvalidInput(f"A template has 1 to {MOST_LINES} lines.", field="lines")
    lines = bare([check_line(line, place) for place, line in enumerate(template.lines)])
    checked = replace(
        template,
        name=clean_name(template.name),
        lines=lines,
        reference=CHECKS["reference"](template.reference),
        discount_percent=CHECKS["discount_percent"](template.discount_percent),
        discount_amount=CHECKS["discount_amount"](template.discount_amount),
    )
    if checked.discount_percent is not None and checked.discount_amount is not None:
        raise InvalidInput("An invoice has one kind of discount.", field="discount_amount")
    if len(_text(checked)) > LARGEST:
        raise InvalidInput("This is more than a template can hold.", field="lines")
    return checked


def _text(template: Template) -> str:
    return msgspec.json.encode(template).decode()


def _template(row: TemplateRow) -> Template:
    return replace(msgspec.json.decode(row.template, type=Template), version=int(row.version))
