"""Tables on paper: each letter stands there or is told of, and none runs out of its column."""

import datetime as dt
import re
import zlib
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from fontTools.ttLib import TTFont

from chalicelib.invoices import timesheet_pdf
from chalicelib.invoices.timesheet import Entry
from chalicelib.paper import table

DAY = dt.date(2026, 11, 20)
SIGNS = "Чайковский \u2013 2\u00bd \u00d7 \u20ac5"
ENTRY = Entry(DAY, "Time", "Website", "Design", "Āwhina Ōtautahi", "Drawing", minutes=90)


def streams(pdf):
    found = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return [zlib.decompress(one) for one in found]


def text_of(pdf):
    """The lines of the document as a reader copies them: by the letters its font names."""
    letters, lines = {}, []
    for stream in streams(pdf):
        for glyph, sign in re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", stream):
            letters[glyph] = bytes.fromhex(sign.decode()).decode("utf-16-be")
    for stream in streams(pdf):
        for shown in re.findall(rb"\[<([0-9a-f]+)>\] TJ", stream):
            glyphs = re.findall(rb"....", shown)
            lines.append("".join(letters[glyph] for glyph in glyphs))
    return lines


def drawn(one_invoice, *entries):
    return timesheet_pdf.draw("Acme Ltd", one_invoice(client_name="Łódź Οδός"), entries)


def test_names_stand_there_as_they_are_written(one_invoice):
    more = replace(ENTRY, person="Nguyễn Thị Hằng", note=SIGNS)

    lines = text_of(drawn(one_invoice, ENTRY, more))

    for said in ("Āwhina Ōtautahi", "Nguyễn Thị Hằng", SIGNS, "1:30"):
        assert said in lines
    assert "Acme Ltd, for Łódź Οδός" in lines
    assert "Total: 3:00 hours." in lines


def test_what_the_font_has_not_is_told_and_not_lost_in_silence(one_invoice):
    lines = text_of(drawn(one_invoice, replace(ENTRY, person="山田")))

    assert "??" in lines
    assert any(line.startswith("2 characters cannot be printed") for line in lines)
    assert not any("cannot be printed" in line for line in text_of(drawn(one_invoice, ENTRY)))


def test_letters_put_together_of_two_signs_are_printed(one_invoice):
    assert "Āwhina" in text_of(drawn(one_invoice, replace(ENTRY, person="A\u0304whina")))


def test_the_font_in_the_file_is_whole_and_holds_only_what_was_used(one_invoice):
    pdf = drawn(one_invoice, ENTRY)
    (font,) = (one for one in streams(pdf) if one[:4] == b"\0\1\0\0")

    read = TTFont(BytesIO(font))

    table_of_shapes = read["glyf"]
    shapes = [n for n in read.getGlyphOrder() if table_of_shapes[n].numberOfContours]
    assert 20 < len(shapes) < 90
    assert len(pdf) < 30_000


def test_a_long_note_goes_on_on_further_pages_and_no_word_runs_over(one_invoice):
    words = [f"word{number}" for number in range(600)]
    long = replace(ENTRY, note=" ".join(words), item="W" * 300)
    goods = Entry(DAY, "Material", "Site", "Cable", "", "", quantity=Decimal("2.50"), unit="m")

    lines = text_of(drawn(one_invoice, long, goods))

    joined = " ".join(lines)
    assert all(word in joined for word in words)
    assert "2.5 m" in lines
    widest = max(column.width for column in timesheet_pdf.COLUMNS)
    assert all(
        table.font().width(line) * 8.5 / 1000 <= widest for line in lines if "word" in line
    )
    assert sum("Page " in line for line in lines) >= 2


def test_the_same_work_is_the_same_file(one_invoice):
    assert drawn(one_invoice, ENTRY) == drawn(one_invoice, ENTRY)
