"""Telling the world what a request held that these pages do not know."""

from flask import current_app, request


def report(why: str) -> None:
    """Records it; the request goes on as Xero's would."""
    current_app.extensions["world"].unexpected(request, why)
