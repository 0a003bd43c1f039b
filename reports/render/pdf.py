"""The 결과보고 as one PDF: PDF/A-3a (keeps for decades) and PDF/UA-1 (can be read aloud), its edition attached.

WeasyPrint, Pillow and pikepdf are imported inside functions: a web worker that renders nothing never loads them.
"""

from __future__ import annotations

import atexit
import functools
import io
import mimetypes
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from conference import libraries
from conference.frozen import canonical
from reports.render import html, keepall

# Our own names: a host that can never exist (RFC 2606), so that nothing in a report can reach a network or a disk.
HOME = "https://paper.invalid/"
PICTURES = HOME + "pictures/"
STATIC = HOME + "static/"
SHEETS = ("reports/print-fonts.css", "reports/paper.css")
# Dots per inch that a printed picture needs, how many times more are let pass, and its width on the sheet in mm.
DPI = 180
ROOM = 1.5
PRINTED = {"half": 85, "full": 175}
QUALITY = 85
# Kept clear for running head and page number, mm.
RUNNING = 10

# WeasyPrint and Pango's font map are not made for two threads at once.
_press = threading.Lock()


@dataclass(frozen=True)
class Pdf:
    """A finished file and its number of pages."""

    data: bytes
    pages: int


def available() -> str | None:
    """Return the system packages, space-separated, without which no PDF can be made here; None if all is there."""
    return " ".join(libraries.missing()) or None


def make(
    content: dict[str, Any],
    box: dict[str, Any],
    *,
    read: Callable[[str], bytes],
    created: datetime,
) -> Pdf:
    """Print the edition ``content`` with its sign-off ``box``; the same arguments give the same bytes.

    ``read`` returns a picture's bytes by digest; what it raises passes through, as a signed paper must not lose a photo
    silently. ``created`` (aware) is written into the file. Raises OSError where WeasyPrint's libraries are missing.
    """
    if missing := available():
        raise OSError(missing)
    pictures = {digest: shrink(read(digest), width=width) for digest, width in _widths(content).items()}
    page = html.document(content, box, picture=PICTURES.__add__, created=created.isoformat(timespec="seconds"))
    with _press:
        raw, pages = _print(page, canonical(content), pictures, content["paper"]["margins"], created)
    from reports.render.finish import finish

    return Pdf(finish(raw), pages)


def shrink(data: bytes, *, width: int) -> bytes:
    """Return a picture as JPEG with not many more dots than ``width`` mm on paper show; a fitting JPEG comes back as is."""
    from PIL import Image

    dots = round(width / 25.4 * DPI)
    with Image.open(io.BytesIO(data)) as picture:
        if picture.format == "JPEG" and picture.mode in ("RGB", "L") and picture.width <= dots * ROOM:
            return data
        # The JPEG decoder itself halves or quarters, at a third of the cost of shrinking afterwards.
        picture.draft("RGB", (dots, round(dots * picture.height / picture.width)))
        small = picture.convert("RGB")
    if small.width > dots * ROOM:
        small = small.resize((dots, max(1, round(dots * small.height / small.width))), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _widths(content: dict[str, Any]) -> dict[str, int]:
    """Map each picture that still exists to the greatest width in mm at which it is printed."""
    widths: dict[str, int] = {}
    blocks = (block for section in content["sections"] for block in section["blocks"] if block["kind"] == "photos")
    for photo in (photo for block in blocks for photo in block["photos"]):
        if photo["digest"] in content["files"]:
            widths[photo["digest"]] = max(widths.get(photo["digest"], 0), PRINTED[photo.get("width", "half")])
    return widths


def _print(
    page: str,
    edition: str,
    pictures: dict[str, bytes],
    margins: list[int],
    created: datetime,
) -> tuple[bytes, int]:
    from weasyprint import CSS, HTML, Attachment

    fonts, sheets = _sheets(day=int(time.time() // 86_400))
    fetcher = own_names(pictures)
    document = HTML(string=page, base_url=HOME, url_fetcher=fetcher).render(
        font_config=fonts,
        stylesheets=[*sheets, CSS(string=_margins(*margins), url_fetcher=fetcher)],
        pdf_variant="pdf/a-3a",
    )
    at = created.astimezone(UTC)
    document.metadata.attachments.append(
        Attachment(
            string=edition,
            name="edition.json",
            description=document.metadata.title,
            relationship="Source",
            created=at,
            modified=at,
            url_fetcher=fetcher,
        ),
    )
    return document.write_pdf(pdf_variant="pdf/a-3a"), len(document.pages)


def _margins(top: int, right: int, bottom: int, left: int) -> str:
    """Return the page rule for ``margins`` in mm; the first page has no running head and starts higher."""
    sides = f"{right}mm {bottom + RUNNING}mm {left}mm"
    return f"@page {{ margin: {top + RUNNING}mm {sides} }} @page :first {{ margin: {top}mm {sides} }}"


@functools.lru_cache(maxsize=1)
def _sheets(*, day: int) -> tuple[Any, list[Any]]:  # noqa: ARG001 (the key)
    """Return fonts and parsed stylesheets: half as dear as a report, so kept, but afresh every ``day``.

    The fonts lie in a temporary folder, and machines sweep old temporary files; a worker runs for months.
    """
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    keepall.install()
    fonts, fetcher = FontConfiguration(), own_names({})
    return fonts, [CSS(url=STATIC + name, font_config=fonts, url_fetcher=fetcher) for name in SHEETS]


# The folder is removed when the fonts are let go, which must be before the interpreter falls apart.
atexit.register(_sheets.cache_clear)


def own_names(pictures: dict[str, bytes]) -> Any:
    """Return a WeasyPrint fetcher that serves ``pictures`` and our static files, and raises ValueError for all else."""
    return _fetcher_class()(pictures)


@functools.cache
def _fetcher_class() -> type:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnNames(URLFetcher):
        # A subclass, because WeasyPrint 70 stumbles over a plain function that raises.
        def __init__(self, pictures: dict[str, bytes]) -> None:
            super().__init__(allowed_protocols=())
            self.pictures = pictures

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
            data = _own(url, self.pictures)
            kind = mimetypes.guess_type(url)[0] or "image/jpeg"
            return URLFetcherResponse(url, data, {"Content-Type": kind})

    return OwnNames


def _own(url: str, pictures: dict[str, bytes]) -> bytes:
    if url.startswith(PICTURES) and (data := pictures.get(url.removeprefix(PICTURES))) is not None:
        return data
    # By finders, so that it works before collectstatic; they refuse a path that climbs out.
    if url.startswith(STATIC) and (path := finders.find(url.removeprefix(STATIC))):
        return Path(path).read_bytes()
    message = f"not a name of ours: {url}"
    raise ValueError(message)
