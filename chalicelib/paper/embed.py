"""A font inside a PDF, under the numbers of its shapes (ISO 32000-1, 9.7)."""

import pydyf

from chalicelib.paper.font import Font


def embed(pdf: pydyf.PDF, font: Font, used: dict[int, str]) -> pydyf.Dictionary:
    """The font object of a file, with the shapes that were used and which letters they are."""
    name = "/WBTIME+Manrope"
    content = font.only(used)
    file = pydyf.Stream([content], {"Length1": len(content)}, compress=True)
    pdf.add_object(file)
    up, down = font.heights
    about = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "Flags": 4,
            "FontBBox": pydyf.Array([round(side) for side in font.box]),
            "ItalicAngle": 0,
            "Ascent": round(up),
            "Descent": round(down),
            "CapHeight": round(up),
            "StemV": 80,
            "FontFile2": file.reference,
        }
    )
    pdf.add_object(about)
    widths = [item for glyph in sorted(used) for item in _width(font, glyph)]
    inner = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": pydyf.Dictionary(
                {
                    "Registry": pydyf.String("Adobe"),
                    "Ordering": pydyf.String("Identity"),
                    "Supplement": 0,
                }
            ),
            "FontDescriptor": about.reference,
            "CIDToGIDMap": "/Identity",
            "W": pydyf.Array(widths),
        }
    )
    pdf.add_object(inner)
    letters = pydyf.Stream([_letters(used)], compress=True)
    pdf.add_object(letters)
    outer = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([inner.reference]),
            "ToUnicode": letters.reference,
        }
    )
    pdf.add_object(outer)
    return outer


def _width(font: Font, glyph: int) -> tuple[int, pydyf.Array]:
    return glyph, pydyf.Array([round(font.widths[glyph])])


def _letters(used: dict[int, str]) -> bytes:
    """Which letter a shape stands for, so that text can be searched (ISO 32000-1, 9.10.3)."""
    lines = [
        f"<{glyph:04x}> <{sign.encode('utf-16-be').hex()}>"
        for glyph, sign in sorted(used.items())
    ]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    said = "\n".join(
        "\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{said}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
