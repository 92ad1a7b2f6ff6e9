"""How what somebody asked for came out, when it ended later than the request that asked."""

from chalicelib.audit import trail
from chalicelib.dispatch.model import Job, JobState
from chalicelib.people.caller import Caller

LONGEST_WHY = 300

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
    "redraft-invoice": ("invoice.redraft", "invoice:{invoice_id}"),
    "resolve-invoice": ("invoice.resolve", "invoice:{invoice_id}"),
    "end-connection": ("disconnect confirmed", "xero"),
    "export-audit": ("audit export", "export:{name}"),
}
"""The act and the thing, by kind of job; sending says its own, invoice by invoice."""

SAYING = frozenset({"link-client", "create-contact", "credit-invoice", "resolve-invoice"})
"""Kinds whose last word tells what was done."""

COUNTS = ("created", "updated", "unchanged", "skipped", "removed", "kept")


def note(job: Job) -> None:
    """Record the end of a job that somebody asked for; a crash may record it twice, never not."""
    if job.kind not in ACTS or _nothing_found_unasked(job):
        return
    what, about = ACTS[job.kind]
    actor = job.created_by or "system:worker"
    facts: dict[str, str | int | None] = {
        name: job.progress[name] for name in COUNTS if name in job.progress
    }
    if job.kind in SAYING:
        facts["said"] = job.message[:LONGEST_WHY]
    failed = job.state is JobState.FAILED
    if failed:
        facts["why"] = job.message[:LONGEST_WHY]
    trail.record(
        Caller(job.tenant_id, actor, actor, frozenset()),
        what,
        about.format_map({"invoice_id": "", "import_id": "", **job.params, "name": job.name}),
        "failed" if failed else "done",
        **facts,
    )


def _nothing_found_unasked(job: Job) -> bool:
    """An import that came by itself and changed nothing is no act of anybody's."""
    changed = any(job.progress.get(name) for name in ("created", "updated"))
    return not job.created_by and job.state is JobState.DONE and not changed
