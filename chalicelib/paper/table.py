"""A table on as many pages as it takes, as PDF.

Cells are broken into lines by their width, and a row goes on on the next page where it does not
fit. The library writes the file's objects; what stands where is decided here.
"""

import datetime as dt
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, takewhile, zip_longest
from pathlib import Path

import pydyf

from chalicelib.paper.embed import embed
from chalicelib.paper.font import Font

WIDTH, HEIGHT = 595, 842
"""A4, in points."""

MARGIN, GAP = 42, 8
LEADING = 12.5
RULE = (0.8, 0.82, 0.85)
FONT = "font_manrope"


@dataclass(frozen=True, slots=True)
class Ink:
    """The size and the colour of a text."""

    size: float
    colour: tuple[float, float, float]


TITLE = Ink(16, (0.1, 0.12, 0.16))
BODY = Ink(8.5, (0.1, 0.12, 0.16))
QUIET = Ink(8.5, (0.38, 0.42, 0.48))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of ``width`` points; numbers stand at its right."""

    title: str
    width: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A titled table: ``facts`` stand below the title, ``notes`` below the table."""

    title: str
    facts: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str]
    made_at: dt.datetime


@cache
def font() -> Font:
    """The font that everything is printed in: Latin, Greek, Cyrillic and Vietnamese letters."""
    spec = importlib.util.find_spec(FONT)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise FileNotFoundError(FONT)
    return Font((Path(places[0]) / "files" / "Manrope-Regular.ttf").read_bytes())


def draw(sheet: Sheet) -> bytes:
    """The sheet as a PDF, whose text can be searched and copied."""
    return _Drawing(sheet).file()


class _Drawing:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.font = sheet, font()
        self.used: dict[int, str] = {}
        self.words: dict[str, float] = {}
        self.pages: list[pydyf.Stream] = []
        self.y = 0.0

    def file(self) -> bytes:
        self._begin_page()
        self._head()
        self._titles()
        for row in self.sheet.rows:
            self._row(row)
        self.y -= GAP
        for note in self.sheet.notes:
            for line in self.broken(note, WIDTH - 2 * MARGIN):
                self._room()
                self._put(MARGIN, line, QUIET)
        return self._written()

    def _begin_page(self) -> None:
        self.pages.append(pydyf.Stream(compress=True))
        self.y = HEIGHT - MARGIN - LEADING

    def _head(self) -> None:
        self.y -= TITLE.size - LEADING
        for line in self.broken(self.sheet.title, WIDTH - 2 * MARGIN, TITLE.size):
            self._put(MARGIN, line, TITLE)
            self.y -= TITLE.size - LEADING + 2
        for fact in self.sheet.facts:
            for line in self.broken(fact, WIDTH - 2 * MARGIN):
                self._put(MARGIN, line, QUIET)
        self.y -= LEADING

    def _titles(self) -> None:
        titles = [column.title for column in self.sheet.columns]
        self._line(titles, QUIET)
        self._rule()

    def _row(self, row: Sequence[str]) -> None:
        cells = [
            self.broken(cell, column.width - GAP)
            for cell, column in zip(row, self.sheet.columns, strict=True)
        ]
        for line in zip_longest(*cells, fillvalue=""):
            if self._room():
                self._titles()
            self._line(line, BODY)
        self._rule()

    def _room(self) -> bool:
        """Whether a new page had to be begun for the next line."""
        if self.y > MARGIN + 2 * LEADING:
            return False
        self._begin_page()
        return True

    def _line(self, cells: Sequence[str], ink: Ink) -> None:
        x, y = float(MARGIN), self.y
        for cell, column in zip(cells, self.sheet.columns, strict=True):
            shift = column.width - self.wide(cell) if column.right else 0
            self.y = y
            self._put(x + shift, cell, ink)
            x += column.width

    def _rule(self) -> None:
        page, y = self.pages[-1], self.y + LEADING - 4
        page.set_color_rgb(*RULE, stroke=True)
        page.set_line_width(0.5)
        page.move_to(MARGIN, y)
        page.line_to(WIDTH - MARGIN, y)
        page.stroke()
        self.y -= 3

    def _put(self, x: float, text: str, ink: Ink) -> None:
        """Write a text, and go on to the next line."""
        self._write(self.pages[-1], x, self.y, text, ink)
        self.y -= LEADING

    def _write(
        self,
        page: pydyf.Stream,
        x: float,
        y: float,
        text: str,
        ink: Ink,
    ) -> None:
        if not text:
            return
        glyphs = [self.font.glyph(sign) for sign in text]
        self.used.update(zip(glyphs, text, strict=True))
        page.begin_text()
        page.set_color_rgb(*ink.colour)
        page.set_font_size("F", ink.size)
        page.set_text_matrix(1, 0, 0, 1, x, y)
        page.show_text("<" + "".join(f"{glyph:04x}" for glyph in glyphs) + ">")
        page.end_text()

    def wide(self, text: str, size: float = BODY.size) -> float:
        return self.font.width(text) * size / 1000

    def _word(self, word: str) -> float:
        """As the font has it; most words come again and again."""
        if word not in self.words:
            self.words[word] = self.font.width(word)
        return self.words[word]

    def broken(self, text: str, width: float, size: float = BODY.size) -> list[str]:
        """A text in lines of at most this width; a word that is wider is broken itself."""
        lines, left, blank = list[list[str]](), 0.0, self.wide(" ", size)
        for word in self.font.written(text).split():
            for piece in self._pieces(word, width, size):
                wide = self._word(piece) * size / 1000
                if not lines or wide + blank > left:
                    lines.append([])
                    left = width + blank
                lines[-1].append(piece)
                left -= wide + blank
        return [" ".join(line) for line in lines] or [""]

    def _pieces(self, word: str, width: float, size: float) -> Iterator[str]:
        while self._word(word) * size / 1000 > width:
            reach = accumulate(self.wide(sign, size) for sign in word)
            count = max(sum(1 for _ in takewhile(lambda end: end <= width, reach)), 1)
            yield word[:count]
            word = word[count:]
        if word:
            yield word

    def _written(self) -> bytes:
        import io

        pdf = pydyf.PDF()
        for number, page in enumerate(self.pages, start=1):
            said = f"Page {number} of {len(self.pages)}"
            x = WIDTH - MARGIN - self.wide(said)
            self._write(page, x, MARGIN - 6, said, QUIET)
        font = embed(pdf, self.font, self.used)
        for page in self.pages:
            pdf.add_object(page)
            facts = {
                "Type": "/Page",
                "Parent": pdf.pages.reference,
                "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F": font.reference})}),
                "Contents": page.reference,
            }
            pdf.add_page(pydyf.Dictionary(facts))
        pdf.info["Title"] = pydyf.String(self.sheet.title)
        pdf.info["Producer"] = pydyf.String("Workbill")
        moment = self.sheet.made_at.strftime("D:%Y%m%d%H%M%SZ")
        pdf.info["CreationDate"] = pydyf.String(moment)
        out = io.BytesIO()
        pdf.write(out, compress=False)
        return out.getvalue()
