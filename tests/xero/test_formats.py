from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.xero.formats import (
    if_modified_since,
    read_day,
    read_json,
    read_moment,
    tidy,
    write_json,
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("/Date(1552262400000+0000)/", datetime(2019, 3, 11, tzinfo=UTC)),
        ("/Date(1439434356790)/", datetime(2015, 8, 13, 2, 52, 36, 790000, UTC)),
        ("/Date(-86400000+0000)/", datetime(1969, 12, 31, tzinfo=UTC)),
        ("/Date(1552262400000+1300)/", datetime(2019, 3, 11, tzinfo=UTC)),
        ("/Date(-62135596800000+0000)/", datetime(1, 1, 1, tzinfo=UTC)),
        ("2019-03-11T00:00:00", datetime(2019, 3, 11, tzinfo=UTC)),
        ("2019-03-11 00:00:00", datetime(2019, 3, 11, tzinfo=UTC)),
        ("2019-03-11 17:58:46+00:00", datetime(2019, 3, 11, 17, 58, 46, tzinfo=UTC)),
        ("2019-12-07T18:46:19.5165400", datetime(2019, 12, 7, 18, 46, 19, 516540, UTC)),
        ("2024-06-21T01:15:39.902", datetime(2024, 6, 21, 1, 15, 39, 902000, UTC)),
        ("2026-01-01T01:00:00+13:00", datetime(2025, 12, 31, 12, tzinfo=UTC)),
        ("2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_every_form_of_a_moment_is_read_as_utc(text, moment):
    assert read_moment(text) == moment
    assert read_moment(text).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text", ["", "soon", "/Date()/", "/Date(99999999999999999)/", "2026-13-01"]
)
def test_a_date_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        read_moment(text)


def test_a_calendar_date_is_the_utc_day_whatever_offset_is_shown():
    assert read_day("/Date(1552262400000+1300)/") == date(2019, 3, 11)


def test_a_condition_is_written_in_utc_and_rounded_down():
    auckland = timezone(timedelta(hours=13))
    moment = datetime(2026, 1, 2, 12, 30, 59, 999999, auckland)

    assert if_modified_since(moment) == "2026-01-01T23:30:59"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**12))
def test_a_number_comes_back_with_the_digits_it_had(number):
    assert read_json(write_json({"n": number}))["n"] == number


@pytest.mark.parametrize("text", ["0.1648", "12345678901.99", "9999999999.99", "-0.01", "20.0"])
def test_an_amount_is_never_binary(text):
    assert str(read_json(f'{{"n":{text}}}'.encode())["n"]) == text
    assert write_json({"n": Decimal(text)}) == f'{{"n":{text}}}'.encode()


def test_a_byte_order_mark_is_passed_over():
    assert read_json(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


def test_empty_values_are_as_if_not_there():
    tree = {"A": None, "B": "", "C": [None, {"D": None}], "E": 0, "F": False}

    assert tidy(tree) == {"C": [{}], "E": 0, "F": False}
