"""What the pages can do, the API can do: each action and each thing shown has its route.

Pages are read from the application; a new one fails here until it is paired, or stands among the
exceptions with its reason. The exceptions are people's own passwords and second factors
(docs/adr/0008).
"""

from app import app
from chalicelib.console import plans, profile, users, webhooks
from tests.attacks.operations import OPERATIONS, name
from tests.support.pages import PAGES

BY_FORM = {
    "/invoices/plans/{plan_id}/act": plans.ACTS,
    "/profile": profile.ACTS,
    "/settings/users/{user_id}": users.ACTS,
    "/settings/webhooks/{endpoint_id}": webhooks.ACTS,
}
"""Pages whose forms name one of several acts."""

OWN = "a person's own password, second factor, or sessions"
RESET = (
    "somebody's password or second factor, which only a person who confirmed with a code resets"
)
CONSENT = "Xero's consent needs a person and a browser"
WAY_THERE = "leads to what another page does or shows"
WORDS = "words for people, the same for everybody"
UPLOAD = "the API gives the same form as JSON"

DOES = {
    "POST /clients": "POST /clients",
    "POST /clients/import": "POST /imports/clients",
    "POST /clients/import/choice": "PUT /imports/clients",
    "POST /clients/import/contacts": "POST /imports/clients",
    "POST /clients/import/decisions": "POST /imports/clients/decisions/accept-certain",
    "POST /clients/import/decisions/{decision_id}": (
        "POST /imports/clients/decisions/{decision_id}"
    ),
    "POST /clients/{client_id}": "PATCH /clients/{client_id}",
    "POST /clients/{client_id}/archive": "PATCH /clients/{client_id}",
    "POST /clients/{client_id}/xero/contact": "POST /clients/{client_id}/contact",
    "POST /clients/{client_id}/xero/link": "POST /clients/{client_id}/link",
    "POST /clients/{client_id}/xero/unlink": "DELETE /clients/{client_id}/link",
    "POST /invoices/new": "POST /invoices",
    "POST /invoices/plans/new": "POST /billing-plans",
    "POST /invoices/plans/{plan_id}": "PATCH /billing-plans/{plan_id}",
    "POST /invoices/plans/{plan_id}/act end": "POST /billing-plans/{plan_id}/end",
    "POST /invoices/plans/{plan_id}/act pause": "POST /billing-plans/{plan_id}/pause",
    "POST /invoices/plans/{plan_id}/act resume": "POST /billing-plans/{plan_id}/resume",
    "POST /invoices/plans/{plan_id}/days": "POST /billing-plans/{plan_id}/skip",
    "POST /invoices/sync": "POST /invoices/sync",
    "POST /invoices/templates": "POST /invoice-templates",
    "POST /invoices/templates/{template_id}": "PATCH /invoice-templates/{template_id}",
    "POST /invoices/templates/{template_id}/delete": "DELETE /invoice-templates/{template_id}",
    "POST /invoices/{invoice_id}/drift/accept": "POST /invoices/{invoice_id}/drift/accept",
    "POST /invoices/{invoice_id}/drift/ignore": "POST /invoices/{invoice_id}/drift/ignore",
    "POST /invoices/{invoice_id}/edit": "PATCH /invoices/{invoice_id}",
    "POST /invoices/{invoice_id}/discard": "DELETE /invoices/{invoice_id}",
    "POST /invoices/send": "POST /invoices/send",
    "POST /invoices/{invoice_id}/resolve": "POST /invoices/{invoice_id}/resolve",
    "POST /invoices/{invoice_id}/send": "POST /invoices/{invoice_id}/send",
    "POST /invoices/{invoice_id}/sync": "POST /invoices/{invoice_id}/sync",
    "POST /invoices/{invoice_id}/void": "POST /invoices/{invoice_id}/void",
    "POST /invoices/{invoice_id}/credit": "POST /invoices/{invoice_id}/credits",
    "POST /invoices/{invoice_id}/credit/go-on": "POST /invoices/{invoice_id}/credits/go-on",
    "POST /invoices/{invoice_id}/extras": "POST /invoices/{invoice_id}/extras",
    "POST /invoices/{invoice_id}/online-link": "POST /invoices/{invoice_id}/online-link",
    "POST /invoices/{invoice_id}/pdf": "POST /invoices/{invoice_id}/pdf",
    "POST /invoices/{invoice_id}/leave": "POST /invoices/{invoice_id}/leave",
    "POST /invoices/{invoice_id}/redraft": "POST /invoices/{invoice_id}/redraft",
    "POST /invoices/{invoice_id}/revision": "POST /invoices/{invoice_id}/revision/write",
    "POST /invoices/{invoice_id}/revision/drop": "DELETE /invoices/{invoice_id}/revision",
    "POST /invoices/{invoice_id}/revision/ours": "PUT /invoices/{invoice_id}/revision",
    "POST /invoices/{invoice_id}/revision/look": "POST /invoices/{invoice_id}/revision/look",
    "POST /jobs/{job_id}/cancel": "POST /jobs/{job_id}/cancel",
    "POST /materials/{material_id}": "PATCH /materials/{material_id}",
    "POST /materials/{material_id}/delete": "DELETE /materials/{material_id}",
    "POST /month-end": "POST /month-end",
    "POST /phases/{phase_id}": "PATCH /phases/{phase_id}",
    "POST /phases/{phase_id}/archive": "PATCH /phases/{phase_id}",
    "POST /projects": "POST /projects",
    "POST /projects/{project_id}": "PATCH /projects/{project_id}",
    "POST /projects/{project_id}/archive": "PATCH /projects/{project_id}",
    "POST /projects/{project_id}/materials": "POST /materials",
    "POST /projects/{project_id}/phases": "POST /phases",
    "POST /projects/{project_id}/tasks": "POST /tasks",
    "POST /projects/{project_id}/time": "POST /time-records",
    "POST /rates": "POST /rates",
    "POST /rates/{rate_id}": "PATCH /rates/{rate_id}",
    "POST /rates/{rate_id}/archive": "PATCH /rates/{rate_id}",
    "POST /rates/{rate_id}/delete": "DELETE /rates/{rate_id}",
    "POST /rates/{rate_id}/open-work": "POST /rates/{rate_id}/open-work",
    "POST /rates/{rate_id}/prices": "POST /rates/{rate_id}/prices",
    "POST /rates/{rate_id}/prices/remove": "DELETE /rates/{rate_id}/prices",
    "POST /settings/api-keys": "POST /api-keys",
    "POST /settings/api-keys/{key_id}/revoke": "DELETE /api-keys/{key_id}",
    "POST /settings/audit/exports": "POST /audit/exports",
    "POST /settings/codes": "PUT /mapping",
    "POST /settings/codes/clients/{client_id}": "PUT /mapping/clients/{client_id}",
    "POST /settings/codes/projects/{project_id}": "PUT /mapping/projects/{project_id}",
    "POST /settings/codes/rates/{rate_id}": "PUT /mapping/rates/{rate_id}",
    "POST /settings/codes/check": "POST /mapping/problems",
    "POST /settings/codes/file": "POST /mapping/compare",
    "POST /settings/codes/file/import": "POST /mapping/import",
    "POST /settings/codes/refresh": "POST /imports/codes",
    "POST /settings/codes/tasks/{task_id}": "PUT /mapping/tasks/{task_id}",
    "POST /settings/company": "PATCH /settings",
    "POST /settings/users": "POST /users",
    "POST /settings/users/{user_id} deactivate": "PATCH /users/{user_id}",
    "POST /settings/users/{user_id} reactivate": "PATCH /users/{user_id}",
    "POST /settings/users/{user_id} role": "PATCH /users/{user_id}",
    "POST /settings/xero/change/after-sending": "PATCH /settings",
    "POST /settings/xero/change/features": "PATCH /connection",
    "POST /settings/xero/change/keep": "DELETE /connection/pending",
    "POST /settings/xero/change/organisation": "POST /connection/pending/confirm",
    "POST /settings/xero/check": "POST /connection/check",
    "POST /settings/xero/disconnect": "DELETE /connection",
    "POST /settings/webhooks": "POST /endpoints",
    "POST /settings/webhooks/{endpoint_id} again": "POST /endpoints/{endpoint_id}/send-again",
    "POST /settings/webhooks/{endpoint_id} pause": "PATCH /endpoints/{endpoint_id}",
    "POST /settings/webhooks/{endpoint_id} remove": "DELETE /endpoints/{endpoint_id}",
    "POST /settings/webhooks/{endpoint_id} resume": "PATCH /endpoints/{endpoint_id}",
    "POST /settings/webhooks/{endpoint_id} rotate": "POST /endpoints/{endpoint_id}/rotate",
    "POST /settings/webhooks/{endpoint_id} save": "PATCH /endpoints/{endpoint_id}",
    "POST /settings/webhooks/{endpoint_id} test": "POST /endpoints/{endpoint_id}/test",
    "POST /staff": "POST /staff",
    "POST /staff/{staff_id}": "PATCH /staff/{staff_id}",
    "POST /staff/{staff_id}/archive": "PATCH /staff/{staff_id}",
    "POST /staff/{staff_id}/delete": "DELETE /staff/{staff_id}",
    "POST /tasks/{task_id}": "PATCH /tasks/{task_id}",
    "POST /tasks/{task_id}/archive": "PATCH /tasks/{task_id}",
    "POST /time-records/{record_id}": "PATCH /time-records/{record_id}",
    "POST /time-records/{record_id}/delete": "DELETE /time-records/{record_id}",
    "POST /time/import/{import_id}": "POST /imports/time-records/{import_id}/begin",
    "POST /time/import/{import_id}/answers": "POST /imports/time-records/{import_id}/look",
    "POST /time/import/{import_id}/take-back": "POST /imports/time-records/{import_id}/take-back",
}
SHOWS = {
    "GET /activity": "GET /exchanges",
    "GET /clients": "GET /clients",
    "GET /clients/import": "GET /imports/clients",
    "GET /clients/import/contacts": "GET /imports/clients/contacts",
    "GET /clients/import/decisions": "GET /imports/clients/decisions",
    "GET /clients/{client_id}": "GET /clients/{client_id}",
    "GET /clients/{client_id}/xero": "GET /clients/{client_id}/near-contacts",
    "GET /home": "GET /invoices",
    "GET /invoices": "GET /invoices",
    "GET /invoices/drift": "GET /invoices/drift",
    "GET /invoices/plans": "GET /billing-plans",
    "GET /invoices/plans/{plan_id}": "GET /billing-plans/{plan_id}",
    "GET /invoices/templates": "GET /invoice-templates",
    "GET /invoices/templates/{template_id}": "GET /invoice-templates/{template_id}",
    "GET /invoices/{invoice_id}": "GET /invoices/{invoice_id}",
    "GET /invoices/{invoice_id}/lines/{line_id}": (
        "GET /invoices/{invoice_id}/lines/{line_id}/work"
    ),
    "GET /invoices/{invoice_id}/credit": "GET /invoices/{invoice_id}/credits",
    "GET /invoices/{invoice_id}/revision": "GET /invoices/{invoice_id}/revision",
    "GET /jobs": "GET /jobs",
    "GET /jobs/{job_id}": "GET /jobs/{job_id}",
    "GET /jobs/{job_id}/state": "GET /jobs/{job_id}",
    "GET /materials/{material_id}": "GET /materials/{material_id}",
    "GET /month-end": "GET /month-end",
    "GET /month-end/export": "GET /month-end/invoices",
    "GET /phases/{phase_id}": "GET /phases/{phase_id}",
    "GET /projects": "GET /projects",
    "GET /projects/{project_id}": "GET /projects/{project_id}",
    "GET /rates": "GET /rates",
    "GET /rates/{rate_id}": "GET /rates/{rate_id}",
    "GET /settings/api-keys": "GET /api-keys",
    "GET /settings/audit": "GET /audit",
    "GET /settings/audit/exports/{export_id}": "GET /audit/exports/{export_id}",
    "GET /settings/audit/public-key": "GET /audit/public-key",
    "GET /settings/codes": "GET /mapping",
    "GET /settings/codes/file": "GET /mapping/export",
    "GET /settings/codes/file/export": "GET /mapping/export",
    "GET /settings/codes/clients/{client_id}": "GET /mapping/clients/{client_id}",
    "GET /settings/codes/preview": "GET /mapping/preview",
    "GET /settings/codes/projects/{project_id}": "GET /mapping/projects/{project_id}",
    "GET /settings/codes/rates/{rate_id}": "GET /mapping/rates/{rate_id}",
    "GET /settings/codes/tasks/{task_id}": "GET /mapping/tasks/{task_id}",
    "GET /invoices/{invoice_id}/preview": "POST /invoices/{invoice_id}/preview",
    "GET /settings/company": "GET /settings",
    "GET /settings/usage": "GET /usage",
    "GET /settings/users": "GET /users",
    "GET /settings/users/{user_id}": "GET /users/{user_id}",
    "GET /settings/webhooks": "GET /endpoints",
    "GET /settings/webhooks/{endpoint_id}": "GET /endpoints/{endpoint_id}",
    "GET /settings/xero": "GET /connection",
    "GET /settings/xero/state": "GET /connection",
    "GET /staff": "GET /staff",
    "GET /staff/{staff_id}": "GET /staff/{staff_id}",
    "GET /time-records/{record_id}": "GET /time-records/{record_id}",
    "GET /unbilled": "GET /unbilled",
    "GET /unbilled/export": "GET /unbilled",
    "GET /time/import": "POST /imports/time-records",
    "GET /time/import/{import_id}": "GET /jobs/{job_id}",
}
EXCEPTIONS = {
    "GET /": WAY_THERE,
    "GET /clients/new": WAY_THERE,
    "GET /clients/{client_id}/edit": WAY_THERE,
    "GET /help": WORDS,
    "GET /invoices/new": WAY_THERE,
    "GET /invoices/plans/new": WAY_THERE,
    "GET /invoices/{invoice_id}/edit": WAY_THERE,
    "GET /profile": OWN,
    "GET /projects/new": WAY_THERE,
    "GET /projects/{project_id}/edit": WAY_THERE,
    "GET /projects/{project_id}/materials/new": WAY_THERE,
    "GET /projects/{project_id}/phases/new": WAY_THERE,
    "GET /projects/{project_id}/tasks/new": WAY_THERE,
    "GET /projects/{project_id}/time/new": WAY_THERE,
    "GET /rates/new": WAY_THERE,
    "GET /second-factor": OWN,
    "GET /second-factor/recovery": OWN,
    "GET /settings": WAY_THERE,
    "GET /sign-in": OWN,
    "GET /staff/new": WAY_THERE,
    "GET /tasks/{task_id}": WAY_THERE,
    "GET /two-factor": OWN,
    "GET /welcome/{token}": OWN,
    "GET /xero/callback": CONSENT,
    "GET /xero/connect": CONSENT,
    "GET /xero/done": CONSENT,
    "GET /{page}": WORDS,
    "POST /profile end-others": OWN,
    "POST /profile end-session": OWN,
    "POST /profile password": OWN,
    "POST /profile recovery-codes": OWN,
    "POST /profile two-factor": OWN,
    "POST /second-factor": OWN,
    "POST /second-factor/recovery": OWN,
    "POST /settings/users/{user_id} link": RESET,
    "POST /settings/users/{user_id} two-factor": RESET,
    "POST /sign-in": OWN,
    "POST /sign-out": OWN,
    "POST /two-factor": OWN,
    "POST /welcome/{token}": OWN,
}


def actions():
    """Every page and every posted form; where a form names the act, each act by itself."""
    for method, path in PAGES:
        acts = BY_FORM.get(path, {}) if method == "POST" else {}
        yield from (f"{method} {path} {act}" for act in acts)
        if not acts:
            yield f"{method} {path}"


def test_every_page_is_paired_or_an_exception_with_its_reason():
    known = {**DOES, **SHOWS, **EXCEPTIONS}
    there = set(actions())
    assert there - set(known) == set(), "give each an API route, or a reason why not"
    assert set(known) - there == set(), "no longer there"
    assert len(known) == len(DOES) + len(SHOWS) + len(EXCEPTIONS)


def test_every_route_named_is_there():
    routes = {name(operation).replace(" /api/v1", " ") for operation in OPERATIONS}
    assert {*DOES.values(), *SHOWS.values()} - routes == set()


def test_a_form_that_changes_something_is_paired_with_a_route_that_does():
    assert [page for page, route in DOES.items() if route.startswith("GET")] == []


def test_no_route_of_the_api_sets_a_password_or_a_second_factor():
    words = ("password", "two-factor", "second-factor", "recovery", "session")
    routes = [path for path in app.routes if path.startswith("/api/")]
    assert [path for path in routes if any(word in path for word in words)] == []
