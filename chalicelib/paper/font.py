"""A TrueType font, as far as a printed table needs it: its widths, and the letters it used.

The fonts that every PDF reader has know Western European letters only, so the font goes into the
file, with the shapes of the letters that stand there and no others.
"""

import unicodedata
from collections.abc import Iterable
from functools import cached_property
from io import BytesIO

from fontTools import subset
from fontTools.ttLib import TTFont

NOT_ASKED_FOR = ("GDEF", "GPOS", "GSUB", "OS/2", "STAT", "cmap", "gasp", "name", "post")
"""Tables that a PDF reader needs none of (ISO 32000-1, 9.9)."""

MISSING = "?"


class Font:
    """A font in a file; widths are in thousandths of its size."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._file = TTFont(BytesIO(content))

    def written(self, text: str) -> str:
        """The text as it can be printed: in one line, a question mark for what it has not."""
        plain = unicodedata.normalize("NFC", " ".join(text.split()))
        return "".join(sign if ord(sign) in self._glyph_of else MISSING for sign in plain)

    def unprintable(self, text: str) -> int:
        """How many characters it has not."""
        plain = unicodedata.normalize("NFC", text)
        return sum(not sign.isspace() and ord(sign) not in self._glyph_of for sign in plain)

    def glyph(self, sign: str) -> int:
        """The number of a sign's shape."""
        return self._glyph_of.get(ord(sign), 0)

    def width(self, text: str) -> float:
        """How wide a text is, in thousandths of the font's size."""
        glyph_of, widths = self._glyph_of, self.widths
        return sum(widths[glyph_of.get(ord(sign), 0)] for sign in text)

    @cached_property
    def widths(self) -> list[float]:
        """How wide each shape is, by its number."""
        told = self._file["hmtx"].metrics
        return [self._thousandths(told[name][0]) for name in self._file.getGlyphOrder()]

    @property
    def heights(self) -> tuple[float, float]:
        """How far it goes above and (less than nought) below its line."""
        lines = self._file["hhea"]
        return self._thousandths(lines.ascent), self._thousandths(lines.descent)

    @property
    def box(self) -> tuple[float, ...]:
        """The box that holds every shape."""
        head = self._file["head"]
        return tuple(map(self._thousandths, (head.xMin, head.yMin, head.xMax, head.yMax)))

    def only(self, glyphs: Iterable[int]) -> bytes:
        """The font with these shapes alone, each under its own number."""
        options = subset.Options(retain_gids=True, notdef_outline=True, layout_features=[])
        options.drop_tables += NOT_ASKED_FOR
        # The same letters make the same file.
        kept = TTFont(BytesIO(self._content), recalcTimestamp=False)
        subsetter = subset.Subsetter(options)
        subsetter.populate(gids=list(glyphs))
        subsetter.subset(kept)
        out = BytesIO()
        kept.save(out)
        return out.getvalue()

    @cached_property
    def _glyph_of(self) -> dict[int, int]:
        """The shapes of signs."""
        number = self._file.getGlyphID
        return {sign: number(name) for sign, name in self._file.getBestCmap().items()}

    def _thousandths(self, length: int) -> float:
        return length * 1000 / float(self._file["head"].unitsPerEm)
