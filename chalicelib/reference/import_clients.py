"""Bringing in contacts as clients, page by page; a write only for what changed.

Each page is stored, with how far the import has got, before the next is read, so a crash costs
at most one page, which is then read again and found unchanged. The id of a new client follows
from its contact, so reading a page twice makes no client twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.clock import parse_stamp, stamp
from chalicelib.connection import access
from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection
from chalicelib.dispatch import store as jobs
from chalicelib.dispatch.model import Done, Job, JobState, More, Slice, Step, Wait
from chalicelib.reference import check_mapping
from chalicelib.reference.contacts import merges, missing, roll_call
from chalicelib.reference.contacts.ask import KIND, wish_of
from chalicelib.reference.contacts.lookup import Lookup
from chalicelib.reference.contacts.model import Reading
from chalicelib.reference.contacts.run import Run
from chalicelib.reference.contacts.store import Contacts
from chalicelib.reference.upsert_clients import SKIPPED, UNCHANGED, UNREADABLE, UPDATED, Upsert
from chalicelib.xero.caller import Page
from chalicelib.xero.resources.contacts import MOST_IDS
from chalicelib.xero.wire.contact import Contact

OVERLAP = timedelta(minutes=5)
"""A change may show in Xero's answers only some time after the moment that it bears."""

ROUNDS = 3
MOST_SUSPECTS = 2000
"""More than that cannot have vanished one by one; then nothing is flagged."""

PAGES_COMPARED = 2
"""Pages' worth of linked contacts are compared before the import may stop, and go on later."""

COUNTS = ("done", "total", "created", "updated", "unchanged", "skipped")
AFTER_ANOTHER = timedelta(seconds=10)
ELSEWHERE = "The organisation is no longer connected here."
ASKED = "Merged in Xero into another client's contact: waits for your decision."
GONE = "No longer listed by Xero: waits for your decision."
TOO_MANY_MISSING = " Xero listed far fewer contacts than before; no client was flagged for it."


def handle(job: Job, slice_: Slice) -> Step:
    """Some pages of the import; stops between two pages when the slice is over."""
    connection = connections.active(job.tenant_id)
    if connection.organisation_id != job.lane:
        return Done(ELSEWHERE)
    first = _before(job)
    if first:
        moment = max(first.due_at, slice_.now() + AFTER_ANOTHER)
        return Wait(moment, "Waits for the import before it.")
    return Import(job, slice_, connection).go()


def _before(job: Job) -> Job | None:
    """One at a time: an open import that was asked for earlier goes first."""
    imports = [one for one in jobs.open_jobs(job.lane) if one.kind == KIND]
    first = min(imports, key=lambda one: (one.created_at, one.name), default=job)
    return None if first.name == job.name else first


@dataclass
class Import:
    """One slice of an import."""

    job: Job
    slice_: Slice
    connection: Connection

    def __post_init__(self) -> None:
        """Take up the course of the job, or begin it."""
        self.contacts = Contacts(self.job.tenant_id, self.job.lane)
        self.wish = wish_of(self.job)
        self.run = Run.load(self.job.params) or self._begin()
        self.upsert = Upsert(
            self.contacts,
            self.run.choice,
            self.slice_.now,
            by=self.job.name,
            chosen=bool(self.run.contact_ids),
            loose=self.run.loose,
        )

    def go(self) -> Step:
        """Step by step until the end, or until the slice is over."""
        while True:
            step = self._step()
            self.run.keep(self.job.params)
            self.job.result = {
                "skipped": {reason: about.count for reason, about in self.run.skipped.items()},
                "examples": {reason: about.names for reason, about in self.run.skipped.items()},
            }
            if step:
                return replace(step, result=self.job.result)
            self.job.state = JobState.RUNNING
            if self.slice_.over or not jobs.update(self.job):
                return More()

    def _begin(self) -> Run:
        self.job.progress = dict.fromkeys(COUNTS, 0)
        choice = self.wish.choice or self.contacts.chosen()
        run = Run(choice, contact_ids=list(self.wish.contact_ids), size=self.wish.page_size)
        reading = None if self.wish.whole or run.contact_ids else self.contacts.reading()
        if reading and reading.choice.reaches(choice):
            run.since = stamp(reading.since)
        return run

    def _step(self) -> Done | None:
        """A page, or after the last one what is left to look into; None while there is more."""
        run = self.run
        if not run.read:
            self._page()
        elif run.moved and run.round < ROUNDS:
            run.again()
            self.job.progress = dict.fromkeys(COUNTS, 0)
        elif run.merged:
            self._follow()
        elif run.whole and not run.called:
            self._call_the_roll()
        elif 0 < len(run.suspects) <= MOST_SUSPECTS:
            self._look_for_missing()
        else:
            return self._end()
        return None

    def _page(self) -> None:
        run, page = self.run, self._read()
        outcomes = self.upsert.page(page.items)
        run.loose = self.upsert.loose
        for outcome in outcomes:
            self._count(outcome.did, outcome.name, outcome.reason)
        for name in page.unreadable:
            self._count(SKIPPED, name, UNREADABLE)
        if run.whole:
            roll_call.meet(run.roll, self.upsert.met)
        run.merged |= self.upsert.merged
        self.upsert.merged.clear()
        changed = [stamp(one.updated_date_utc) for one in page.items if one.updated_date_utc]
        run.see(changed, stamp(page.told_at or self.slice_.now()))
        progress = self.job.progress
        progress["done"] += len(page.items) + len(page.unreadable)
        progress["total"] = max(self._total(page), progress["done"])
        run.read = self._is_last(page)
        run.page += 1

    def _read(self) -> Page[Contact]:
        run = self.run
        if run.contact_ids:
            start = (run.page - 1) * MOST_IDS
            wanted = run.contact_ids[start : start + MOST_IDS]
            return access.call(self.connection, lambda books: books.contacts_by_ids(wanted))
        since = parse_stamp(run.since) if run.since else None
        return access.call(
            self.connection,
            lambda books: books.contacts_page(run.page, page_size=run.size, modified_since=since),
        )

    def _total(self, page: Page[Contact]) -> int:
        return len(self.run.contact_ids) or page.item_count or 0

    def _is_last(self, page: Page[Contact]) -> bool:
        chosen = len(self.run.contact_ids)
        return self.run.page * MOST_IDS >= chosen if chosen else page.is_last

    def _follow(self) -> None:
        """Merges, as many as one call can look up."""
        some = dict(sorted(self.run.merged.items())[:MOST_IDS])
        done = merges.follow(self._lookup(), some)
        for loser, what in done.items():
            name = self.run.merged.pop(loser).name
            did = {merges.FOLLOWED: UPDATED, merges.NOTHING: UNCHANGED}.get(what, SKIPPED)
            self._count(did, name, ASKED if did == SKIPPED else "")

    def _call_the_roll(self) -> None:
        """Sum up some of those who should have come; then look for them where sums differ."""
        run, most = self.run, PAGES_COMPARED * self.run.size
        some = self.contacts.linked(run.after, most)
        if run.odd is None:
            roll_call.meet(run.expected, some)
        else:
            run.suspects += roll_call.suspects(run.odd, some)
        if len(some) == most:
            run.after = some[-1]
            return
        run.after = ""
        if run.odd is None:
            run.odd = roll_call.odd(run.roll, run.expected)
        else:
            run.odd = roll_call.still_odd(run.odd)
        run.called = not run.odd or len(run.suspects) > MOST_SUSPECTS

    def _look_for_missing(self) -> None:
        some = self.run.suspects[:MOST_IDS]
        names = missing.flag(self._lookup(), some)
        for name in names:
            self.run.skip(GONE, name)
        del self.run.suspects[:MOST_IDS]

    def _lookup(self) -> Lookup:
        def read(contact_ids: Sequence[str]) -> Sequence[Contact]:
            found = access.call(self.connection, lambda books: books.contacts_by_ids(contact_ids))
            return found.items

        return Lookup(self.contacts, read, self.job.name, self.slice_.now())

    def _count(self, did: str, name: str, reason: str = "") -> None:
        self.job.progress[did] += 1
        if reason:
            self.run.skip(reason, name)

    def _end(self) -> Done:
        if not self.run.contact_ids and not self.run.moved:
            self._remember()
        said = _sentence(self.job.progress)
        check_mapping.check(self.job.tenant_id)
        return Done(said + (TOO_MANY_MISSING if self.run.suspects else ""))

    def _remember(self) -> None:
        """How far Xero was read, by Xero's own times.

        Where pages moved to the last, it stays as it was, and what changed is read again. An
        import that met nothing new stores nothing, unless that saves reading old changes again.
        """
        run, before = self.run, self.contacts.reading()
        settled = parse_stamp(run.began) - OVERLAP
        since = min(settled, parse_stamp(run.latest)) if run.latest else settled
        if run.whole:
            now, listed = self.slice_.now(), self.job.progress["total"]
            self.contacts.put_reading(Reading(since, run.choice, now, listed))
        elif before and before.since < since and run.earliest < stamp(since):
            self.contacts.put_reading(replace(before, since=since, choice=run.choice))


def _sentence(counts: dict[str, int]) -> str:
    if not counts["created"] + counts["updated"]:
        return "Nothing has changed in Xero since the last import."
    clients = "client" if counts["created"] == 1 else "clients"
    were = "was" if counts["updated"] == 1 else "were"
    return f"{counts['created']} {clients} came in, {counts['updated']} {were} updated."
