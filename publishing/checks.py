"""Checks for the staff: what visitors still see differs from what is typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.checks import Check, Finding
from conference.content import event
from conference.models import Conference
from korean.dates import format_span
from publishing import releases
from publishing.difference import difference


def find_outdated_event(conference: Conference) -> Iterator[Finding]:
    """Find times and places of the event that visitors see otherwise than they are typed."""
    current = releases.live_release(conference.slug)
    if current and current.sections.get("event"):
        released = event(current.sections)
        shown, now = (
            format_span(released["starts_at"], released["ends_at"]),
            format_span(conference.starts_at, conference.ends_at),
        )
        yield from outdated_findings(conference, _("행사 일시"), [("", shown, now)])
        yield from outdated_findings(conference, _("행사 장소"), [("", *difference(conference).places)])


def outdated_findings(conference: Conference, where: str, things: Iterable[tuple[str, str, str]]) -> Iterator[Finding]:
    """Report in one finding the ``things`` (title, what visitors see, what is typed) that differ."""
    if differing := [(title, shown, now) for title, shown, now in things if shown != now]:
        title, shown, now = differing[0]
        values = {"title": f"‘{title}’ " if title else "", "more": len(differing) - 1}
        values |= {"shown": shown or _("없음"), "now": now or _("없음")}
        also = _(" (이 밖에 %(more)d건)") % values if differing[1:] else ""
        yield Finding(
            "warn",
            "shown_otherwise",
            where,
            _("방문자에게는 아직 공개본대로 보입니다: %(title)s%(shown)s") % values + also,
            _("입력된 것은 %(now)s입니다. 공개하십시오.") % values,
            reverse("publish", args=[conference.slug]),
        )


# these compare the release with what is typed, so the findings of a report leave them out
RELEASE_CHECKS: list[Check] = [find_outdated_event]
