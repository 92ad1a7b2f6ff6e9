"""How many calls may be made: against a Xero that counts for itself."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.dispatch.budget import (
    KEPT_A_MINUTE,
    OUTSIDE_LANE,
    PAID,
    PER_MINUTE,
    STARTER,
    AppBudget,
    Budget,
    minute_end,
)
from chalicelib.xero.limits import APP_MINUTE, DAY, MINUTE, Limits

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "50"))
NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)
LANE = PER_MINUTE - OUTSIDE_LANE


def spent(calls, now=NOON, said=None):
    budget = Budget()
    for _ in range(calls):
        budget = budget.after(now, said or Limits())
    return budget


class Counting:
    """Xero's side: fixed minutes, and a day that begins when it likes; it refuses nothing."""

    def __init__(self, allowance, shift=0, used=0):
        self.allowance, self.shift = allowance, timedelta(seconds=shift)
        self.minutes, self.days = {}, {self.day(NOON): used}

    def day(self, now):
        return (now + self.shift).date()

    def call(self, now):
        minute, day = now.replace(second=0, microsecond=0), self.day(now)
        self.minutes[minute] = self.minutes.get(minute, 0) + 1
        self.days[day] = self.days.get(day, 0) + 1
        return Limits(day=self.left(now), minute=PER_MINUTE - self.minutes[minute])

    def left(self, now):
        return self.allowance - self.days.get(self.day(now), 0)


class TestAgainstACountingXero:
    steps = st.lists(
        st.tuples(
            st.booleans(),
            st.integers(1, 70),
            st.sampled_from([0, 0.2, 3, 61, 3_600, 40_000, 86_000, 100_000]),
        ),
        max_size=25,
    )

    @settings(deadline=None, max_examples=EXAMPLES)
    @given(steps, st.integers(0, 86_399), st.sampled_from([STARTER, PAID]), st.integers(0, 5_000))
    def test_never_a_61st_call_nor_background_in_what_is_kept(
        self, steps, shift, allowance, used
    ):
        xero, now = Counting(allowance, shift, min(used, allowance)), NOON
        budget = Budget(allowance=allowance)
        for for_people, tries, pause in steps:
            for _ in range(tries):
                left = xero.left(now)
                if not left or budget.refusal(now, for_people=for_people, most=LANE):
                    break
                known = budget.day_left is not None
                assert for_people or left > allowance // 10 or not known
                budget = budget.after(now, xero.call(now))
            now += timedelta(seconds=pause)
        assert max(xero.minutes.values(), default=0) <= PER_MINUTE
        assert budget.allowance == allowance

    @settings(deadline=None, max_examples=EXAMPLES)
    @given(st.lists(st.booleans(), max_size=80))
    def test_a_process_that_dies_with_a_call_uncounted_breaks_no_limit(self, deaths):
        xero, budget = Counting(PAID), Budget()
        for dies in deaths:
            if budget.refusal(NOON, for_people=True, most=LANE):
                break
            said = xero.call(NOON)
            # Whoever comes next knows that a lease was never let go, and counts one call for it.
            budget = budget.one_more(NOON) if dies else budget.after(NOON, said)
        assert max(xero.minutes.values(), default=0) <= PER_MINUTE


class TestMinute:
    def test_people_may_use_what_background_work_leaves(self):
        budget = spent(LANE - KEPT_A_MINUTE)
        refusal = budget.refusal(NOON, for_people=False, most=LANE)
        assert (refusal.limit, refusal.kept, refusal.until) == (MINUTE, True, minute_end(NOON))
        assert budget.refusal(NOON, for_people=True, most=LANE) is None

    def test_nobody_calls_when_it_is_used_up(self):
        refusal = spent(LANE).refusal(NOON, for_people=True, most=LANE)
        assert (refusal.limit, refusal.kept) == (MINUTE, False)

    def test_the_next_one_is_whole_again(self):
        budget = spent(LANE)
        assert budget.refusal(minute_end(NOON), for_people=False, most=LANE) is None

    def test_xeros_word_counts_for_more_than_our_own_count(self):
        budget = spent(1, said=Limits(minute=0))
        assert budget.refusal(NOON, for_people=True).limit == MINUTE
        assert budget.refusal(minute_end(NOON), for_people=True) is None

    def test_it_ends_when_xero_says_and_so_do_those_that_follow(self):
        named = NOON + timedelta(seconds=37)
        budget = spent(20).refused(MINUTE, NOON, named)
        assert budget.refusal(NOON, for_people=True).until == named
        assert budget.refusal(named, for_people=False) is None
        later = budget.after(named + timedelta(seconds=130), Limits(minute=3))
        assert later.minute_ends == named + timedelta(minutes=3)


class TestDay:
    def test_a_tenth_is_kept_for_people(self):
        budget = spent(1, said=Limits(day=500))
        refusal = budget.refusal(NOON, for_people=False)
        assert (refusal.limit, refusal.kept) == (DAY, True)
        assert budget.refusal(NOON, for_people=True) is None
        assert spent(1, said=Limits(day=501)).refusal(NOON, for_people=False) is None

    def test_it_is_looked_at_again_within_the_hour_and_over_within_a_day(self):
        refusal = spent(1, said=Limits(day=3)).refusal(NOON, for_people=False)
        assert refusal.until == NOON + timedelta(hours=1)
        assert refusal.ends == NOON + timedelta(days=1)
        assert spent(1, said=Limits(day=3)).refusal(refusal.ends, for_people=False) is None

    def test_the_moment_that_xero_named_is_its_end(self):
        named = NOON + timedelta(minutes=10)
        refusal = spent(1).refused(DAY, NOON, named).refusal(NOON, for_people=False)
        assert (refusal.until, refusal.ends) == (named, named)

    def test_a_new_day_is_seen_by_what_is_left(self):
        later = NOON + timedelta(hours=5)
        budget = spent(1, said=Limits(day=3)).after(later, Limits(day=4_999))
        assert budget.refusal(later, for_people=False) is None
        assert budget.day_ends == later + timedelta(days=1)

    def test_answers_that_overtake_each_other_are_no_new_day(self):
        budget = spent(1, said=Limits(day=3)).after(NOON, Limits(day=5))
        assert budget.day_ends == NOON + timedelta(days=1)
        assert budget.allowance == PAID

    @pytest.mark.parametrize(
        ("left", "allowance"), [(999, STARTER), (1_000, PAID), (4_999, PAID)]
    )
    def test_its_size_is_learnt_when_one_begins(self, left, allowance):
        later = NOON + timedelta(hours=25)
        assert spent(1, said=Limits(day=3)).after(later, Limits(day=left)).allowance == allowance

    def test_more_than_a_thousand_left_cannot_be_a_starters(self):
        budget = Budget(allowance=STARTER).after(NOON, Limits(day=1_200))
        assert budget.allowance == PAID


class TestApp:
    def test_background_work_leaves_a_tenth_of_all_calls_to_people(self):
        app = AppBudget()
        app.note(NOON, 1_000)
        refusal = app.refusal(NOON, for_people=False)
        assert (refusal.limit, refusal.kept) == (APP_MINUTE, True)
        assert refusal.until == minute_end(NOON)
        assert app.refusal(NOON, for_people=True) is None

    def test_nobody_calls_when_all_are_used_up(self):
        app = AppBudget()
        app.note(NOON, 0)
        assert not app.refusal(NOON, for_people=True).kept
        assert app.refusal(minute_end(NOON), for_people=False) is None
