import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import InvalidInput
from chalicelib.work.intake.durations import (
    clock_of,
    minutes_of,
    seconds_of,
    seconds_of_minutes,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("01:30:00", 5400),
        ("1:30", 5400),
        ("00:00:30", 30),
        ("100:00:00", 360_000),
        ("1.5", 5400),
        ("1,5", 5400),
        ("0.33", 1188),
        (".25", 900),
        ("2", 7200),
        ("1h 30m", 5400),
        ("90 min", 5400),
        ("1 hour", 3600),
    ],
)
def test_hours_are_read_however_they_are_written(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-01:00:00", "negative"),
        ("-1.5", "negative"),
        ("\u22121.5", "negative"),
        ("(0.50)", "negative"),
        ("1:5", "not written as"),
        ("1:75", "not written as"),
        ("1.234,5", "not written as"),
        ("1e3", "not written as"),
        ("=1+1", "not written as"),
        ("", "not written as"),
        ("nan", "not written as"),
    ],
)
def test_other_hours_are_refused_with_the_reason(text, said):
    with pytest.raises(InvalidInput, match=said):
        seconds_of(text)


def test_minutes_are_a_plain_number():
    assert seconds_of_minutes("90") == 5400
    assert seconds_of_minutes("7,5") == 450
    for text in ("1:30", "1h", "-5"):
        with pytest.raises(InvalidInput):
            seconds_of_minutes(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:05", "09:05:00"),
        ("09:05:07", "09:05:07"),
        ("12:00 AM", "00:00:00"),
        ("12:30:00 PM", "12:30:00"),
        ("1:05 pm", "13:05:00"),
        ("11:59\u202fPM", "23:59:00"),
        ("9:05 a.m.", "09:05:00"),
        ("2026-11-03T17:45:00Z", "17:45:00"),
        ("2026-11-03 17:45:00.123+13:00", "17:45:00"),
        ("9.30", "09:30:00"),
    ],
)
def test_times_of_day_are_read_by_both_clocks(text, clock):
    hours, minutes, seconds = map(int, clock.split(":"))
    assert clock_of(text) == hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize("text", ["24:00", "13:00 PM", "0:30 AM", "9", "9:60", "noon", ""])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(InvalidInput):
        clock_of(text)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(30, 1), (89, 1), (90, 2), (3600, 60), (86_399, 1440)]
)
def test_seconds_round_to_the_nearest_minute_half_up(seconds, minutes):
    assert minutes_of(seconds) == minutes


def test_less_than_half_a_minute_is_no_time():
    with pytest.raises(InvalidInput, match="half a minute"):
        minutes_of(29)


@given(st.integers(0, 1440))
def test_hours_at_two_decimals_give_back_their_minutes(minutes):
    assert round(seconds_of(f"{minutes / 60:.2f}") / 60) == minutes


@given(st.text(max_size=14))
def test_no_text_makes_anything_crash(text):
    for read in (seconds_of, seconds_of_minutes, clock_of):
        try:
            read(text)
        except InvalidInput:
            continue
