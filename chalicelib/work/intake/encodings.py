"""How the bytes of a file become text: told by the file itself, or asked.

A mark at the beginning says which kind of Unicode it is; without one, bytes that are valid UTF-8
all through are UTF-8. All else looks alike to a program, so a person is asked which way it reads
right.
"""

import codecs
import re
from dataclasses import dataclass

from chalicelib.work.intake.faults import UnusableFile

UTF8 = "utf-8"
OTHERS = {
    "windows-1252": "Western European (Windows, Excel)",
    "windows-1250": "Central European (Windows)",
    "windows-1251": "Cyrillic (Windows)",
    "macintosh": "Western European (older Macs)",
}
"""Encodings that a person may name, as Python calls them."""

NAMES = {UTF8: "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
OTHER_FILES = {
    b"PK\x03\x04": "a spreadsheet or a ZIP file. Save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an Excel file. Save the sheet as CSV",
    b"%PDF": "a PDF. Export the report as CSV",
    b"\x1f\x8b": "a compressed file. Unpack it first",
}
PROBED = 4000
SAMPLES = 3
AROUND = re.compile(
    rb"[A-Za-z ]{0,16}[\x80-\xff][A-Za-z\x80-\xff]{0,16}(?: [A-Za-z\x80-\xff]{1,12})?"
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """Which encoding a file says it has, and after how many bytes its text begins.

    ``certain`` is false for UTF-8 without a mark, until all of it has been read as such.
    """

    name: str
    begins: int = 0
    certain: bool = True


def encoding_of(head: bytes) -> Encoding:
    """What the first bytes of a file tell; raises UnusableFile for what is not text."""
    for beginning, what in OTHER_FILES.items():
        if head.startswith(beginning):
            raise UnusableFile(f"This is not CSV but {what}.")
    for mark, name in MARKS:
        if head.startswith(mark):
            if not name:
                raise UnusableFile("This file is in UTF-32. Save it as CSV in UTF-8.")
            return Encoding(name, len(mark))
    if b"\0" in head[:PROBED]:
        return _by_zeros(head[:PROBED])
    return Encoding(UTF8, certain=False)


def samples(raw: bytes, encoding: str) -> list[str]:
    """How the first words with letters beyond ASCII read; empty where they cannot be."""
    words = dict.fromkeys(found[0].strip() for found in AROUND.finditer(raw))
    try:
        return [word.decode(encoding) for word in list(words)[:SAMPLES]]
    except UnicodeDecodeError:
        return []


def _by_zeros(head: bytes) -> Encoding:
    """In UTF-16 most other bytes of a table are nought: its signs, digits and Latin letters."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    many = len(head) // 8
    if odd > max(many, 4 * even):
        return Encoding("utf-16-le")
    if even > max(many, 4 * odd):
        return Encoding("utf-16-be")
    raise UnusableFile("This file is not text. Export the report as CSV.")
