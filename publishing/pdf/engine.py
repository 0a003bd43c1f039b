"""Turns a page and its stylesheets into one PDF for archives (PDF/A-3a) and screen readers (PDF/UA-1).

The same page, stylesheets and pictures give the same bytes.
"""

from __future__ import annotations

import atexit
import functools
import mimetypes
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from publishing.pdf import korean_line_breaks, pdf_libraries

# Addresses in the page are under a host that can never exist (RFC 2606), so printing reads no network and no other file.
BASE_URL = "https://paper.invalid/"
PICTURES = BASE_URL + "pictures/"
STATIC = BASE_URL + "static/"
FONTS = "paper/fonts.css"

# WeasyPrint and Pango's font map do not support two threads at once.
_pdf_lock = threading.Lock()


@dataclass(frozen=True)
class Pdf:
    """A finished file and its number of pages."""

    data: bytes
    pages: int


def missing_packages() -> str | None:
    """Return the system packages that are missing for PDF, separated by spaces; None if all are there."""
    return " ".join(pdf_libraries.missing()) or None


def render_pdf(
    page: str,
    *,
    sheets: tuple[str, ...],
    created: datetime,
    pictures: Mapping[str, bytes] | None = None,
    css: str = "",
    source: tuple[str, str] | None = None,
) -> Pdf:
    """Print the HTML ``page`` with the static stylesheets ``sheets`` and the rules ``css`` after them.

    ``pictures``: bytes by the name that follows PICTURES in the page. ``source``: (file name, text) of the data of the
    page, to be attached. ``created`` (aware) is written into the file. Raises OSError if WeasyPrint's libraries are missing.
    """
    if missing := missing_packages():
        raise OSError(missing)
    with _pdf_lock:
        raw, pages = _write_pdf(page, sheets, css, pictures or {}, source and _attachment(*source, created))
    from publishing.pdf.pdf_ua import add_pdf_ua

    return Pdf(add_pdf_ua(raw), pages)


def _write_pdf(
    page: str, names: tuple[str, ...], css: str, pictures: Mapping[str, bytes], source: Any
) -> tuple[bytes, int]:
    from weasyprint import CSS, HTML

    day = int(time.time() // 86_400)
    fonts, faces = _fonts(day=day)
    sheets = [faces, *(_sheet(name, day=day) for name in names)]
    fetcher = restricted_fetcher(pictures)
    document = HTML(string=page, base_url=BASE_URL, url_fetcher=fetcher).render(
        font_config=fonts,
        stylesheets=[*sheets, CSS(string=css, url_fetcher=fetcher)],
        pdf_variant="pdf/a-3a",
    )
    if source:
        source.description = document.metadata.title
        document.metadata.attachments.append(source)
    return document.write_pdf(pdf_variant="pdf/a-3a"), len(document.pages)


def _attachment(name: str, text: str, created: datetime) -> Any:
    from weasyprint import Attachment

    at = created.astimezone(UTC)
    fetcher = restricted_fetcher({})
    return Attachment(string=text, name=name, relationship="Source", created=at, modified=at, url_fetcher=fetcher)


@functools.lru_cache(maxsize=1)
def _fonts(*, day: int) -> tuple[Any, Any]:  # noqa: ARG001 (the key)
    """Return the fonts and their stylesheet, which take half the time of a report. They are cached for one ``day``.

    WeasyPrint writes the fonts to a temporary folder, and machines delete old temporary files while a worker runs for months.
    """
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    korean_line_breaks.install()
    fonts = FontConfiguration()
    return fonts, CSS(url=STATIC + FONTS, font_config=fonts, url_fetcher=restricted_fetcher({}))


@functools.lru_cache(maxsize=8)
def _sheet(name: str, *, day: int) -> Any:
    """Return a parsed stylesheet."""
    from weasyprint import CSS

    return CSS(url=STATIC + name, font_config=_fonts(day=day)[0], url_fetcher=restricted_fetcher({}))


# WeasyPrint removes the folder with the fonts' object; that must happen before the interpreter shuts down.
atexit.register(_fonts.cache_clear)
atexit.register(_sheet.cache_clear)


def restricted_fetcher(pictures: Mapping[str, bytes]) -> Any:
    """Return a WeasyPrint fetcher that serves ``pictures`` and our static files, and raises ValueError for all else."""
    return _fetcher_class()(pictures)


@functools.cache
def _fetcher_class() -> type:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class RestrictedFetcher(URLFetcher):
        # A subclass, because WeasyPrint 70 fails on a plain function that raises.
        def __init__(self, pictures: Mapping[str, bytes]) -> None:
            super().__init__(allowed_protocols=())
            self.pictures = pictures

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
            data = _read_resource(url, self.pictures)
            kind = mimetypes.guess_type(url)[0] or "image/jpeg"
            return URLFetcherResponse(url, data, {"Content-Type": kind})

    return RestrictedFetcher


def _read_resource(url: str, pictures: Mapping[str, bytes]) -> bytes:
    if url.startswith(PICTURES) and (data := pictures.get(url.removeprefix(PICTURES))) is not None:
        return data
    # Through the finders, so that it works before collectstatic; they refuse a path that leaves the static folders.
    if url.startswith(STATIC) and (path := finders.find(url.removeprefix(STATIC))):
        return Path(path).read_bytes()
    message = f"not a name of ours: {url}"
    raise ValueError(message)
