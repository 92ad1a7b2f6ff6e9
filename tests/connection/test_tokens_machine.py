"""Promise 5 at random: two tenants, two people in Xero, and everything that can go wrong.

Invariants: while nobody ended it, a tenant's stored refresh token is one that Xero still takes;
and what one tenant does, or has done to it, neither harms the other nor shows in its books.
"""

import contextlib
import os
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import boto3
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from chalicelib.audit import trail
from chalicelib.connection import (
    access,
    disconnect,
    grants,
    keep_alive,
    pending,
    store,
    switch,
    tokens,
)
from chalicelib.connection.model import ConnectionState
from chalicelib.dispatch import drain
from chalicelib.dispatch.model import tenant_lane
from chalicelib.errors import WorkbillError
from local.xero.identity.grants import GRACE, IDLE
from tests.support.aws import REGION
from tests.support.power import Power, PowerCut
from tests.support.xero import DEMO, FIRST, SECOND, Books, caller_of

# `make soak` gives a number, and takes other paths each time; a test run takes the same ones.
EXAMPLES = os.environ.get("MACHINE_EXAMPLES", "")

# Both people may open these two organisations, and the first of them the others, too.
ORGANISATIONS = {"t1": DEMO, "t2": "Demo Company (UK)"}
OTHERS = {"t1": "Demo Company (AU)", "t2": "Demo Company (US)"}

TENANTS = st.sampled_from(sorted(ORGANISATIONS))
PEOPLE = st.sampled_from([FIRST, FIRST, SECOND])


@dataclass(frozen=True)
class Mishap:
    """What goes wrong during one operation: a power cut at a write, or faults of Xero's."""

    write: int = 0
    after: bool = False
    path: str = ""
    fault: str = ""
    times: int = 0

    def strike(self, xero: Books, power: Power) -> None:
        if self.write:
            power.cut_at(self.write, after=self.after)
        if self.path and self.fault == "drop":
            when = "after" if self.after else "before"
            xero.fault("drop", self.path, when=when, times=self.times)
        elif self.path:
            xero.fault("status", self.path, status=503, times=self.times)


CUTS = st.builds(Mishap, write=st.integers(1, 6), after=st.booleans())
FAULTS = st.builds(
    Mishap,
    path=st.sampled_from(["/connect/token", "/connect/token", "/connections", "/revocation"]),
    fault=st.sampled_from(["drop", "drop", "status"]),
    after=st.booleans(),
    times=st.integers(1, 3),
)
LOST = st.builds(
    Mishap,
    path=st.just("/connect/token"),
    fault=st.just("drop"),
    after=st.just(True),
    times=st.integers(1, 3),
)
MISHAPS = st.one_of(st.just(Mishap()), CUTS, FAULTS, LOST)


class TwoTenants(RuleBasedStateMachine):
    """``unharmed`` maps each tenant that nobody ended to the person it connected by."""

    def __init__(self, xero: Books, power: Power) -> None:
        super().__init__()
        self.xero, self.power = xero, power
        self.unharmed: dict[str, str] = {}
        xero.world.seed()
        xero.world.faults.clear()
        xero.world.limiter.enabled = False
        xero.world.clock.set(xero.aws.clock.now())
        xero.world.clock.freeze()
        tokens._kept.clear()
        empty_tables(xero)

    def teardown(self) -> None:
        self.power.restore()
        assert self.xero.world.surprises == []

    @initialize(first=PEOPLE, other=PEOPLE)
    def both_are_connected(self, first, other):
        self.connect("t1", first, Mishap())
        self.connect("t2", other, Mishap())

    @rule(tenant=TENANTS, person=PEOPLE, mishap=MISHAPS)
    def connect(self, tenant, person, mishap):
        before = store.get(tenant).version
        self._during(mishap, partial(self._consent, tenant, person))
        made = store.get(tenant)
        if made.state is not ConnectionState.ACTIVE:
            self.unharmed.pop(tenant, None)
        elif made.version != before:
            self.unharmed[tenant] = person
        self._note_ends(person)

    @rule(tenant=TENANTS, mishap=MISHAPS, answer=st.sampled_from(["yes", "no", "none"]))
    def choose_another(self, tenant, mishap, answer):
        """In Xero another organisation is chosen; then somebody says yes, no, or nothing."""
        self._let_pass(minutes=1)
        there = OTHERS if self._organisation(tenant) == ORGANISATIONS[tenant] else ORGANISATIONS
        with contextlib.suppress(WorkbillError):
            self.xero.connect(tenant, organisation=there[tenant])
        self._note_ends(FIRST)
        waiting = pending.get(tenant)
        if waiting is None or answer == "none":
            return
        before = store.get(tenant)
        if answer == "no":
            self._during(mishap, partial(switch.decline, caller_of(tenant)))
            assert store.get(tenant) == before
            return
        self._during(mishap, partial(switch.confirm, caller_of(tenant), waiting.organisation_id))
        after = store.get(tenant)
        if after.state is not ConnectionState.ACTIVE:
            self.unharmed.pop(tenant, None)
        elif after.version != before.version:
            assert after.organisation_id == waiting.organisation_id
            self.unharmed[tenant] = FIRST

    @rule(tenant=TENANTS, mishap=MISHAPS)
    def call(self, tenant, mishap):
        """A job does it, so that what a mishap left is taken up within a minute."""
        self._during(mishap, partial(self._name_the_books, tenant))
        self._let_pass(minutes=1)
        if tenant in self.unharmed:
            self._name_the_books(tenant)

    @rule(mishap=MISHAPS, days=st.sampled_from([1, 21]))
    def days_pass(self, mishap, days):
        """Upkeep runs every hour; AWS runs it again a minute after it crashed."""
        self._retry()
        self._let_pass(days=days)
        if not self._during(mishap, keep_alive.keep_alive):
            self._let_pass(minutes=1)
            keep_alive.keep_alive()
        self._retry()
        self._let_pass(hours=1)
        keep_alive.keep_alive()

    @rule(minutes=st.sampled_from([2, 29, 31]))
    def minutes_pass(self, minutes):
        self._retry()
        self._let_pass(minutes=minutes)

    @rule(tenant=TENANTS, mishap=MISHAPS)
    def disconnect_here(self, tenant, mishap):
        # People take their time: no lease of the dead is waited for here.
        self._let_pass(minutes=1)
        self._during(mishap, partial(disconnect.start, caller_of(tenant)))
        if not store.get(tenant).live:
            self.unharmed.pop(tenant, None)

    @rule(tenant=TENANTS)
    def disconnect_in_xero(self, tenant):
        organisation = self.xero.organisation(self._organisation(tenant))
        self.xero.world.disconnect("test-client", tenant_id=organisation)
        self.unharmed.pop(tenant, None)

    @rule(person=st.sampled_from([FIRST, SECOND]))
    def revoke_in_xero(self, person):
        user = self.xero.world.user_by_email(person)
        self.xero.world.grants.pop(("test-client", user.user_id), None)
        self.xero.world.disconnect("test-client", user_id=user.user_id)
        self.unharmed = {t: by for t, by in self.unharmed.items() if by != person}

    @invariant()
    def what_nobody_ended_is_still_accepted(self):
        for tenant in self.unharmed:
            assert store.get(tenant).state is ConnectionState.ACTIVE
            assert self._accepted(tenant), f"{tenant}'s refresh token is dead"

    @invariant()
    def nothing_of_one_shows_in_the_other(self):
        for tenant in ORGANISATIONS:
            shown = (store.get(tenant), pending.get(tenant), store.history(tenant))
            seen = repr((shown, list(trail.entries(tenant))))
            (stranger,) = ORGANISATIONS.keys() - {tenant}
            for other in (ORGANISATIONS[stranger], OTHERS[stranger]):
                assert other not in seen
                assert self.xero.organisation(other) not in seen

    @invariant()
    def what_is_connected_is_open_in_xero(self):
        """A connection that nobody ended is not closed by answers about another."""
        open_there = {one.tenant_id for one in self.xero.world.connections.values()}
        for tenant in self.unharmed:
            assert store.get(tenant).organisation_id in open_there

    def _during(self, mishap, act) -> bool:
        """Whether it was done in spite of the mishap; afterwards all is in order again."""
        mishap.strike(self.xero, self.power)
        try:
            act()
        except (WorkbillError, PowerCut):
            return False
        else:
            return True
        finally:
            self.power.restore()
            self.xero.world.faults.clear()

    def _consent(self, tenant, person):
        here = self._organisation(tenant)
        self.xero.connect(
            tenant, email=FIRST if here == OTHERS[tenant] else person, organisation=here
        )

    def _organisation(self, tenant):
        """The name of the one that the tenant is connected to, or was last."""
        return store.get(tenant).organisation_name or ORGANISATIONS[tenant]

    def _note_ends(self, person):
        """A new consent takes the last one's place; lost on its way, it ends what stood on it."""
        for other, by in list(self.unharmed.items()):
            if by == person and not self._accepted(other):
                del self.unharmed[other]

    def _name_the_books(self, tenant):
        connection = store.active(tenant)
        name = access.call(connection, lambda books: books.organisation().name)
        assert name == self._organisation(tenant)

    def _retry(self):
        """Within minutes the tick takes up what stands in the lanes; leases of the dead end."""
        for minutes in (1, 5):
            self._let_pass(minutes=minutes)
            stop = self.xero.aws.clock.now() + timedelta(seconds=20)
            for tenant in ORGANISATIONS:
                drain.drain(tenant_lane(tenant), deadline=stop)

    def _let_pass(self, **parts):
        self.xero.aws.clock.advance(**parts)
        self.xero.world.clock.advance(timedelta(**parts))

    def _accepted(self, tenant):
        row = grants.read(store.get(tenant).xero_userid)
        if row is None or tenant not in (row.used_by or ()):
            return False
        value, now = row.refresh_token(), self.xero.world.clock.now()
        for grant in self.xero.world.grants.values():
            if token := grant.tokens.get(value):
                until = token.consumed + GRACE if token.consumed else token.issued + IDLE
                return now < until
        return False


def empty_tables(xero: Books) -> None:
    dynamodb = boto3.resource("dynamodb", region_name=REGION)
    for name in xero.aws.wiring.settings.tables.values():
        table = dynamodb.Table(name)
        for item in table.scan()["Items"]:
            table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})


def test_the_connection_survives_what_nobody_meant_to_end_it(xero):
    def waiting(seconds):
        xero.aws.clock.advance(seconds=seconds)
        xero.world.clock.advance(timedelta(seconds=seconds))

    xero.aws.wiring.sleep = waiting
    run_state_machine_as_test(
        partial(TwoTenants, xero, Power()),
        settings=settings(
            max_examples=int(EXAMPLES or 8),
            derandomize=not EXAMPLES,
            stateful_step_count=12,
            deadline=None,
            database=None,
            # Every step costs what a request costs: a failure is told as it was met.
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
