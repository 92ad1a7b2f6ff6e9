"""Settings → Activity trail: who did what, with filters, and its export."""

from typing import Any
from urllib.parse import quote, urlencode

from chalice.app import Response

from chalicelib.audit import export
from chalicelib.audit.listing import listing, on_days
from chalicelib.audit.model import Entry
from chalicelib.audit.names import of_actors
from chalicelib.audit.sentences import ACTS, sentence
from chalicelib.clock import parse_stamp
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import InvalidInput
from chalicelib.people import tenants, time_zones
from chalicelib.people.caller import Scope
from chalicelib.storage.pages import Page as Entries

pages = Pages(__name__)

HERE = "/settings/audit"
FILTERS = ("what", "actor", "source", "result", "from", "to")
RESULTS = ("done", "refused", "failed", "asked", "partly")


@pages.get(HERE, scope=Scope.ADMIN)
def show(visit: Visit) -> Page:
    """The newest entries, or those asked for."""
    chosen = {name: visit.query.get(name, "").strip() for name in FILTERS}
    names = of_actors(visit.tenant_id)
    error: InvalidInput | None = None
    found: Entries[Entry] = Entries([])
    try:
        found = _found(visit, chosen)
    except InvalidInput as refusal:
        error = refusal
    following = {**chosen, "cursor": found.next or ""}
    values: dict[str, Any] = {
        "entries": [(parse_stamp(one.at), one, sentence(one, names)) for one in found],
        "next": f"{HERE}?{urlencode(following)}" if found.next else "",
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "acts": sorted(((what, act.label) for what, act in ACTS.items()), key=lambda act: act[1]),
        "results": [(result, result.capitalize()) for result in RESULTS],
        "names": names,
        "actors": sorted(names.items(), key=lambda actor: actor[1].casefold()),
        "error": error,
    }
    return Page("audit/trail.html", values, error.status if error else 200)


@pages.post(f"{HERE}/exports", scope=Scope.ADMIN)
def begin_export(visit: Visit) -> Redirect:
    """Have the trail written to a file; its page shows how far it has got."""
    job = export.start(visit.caller)
    return Redirect(f"{HERE}/exports/{quote(job.job_id)}")


@pages.get(f"{HERE}/exports/{{export_id}}", scope=Scope.ADMIN)
def show_export(visit: Visit, export_id: str) -> Page:
    """An export, with the link to the file once it is there."""
    job = export.found(visit.tenant_id, export_id)
    values = {"job": job, "link": export.link(job), "until": export.expires_at(job)}
    return Page("audit/export.html", values)


@pages.get(f"{HERE}/public-key", scope=Scope.ADMIN)
def public_key(_visit: Visit) -> Response:
    """The key that checkpoints are checked with, as a file to keep elsewhere."""
    from chalicelib.audit import checkpoint

    headers: dict[str, Any] = {
        "Content-Type": "application/x-pem-file",
        "Content-Disposition": 'attachment; filename="workbill-audit-key.pem"',
    }
    return Response(checkpoint.public_key().pem, headers=headers)


def _found(visit: Visit, chosen: dict[str, str]) -> Entries[Entry]:
    wanted = on_days(
        chosen["from"],
        chosen["to"],
        time_zones.zone(tenants.get(visit.tenant_id).time_zone),
        what=chosen["what"],
        actor=chosen["actor"],
        source=chosen["source"],
        result=chosen["result"],
    )
    return listing(visit.tenant_id, wanted, after=visit.query.get("cursor"))
