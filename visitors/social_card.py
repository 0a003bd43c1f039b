"""The picture that messengers and search engines show beside a link to the conference (Open Graph), 1200 × 630."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from conference.content import event
from publishing import event_facts, wording
from publishing.releases import LiveRelease

SIZE = (1200, 630)
MARGIN = 84  # dots left free at the sides
BAND, DEEP, SKY, PALE, WHITE = "#052561", "#083891", "#b1cefb", "#d8e5fd", "#ffffff"  # static/css/tokens.css
MARK = [((0, 0), "#256ef4"), ((1, 0), "#4c87f6"), ((0, 1), "#1c9a6c"), ((1, 1), "#256ef4")]
TITLE_SIZES = (92, 80, 70, 60)  # sizes to try, the greatest first, until the title has at most TITLE_LINES lines
TITLE_LINES = 3
COLOURS = 64  # enough for letters on a plain background; the file stays small


def render_social_card(current: LiveRelease) -> bytes:
    """Draw the title, the day and the place in the language of the page; the same release gives the same bytes."""
    from PIL import Image, ImageDraw

    about = event(current.sections)
    venues = [" ".join(filter(None, (venue["name"], venue["floors"]))) for venue in event_facts.used_venues(current)]
    picture = Image.new("RGB", SIZE, BAND)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 20, SIZE[1]), fill="#256ef4")
    lines, font = _fit_title(wording.plain(about, "title"))
    step = round(font.size * 1.24)
    top = 276 - step * len(lines) // 2
    for i, line in enumerate(lines):
        draw.text((MARGIN, top + i * step), line, font=font, fill=WHITE)
    draw.line((MARGIN, 430, SIZE[0] - MARGIN, 430), fill=DEEP, width=3)
    draw.text((MARGIN, 456), wording.days(about["starts_at"], about["ends_at"]), font=_font("SemiBold", 40), fill=SKY)
    draw.text((MARGIN, 516), _shorten(" · ".join(venues), _font("Regular", 36)), font=_font("Regular", 36), fill=PALE)
    _draw_brand(draw)
    out = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_brand(draw: Any) -> None:
    """Draw our mark and name above the title."""
    for (column, row), colour in MARK:
        left, top = MARGIN + column * 26, 62 + row * 26
        draw.rectangle((left, top, left + 23, top + 23), fill=colour)
    draw.text((MARGIN + 68, 66), _("지역 컨퍼런스 포털"), font=_font("SemiBold", 34), fill=SKY)


def _fit_title(title: str) -> tuple[list[str], Any]:
    """Return the lines of the title and their font: the greatest size with which TITLE_LINES are enough, else the title cut with …."""
    for size in TITLE_SIZES:
        font = _font("Bold", size)
        lines = _break_lines(title, font)
        if len(lines) <= TITLE_LINES:
            return lines, font
    return [*lines[: TITLE_LINES - 1], _shorten(" ".join(lines[TITLE_LINES - 1 :]), font)], font


def _break_lines(text: str, font: Any) -> list[str]:
    """Break between words; only a word wider than a whole line breaks inside."""
    lines = [""]
    for word in text.split():
        together = f"{lines[-1]} {word}".strip()
        if font.getlength(together) <= SIZE[0] - 2 * MARGIN:
            lines[-1] = together
            continue
        lines.append("")
        for letter in word:
            if font.getlength(lines[-1] + letter) > SIZE[0] - 2 * MARGIN:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def _shorten(text: str, font: Any) -> str:
    """Return the text, cut with … if it is wider than the picture."""
    if font.getlength(text) <= SIZE[0] - 2 * MARGIN:
        return text
    while font.getlength(f"{text}…") > SIZE[0] - 2 * MARGIN:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _font(weight: str, size: int) -> Any:
    from PIL import ImageFont

    path = Path(settings.BASE_DIR, "static", "fonts", f"PretendardGOV-{weight}.ttf")
    # the plain engine: the same letters with and without libraqm on the machine
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
