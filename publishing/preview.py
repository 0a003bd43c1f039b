"""Public pages before, or long after, they are public: the same views, given another release. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _

from publishing.release_draft import SECTIONS
from publishing.releases import LiveRelease

LOOKS = ("desk", "phone", "desk-en", "phone-en")  # last part of a preview's address: how wide, in which language
NAMES = "names"  # beside keys of sections in the address of a preview: names without a basis are shown


@dataclass(frozen=True)
class PreviewBar:
    """What stands above a previewed page."""

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
        """(label, address, whether it is this one) of every look of the same page."""
        labels = (_("넓은 화면"), _("휴대전화"), _("영문"), _("영문 휴대전화"))
        return [
            (label, f"{self.base}{look}/{self.rest}", look == self.look)
            for look, label in zip(LOOKS, labels, strict=True)
        ]


def parse_choice(choice: str) -> tuple[list[str], bool]:
    """Return the sections that ``event-programme-names`` names, and whether names without a basis are shown."""
    words = choice.split("-")
    if set(words) - {*SECTIONS, NAMES}:
        raise Http404
    return [key for key in SECTIONS if key in words], NAMES in words


def format_choice(sections: list[str], *, shows_names: bool) -> str:
    """The part of a preview's address that ``parse_choice`` reads."""
    return "-".join([*sections, *([NAMES] if shows_names else [])])


def render_preview(request: HttpRequest, current: LiveRelease) -> HttpResponse:
    """Answer with the public page that lies at ``current.preview.rest``, as visitors would get it from ``current``."""
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
