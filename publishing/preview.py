"""Previews: the public views, called with another release than the one in force. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _

from publishing.release_draft import SECTIONS
from publishing.releases import LiveRelease

LOOKS = ("desk", "phone", "desk-en", "phone-en")  # a part of a preview's address: screen width and language
NAMES = "names"  # part of a preview's address, beside keys of sections: names without a basis are shown


@dataclass(frozen=True)
class PreviewBar:
    """The bar above a previewed page, and the addresses in the preview."""

    base: str  # its address without the look
    look: str
    back: str
    title: str
    files_root: str
    rest: str

    @property
    def root(self) -> str:
        return f"{self.base}{self.look}/"

    @property
    def is_narrow(self) -> bool:
        return self.look.startswith("phone")

    @property
    def looks(self) -> list[tuple[str, str, bool]]:
        """(label, address, whether it is shown now) of every look of the same page."""
        labels = zip(LOOKS, (_("넓은 화면"), _("휴대전화"), _("영문"), _("영문 휴대전화")), strict=True)
        return [(label, f"{self.base}{look}/{self.rest}", look == self.look) for look, label in labels]


def parse_choice(choice: str) -> tuple[list[str], bool]:
    """Return the sections that ``event-programme-names`` names, and whether names without a basis are shown."""
    words = choice.split("-")
    if set(words) - {*SECTIONS, NAMES}:
        raise Http404
    return [key for key in SECTIONS if key in words], NAMES in words


def format_choice(sections: list[str], *, shows_names: bool) -> str:
    """Return the part of a preview's address that ``parse_choice`` reads."""
    return "-".join([*sections, *([NAMES] if shows_names else [])])


def render_preview(request: HttpRequest, current: LiveRelease) -> HttpResponse:
    """Return the public page at ``current.preview.rest``, as visitors would see it if ``current`` were in force."""
    bar = current.preview
    match = resolve(f"/{current.slug}/{bar.rest}")
    view = getattr(match.func, "release_view", None)
    is_there = bar.look in LOOKS and "event" in current.sections
    if view is None or not is_there or match.kwargs.pop("slug") != current.slug:
        raise Http404
    with translation.override("en" if bar.look.endswith("-en") else "ko"):
        response = view(request, current, **match.kwargs)
    response.headers["Cache-Control"] = "private, no-store"
    return response
