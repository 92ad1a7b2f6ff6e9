"""The pages people use: one module for each, all drawn on the server."""

from chalice.app import Blueprint

from chalicelib.console import (
    api_keys,
    codes,
    guide,
    home,
    import_clients,
    jobs,
    settings,
    sign_in,
    static,
    two_factor,
    users,
    welcome,
    xero,
)

doors: tuple[Blueprint, ...] = (
    api_keys.pages,
    codes.pages,
    guide.pages,
    home.pages,
    import_clients.pages,
    jobs.pages,
    settings.pages,
    sign_in.pages,
    static.pages,
    two_factor.pages,
    users.pages,
    welcome.pages,
    xero.pages,
)
