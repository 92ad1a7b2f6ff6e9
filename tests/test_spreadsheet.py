import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.spreadsheet import csv_bytes, safe

PROJECT = Path(__file__).parents[1]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_a_text_that_begins_like_a_formula_is_kept_behind_an_apostrophe(sign):
    assert safe(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("cell", ["", "Icons", "1+1", " =1", "a=b", Decimal("-12.50"), -3, None])
def test_other_texts_and_numbers_stay_as_they_are(cell):
    assert safe(cell) == cell


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_cell_is_ever_a_formula_and_no_text_is_lost(rows):
    text = csv_bytes(["a", "b"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    for cells, row in zip(read, rows, strict=True):
        for cell, said in zip(cells, row, strict=True):
            assert not cell.startswith(tuple("=+-@\t\r"))
            assert cell.removeprefix("'") == said.removeprefix("'")


def test_csv_is_written_in_one_place_only():
    writers = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "chalicelib").rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)", path.read_text())
    }
    assert writers == {"chalicelib/spreadsheet.py"}
