"""Another tenant's id inside a request: in a body, a query or a form.

It is answered as an id that nobody has is, and the same request with one's own id goes through.
Fields are read from the API's shapes and from the pages' code; a new one fails here until it is
tried below.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec.inspect
import pytest

from chalicelib.console.line_rows import NAMES
from chalicelib.work.ids import new_id
from tests.attacks.operations import OPERATIONS
from tests.attacks.two_tenants import NOBODYS, one_of_everything
from tests.support.browser import PROJECT

NOT_IDS = {
    "contact_id": "Xero's, asked for in the books of the caller's own organisation",
    "contact_ids": "the same",
    "external_id": "the caller's own name for a record, kept per tenant",
    "id": "a line's number within the very invoice that is named beside it",
    "line_id": "the same",
    "organisation_id": "Xero's, compared with the one that waits for this very tenant",
}
LINES = "a line by hand is read by one function, which POST /invoices tries"
NAMED_WORK = "only work that is on the very invoice is released, see test_crediting.py"
ELSEWHERE = {
    **{
        ("POST", "/invoices/{invoice_id}/credits", field): NAMED_WORK
        for field in ("record_ids", "material_ids")
    },
    **{
        (method, path, field): LINES
        for method, path in (
            ("PATCH", "/invoices/{invoice_id}"),
            ("PUT", "/invoices/{invoice_id}/revision"),
            ("POST", "/invoice-templates"),
            ("PATCH", "/invoice-templates/{template_id}"),
        )
        for field in ("category_id", "option_id")
    },
    (
        "POST",
        "/imports/clients/decisions/{decision_id}",
        "client_id",
    ): "only one of the clients that the decision itself proposes",
}
"""Fields that need no attempt of their own, each with its reason."""

FIELDS = re.compile(r'(?:\bname="|choice\("|field\(")(\w+)"')
"""What a form of a template posts, written out or by a macro."""


@dataclass(frozen=True)
class Attempt:
    """A request with an id in one field; ``body`` makes the rest of it from one's own ids.

    ``named`` says which of them goes into the field, where that is not the field's own name.
    """

    method: str
    path: str
    field: str
    body: Callable[[dict[str, str]], dict[str, object]]
    named: str = ""
    """The id among ``two_tenants``' that goes there, where it is called otherwise."""

    place: str = ""
    """The id in the path, where it is another than the path's own name for it."""

    def address(self, own: dict[str, str]) -> str:
        return re.sub(r"{(\w+)}", lambda found: own[self.place or found[1]], self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.field}"

    @property
    def id_name(self) -> str:
        return self.named or self.field.removesuffix("s")


def record(ids):
    return {"task_id": ids["task_id"], "date": "2026-11-19", "minutes": 30}


def task(ids):
    return {"project_id": ids["project_id"], "name": new_id(), "rate": "10.00"}


def person(ids):
    return {"name": new_id(), "rate_id": ids["staff_rate_id"]}


def blank(ids):
    line = {"description": "Work", "quantity": "1", "unit_price": "25.00"}
    return {"basis": "blank", "client_id": ids["client_id"], "lines": [line]}


def tracked_line(ids):
    invoice = blank(ids)
    return {**invoice, "lines": [{**invoice["lines"][0], **tracked(ids)}]}


def phase(ids):
    return {"project_id": ids["project_id"], "name": new_id()}


def material(ids):
    return {"project_id": ids["project_id"], "date": "2026-11-19", "name": new_id()}


def material_in_phase(ids):
    return {**material(ids), "phase_id": ids["phase_id"]}


def material_at_rate(ids):
    return {**material(ids), "rate_id": ids["material_rate_id"]}


def portion(ids):
    part = {"project_id": ids["fixed_project_id"], "phase_id": ids["fixed_phase_id"]}
    return {"basis": "project", "portions": [{**part, "take": "amount", "value": "1.00"}]}


def of_phase(ids):
    whole = {"project_id": ids["fixed_project_id"], "take": "amount", "value": "1.00"}
    return {"basis": "project", "phase_ids": [ids["fixed_phase_id"]], "portions": [whole]}


def a_cent_of(ids):
    return {"deposit_id": ids["deposit_id"], "amount": "0.01"}


MATERIAL_FORM = {"kind": "material", "name": "B", "quantity": "1", "date": "2026-11-18"}


def tracked(ids):
    pair = {"category_id": ids["category_id"], "option_id": ids["option_id"]}
    return {"tracking": [pair]}


def card(_ids):
    return {"kind": "task", "name": new_id(), "price": "10.00"}


def nothing(_ids):
    return {}


TRACKED = (
    ("POST", "/tasks", task),
    ("PATCH", "/tasks/{task_id}", nothing),
    ("POST", "/rates", card),
    ("PATCH", "/rates/{rate_id}", nothing),
    ("PUT", "/mapping", lambda _ids: {"account_code": "200", "tax_type": "OUTPUT2"}),
    ("PUT", "/mapping/clients/{client_id}", nothing),
    ("PUT", "/mapping/projects/{project_id}", nothing),
    ("PUT", "/mapping/tasks/{task_id}", nothing),
    ("PUT", "/mapping/rates/{rate_id}", nothing),
)
"""Where a tracking option is chosen, and what else such a request says."""


def plan(**whose):
    rule = {"every": "month", "start": "2027-01-01"}
    return {"rule": rule, "description": "Support", "amount": "100.00", **whose}


def instalments(ids):
    part = {"date": "2027-01-31", "description": "Part", "amount": "10.00"}
    return {
        "basis": "fixed_dates",
        "client_id": ids["client_id"],
        "project_id": ids["project_id"],
        "instalments": [part],
    }


def plan_form(**whose):
    """A preview, which makes nothing."""
    terms = {"every": "month", "start": "2027-01-01", "description": "Support", "amount": "9.00"}
    return {"kind": "round", "act": "preview", **terms, **whose}


def bill_form(**whose):
    return {"grouping": "task", "act": "preview", **whose}


def hand_form(**whose):
    row = {**dict.fromkeys(NAMES, ""), "description": "Work", "unit_price": "1.00"}
    head = {"basis": "blank", "line_amount_types": "Exclusive", "act": "recount"}
    return {**row, **head, **whose}


WHOSE = ("client", "project", "task", "rate", "staff")

BY_API = (
    Attempt(
        "POST", "/projects", "client_id", lambda i: {"client_id": i["client_id"], "name": "A"}
    ),
    Attempt("POST", "/phases", "project_id", phase),
    Attempt("POST", "/tasks", "project_id", task),
    Attempt("POST", "/tasks", "phase_id", lambda i: {**task(i), "phase_id": i["phase_id"]}),
    Attempt("PATCH", "/tasks/{task_id}", "phase_id", lambda i: {"phase_id": i["phase_id"]}),
    Attempt(
        "POST", "/tasks", "rate_id", lambda i: {**task(i), "rate": None, "rate_id": i["rate_id"]}
    ),
    Attempt("PATCH", "/tasks/{task_id}", "rate_id", lambda i: {"rate_id": i["rate_id"]}),
    *(
        Attempt(method, path, field, lambda i, rest=rest: {**rest(i), **tracked(i)})
        for method, path, rest in TRACKED
        for field in ("category_id", "option_id")
    ),
    Attempt(
        "POST",
        "/staff",
        "rate_id",
        lambda i: {"name": new_id(), "rate_id": i["staff_rate_id"]},
        "staff_rate_id",
    ),
    Attempt(
        "PATCH",
        "/staff/{staff_id}",
        "rate_id",
        lambda i: {"rate_id": i["staff_rate_id"]},
        "staff_rate_id",
    ),
    Attempt(
        "POST",
        "/rates/{rate_id}/open-work",
        "task_ids",
        lambda i: {"task_ids": [i["task_id"]]},
    ),
    Attempt(
        "POST",
        "/rates/{rate_id}/open-work",
        "material_ids",
        lambda i: {"material_ids": [i["priced_material_id"]]},
        "priced_material_id",
        "material_rate_id",
    ),
    Attempt("POST", "/time-records", "task_id", record),
    Attempt("POST", "/time-records/bulk", "task_id", lambda i: {"items": [record(i)]}),
    Attempt("PATCH", "/time-records/{record_id}", "task_id", lambda i: {"task_id": i["task_id"]}),
    Attempt("POST", "/materials", "project_id", material),
    Attempt("POST", "/materials", "phase_id", material_in_phase),
    Attempt("POST", "/materials/bulk", "project_id", lambda i: {"items": [material(i)]}),
    Attempt("POST", "/materials/bulk", "phase_id", lambda i: {"items": [material_in_phase(i)]}),
    Attempt(
        "PATCH", "/materials/{material_id}", "phase_id", lambda i: {"phase_id": i["phase_id"]}
    ),
    *(
        Attempt(method, path, "rate_id", body, "material_rate_id")
        for method, path, body in (
            ("POST", "/materials", material_at_rate),
            ("POST", "/materials/bulk", lambda i: {"items": [material_at_rate(i)]}),
            ("PATCH", "/materials/{material_id}", lambda i: {"rate_id": i["material_rate_id"]}),
        )
    ),
    Attempt("POST", "/invoices", "client_id", blank),
    Attempt("POST", "/invoices", "category_id", tracked_line),
    Attempt("POST", "/invoices", "option_id", tracked_line),
    Attempt("POST", "/invoices", "project_id", instalments),
    Attempt("POST", "/invoices", "phase_id", portion, "fixed_phase_id"),
    Attempt("POST", "/invoices", "phase_ids", of_phase, "fixed_phase_id"),
    Attempt(
        "POST",
        "/invoices",
        "invoice_id",
        lambda i: {"basis": "copy", "invoice_id": i["invoice_id"]},
    ),
    Attempt(
        "POST",
        "/invoices",
        "template_id",
        lambda i: {
            "basis": "template",
            "client_id": i["client_id"],
            "template_id": i["template_id"],
        },
    ),
    Attempt("POST", "/invoices", "deposit_id", lambda i: {**blank(i), "deduct": [a_cent_of(i)]}),
    Attempt(
        "PATCH",
        "/invoices/{invoice_id}",
        "deposit_id",
        lambda i: {"version": 1, "deduct": [a_cent_of(i)]},
    ),
    Attempt(
        "POST",
        "/invoice-templates",
        "invoice_id",
        lambda i: {"name": new_id(), "invoice_id": i["invoice_id"]},
    ),
    Attempt(
        "POST",
        "/invoices",
        "project_ids",
        lambda i: {"basis": "tracked_time", "project_ids": [i["project_id"]]},
    ),
    *(
        Attempt("POST", path, field, lambda i, field=field: plan(**{field: i[field]}))
        for path in ("/billing-plans", "/billing-plans/preview")
        for field in ("client_id", "project_id")
    ),
    # The last: what is sent is a draft no more.
    Attempt(
        "POST",
        "/invoices/send",
        "invoice_ids",
        lambda i: {"invoice_ids": [i["invoice_id"]]},
    ),
)
BY_QUERY = (
    ("/deposits", "client_id", ""),
    ("/exchanges", "invoice_id", ""),
    ("/invoices", "client_id", ""),
    ("/mapping/preview", "client_id", ""),
    ("/mapping/preview", "project_id", ""),
    ("/mapping/preview", "task_id", ""),
    ("/mapping/preview", "rate_id", "client_id"),
    ("/mapping/preview", "staff_id", "task_id"),
    ("/materials", "project_id", ""),
    ("/materials", "client_id", ""),
    ("/phases", "project_id", ""),
    ("/projects", "client_id", ""),
    ("/tasks", "project_id", ""),
    ("/time-records", "project_id", ""),
    ("/time-records", "client_id", ""),
    ("/unbilled", "client_id", ""),
)
"""A path, the field tried, and another that has to stand beside it."""

BY_FORM = {
    **{
        f"codes/preview.html, {name}": Attempt(
            "GET",
            "/settings/codes/preview",
            f"{name}_id",
            lambda i, field=f"{name}_id": {"client_id": i["client_id"], field: i[field]},
        )
        for name in WHOSE
    },
    "activity.html": Attempt(
        "GET", "/activity", "invoice_id", lambda i: {"invoice_id": i["invoice_id"]}
    ),
    "home.html": Attempt(
        "POST", "/invoices/send", "invoice_ids", lambda i: {"invoice_ids": i["invoice_id"]}
    ),
    "rates/rate.html": Attempt(
        "POST",
        "/rates/{rate_id}/open-work",
        "task_ids",
        lambda i: {"task_ids": i["second_task_id"]},
        "second_task_id",
    ),
    "rates/rate.html, materials": Attempt(
        "POST",
        "/rates/{rate_id}/open-work",
        "material_ids",
        lambda i: {"material_ids": i["second_priced_material_id"]},
        "second_priced_material_id",
        "material_rate_id",
    ),
    "staff/form.html": Attempt(
        "POST",
        "/staff",
        "rate_id",
        lambda i: {"name": "Ana", "rate_id": i["staff_rate_id"]},
        "staff_rate_id",
    ),
    "projects/form.html": Attempt(
        "POST",
        "/projects",
        "client_id",
        lambda i: {"client_id": i["client_id"], "name": "B", "currency": "NZD"},
    ),
    "materials/form.html": Attempt(
        "POST",
        "/projects/{project_id}/materials",
        "phase_id",
        lambda i: {**MATERIAL_FORM, "phase_id": i["phase_id"]},
    ),
    "materials/form.html, rate": Attempt(
        "POST",
        "/projects/{project_id}/materials",
        "rate_id",
        lambda i: {**MATERIAL_FORM, "rate_id": i["material_rate_id"]},
        "material_rate_id",
    ),
    "tasks/form.html": Attempt(
        "POST",
        "/projects/{project_id}/tasks",
        "phase_id",
        lambda i: {"name": "B", "rate": "10.00", "phase_id": i["phase_id"]},
    ),
    "tasks/form.html, rate": Attempt(
        "POST",
        "/projects/{project_id}/tasks",
        "rate_id",
        lambda i: {"name": "C", "rate_id": i["rate_id"]},
    ),
    "time/form.html": Attempt(
        "POST",
        "/projects/{project_id}/time",
        "task_id",
        lambda i: {"task_id": i["task_id"], "date": "2026-11-18", "minutes": "30"},
    ),
    "invoices/list.html": Attempt(
        "GET", "/invoices", "client_id", lambda i: {"client_id": i["client_id"]}
    ),
    "invoices/list.html, ticked": Attempt(
        "POST",
        "/invoices/send",
        "invoice_ids",
        lambda i: {"which": "ticked", "invoice_ids": i["invoice_id"]},
    ),
    "invoices/new.html": Attempt(
        "POST", "/invoices/new", "client_id", lambda i: bill_form(client_id=i["client_id"])
    ),
    "invoices/new.html, projects": Attempt(
        "POST",
        "/invoices/new",
        "project_ids",
        lambda i: bill_form(client_id=i["client_id"], project_ids=i["project_id"]),
    ),
    "invoices/new.html, phases": Attempt(
        "POST",
        "/invoices/new",
        "phase_ids",
        lambda i: bill_form(
            client_id=i["client_id"],
            basis="project",
            project_ids=i["fixed_project_id"],
            phase_ids=i["fixed_phase_id"],
        ),
        "fixed_phase_id",
    ),
    "invoices/by_hand.html": Attempt(
        "POST", "/invoices/new", "client_id", lambda i: hand_form(client_id=i["client_id"])
    ),
    "invoices/by_hand.html, projects": Attempt(
        "POST",
        "/invoices/new",
        "project_ids",
        lambda i: hand_form(client_id=i["client_id"], project_ids=i["project_id"]),
    ),
    "invoices/one.html": Attempt(
        "POST",
        "/invoices/templates",
        "invoice_id",
        lambda i: {"invoice_id": i["invoice_id"], "name": new_id()},
    ),
    "plans/form.html": Attempt(
        "POST", "/invoices/plans/new", "client_id", lambda i: plan_form(client_id=i["client_id"])
    ),
    "plans/form.html, project": Attempt(
        "POST",
        "/invoices/plans/new",
        "project_id",
        lambda i: plan_form(project_id=i["project_id"]),
    ),
}


def fields_of(shape):
    """Every field of a shape and of the shapes within it."""
    match shape:
        case msgspec.inspect.StructType():
            for field in shape.fields:
                yield field.encode_name
                yield from fields_of(field.type)
        case msgspec.inspect.UnionType():
            for one in shape.types:
                yield from fields_of(one)
        case msgspec.inspect.ListType():
            yield from fields_of(shape.item_type)
        case msgspec.inspect.Metadata():
            yield from fields_of(shape.type)


def is_id(name):
    return name.endswith(("_id", "_ids")) or name == "id"


def test_every_id_in_a_body_of_the_api_is_tried():
    taken = {
        (operation.method, operation.path.removeprefix("/api/v1"), field)
        for operation in OPERATIONS
        if operation.body is not None
        for field in fields_of(msgspec.inspect.type_info(operation.body))
        if is_id(field) and field not in NOT_IDS
    }
    assert taken - set(ELSEWHERE) == {(one.method, one.path, one.field) for one in BY_API}
    assert set(ELSEWHERE) <= taken


def test_every_id_in_a_query_of_the_api_is_tried():
    taken = {
        (operation.path.removeprefix("/api/v1"), field)
        for operation in OPERATIONS
        for field in operation.query
        if is_id(field)
    }
    assert taken == {(path, field) for path, field, _ in BY_QUERY}


def test_every_id_in_a_form_is_tried():
    pages = PROJECT / "chalicelib" / "console" / "templates"
    taken = {
        (str(page.relative_to(pages)), field)
        for page in pages.rglob("*.html")
        for field in FIELDS.findall(page.read_text())
        if is_id(field) and field not in NOT_IDS
    }
    tried = {(page.partition(",")[0], one.field) for page, one in BY_FORM.items()}
    assert taken == tried


@pytest.fixture(scope="module")
def own(stranger, account):
    """One of everything of the stranger's own."""
    return one_of_everything(stranger, account)


def with_other(own, name, value):
    """One's own ids, but for this one."""
    return {**own, name: value[name] if isinstance(value, dict) else value}


def refused(answer):
    """What an answer says of an id: for many at once, of the only one."""
    try:
        return answer.status_code, json.loads(answer.body)["items"][0]["problem"]
    except (ValueError, KeyError, IndexError):
        return answer.status_code, answer.body


@pytest.mark.parametrize("attempt", BY_API, ids=str)
def test_anothers_id_in_a_body_is_as_one_that_nobody_has(stranger, own, ids, attempt):
    path = attempt.address(own)

    def ask(one):
        return stranger.program.call(attempt.method, path, attempt.body(one))

    theirs = refused(ask(with_other(own, attempt.id_name, ids)))
    unknown = refused(ask(with_other(own, attempt.id_name, NOBODYS)))
    mine = ask(own)

    assert theirs == unknown
    assert mine.status_code < 300, mine.body
    assert refused(mine) != theirs


@pytest.mark.parametrize("query", BY_QUERY, ids=" ".join)
def test_anothers_id_in_a_query_is_as_one_that_nobody_has(stranger, own, ids, query):
    path, field, beside = query

    def ask(one):
        sent = {name: one[name] for name in (field, beside) if name}
        answer = stranger.program.call("GET", f"{path}?{urlencode(sent)}")
        return answer.status_code, answer.body

    theirs = ask(with_other(own, field, ids))
    assert theirs == ask(with_other(own, field, NOBODYS))
    assert ask(own) != theirs


@pytest.mark.parametrize("attempt", BY_FORM.values(), ids=str)
def test_anothers_id_in_a_form_is_as_one_that_nobody_has(stranger, own, ids, attempt):
    path = attempt.address(own)
    stranger.person.browser.get("/help")  # What a page said once is said.

    def ask(one):
        browser, sent = stranger.person.browser, attempt.body(one)
        query = f"{path}?{urlencode(sent)}"
        answer = browser.get(query) if attempt.method == "GET" else browser.post(path, sent)
        said = answer.body.decode()
        for value in set(one.values()) - set(own.values()):
            said = said.replace(str(value), "id")
        return answer.status_code, said

    theirs = ask(with_other(own, attempt.id_name, ids))
    assert theirs == ask(with_other(own, attempt.id_name, NOBODYS))
    mine = ask(own)
    assert mine[0] in {200, 302}, mine
    assert mine != theirs
