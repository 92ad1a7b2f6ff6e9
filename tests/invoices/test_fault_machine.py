"""Promise 1 at random: sends, and everything that can go wrong with them.

At rest one invoice here is one document in Xero or none, none is lost, what was taken over or
written there since is equal to the cent, the status is Xero's, each credit that was asked for is
one credit note or none, and no call is open that nobody looks after.
"""

import contextlib
import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.clock import stamp
from chalicelib.connection import store as connections
from chalicelib.connection.model import ConnectionState
from chalicelib.dispatch import lane
from chalicelib.errors import WorkbillError
from chalicelib.invoices import (
    credit,
    credit_job,
    resolve,
    revise,
    revision,
    send,
    store,
    sync,
    void,
)
from chalicelib.invoices.credit import CreditState
from chalicelib.invoices.mirror import LedgerEntry
from chalicelib.invoices.model import Invoice, InvoiceState
from chalicelib.invoices.revision import RevisionState
from chalicelib.invoices.rows import CallRow
from chalicelib.invoices.verdict import Verdict
from chalicelib.people import tenants
from tests.invoices.acts_in_xero import ACTS, Record, act, take_number
from tests.invoices.fault_lab import TENANT, Lab, lab, line
from tests.support.await_points import PowerCut, elsewhere

# `make soak` gives a number, and a seed where somebody wants the very same schedules again.
EXAMPLES = os.environ.get("FAULT_SCHEDULES", "")
SEED = os.environ.get("FAULT_SEED", "")
SHRINK = bool(os.environ.get("FAULT_SHRINK", ""))

HAPPENED: Counter[str] = Counter()
"""What took place in all schedules so far, which a soak tells at its end."""

WHICH = st.integers(0, 3)
TIMES = st.sampled_from([1, 1, 2])
CENTS = st.lists(st.integers(1, 999_999), min_size=1, max_size=3)
WHAT = (*ACTS, "take the number")


@dataclass(frozen=True)
class Mishap:
    """What goes wrong during one piece of work.

    ``at`` is the point at which ``then`` happens. ``fault`` is what Xero does to that many calls
    of ``method``; those that are late arrive after so many seconds.
    """

    at: int = 0
    then: str = ""
    act: str = ""
    fault: tuple[tuple[str, object], ...] = ()
    late: int = 0
    times: int = 0


def faults() -> st.SearchStrategy[tuple[tuple[str, object], ...]]:
    kinds = st.sampled_from(
        [
            {"kind": "drop", "when": "after"},
            {"kind": "drop", "when": "after"},
            {"kind": "drop", "when": "before"},
            {"kind": "status", "status": 500, "when": "after"},
            {"kind": "status", "status": 500, "when": "before"},
            {"kind": "status", "status": 503, "when": "before"},
            {"kind": "status", "status": 504, "when": "after"},
            {"kind": "status", "status": 403, "when": "before"},
            {"kind": "truncate"},
            {"kind": "xml"},
            {"kind": "token_expired"},
            {"kind": "rate_limit", "retry_after": 7},
            {"kind": "rate_limit", "problem": "day", "retry_after": 4000},
            {"kind": "rate_limit", "problem": "concurrent"},
        ]
    )
    where = st.sampled_from(["PUT", "PUT", "GET", ""])
    times = st.sampled_from([1, 1, 1, 2, 3, 12])
    return st.builds(
        lambda kind, method, times: tuple({**kind, "method": method, "times": times}.items()),
        kinds,
        where,
        times,
    )


LOST = st.sampled_from(
    [
        tuple({**kind, "method": method, "times": 12}.items())
        for kind, method in (
            ({"kind": "drop", "when": "after"}, ""),
            ({"kind": "drop", "when": "after"}, ""),
            ({"kind": "drop", "when": "before"}, "GET"),
            ({"kind": "status", "status": 500, "when": "after"}, ""),
            ({"kind": "status", "status": 500, "when": "before"}, ""),
            ({"kind": "status", "status": 503, "when": "after"}, ""),
            ({"kind": "truncate"}, ""),
        )
    ]
)
AT = st.integers(1, 24) | st.integers(1, 64)
CRASH = st.builds(Mishap, at=AT, then=st.just("crash"))
MEET = st.builds(
    Mishap,
    at=AT,
    then=st.sampled_from(["worker", "late worker", "click", "person"]),
    act=st.sampled_from(WHAT),
)
FAULT = st.builds(Mishap, fault=faults())
CRASH_TOO = st.builds(Mishap, at=AT, then=st.just("crash"), fault=faults())
LATE = st.builds(
    Mishap, late=st.sampled_from([20, 70, 200]), times=st.integers(1, 3), at=st.sampled_from([0])
)
MISHAPS = st.one_of(st.just(Mishap()), CRASH, MEET, MEET, FAULT, CRASH_TOO, LATE)
HARM = st.one_of(CRASH, MEET, MEET, FAULT, CRASH_TOO, LATE)


class Sends(RuleBasedStateMachine):
    """``touched`` are the invoices whose sums a person changed in Xero.

    ``theirs`` are the credit notes that they made there. ``linked`` says that somebody named a
    document in Xero, which may be another's making. ``all_heard`` says that whatever Xero
    answered with an error of its own was heard by a process that lived on.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.lab = lab
        self.ids: list[str] = []
        self.touched: set[str] = set()
        self.linked = False
        self.all_heard = True
        self.intruders: list[str] = []
        self.settles = 300
        lab.begin_anew()
        HAPPENED["schedules"] += 1
        self.theirs = self._notes()

    @initialize(
        by_xero=st.booleans(),
        cents=st.lists(st.integers(1, 999_999), min_size=1, max_size=3),
        begins=st.sampled_from(["with drafts", "sent", "unheard"]),
        how=LOST,
        settles=st.sampled_from([15, 300]),
    )
    def some_drafts(self, by_xero, cents, begins, how, settles):
        self.settles = settles
        if by_xero:
            tenants.change(TENANT, numbering="xero")
        for price in cents:
            self._draft(price)
        if begins == "sent":
            # What is changed and credited has to be there first.
            for which in range(len(cents)):
                self._click(which)
        elif begins == "unheard":
            self._during(Mishap(fault=how), partial(self._click, 0, every=True))

    @rule(mishap=HARM, which=WHICH, every=st.booleans())
    def click(self, mishap, which, every):
        self._during(mishap, partial(self._click, which, every=every))

    @precondition(lambda self: self._connected())
    @rule(
        how=LOST,
        still=LOST | st.just(()),
        which=WHICH,
        seconds=st.sampled_from([6, 70, 420, 3700]),
        what=st.sampled_from(["", "renumber", "renumber", "void", *WHAT]),
    )
    def outage(self, how, still, which, seconds, what):
        """Xero answers nothing for a while, in which somebody there may do something."""
        waiting = [
            at
            for at, one in enumerate(self.ids)
            if store.get(TENANT, one).state is InvoiceState.DRAFT
        ]
        at = waiting[which % len(waiting)] if waiting else self._draft(100 + which)
        self._during(Mishap(fault=how), partial(self._click, at))
        self.lab.let_pass(seconds)
        if what:
            self._act_in_xero(what, at)
        self._during(Mishap(fault=still), self.lab.drain)

    @rule(mishap=MISHAPS, times=TIMES)
    def worker_comes(self, mishap, times):
        self._during(mishap, partial(self.lab.drain, times))

    @rule(mishap=MISHAPS, times=TIMES)
    def webhook_comes(self, mishap, times):
        HAPPENED["webhooks"] += times
        self._during(mishap, partial(self.lab.hear, times))

    @rule(seconds=st.sampled_from([6, 61, 240, 420, 3700]))
    def time_passes(self, seconds):
        self.lab.let_pass(seconds)

    @rule(acts=st.lists(st.tuples(st.sampled_from(WHAT), WHICH), min_size=1, max_size=3))
    def person_in_xero(self, acts):
        for what, which in acts:
            self._act_in_xero(what, which)

    @rule(mishap=MISHAPS)
    def sync_all(self, mishap):
        self._during(mishap, partial(sync.start, self.lab.caller))

    @rule(mishap=MISHAPS, which=WHICH)
    def void_here(self, mishap, which):
        self._during(mishap, partial(self._void, which))

    @rule(mishap=MISHAPS, which=WHICH, cents=st.integers(1, 99_999))
    def change_here(self, mishap, which, cents):
        self._during(mishap, partial(self._change, which, Decimal(cents) / 100))

    @rule(mishap=MISHAPS, which=WHICH, part=st.booleans())
    def credit_here(self, mishap, which, part):
        path = "/CreditNotes" if which % 2 else ""
        self._during(mishap, partial(self._credit, which, part=part), path)

    @rule(mishap=MISHAPS, which=WHICH, verdict=st.sampled_from(Verdict))
    def say_what_became_of_it(self, mishap, which, verdict):
        self._during(mishap, partial(self._resolve, which, verdict))

    @precondition(lambda self: self._open_in_xero())
    @rule()
    def disconnect_in_xero(self):
        HAPPENED["disconnected in Xero"] += 1
        self.lab.xero.world.disconnect("test-client", tenant_id=self.lab.organisation_id)

    @rule(anyway=st.sampled_from([False, False, False, True]))
    def reconnect(self, anyway):
        if anyway or not self._connected():
            self._reconnect()

    def teardown(self) -> None:
        self.lab.points.restore()
        if not self.ids:
            return
        try:
            self.come_to_rest()
            self.judge()
        except (Exception, pytest.fail.Exception):
            print(f"fails at schedule {HAPPENED['schedules']}")  # noqa: T201  as below
            raise

    # What people and processes do.

    def _draft(self, price):
        """One more; the answer is its place."""
        self.ids.append(self.lab.draft(line(price), line(price // 3, "1.5")).invoice_id)
        return len(self.ids) - 1

    def _click(self, which, *, every=False):
        wanted = self.ids if every else [self._one(which)]
        HAPPENED["sends asked for"] += len(wanted)
        send.start(self.lab.caller, wanted, renumber=which == 1)

    def _void(self, which):
        void.start(self.lab.caller, self._one(which), reason="wrong", release=False)

    def _change(self, which, price):
        """What is seen is approved; what somebody did in Xero is not written over."""
        invoice = self._one_in_xero(which)
        lines = [replace(invoice.lines[0], unit_price=price), *invoice.lines[1:]]
        added = replace(line(200), description="Added")
        changes = {"lines": [*lines, added], "reference": f"Re {price}"}
        caller, invoice_id = self.lab.caller, invoice.invoice_id
        revise.propose(caller, invoice_id, invoice.version, changes)
        would = revise.would_write(TENANT, revision.get(TENANT, invoice_id))
        revise.write(caller, invoice_id, would.approval)

    def _credit(self, which, *, part):
        invoice = self._one_in_xero(which)
        amounts = {invoice.lines[0].line_id: Decimal("0.01")} if part else None
        credit_job.ask(self.lab.caller, invoice.invoice_id, reason="A slip", amounts=amounts)

    def _resolve(self, which, verdict):
        """Who says that it is this one names what has the number that we know."""
        invoice_id = self._one(which)
        number = store.get(TENANT, invoice_id).number or "INV-00001"
        self.linked = self.linked or verdict is Verdict.THIS_ONE
        resolve.start(self.lab.caller, invoice_id, verdict, number)

    def _one(self, which):
        return self.ids[which % len(self.ids)]

    def _one_in_xero(self, which):
        found = [store.get(TENANT, one) for one in self.ids]
        there = [one for one in found if one.mirror] or found
        return there[which % len(there)]

    def _act_in_xero(self, what, which):
        HAPPENED[f"{what} in Xero"] += 1
        if what == "take the number":
            known = [store.get(TENANT, one).number for one in self.ids]
            following = f"INV-{len([number for number in known if number]) + 1:05d}"
            one_of_ours = "" if which % 2 else known[which % len(known)]
            take_number(self.lab, one_of_ours or following)
            return
        if what == "reprice":
            self.touched.add(self._one(which))
        before = self._notes()
        act(self.lab, what, self._one(which), which)
        self.theirs |= self._notes() - before

    def _notes(self):
        return {one["CreditNoteID"] for one in self.lab.ledger.credit_notes.all()}

    def _reconnect(self):
        with self.lab.points.aside(), contextlib.suppress(WorkbillError):
            self.lab.books.connect(TENANT)
            self.lab.leave_codes_alone()

    def _during(self, mishap, act, path="/Invoices"):
        """Do it while this goes wrong; afterwards the faults are over."""
        self._strike(mishap, path)
        try:
            act()
        except PowerCut:
            self.all_heard = False
            HAPPENED["processes that died"] += 1
        except WorkbillError:
            pass
        finally:
            self.lab.points.restore()
            self.lab.late_left = 0
            self.lab.xero.world.faults.clear()

    def _strike(self, mishap, path):
        lab = self.lab
        if mishap.fault:
            HAPPENED["faults of Xero's set"] += 1
            lab.fault(path=path, **dict(mishap.fault))
        if mishap.late:
            HAPPENED["answers made late"] += mishap.times
            self.all_heard = False
            lab.late, lab.late_left = timedelta(seconds=mishap.late), mishap.times
        acts = {
            "crash": lab.points.cut,
            "worker": partial(elsewhere, lab.points, self._another_worker),
            "late worker": partial(self._overtaken),
            "click": partial(elsewhere, lab.points, self._another_click),
            "person": partial(self._act_in_xero, mishap.act, mishap.at),
        }
        if mishap.at:
            lab.points.arm(mishap.at, acts[mishap.then])

    def _another_worker(self):
        """Whoever else has the lane has it alone, while the lease lasts."""
        taken = self._holder()
        before = self._asked()
        self.lab.drain()
        HAPPENED["workers in the midst of another"] += 1
        if taken and self._asked() > before:
            self.intruders.append(taken)

    def _holder(self):
        row = lane.LaneRow.get(self.lab.organisation_id, lane.LANE, consistent_read=True)
        return (
            row.lease_holder if (row.lease_until or "") >= stamp(self.lab.aws.clock.now()) else ""
        )

    def _asked(self):
        """How often the books in Xero were asked for something."""
        return len(self.lab.xero.world.calls.listed(path="/api.xro/"))

    def _another_click(self):
        HAPPENED["clicks in the midst of another"] += 1
        with contextlib.suppress(WorkbillError):
            self._click(0)

    def _overtaken(self):
        """The process hangs until its lease is over; another takes the lane."""
        self.all_heard = False
        HAPPENED["workers overtaken"] += 1
        self.lab.let_pass(61)
        elsewhere(self.lab.points, self.lab.drain)

    # At rest.

    def come_to_rest(self):
        """Nothing goes wrong any more, and whatever is due is done when it is."""
        self.lab.let_pass(self.settles)
        if not self._connected():
            self._reconnect()
        self._work_until_nothing_waits()
        for invoice_id in self.ids:
            if store.get(TENANT, invoice_id).state is InvoiceState.UNCERTAIN:
                # It was given up, which its page says; somebody has Xero asked again.
                send.start(self.lab.caller, [invoice_id])
        self._work_until_nothing_waits()
        for invoice_id in self.ids:
            self._end_what_is_open(invoice_id)
        self._work_until_nothing_waits()
        sync.start(self.lab.caller)
        self._work_until_nothing_waits()

    def _end_what_is_open(self, invoice_id):
        """What was approved or asked for and is given up: somebody goes on with it."""
        found = revision.find(TENANT, invoice_id)
        if found and found.state is RevisionState.WRITING:
            revise.write(self.lab.caller, invoice_id, "")
        elif found:
            revise.drop(self.lab.caller, invoice_id)
        if any(one.state.open for one in credit.of_invoice(TENANT, invoice_id)):
            credit_job.go_on(self.lab.caller, invoice_id)

    def _work_until_nothing_waits(self):
        for _ in range(60):
            waiting = self.lab.waiting()
            if not waiting:
                return
            first = min(job.due_at for job in waiting)
            self.lab.let_pass(max((first - self.lab.aws.clock.now()).total_seconds(), 0) + 1)
            self.lab.drain()
            if self.lab.waiting() == waiting:
                self.lab.let_pass(61)
        pytest.fail(f"Never at rest: {self.lab.waiting()}")

    def _connected(self):
        active = connections.get(TENANT).state is ConnectionState.ACTIVE
        return active and self._open_in_xero()

    def _open_in_xero(self):
        links = self.lab.xero.world.connections.values()
        return self.lab.organisation_id in {one.tenant_id for one in links}

    def judge(self):
        invoices = [store.get(TENANT, invoice_id) for invoice_id in self.ids]
        for invoice in invoices:
            self._judge_one(invoice)
        doubtful = {one.call_id for one in invoices if one.state is InvoiceState.UNCERTAIN}
        found = CallRow.query(TENANT, CallRow.sk.startswith("call#"), consistent_read=True)
        assert {row.sk.removeprefix("call#") for row in found} <= doubtful
        assert not lane.get(self.lab.organisation_id).holder
        numbers = [one.number for one in invoices if one.number]
        assert len(set(numbers)) == len(numbers)
        assert self.lab.xero.world.surprises == []
        assert self.intruders == []
        if self.all_heard:
            # What Xero has memorised as its own error is not asked for again under that key.
            calls = self.lab.xero.world.calls.listed(method="PUT")
            assert [one for one in calls if one["replayed"] and one["status"] >= 500] == []
        self._judge_credits(invoices)

    def _judge_credits(self, invoices: list[Invoice]) -> None:
        """Each that was asked for is one note or none; none is without its asking."""
        there = {one["CreditNoteID"]: one for one in self.lab.ledger.credit_notes.all()}
        made = set(there) - self.theirs
        for invoice in invoices:
            asked = credit.of_invoice(TENANT, invoice.invoice_id)
            assert not any(one.state.open for one in asked), asked
            done = [one for one in asked if one.state is CreditState.DONE]
            for one in done:
                note = there[one.credit_note_id]
                assert note["Total"] == one.totals.total
                assert sum(spent["Amount"] for spent in note["Allocations"]) == one.allocated
                made.remove(one.credit_note_id)
            assert invoice.credited == sum(one.totals.total for one in done)
            found = revision.find(TENANT, invoice.invoice_id)
            assert found is None or found.state is RevisionState.REFUSED, found
        assert made == set()

    def _judge_one(self, invoice: Invoice) -> None:
        found = self.lab.documents(invoice.invoice_id)
        told = (invoice.state, invoice.problems, [one["Status"] for one in found])
        assert len(found) <= 1, told
        assert invoice.state not in {InvoiceState.QUEUED, InvoiceState.SENDING}, told
        if not found and invoice.mirror and self.linked:
            # Somebody took it for a document of another's making, which has no such address.
            found = [self.lab.ledger.invoices.get(invoice.mirror.xero_invoice_id)]
            self.touched.add(invoice.invoice_id)
        if not found:
            assert invoice.mirror is None, told
            return
        (document,) = found
        HAPPENED["invoices in Xero at rest"] += 1
        assert invoice.state is InvoiceState.SENT, told
        mirror = invoice.mirror
        assert mirror.number == document["InvoiceNumber"]
        assert mirror.due_date == document["DueDate"]
        assert mirror.amount_credited == document["AmountCredited"]
        assert _told(mirror.ledger) == _there(document)
        assert mirror.xero_invoice_id == document["InvoiceID"]
        assert mirror.status == document["Status"]
        assert mirror.amount_paid == document["AmountPaid"]
        assert mirror.amount_due == document["AmountDue"]
        assert mirror.totals.total == document["Total"]
        assert mirror.totals.total_tax == document["TotalTax"]
        if invoice.invoice_id not in self.touched:
            assert invoice.difference is None
            assert invoice.totals.total == document["Total"]


KINDS = {
    "CreditNote": "credit_note",
    "Prepayment": "prepayment",
    "Overpayment": "overpayment",
}


def _told(ledger: Sequence[LedgerEntry]) -> Counter[tuple[str, str]]:
    """Each payment and each credit here, and how much of it came to the invoice."""
    sums: Counter[tuple[str, str]] = Counter()
    for one in ledger:
        sums[one.kind, one.entry_id] += one.amount
    return sums


def _there(document: Record) -> Counter[tuple[str, str]]:
    """The same as Xero has it."""
    sums: Counter[tuple[str, str]] = Counter()
    for paid in document["Payments"]:
        if paid["Status"] != "DELETED":
            sums["payment", paid["PaymentID"]] += paid["Amount"]
    for spent in document["allocations"]:
        for name in KINDS.keys() & spent.keys():
            sums[KINDS[name], spent[name][f"{name}ID"]] += spent["Amount"]
    return sums


@pytest.fixture(scope="module")
def laboratory():
    with lab() as made:
        made.make_small()
        yield made


def test_whatever_goes_wrong_one_invoice_is_one_document(laboratory):
    number = int(SEED or time.time_ns() % 10**9) if EXAMPLES else 0
    print(f"FAULT_SEED={number}")  # noqa: T201  what makes these schedules again
    try:
        run_state_machine_as_test(
            seed(number)(partial(Sends, laboratory)),
            settings=settings(
                max_examples=int(EXAMPLES or 300),
                stateful_step_count=7,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink) if SHRINK else (Phase.generate,),
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        print(dict(HAPPENED))  # noqa: T201  what a soak has seen
