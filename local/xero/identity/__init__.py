"""Xero's identity: sign-in and consent, tokens, connections."""

from flask import Blueprint


def blueprints() -> tuple[Blueprint, ...]:
    """Everything that the login, identity and connection hosts serve."""
    # Imported late: the world needs this package's models before its pages exist.
    from local.xero.identity import authorise, connections, discovery, token

    return (
        authorise.blueprint,
        token.blueprint,
        connections.blueprint,
        discovery.blueprint,
    )
