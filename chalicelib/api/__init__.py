"""The JSON API: one module for each resource, and the document that describes them all."""

from chalice.app import Blueprint

from chalicelib.api import (
    accounts,
    api_keys,
    connection,
    health,
    imports,
    jobs,
    mapping,
    openapi,
    settings,
    tax_rates,
    users,
)

doors: tuple[Blueprint, ...] = (
    accounts.api,
    api_keys.api,
    connection.api,
    health.api,
    imports.api,
    jobs.api,
    mapping.api,
    openapi.api,
    settings.api,
    tax_rates.api,
    users.api,
)
