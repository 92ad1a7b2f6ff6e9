"""Which module answers which addresses, so that a function loads only what it is asked for.

Loading every door takes longer than answering most requests, and each cold start would pay it
all again; docs/adr/0005 has the figures.
"""

import importlib
from collections.abc import Iterator
from functools import cache

from chalice.app import Blueprint, Chalice

API = "/api/v1"

DOORS = {
    "/webhooks": "chalicelib.webhooks.door:webhooks",
    "/health": "chalicelib.api.health:api",
    "/openapi.json": "chalicelib.api.openapi:api",
    f"{API}/accounts": "chalicelib.api.accounts:api",
    f"{API}/api-keys": "chalicelib.api.api_keys:api",
    f"{API}/audit": "chalicelib.api.audit:api",
    f"{API}/billing-plans": "chalicelib.api.billing_plans:api",
    f"{API}/branding-themes": "chalicelib.api.branding_themes:api",
    f"{API}/clients": "chalicelib.api.clients:api",
    f"{API}/clients/{{client_id}}/contact": "chalicelib.api.client_links:api",
    f"{API}/clients/{{client_id}}/link": "chalicelib.api.client_links:api",
    f"{API}/clients/{{client_id}}/near-contacts": "chalicelib.api.client_links:api",
    f"{API}/connection": "chalicelib.api.connection:api",
    f"{API}/currencies": "chalicelib.api.currencies:api",
    f"{API}/deposits": "chalicelib.api.deposits:api",
    f"{API}/exchanges": "chalicelib.api.exchanges:api",
    f"{API}/events": "chalicelib.api.events:api",
    f"{API}/endpoints": "chalicelib.api.endpoints:api",
    f"{API}/imports": "chalicelib.api.imports:api",
    f"{API}/imports/clients": "chalicelib.api.client_imports:api",
    f"{API}/imports/time-records": "chalicelib.api.time_imports:api",
    f"{API}/invoice-templates": "chalicelib.api.invoice_templates:api",
    f"{API}/invoices": "chalicelib.api.invoices:api",
    f"{API}/invoices/drift": "chalicelib.api.drift:api",
    f"{API}/invoices/{{invoice_id}}/drift": "chalicelib.api.drift:api",
    f"{API}/invoices/{{invoice_id}}/lines": "chalicelib.api.line_work:api",
    f"{API}/invoices/{{invoice_id}}/credits": "chalicelib.api.invoice_credits:api",
    f"{API}/invoices/{{invoice_id}}/extras": "chalicelib.api.invoice_extras:api",
    f"{API}/invoices/{{invoice_id}}/online-link": "chalicelib.api.invoice_extras:api",
    f"{API}/invoices/{{invoice_id}}/pdf": "chalicelib.api.invoice_extras:api",
    f"{API}/invoices/{{invoice_id}}/leave": "chalicelib.api.ended_invoices:api",
    f"{API}/invoices/{{invoice_id}}/redraft": "chalicelib.api.ended_invoices:api",
    f"{API}/invoices/{{invoice_id}}/revision": "chalicelib.api.invoice_revisions:api",
    f"{API}/jobs": "chalicelib.api.jobs:api",
    f"{API}/mapping": "chalicelib.api.mapping:api",
    f"{API}/mapping/clients": "chalicelib.api.mapping_layers:api",
    f"{API}/mapping/layers": "chalicelib.api.mapping_layers:api",
    f"{API}/mapping/preview": "chalicelib.api.mapping_layers:api",
    f"{API}/mapping/projects": "chalicelib.api.mapping_layers:api",
    f"{API}/mapping/rates": "chalicelib.api.mapping_layers:api",
    f"{API}/mapping/tasks": "chalicelib.api.mapping_layers:api",
    f"{API}/mapping/compare": "chalicelib.api.mapping_files:api",
    f"{API}/mapping/export": "chalicelib.api.mapping_files:api",
    f"{API}/mapping/import": "chalicelib.api.mapping_files:api",
    f"{API}/mapping/problems": "chalicelib.api.mapping_problems:api",
    f"{API}/month-end": "chalicelib.api.month_end:api",
    f"{API}/organisation": "chalicelib.api.organisation:api",
    f"{API}/materials": "chalicelib.api.materials:api",
    f"{API}/phases": "chalicelib.api.phases:api",
    f"{API}/projects": "chalicelib.api.projects:api",
    f"{API}/projects/{{project_id}}/actual": "chalicelib.api.project_actual:api",
    f"{API}/rates": "chalicelib.api.rates:api",
    f"{API}/rates/{{rate_id}}/open-work": "chalicelib.api.rate_open_work:api",
    f"{API}/settings": "chalicelib.api.settings:api",
    f"{API}/staff": "chalicelib.api.staff:api",
    f"{API}/tasks": "chalicelib.api.tasks:api",
    f"{API}/tax-rates": "chalicelib.api.tax_rates:api",
    f"{API}/time-records": "chalicelib.api.time_records:api",
    f"{API}/tracking-categories": "chalicelib.api.tracking_categories:api",
    f"{API}/unbilled": "chalicelib.api.unbilled:api",
    f"{API}/usage": "chalicelib.api.usage:api",
    f"{API}/users": "chalicelib.api.users:api",
    "/": "chalicelib.console.home:pages",
    "/home": "chalicelib.console.home:pages",
    "/activity": "chalicelib.console.activity:pages",
    "/clients": "chalicelib.console.clients:pages",
    "/clients/import": "chalicelib.console.import_clients:pages",
    "/clients/import/contacts": "chalicelib.console.choose_contacts:pages",
    "/clients/import/decisions": "chalicelib.console.client_decisions:pages",
    "/clients/{client_id}/xero": "chalicelib.console.client_links:pages",
    "/help": "chalicelib.console.guide:pages",
    "/invoices": "chalicelib.console.invoices:pages",
    "/invoices/drift": "chalicelib.console.drift:pages",
    "/invoices/{invoice_id}/drift": "chalicelib.console.drift:pages",
    "/invoices/{invoice_id}/edit": "chalicelib.console.edit_invoice:pages",
    "/invoices/{invoice_id}/lines": "chalicelib.console.line_work:pages",
    "/invoices/new": "chalicelib.console.new_invoice:pages",
    "/invoices/plans": "chalicelib.console.plans:pages",
    "/invoices/{invoice_id}/preview": "chalicelib.console.invoice_preview:pages",
    "/invoices/plans/new": "chalicelib.console.new_plan:pages",
    "/invoices/{invoice_id}/credit": "chalicelib.console.invoice_credit:pages",
    "/invoices/{invoice_id}/extras": "chalicelib.console.invoice_extras:pages",
    "/invoices/{invoice_id}/online-link": "chalicelib.console.invoice_extras:pages",
    "/invoices/{invoice_id}/pdf": "chalicelib.console.invoice_extras:pages",
    "/invoices/{invoice_id}/leave": "chalicelib.console.ended_invoice:pages",
    "/invoices/{invoice_id}/redraft": "chalicelib.console.ended_invoice:pages",
    "/invoices/{invoice_id}/revision": "chalicelib.console.invoice_revision:pages",
    "/invoices/templates": "chalicelib.console.invoice_templates:pages",
    "/jobs": "chalicelib.console.jobs:pages",
    "/materials": "chalicelib.console.materials:pages",
    "/month-end": "chalicelib.console.month_end:pages",
    "/phases": "chalicelib.console.phases:pages",
    "/profile": "chalicelib.console.profile:pages",
    "/projects": "chalicelib.console.projects:pages",
    "/projects/{project_id}/materials": "chalicelib.console.materials:pages",
    "/projects/{project_id}/phases": "chalicelib.console.phases:pages",
    "/projects/{project_id}/tasks": "chalicelib.console.tasks:pages",
    "/projects/{project_id}/time": "chalicelib.console.time_records:pages",
    "/second-factor": "chalicelib.console.two_factor:pages",
    "/settings": "chalicelib.console.settings:pages",
    "/settings/api-keys": "chalicelib.console.api_keys:pages",
    "/settings/audit": "chalicelib.console.audit:pages",
    "/rates": "chalicelib.console.rates:pages",
    "/rates/{rate_id}/open-work": "chalicelib.console.rate_prices:pages",
    "/rates/{rate_id}/prices": "chalicelib.console.rate_prices:pages",
    "/settings/codes": "chalicelib.console.codes:pages",
    "/settings/codes/clients": "chalicelib.console.layer_codes:pages",
    "/settings/codes/preview": "chalicelib.console.would_get:pages",
    "/settings/codes/projects": "chalicelib.console.layer_codes:pages",
    "/settings/codes/rates": "chalicelib.console.layer_codes:pages",
    "/settings/codes/tasks": "chalicelib.console.layer_codes:pages",
    "/settings/usage": "chalicelib.console.usage:pages",
    "/settings/codes/file": "chalicelib.console.mapping_file:pages",
    "/settings/users": "chalicelib.console.users:pages",
    "/settings/xero": "chalicelib.console.xero:pages",
    "/settings/xero/change": "chalicelib.console.xero_changes:pages",
    "/settings/webhooks": "chalicelib.console.webhooks:pages",
    "/sign-in": "chalicelib.console.sign_in:pages",
    "/sign-out": "chalicelib.console.sign_in:pages",
    "/staff": "chalicelib.console.staff:pages",
    "/static": "chalicelib.console.static:pages",
    "/tasks": "chalicelib.console.tasks:pages",
    "/time": "chalicelib.console.time_import:pages",
    "/time-records": "chalicelib.console.time_records:pages",
    "/two-factor": "chalicelib.console.two_factor:pages",
    "/unbilled": "chalicelib.console.unbilled:pages",
    "/welcome": "chalicelib.console.welcome:pages",
    "/xero": "chalicelib.console.xero:pages",
    "/{page}": "chalicelib.console.not_found:pages",
}


def door_of(address: str) -> str | None:
    """The door with the longest part of the address, whole segments only; None for none."""
    part = address
    while part:
        if part in DOORS:
            return DOORS[part]
        part = part.rpartition("/")[0]
    return None


@cache
def blueprint(door: str) -> Blueprint:
    """The blueprint behind a door, imported when first asked for."""
    module, _, name = door.partition(":")
    found: Blueprint = getattr(importlib.import_module(module), name)
    return found


def blueprints(package: str = "chalicelib") -> Iterator[Blueprint]:
    """Every blueprint of a package, each once."""
    for door in dict.fromkeys(DOORS.values()):
        if door.startswith(f"{package}."):
            yield blueprint(door)


class Application(Chalice):
    """A Chalice application that opens its doors at once, or each when somebody comes to it."""

    def __init__(self, app_name: str, *, one_by_one: bool) -> None:
        super().__init__(app_name=app_name)
        self._open: set[str] = set()
        if not one_by_one:
            for found in blueprints():
                self.register_blueprint(found)
            self._open.update(DOORS.values())

    def __call__(self, event: dict[str, object], context: object) -> dict[str, object]:
        """Answer a request of API Gateway, whose context names the route."""
        request = event.get("requestContext")
        self._open_for(str(request.get("resourcePath", "")) if isinstance(request, dict) else "")
        answer: dict[str, object] = super().__call__(event, context)
        return answer

    def _open_for(self, address: str) -> None:
        door = door_of(address)
        if door is not None and door not in self._open:
            self._open.add(door)
            self.register_blueprint(blueprint(door))
