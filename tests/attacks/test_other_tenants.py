"""Another tenant's id, on every route that takes one: it answers as an id that nobody has.

The routes are read from the application. A new one fails here until ``two_tenants`` makes one of
what it names, and until a stranger is told that there is no such thing.
"""

import re

import pytest

from app import app
from tests.attacks.two_tenants import NOBODYS, OneOfEach

NOT_OF_A_TENANT = {
    "/static/{digest}/{name}": "our own files, the same for everybody",
    "/welcome/{token}": "a one-time link, which is a secret and not an id",
    "/{page}": "says that there is no such page",
}
BODIES = {
    ("PATCH", "/api/v1/invoices/{invoice_id}"): {"version": 1},
    ("PATCH", "/api/v1/billing-plans/{plan_id}"): {"version": 0},
    ("POST", "/api/v1/billing-plans/{plan_id}/skip"): {"number": 0},
    ("POST", "/api/v1/billing-plans/{plan_id}/unskip"): {"number": 0},
    ("POST", "/invoices/plans/{plan_id}/act"): {"act": "pause"},
    ("POST", "/api/v1/invoices/{invoice_id}/resolve"): {"verdict": "stop"},
    ("POST", "/api/v1/invoices/{invoice_id}/credits"): {"reason": "A slip"},
    ("POST", "/api/v1/invoices/{invoice_id}/extras"): {"names": ["note"]},
    ("POST", "/invoices/{invoice_id}/extras"): {"name": "note"},
    ("POST", "/api/v1/invoices/{invoice_id}/leave"): {"reason": "A slip"},
    ("POST", "/invoices/{invoice_id}/leave"): {"reason": "A slip"},
    ("PUT", "/api/v1/invoices/{invoice_id}/revision"): {"version": 1},
    ("POST", "/api/v1/invoices/{invoice_id}/revision/write"): {"approval": "none"},
    ("POST", "/api/v1/invoices/{invoice_id}/void"): {"reason": "A slip"},
    ("POST", "/settings/webhooks/{endpoint_id}"): {"act": "pause"},
    ("POST", "/api/v1/endpoints/{endpoint_id}/send-again"): {"number": 1},
    ("PATCH", "/api/v1/invoice-templates/{template_id}"): {"version": 1},
    ("POST", "/api/v1/clients/{client_id}/link"): {"contact_id": "a-contact"},
    ("POST", "/api/v1/imports/clients/decisions/{decision_id}"): {"answer": "none"},
    ("POST", "/clients/import/decisions/{decision_id}"): {"answer": "none"},
    ("POST", "/clients/{client_id}/xero/link"): {"contact_id": "a-contact"},
    ("POST", "/api/v1/rates/{rate_id}/open-work"): {"task_ids": []},
    ("POST", "/api/v1/rates/{rate_id}/prices"): {"amount": "1.00"},
    ("POST", "/invoices/{invoice_id}/resolve"): {"verdict": "stop"},
    ("POST", "/invoices/{invoice_id}/revision/ours"): {"version": "1"},
    ("POST", "/invoices/{invoice_id}/credit"): {"reason": "A slip"},
    ("POST", "/api/v1/invoices/{invoice_id}/drift/ignore"): {"reason": "Agreed"},
    ("POST", "/invoices/{invoice_id}/drift/ignore"): {"reason": "Agreed"},
    ("POST", "/invoices/{invoice_id}/void"): {"reason": "A slip"},
}
"""What must be sent so that nothing but the id is at fault."""

NAMES = re.compile(r"{(\w+)}")
ENDS = re.compile(r"^DELETE|/(delete|discard|revoke|archive|void)$")

ROUTES = sorted(
    (method, path)
    for path, methods in app.routes.items()
    for method in methods
    if "{" in path and path not in NOT_OF_A_TENANT
)
EACH_ROUTE = pytest.mark.parametrize(
    ("method", "path"), ROUTES, ids=[" ".join(route) for route in ROUTES]
)


def ask(tenant, method, path, ids):
    """The tenant's answer on a route with these ids, by its program or by its browser."""
    address = NAMES.sub(lambda name: ids[name[1]], path)
    body = BODIES.get((method, path), {})
    if path.startswith("/api/v1/"):
        sent = None if method in {"GET", "DELETE"} else body
        return tenant.program.call(method, address.removeprefix("/api/v1"), sent)
    if method == "GET":
        return tenant.person.browser.get(address)
    return tenant.person.browser.post(address, body)


def test_there_is_one_of_everything_that_a_route_names(ids):
    named = {name for _, path in ROUTES for name in NAMES.findall(path)}
    assert named - set(ids) == set(), "let two_tenants.one_of_everything make one of these"


def test_every_route_left_out_is_there_for_its_reason():
    assert set(NOT_OF_A_TENANT) <= set(app.routes)


@EACH_ROUTE
def test_anothers_id_answers_as_one_that_nobody_has(stranger, ids, method, path):
    answer = ask(stranger, method, path, ids)
    unknown = ask(stranger, method, path, dict.fromkeys(ids, NOBODYS))

    assert answer.status_code == 404
    assert (unknown.status_code, unknown.body) == (404, answer.body)


@EACH_ROUTE
def test_the_owner_is_not_told_so(owner, ids, account, method, path):
    """Without this the ids above might be of nothing at all."""
    if ENDS.search(f"{method} {path}"):
        ids = OneOfEach(owner, account)

    assert ask(owner, method, path, ids).status_code != 404
