"""The page of a new invoice of work: projects, how much of each, and what it would come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from chalicelib.console import billing_form
from chalicelib.console.billing_form import GROUPINGS, NOTES, NOTHING, PHASES, ROUNDINGS
from chalicelib.console.routing import Page, Visit
from chalicelib.errors import Conflict, InvalidInput, WorkbillError
from chalicelib.invoices import deposits
from chalicelib.invoices.build import Grouping
from chalicelib.invoices.deductions import deposits_in
from chalicelib.invoices.model import Basis, Invoice
from chalicelib.invoices.portions import Portion, Take
from chalicelib.invoices.wanted import Deduct, NewInvoice
from chalicelib.work import clients, phases, projects
from chalicelib.work.fixed_price import left
from chalicelib.work.model import Phase, Project

MOST_PROJECTS = 100
FIELDS = ("start", "end", "grouping", "rounding", "notes", "reference")
TAKES = (
    (Take.REST.value, "What is left"),
    (Take.FULL.value, "All of it"),
    (Take.PERCENT.value, "A percentage"),
    (Take.AMOUNT.value, "An amount"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A phase, what is left of its price, and how much of it can be billed."""

    phase: Phase
    left: Decimal
    takes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A project with its phases, and how much of its price can be billed."""

    project: Project
    parts: Sequence[Part]
    takes: Sequence[tuple[str, str]]


def form(visit: Visit, basis: str, client_id: str, project_id: str = "") -> Page:
    """An empty form; a project that was named is ticked."""
    chosen = (project_id,) if project_id else ()
    wanted = NewInvoice(basis=Basis(basis), client_id=client_id, project_ids=chosen)
    return _page(visit, basis, client_id, dict(billing_form.fields_of(wanted)), chosen)


def again(visit: Visit, invoice: Invoice) -> Page:
    """The form for the projects of an invoice that has ended, and what is left of them."""
    basis = invoice.basis if invoice.basis is Basis.TRACKED_TIME else Basis.PROJECT
    chosen = invoice.project_ids
    asked = NewInvoice(
        basis=basis,
        client_id=invoice.client_id,
        project_ids=chosen,
        deduct=_taken_off_before(visit.tenant_id, invoice),
    )
    fields = dict(billing_form.fields_of(asked))
    error: WorkbillError | None = None
    found: dict[str, Any] = {"deducted": [one.deposit_id for one in asked.deduct]}
    try:
        found |= {**_would_be(visit.tenant_id, asked), "left": True}
    except (InvalidInput, Conflict) as problem:
        error = problem
    return _page(visit, basis.value, invoice.client_id, fields, chosen, found=found, error=error)


def _taken_off_before(tenant_id: str, invoice: Invoice) -> tuple[Deduct, ...]:
    """The deposits that the invoice took off, as far as something is left of them."""
    before = deposits_in(invoice)
    left = deposits.of_client(tenant_id, invoice.client_id) if before else []
    ids = (one.invoice.invoice_id for one in left)
    return tuple(Deduct(deposit_id) for deposit_id in ids if deposit_id in before)


def wanted(visit: Visit, _basis: str) -> NewInvoice:
    """What was posted; raises InvalidInput naming the field."""
    return billing_form.wanted_of(visit.form)


def shown(
    visit: Visit,
    basis: str,
    wanted: NewInvoice | None = None,
    *,
    error: WorkbillError | None = None,
) -> Page:
    """The form as it was posted, with the draft as it would become, or what is wrong.

    Where others were faster, what is left is offered as a draft.
    """
    found: dict[str, Any] = {}
    if wanted is not None:
        found = _would_be(visit.tenant_id, wanted)
    elif isinstance(error, Conflict):
        found = _what_is_left(visit.tenant_id, billing_form.wanted_of(visit.form))
    chosen = tuple(visit.form.all("project_ids"))
    client_id = visit.form.get("client_id")
    return _page(visit, basis, client_id, visit.form.values(), chosen, found=found, error=error)


def _would_be(tenant_id: str, asked: NewInvoice) -> dict[str, Any]:
    from chalicelib.invoices import create, show

    draft, more = create.preview(tenant_id, asked)
    return {
        "draft": draft,
        "more": more,
        "amounts": show.amounts(draft),
        "fields": billing_form.fields_of(asked),
        "seen": "" if more else draft.records + draft.materials,
    }


def _what_is_left(tenant_id: str, asked: NewInvoice) -> dict[str, Any]:
    """A draft of the same work with what is left of its prices; nothing where nothing is."""
    portions = []
    for one in asked.portions:
        project = projects.get(tenant_id, one.project_id)
        phase = phases.get(tenant_id, one.phase_id) if one.phase_id else None
        if left(project, phase) > 0:
            portions.append(Portion(one.project_id, one.phase_id))
    rest = msgspec.structs.replace(asked, portions=tuple(portions))
    try:
        found = _would_be(tenant_id, rest)
    except (InvalidInput, Conflict):
        return {}
    return {**found, "left": True} if found["draft"].lines else {}


def _page(
    visit: Visit,
    basis: str,
    client_id: str,
    typed: dict[str, str],
    chosen: tuple[str, ...],
    *,
    found: dict[str, Any] | None = None,
    error: WorkbillError | None = None,
) -> Page:
    tenant_id = visit.tenant_id
    client = clients.get(tenant_id, client_id)
    values = {
        "client": client,
        "basis": basis,
        "rows": _rows(tenant_id, client_id, priced=basis == Basis.PROJECT),
        "chosen": chosen,
        "phase_ids": visit.form.all("phase_ids"),
        "deposits": deposits.of_client(tenant_id, client_id),
        "deducted": visit.form.all("deduct"),
        "takes": TAKES,
        "by_phase": PHASES,
        "groupings": GROUPINGS,
        "roundings": ROUNDINGS,
        "notes": NOTES,
        "typed": {**dict.fromkeys(FIELDS, ""), "grouping": Grouping.TASK.value, **typed},
        "error": error,
        "fields_of_form": FIELDS,
        "draft": None,
        "left": False,
        **(found or {}),
    }
    return Page("invoices/new.html", values, error.status if error else 200)


def _rows(tenant_id: str, client_id: str, *, priced: bool) -> list[Row]:
    """The client's projects, archived ones too: they may have unbilled work."""
    return [
        _row(tenant_id, project, priced=priced)
        for archived in (False, True)
        for project in projects.listing(
            tenant_id, client_id=client_id, archived=archived, limit=MOST_PROJECTS
        )
    ]


def _row(tenant_id: str, project: Project, *, priced: bool) -> Row:
    if not priced:
        return Row(project, (), ())
    of_project = phases.of_project(tenant_id, project.project_id).values()
    parts = [_part(project, one) for one in of_project]
    by_phase = [(PHASES, "By phase, as below")] if parts else []
    return Row(project, parts, [*_takes(untouched=not project.drawn_cents), *by_phase])


def _part(project: Project, phase: Phase) -> Part:
    """A phase without a price of its own has the project's."""
    untouched = not (project if phase.price is None else phase).drawn_cents
    takes = [(NOTHING, "Nothing now"), *_takes(untouched=untouched)]
    return Part(phase, left(project, phase), takes)


def _takes(*, untouched: bool) -> list[tuple[str, str]]:
    """All of a price is offered only while none of it is billed."""
    return [one for one in TAKES if untouched or one[0] != Take.FULL]
