"""Every page there is, read from the application's routes."""

import re

from app import app

OPEN = {
    "/",
    "/help",
    "/second-factor",
    "/second-factor/recovery",
    "/sign-in",
    "/sign-out",
    "/two-factor",
    "/welcome/{token}",
    "/xero/callback",
    "/xero/done",
    "/{page}",
}
"""Pages for people who are not, or not fully, signed in."""

NOT_PAGES = ("/api/", "/health", "/openapi.json", "/static/", "/webhooks/")
PAGES = sorted(
    (method, path)
    for path, methods in app.routes.items()
    for method in methods
    if not path.startswith(NOT_PAGES)
)
POSTS = [path for method, path in PAGES if method == "POST"]
GETS = [path for method, path in PAGES if method == "GET" and "{" not in path]
CLOSED = [page for page in PAGES if page[1] not in OPEN]


def filled(path: str) -> str:
    """The path with something in place of each parameter."""
    return re.sub(r"{\w+}", "x", path)
