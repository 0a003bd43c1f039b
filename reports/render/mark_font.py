"""The font static/fonts/ReportMarks.ttf with one glyph, because no Korean text font has ❏ (U+274F).

Run ``python -m reports.render.mark_font`` to make it again; the drawing below is its only source.
"""

from __future__ import annotations

from pathlib import Path

CODE_POINT = 0x274F
TARGET = Path(__file__).parents[2] / "static" / "fonts" / "ReportMarks.ttf"
UNITS_PER_EM = 1000
# Seconds since 1904, as fonts count: a fixed day, so that the same drawing is the same file.
CREATED = 3_530_000_000

Point = tuple[int, int]
# Corners of a sheet with its shadow. Clockwise fills, anticlockwise cuts out.
SHEET_CORNERS: list[list[Point]] = [
    [(60, 20), (60, 700), (740, 700), (740, 20)],
    [(112, 72), (688, 72), (688, 648), (112, 648)],
    [(788, 610), (850, 610), (850, -92), (148, -92), (148, -30), (788, -30)],
]


def _glyph(outlines: list[list[Point]]) -> object:
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for first, *rest in outlines:
        pen.moveTo(first)
        for point in rest:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def write_font(target: Path = TARGET) -> Path:
    """Write the font to ``target`` and return it."""
    from fontTools.fontBuilder import FontBuilder

    # A blank too: Pango sets the one after the mark from the same font.
    font = FontBuilder(UNITS_PER_EM, isTTF=True)
    font.setupGlyphOrder([".notdef", "space", "sheet"])
    font.setupCharacterMap({0x20: "space", CODE_POINT: "sheet"})
    font.setupGlyf({".notdef": _glyph(SHEET_CORNERS[:2]), "space": _glyph([]), "sheet": _glyph(SHEET_CORNERS)})
    font.setupHorizontalMetrics({".notdef": (920, 60), "space": (300, 0), "sheet": (920, 60)})
    font.setupHorizontalHeader(ascent=950, descent=-250)
    font.setupNameTable({"familyName": "Report Marks", "styleName": "Regular", "psName": "ReportMarks-Regular"})
    font.setupOS2(sTypoAscender=950, sTypoDescender=-250, usWinAscent=950, usWinDescent=250, fsType=0)
    font.setupPost()
    font.font["head"].created = font.font["head"].modified = CREATED
    font.font.recalcTimestamp = False
    font.save(target)
    return target


if __name__ == "__main__":
    write_font()
