"""What the page of the connection shows."""

from typing import Any

from chalicelib import wiring
from chalicelib.connection import features, grants, links, pending, plan, store, usage
from chalicelib.connection.features import Feature
from chalicelib.connection.model import Connection
from chalicelib.console.routing import Visit
from chalicelib.dispatch import store as jobs
from chalicelib.people.caller import Scope
from chalicelib.xero import scopes


def values(visit: Visit, connection: Connection) -> dict[str, Any]:
    """Everything but the word that the page watches."""
    waiting = pending.get(visit.tenant_id)
    extras = features.extras(connection)
    standing = usage.standing(connection)
    return {
        "popup": wiring.current().settings.xero_consent == "popup",
        "may": Scope.ADMIN in visit.caller.scopes,
        "may_check": Scope.WRITE in visit.caller.scopes,
        "pending": waiting,
        "waiting_jobs": _open_jobs(connection) if waiting else 0,
        "asked": scopes.reasons(scopes.scopes(extras)).values(),
        "not_asked": scopes.NOT_ASKED,
        "newly_asked": scopes.reasons(features.newly_asked(connection)).values(),
        "granted": scopes.reasons(connection.scopes),
        "limits": plan.sentences(connection),
        "features": [
            (feature, features.NAMES[feature], features.WORDS[feature], standing)
            for feature, standing in features.standings(connection)
        ],
        "keep_alive": grants.next_keep_alive(connection.xero_userid) if connection.live else None,
        "connected_apps": links.connected_apps(connection),
        "attaching": features.standing(connection, Feature.ATTACH_TIMESHEETS),
        "history": store.history(visit.tenant_id),
        "resting": standing if standing.rests_until else None,
        "last_success_at": standing.last_success_at,
    }


def _open_jobs(connection: Connection) -> int:
    """How many jobs that somebody asked for wait in the organisation."""
    waiting = jobs.open_jobs(connection.organisation_id)
    return sum(job.tenant_id == connection.tenant_id and bool(job.created_by) for job in waiting)
