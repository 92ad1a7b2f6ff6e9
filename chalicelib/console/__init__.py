"""The pages people use: one module for each, all drawn on the server."""

from chalice.app import Blueprint

from chalicelib.console import (
    api_keys,
    clients,
    codes,
    guide,
    home,
    import_clients,
    invoices,
    jobs,
    new_invoice,
    projects,
    settings,
    sign_in,
    static,
    tasks,
    time_import,
    time_records,
    two_factor,
    users,
    welcome,
    xero,
)

doors: tuple[Blueprint, ...] = (
    api_keys.pages,
    clients.pages,
    codes.pages,
    guide.pages,
    home.pages,
    import_clients.pages,
    invoices.pages,
    jobs.pages,
    new_invoice.pages,
    projects.pages,
    settings.pages,
    sign_in.pages,
    static.pages,
    tasks.pages,
    time_import.pages,
    time_records.pages,
    two_factor.pages,
    users.pages,
    welcome.pages,
    xero.pages,
)
