"""The audit trail: looking through it, and exporting it with a signed checkpoint."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.api import query
from chalicelib.api.jobs import JobView, accepted
from chalicelib.api.routing import API, Answer, Call
from chalicelib.api.shapes import List
from chalicelib.audit import export
from chalicelib.audit.listing import listing, on_days
from chalicelib.audit.model import Entry
from chalicelib.audit.names import of_actors
from chalicelib.audit.sentences import sentence
from chalicelib.people import tenants, time_zones
from chalicelib.people.caller import Scope

api = API(__name__)

PEM = "application/x-pem-file"
FILTERS = {
    **query.PAGED,
    "what": "one act, such as sign-in",
    "actor": "who did it, such as user:01jd…",
    "source": "the address it came from",
    "result": "how it came out: done, refused, failed, asked or partly",
    "from": "the first day, YYYY-MM-DD on the tenant's clock",
    "to": "the last day",
}


class EntryView(msgspec.Struct):
    """An entry: who (``actor``, ``name``), what, when, from where (``source``), how it came out.

    ``hash`` covers all the rest but ``sentence``; ``previous`` is the hash of the entry before.
    """

    number: int
    at: str
    actor: str
    name: str
    source: str
    what: str
    about: str
    result: str
    facts: dict[str, Any]
    previous: str
    hash: str
    sentence: str


class ExportView(msgspec.Struct):
    """An export: ``url`` holds for five minutes and is null before the file is there.

    The file is JSON Lines, one entry a line and the signed checkpoint last; it is kept a week.
    """

    id: str
    state: str
    message: str
    entries: int | None
    url: str | None
    expires_at: datetime | None


@api.get("/audit", scope=Scope.ADMIN, answer=List[EntryView], query=FILTERS)
def list_entries(call: Call) -> List[EntryView]:
    """Entries, newest first; a page may be short and not the last."""
    wanted = on_days(
        call.query.get("from", ""),
        call.query.get("to", ""),
        time_zones.zone(tenants.get(call.tenant_id).time_zone),
        what=call.query.get("what", ""),
        actor=call.query.get("actor", ""),
        source=call.query.get("source", ""),
        result=call.query.get("result", ""),
    )
    after, limit = call.query.get("cursor"), query.limit(call)
    found = listing(call.tenant_id, wanted, limit=limit, after=after)
    names = of_actors(call.tenant_id)
    return List([_view(entry, names) for entry in found], found.next)


@api.post("/audit/exports", scope=Scope.ADMIN, answer=JobView, status=202)
def export_trail(call: Call) -> Answer:
    """Have the whole trail written to a file, with a signed checkpoint at its end."""
    return accepted(export.start(call.caller))


@api.get("/audit/exports/{export_id}", scope=Scope.ADMIN, answer=ExportView)
def read_export(call: Call, export_id: str) -> ExportView:
    """An export by the id of its job, and where the file can be had."""
    job = export.found(call.tenant_id, export_id)
    return ExportView(
        id=job.job_id,
        state=job.state.value,
        message=job.message,
        entries=job.result.get("entries"),
        url=export.link(job),
        expires_at=export.expires_at(job),
    )


@api.get("/audit/public-key", scope=Scope.READ, answer=str, media=PEM)
def read_public_key(_call: Call) -> Answer:
    """The public key that checkpoints are checked with, as PEM."""
    from chalicelib.audit.checkpoint import public_key

    pem = public_key().pem.encode()
    return Answer(msgspec.Raw(pem), 200, {"Content-Type": PEM})


def _view(entry: Entry, names: Mapping[str, str]) -> EntryView:
    return EntryView(
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        name=entry.name,
        source=entry.source,
        what=entry.what,
        about=entry.about,
        result=entry.result,
        facts=entry.facts,
        previous=entry.previous,
        hash=entry.hash,
        sentence=sentence(entry, names),
    )
