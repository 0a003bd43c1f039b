"""QR codes that lead to a page of the portal."""

from __future__ import annotations

import io

from django.conf import settings
from django.urls import reverse

QUIET = 4  # modules that stay white around the code, as its standard asks (ISO/IEC 18004)
ERROR = "m"  # 15 % of it may be dirty or torn


def public_address(slug: str) -> str:
    """Return the whole public address of the conference, in the language of the page."""
    return settings.PORTAL_URL + reverse("event", args=[slug])


def render_svg(text: str, *, title: str = "") -> bytes:
    """Return ``text`` as a black and white SVG without styles, so that no Content-Security-Policy minds it."""
    import segno

    out = io.BytesIO()
    code = segno.make(text, error=ERROR, micro=False)
    look = {"light": "#fff", "xmldecl": False, "svgclass": None, "lineclass": None, "omitsize": True}
    code.save(out, kind="svg", border=QUIET, title=title or None, **look)
    return out.getvalue()
