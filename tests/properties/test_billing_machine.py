"""Promise 2 at random: people bill, change, discard and release at once, and processes die.

Any act may be interrupted between any two of its requests by another person's, or die before or
after any write. At every quiet moment each piece of work is on exactly one live invoice or
unbilled, none is lost, no more of a price or deposit is billed than there is, and every invoice
adds up. ``MACHINE_EXAMPLES`` sets how many runs are tried, ``MACHINE_SEED`` which; a failure
names its seed.
"""

import os
import secrets
from contextlib import ExitStack
from dataclasses import dataclass, replace
from random import Random
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from chalicelib.invoices import create, gather, lines_work, release
from chalicelib.invoices.model import EDITABLE
from chalicelib.work import claims
from tests.properties.billing_company import ACTS, Act, Company
from tests.properties.billing_judge import Books
from tests.support.aws import mocked_account
from tests.support.meanwhile import Meanwhile
from tests.support.power import Power, PowerCut

# `make soak` gives a number, and takes other paths each time; a test run takes the same ones.
EXAMPLES = os.environ.get("MACHINE_EXAMPLES", "")
DARING = 0.5
MEDDLING = (*ACTS, *("correct", "delete", "resend", "delete_material", "edit", "discard") * 3)
"""What another person does in the middle: mostly change what the first has just read."""

SEED = int(os.environ.get("MACHINE_SEED", secrets.randbits(32) if EXAMPLES else 20))


@dataclass(frozen=True)
class Mishap:
    """What happens in the middle: the process dies at a write, or another person acts.

    After a death the other person acts before anybody takes up what the dead have left.
    """

    dies_at: int = 0
    after: bool = False
    interrupted_at: int = 0
    before_writes: bool = False
    others: Act | None = None


def act_of(chance):
    return Act(chance.choice(ACTS), chance.randrange(60), chance.randrange(60))


def mishap_of(chance):
    match chance.choice(("none", "death", "death", "interruption", "interruption")):
        case "death":
            others = act_of(chance) if chance.random() < DARING else None
            return Mishap(chance.randint(1, 20), chance.random() < DARING, others=others)
        case "interruption":
            writes = chance.random() < DARING
            at = chance.randint(1, 12 if writes else 60)
            others = replace(act_of(chance), name=chance.choice(MEDDLING))
            return Mishap(interrupted_at=at, before_writes=writes, others=others)
    return Mishap()


class Billers(RuleBasedStateMachine):
    """Two people of one company; ``known`` is all work that there ever was."""

    def __init__(self) -> None:
        super().__init__()
        self.ends = ExitStack()
        # Ids order what is equal else, and a run has to come out the same each time.
        self.ends.enter_context(patch("os.urandom", Random(1).randbytes))  # noqa: S311
        self.company = Company(self.ends.enter_context(mocked_account()))
        self.power = Power()
        self.meanwhile = Meanwhile()
        self.ends.callback(self.meanwhile.close)
        self.known: set[str] = set()
        self.steps = 0
        self.look()

    def teardown(self) -> None:
        self.ends.close()

    @rule(roll=st.integers(0, 2**64 - 1))
    def somebody_acts(self, roll):
        # Hypothesis likes small numbers and first choices; here all are to be as likely.
        self.steps += 1
        chance = Random(f"{roll} {self.steps}")  # noqa: S311  a game of chance
        act, mishap = act_of(chance), mishap_of(chance)
        note(f"{act} {mishap}")
        if mishap.interrupted_at:
            self.meanwhile.before(
                mishap.interrupted_at,
                lambda: self.other_acts(mishap),
                writes=mishap.before_writes,
            )
        elif mishap.dies_at:
            self.power.cut_at(mishap.dies_at, after=mishap.after)
        try:
            self.company.do(act, 0)
        except PowerCut:
            self.power.restore()
            self.other_acts(mishap)
        self.power.restore()
        if self.meanwhile.end():
            self.other_acts(mishap)
        self.company.rest()
        self.look()

    def other_acts(self, mishap):
        if mishap.others:
            self.company.do(mishap.others, 1)

    def look(self):
        """All is quiet: what there is must be right, and is what the next acts are about."""
        books, company = Books(self.company), self.company
        self.known = (self.known | books.judge(self.known)) - company.removable
        company.records, company.materials = books.pieces("time#"), books.pieces("material#")
        made = sorted(books.invoices.values(), key=lambda one: (one.created_at, one.invoice_id))
        company.invoices = [
            one.invoice_id for one in made if one.mirror is None or one.holds_work
        ]
        company.drafts = [one.invoice_id for one in made if one.state in EDITABLE]


def test_whoever_bills_and_dies_no_work_is_billed_twice_or_lost(monkeypatch):
    # So small that few pieces of work are many: a job, several batches, ids beside the line.
    monkeypatch.setattr(create, "AT_ONCE", 3)
    monkeypatch.setattr(release, "AT_ONCE", 3)
    monkeypatch.setattr(gather, "PER_STEP", 3)
    monkeypatch.setattr(claims, "PER_WRITE", 2)
    monkeypatch.setattr(lines_work, "INLINE", 2)
    try:
        run_state_machine_as_test(
            seed(SEED)(Billers),
            settings=settings(
                max_examples=int(EXAMPLES or 3),
                stateful_step_count=12,
                deadline=None,
                database=None,
                # Every step costs what a request costs: a failure is told as it was met.
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
    except BaseException as error:
        error.add_note(f"Again: MACHINE_SEED={SEED} MACHINE_EXAMPLES={EXAMPLES or 3}")
        raise
