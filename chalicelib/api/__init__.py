"""The JSON API: one module for each resource, and the document that describes them all."""

from chalice.app import Blueprint

from chalicelib.api import api_keys, health, openapi, settings, users

doors: tuple[Blueprint, ...] = (
    api_keys.api,
    health.api,
    openapi.api,
    settings.api,
    users.api,
)
