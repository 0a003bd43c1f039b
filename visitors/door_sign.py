"""The door sign: an A4 page with a QR code that leads to the conference."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from conference.content import event
from publishing import event_facts, qr, wording
from publishing.pdf import engine
from publishing.releases import LiveRelease

STYLESHEETS = ("paper/door.css",)
SIZES = ("", "is-long", "is-longest")  # classes of door.css, tried until everything fits on one page


def render_door_sign(current: LiveRelease) -> bytes:
    """Return the sign as a PDF in the language of the page."""
    address, about = qr.public_address(current.slug), event(current.sections)
    context = {
        "event": about,
        "when": wording.days(about["starts_at"], about["ends_at"]),
        "venues": event_facts.used_venues(current),
        "address": address.partition("://")[2].rstrip("/"),
        "code": f"{engine.PICTURES}qr.svg",
        "created": current.at.isoformat(timespec="seconds"),
    }
    code = qr.render_svg(address, title=_("QR 코드"))
    for size in SIZES:
        page = render_to_string("visitors/door.html", context | {"size": size})
        pdf = engine.render_pdf(page, sheets=STYLESHEETS, created=current.at, pictures={"qr.svg": code})
        if pdf.pages == 1:
            break
    return pdf.data
