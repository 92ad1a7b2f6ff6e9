"""Addresses of Xero's own pages, for people to follow."""

from chalicelib import wiring
from chalicelib.connection.model import Connection

REAL_LOGIN = "https://login.xero.com"
REAL_PAGES = "https://go.xero.com"


def page(connection: Connection, path: str) -> str:
    """A page of the connected organisation, such as ``invoicing/view/<id>``."""
    return f"{_pages()}/app/{connection.short_code}/{path}"


def connected_apps(connection: Connection) -> str:
    """Where a person sees, and may end, what apps are allowed to do."""
    if _pages() == REAL_PAGES:
        return f"{REAL_PAGES}/Settings/ConnectedApps"
    return page(connection, "connected-apps")


def _pages() -> str:
    login = wiring.current().settings.xero_login_url
    return REAL_PAGES if login == REAL_LOGIN else login
