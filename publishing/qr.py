"""QR codes that lead to a page of the portal."""

from __future__ import annotations

import io

from django.conf import settings
from django.urls import reverse

QUIET = 4  # white modules around the code, as ISO/IEC 18004 demands
ERROR = "m"  # level M: readable with 15 % of it damaged


def public_address(slug: str) -> str:
    """Return the whole public address of the conference, in the language of the page."""
    return settings.PORTAL_URL + reverse("event", args=[slug])


def render_svg(text: str, *, title: str = "") -> bytes:
    """Return a QR code of ``text`` as a black and white SVG without styles, which a Content-Security-Policy would block."""
    import segno

    out = io.BytesIO()
    code = segno.make(text, error=ERROR, micro=False)
    look = {"light": "#fff", "xmldecl": False, "svgclass": None, "lineclass": None, "omitsize": True}
    code.save(out, kind="svg", border=QUIET, title=title or None, **look)
    return out.getvalue()
