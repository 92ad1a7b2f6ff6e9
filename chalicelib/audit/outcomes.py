"""How what somebody asked for came out, when it ended later than the request that asked."""

from collections.abc import Callable
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib.audit import trail
from chalicelib.dispatch.model import Job, JobState
from chalicelib.people.caller import Caller
from chalicelib.storage.rows import transaction_connection

LONGEST_WHY = 300
SEND = "send-invoices"

ACTS = {
    "import-clients": ("import", "clients"),
    "create-contact": ("contact made", "client:{client_id}"),
    "link-client": ("client link", "client:{client_id}"),
    "import-codes": ("import", "codes"),
    "import-time-records": ("import-time-records", "{import_id}"),
    "take-back-time-records": ("take-back-time-records", "{import_id}"),
    "build-invoice": ("invoice.made", "invoice:{invoice_id}"),
    "make-occurrence": ("invoice.made", "invoice:{invoice_id}"),
    "discard-invoice": ("invoice.discard", "invoice:{invoice_id}"),
    "void-invoice": ("invoice.void", "invoice:{invoice_id}"),
    "write-revision": ("invoice.revise", "invoice:{invoice_id}"),
    "credit-invoice": ("invoice.credit", "invoice:{invoice_id}"),
    "look-at-credits": ("invoice.credit-lost", "invoice:{invoice_id}"),
    "put-work-back": ("invoice.put-back", "invoice:{invoice_id}"),
    "redraft-invoice": ("invoice.redraft", "invoice:{invoice_id}"),
    "resolve-invoice": ("invoice.resolve", "invoice:{invoice_id}"),
    "end-connection": ("disconnect confirmed", "xero"),
    "export-audit": ("audit export", "export:{name}"),
    SEND: ("invoices.sent", "{invoices}"),
}
"""The act and the thing, by kind of job."""

SAYING = frozenset(
    {
        "link-client",
        "create-contact",
        "credit-invoice",
        "resolve-invoice",
        "look-at-credits",
        "put-work-back",
    }
)
"""Kinds whose last word tells what was done."""

COUNTS = ("created", "updated", "unchanged", "skipped", "removed", "kept")


def note(job: Job) -> None:
    """Record the end of a job that somebody asked for; a crash may record it twice, never not."""
    entry = _entry(job)
    if entry:
        trail.record(*entry, **_facts(job))


def note_with(job: Job, write: Callable[[TransactWrite], None]) -> None:
    """Record the same, and what ``write`` adds, in one request; of an open job that alone.

    Raises TransactWriteError where another of the writes is refused.
    """
    entry = None if job.state.open else _entry(job)
    if entry:
        trail.record_with(write, *entry, **_facts(job))
        return
    with TransactWrite(connection=transaction_connection()) as transaction:
        write(transaction)


def _entry(job: Job) -> tuple[Caller, str, str, str] | None:
    """Who did what, to what, and with what result; None of what nobody asked for."""
    if job.kind not in ACTS or _nothing_found_unasked(job):
        return None
    what, about = ACTS[job.kind]
    actor = job.created_by or "system:worker"
    names = {"invoice_id": "", "import_id": "", **job.params}
    return (
        Caller(job.tenant_id, actor, actor, frozenset()),
        what,
        about.format_map({**names, "name": job.name, "invoices": _invoices(job)}),
        _result(job),
    )


def _facts(job: Job) -> dict[str, Any]:
    if job.kind == SEND:
        return {name: job.progress.get(name, 0) for name in ("sent", "failed")}
    facts: dict[str, Any] = {n: job.progress[n] for n in COUNTS if n in job.progress}
    if job.kind in SAYING:
        facts["said"] = job.message[:LONGEST_WHY]
    if job.state is JobState.FAILED:
        facts["why"] = job.message[:LONGEST_WHY]
    return facts


def _result(job: Job) -> str:
    if job.progress.get("sent") and job.progress.get("failed"):
        return "partly"
    none_of_it = job.kind == SEND and not job.progress.get("sent")
    return "failed" if job.state is JobState.FAILED or none_of_it else "done"


def _invoices(job: Job) -> str:
    """The invoices that were to be sent, as the trail calls them."""
    named = job.params.get("invoice_ids", [])
    return f"invoice:{named[0]}" if len(named) == 1 else f"invoices:{len(named)}"


def _nothing_found_unasked(job: Job) -> bool:
    """An import that came by itself and changed nothing is no act of anybody's."""
    changed = any(job.progress.get(name) for name in ("created", "updated"))
    unasked = not job.created_by and job.kind != SEND
    return unasked and job.state is JobState.DONE and not changed
