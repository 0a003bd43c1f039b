"""The 결과보고 as one PDF, its edition attached.

Pillow is imported inside a function: a web worker that renders nothing never loads it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

from approvals.signature_box import SignatureBox
from publishing.pdf import engine
from reports.content import EditionContent
from reports.render import html
from rows.canonical_json import canonical_json

SHEETS = ("reports/paper.css",)
# Dots per inch that a printed picture needs, the factor up to which more are accepted, and its width on the sheet in mm.
DPI = 180
DPI_TOLERANCE = 1.5
PRINTED_WIDTHS = {"half": 85, "full": 175}
JPEG_QUALITY = 85
# Space for running head and page number, mm.
RUNNING_HEAD = 10


def render_pdf(
    content: EditionContent, box: SignatureBox, *, read: Callable[[str], bytes], created: datetime
) -> engine.Pdf:
    """Print the edition ``content`` with its sign-off ``box``; the same arguments give the same bytes.

    ``read`` returns a picture's bytes by digest; its errors are raised, because a signed document must not lose a photo
    silently. ``created`` (aware) is written into the file. Raises OSError where WeasyPrint's libraries are missing.
    """
    if missing := engine.missing_packages():
        raise OSError(missing)
    pictures = {digest: shrink_picture(read(digest), width=width) for digest, width in _widths(content).items()}
    page = html.render_for_print(
        content, box, picture=engine.PICTURES.__add__, created=created.isoformat(timespec="seconds")
    )
    margins, source = _page_rule(*content["paper"]["margins"]), ("edition.json", canonical_json(content))
    return engine.render_pdf(page, sheets=SHEETS, created=created, pictures=pictures, css=margins, source=source)


def shrink_picture(data: bytes, *, width: int) -> bytes:
    """Return a picture as JPEG with not many more dots than ``width`` mm on paper show; a fitting JPEG comes back as is."""
    from PIL import Image

    dots = round(width / 25.4 * DPI)
    with Image.open(io.BytesIO(data)) as picture:
        if picture.format == "JPEG" and picture.mode in ("RGB", "L") and picture.width <= dots * DPI_TOLERANCE:
            return data
        # The JPEG decoder itself halves or quarters, at a third of the cost of shrinking afterwards.
        picture.draft("RGB", (dots, round(dots * picture.height / picture.width)))
        small = picture.convert("RGB")
    if small.width > dots * DPI_TOLERANCE:
        small = small.resize((dots, max(1, round(dots * small.height / small.width))), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _widths(content: EditionContent) -> dict[str, int]:
    """Map each picture that still exists to the greatest width in mm at which it is printed."""
    widths: dict[str, int] = {}
    blocks = [block for section in content["sections"] for block in section["blocks"]]
    for photo in [photo for block in blocks if block["kind"] == "photos" for photo in block["photos"]]:
        if photo["digest"] in content["files"]:
            widths[photo["digest"]] = max(widths.get(photo["digest"], 0), PRINTED_WIDTHS[photo.get("width", "half")])
    return widths


def _page_rule(top: int, right: int, bottom: int, left: int) -> str:
    """Return the page rule for ``margins`` in mm; the first page has no running head and starts higher."""
    sides = f"{right}mm {bottom + RUNNING_HEAD}mm {left}mm"
    return f"@page {{ margin: {top + RUNNING_HEAD}mm {sides} }} @page :first {{ margin: {top}mm {sides} }}"
