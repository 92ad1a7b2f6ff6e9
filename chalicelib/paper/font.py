"""A TrueType font, as far as a printed table needs it: its widths, and the letters it used.

The fonts that every PDF reader has know Western European letters only, so the font goes into the
file, with the shapes of the letters that stand there and no others. The tables are those of
https://learn.microsoft.com/typography/opentype/spec.
"""

import struct
import unicodedata
from collections.abc import Iterable
from functools import cached_property

KEPT = ("cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep")
"""What a PDF reader asks of a font (ISO 32000-1, 9.9)."""

MISSING = "?"
END_OF_SEGMENTS = 0xFFFF
COMPOSITE_HEAD = 10
WORDS, SCALE, MORE, TWO_SCALES, MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80
"""Flags of a part of a composite shape."""


class Font:
    """A font in a file; widths are in thousandths of its size."""

    def __init__(self, content: bytes) -> None:
        count = struct.unpack_from(">H", content, 4)[0]
        self._tables: dict[str, bytes] = {}
        for number in range(count):
            tag, _, start, length = struct.unpack_from(">4sIII", content, 12 + 16 * number)
            self._tables[tag.decode()] = content[start : start + length]
        self.per_em = struct.unpack_from(">H", self._tables["head"], 18)[0]
        self.glyphs = struct.unpack_from(">H", self._tables["maxp"], 4)[0]

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
        """How wide each shape is, by its number; the last width counts for those after it."""
        count = struct.unpack_from(">H", self._tables["hhea"], 34)[0]
        told = struct.unpack_from(f">{2 * count}H", self._tables["hmtx"])[::2]
        every = [*told, *[told[-1]] * (self.glyphs - count)]
        return [width * 1000 / self.per_em for width in every]

    @property
    def heights(self) -> tuple[float, float]:
        """How far it goes above and (less than nought) below its line."""
        up, down = struct.unpack_from(">hh", self._tables["hhea"], 4)
        return up * 1000 / self.per_em, down * 1000 / self.per_em

    @property
    def box(self) -> tuple[float, ...]:
        """The box that holds every shape."""
        found = struct.unpack_from(">4h", self._tables["head"], 36)
        return tuple(side * 1000 / self.per_em for side in found)

    def only(self, glyphs: Iterable[int]) -> bytes:
        """The font with these shapes alone, each under its own number."""
        used = self._whole(glyphs)
        shapes, places = bytearray(), []
        for glyph in range(self.glyphs):
            places.append(len(shapes))
            if glyph in used:
                shapes += self._shape(glyph)
                shapes += bytes(-len(shapes) % 4)
        places.append(len(shapes))
        head = bytearray(self._tables["head"])
        struct.pack_into(">h", head, 50, 1)  # places are written long
        tables = {tag: self._tables[tag] for tag in KEPT if tag in self._tables}
        tables |= {
            "head": bytes(head),
            "glyf": bytes(shapes),
            "loca": struct.pack(f">{len(places)}I", *places),
        }
        return _file(tables)

    @cached_property
    def _glyph_of(self) -> dict[int, int]:
        """The shapes of signs, from the table of the Unicode plane that nearly all are in."""
        cmap = self._tables["cmap"]
        start = next(
            place
            for number in range(struct.unpack_from(">H", cmap, 2)[0])
            for place in [struct.unpack_from(">I", cmap, 8 + 8 * number)[0]]
            if struct.unpack_from(">H", cmap, place)[0] == 4  # noqa: PLR2004  the format's number
        )
        count = struct.unpack_from(">H", cmap, start + 6)[0] // 2
        ends = struct.unpack_from(f">{count}H", cmap, start + 14)
        begins = struct.unpack_from(f">{count}H", cmap, start + 16 + 2 * count)
        deltas = struct.unpack_from(f">{count}H", cmap, start + 16 + 4 * count)
        ranges = start + 16 + 6 * count
        found = {}
        for segment in range(count):
            place = ranges + 2 * segment
            offset = struct.unpack_from(">H", cmap, place)[0]
            for code in range(begins[segment], min(ends[segment], END_OF_SEGMENTS - 1) + 1):
                glyph = code
                if offset:
                    at = place + offset + 2 * (code - begins[segment])
                    glyph = struct.unpack_from(">H", cmap, at)[0]
                    if not glyph:
                        continue
                glyph = (glyph + deltas[segment]) % 0x10000
                if glyph:
                    found[code] = glyph
        return found

    def _shape(self, glyph: int) -> bytes:
        long = struct.unpack_from(">h", self._tables["head"], 50)[0]
        form, step = (">II", 4) if long else (">HH", 2)
        start, end = struct.unpack_from(form, self._tables["loca"], glyph * step)
        factor = 1 if long else 2
        return self._tables["glyf"][start * factor : end * factor]

    def _whole(self, glyphs: Iterable[int]) -> set[int]:
        """These shapes, and those that they are put together of."""
        found, waiting = {0}, list(glyphs)
        while waiting:
            glyph = waiting.pop()
            if glyph not in found:
                found.add(glyph)
                waiting += _parts(self._shape(glyph))
        return found


def _parts(shape: bytes) -> list[int]:
    """The shapes that a composite one is put together of."""
    if not shape or struct.unpack_from(">h", shape)[0] >= 0:
        return []
    found, place, flags = [], COMPOSITE_HEAD, MORE
    while flags & MORE:
        flags, glyph = struct.unpack_from(">HH", shape, place)
        found.append(glyph)
        place += 8 if flags & WORDS else 6
        place += 2 if flags & SCALE else 4 if flags & TWO_SCALES else 8 if flags & MATRIX else 0
    return found


def _file(tables: dict[str, bytes]) -> bytes:
    """The tables as a font file."""
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(
        ">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power)
    )
    start, body, entries = 12 + 16 * count, bytearray(), bytearray()
    for tag in sorted(tables):
        content = tables[tag]
        padded = content + bytes(-len(content) % 4)
        check = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        entries += struct.pack(">4sIII", tag.encode(), check, start + len(body), len(content))
        body += padded
    return bytes(head + entries + body)
