"""The JSON API: one module for each resource, and the document that describes them all."""

from chalice.app import Blueprint

from chalicelib.api import (
    accounts,
    api_keys,
    clients,
    connection,
    health,
    imports,
    invoices,
    jobs,
    mapping,
    openapi,
    projects,
    settings,
    tasks,
    tax_rates,
    time_imports,
    time_records,
    users,
)

doors: tuple[Blueprint, ...] = (
    accounts.api,
    api_keys.api,
    clients.api,
    connection.api,
    health.api,
    imports.api,
    invoices.api,
    jobs.api,
    mapping.api,
    openapi.api,
    projects.api,
    settings.api,
    tasks.api,
    tax_rates.api,
    time_imports.api,
    time_records.api,
    users.api,
)
