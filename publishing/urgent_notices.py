"""긴급 공지: put on the public pages and taken off at once, without publishing other changes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from conference import collect
from conference.content import NoticeContent
from conference.content import notices as released_notices
from conference.models import Conference, Notice
from publishing import releases
from publishing.content import Sections
from publishing.models import Release
from publishing.release_draft import current_release
from rows.canonical_json import canonical_json, digest


class SealedNotice(NoticeContent):
    """A notice with the fingerprint that distinguishes it from others."""

    seal: str


def visible_notices(conference: Conference) -> list[SealedNotice]:
    """Return the urgent notices that visitors see; before the first release the stored ones."""
    release = current_release(conference)
    notices = released_notices(release.value["sections"]) if release else collect.notices(conference)
    return [{**row, "seal": fingerprint(row["title"], row["text"])} for row in notices if row["is_urgent"]]


def fingerprint(title: str, text: str) -> str:
    """Return the digest of a notice, which distinguishes it from others."""
    return digest(canonical_json([title, text]))


@transaction.atomic
def announce(conference: Conference, *, title: str, text: str, by: User) -> Release | None:
    """Store an urgent notice and release it. Return None before the first release: it is only stored then.

    Raises ValidationError if the same notice is shown already, because the button was pressed twice.
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if fingerprint(title, text) in {notice["seal"] for notice in visible_notices(conference)}:
        raise ValidationError(_("같은 긴급 공지가 이미 나가 있습니다."), code="twice")
    row = Notice(conference=conference, title=title, text=text, is_urgent=True).save_by(by)
    own, live = fingerprint(row.title, row.text), collect.notices(conference)

    def change(sections: Sections) -> None:
        sections["notices"] = _with_live_notice(own, released_notices(sections), live)

    return releases.amend(conference, by=by, name=_release_name(_("긴급 공지: %(title)s"), title), change=change)


@transaction.atomic
def lift(conference: Conference, *, notice_fingerprint: str, by: User) -> Release | None:
    """긴급 해제: the notice stays among the others, and is no longer on top of every page.

    Raises ValidationError if it is not urgent any more.
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    urgent = {notice["seal"]: notice for notice in visible_notices(conference)}
    if not (notice_shown := urgent.get(notice_fingerprint)):
        raise ValidationError(_("이미 해제된 공지입니다."), code="lifted")
    for row in conference.notices.filter(title=notice_shown["title"], text=notice_shown["text"], is_urgent=True):
        row.is_urgent = False
        row.save_by(by)
    live = collect.notices(conference)

    def change(sections: Sections) -> None:
        notices = released_notices(sections)
        for notice in notices:
            notice["is_urgent"] = notice["is_urgent"] and _fingerprint_of(notice) != notice_fingerprint
        sections["notices"] = _with_live_notice(notice_fingerprint, notices, live)

    return releases.amend(
        conference, by=by, name=_release_name(_("긴급 해제: %(title)s"), notice_shown["title"]), change=change
    )


def _with_live_notice(own: str, shown: list[NoticeContent], live: list[NoticeContent]) -> list[NoticeContent]:
    """Return the shown notices with the stored one of fingerprint ``own`` at its stored place; the others keep their order.

    At another place the next comparison would report a changed order. If the notice is not stored any more, it stays as it was.
    """
    seals = [_fingerprint_of(notice) for notice in live]
    if own in seals:
        others = [notice for notice in shown if _fingerprint_of(notice) != own]
        before = {*seals[: seals.index(own)]}
        at = max((i for i, notice in enumerate(others, 1) if _fingerprint_of(notice) in before), default=0)
        shown = [*others[:at], live[seals.index(own)], *others[at:]]
    return sorted(shown, key=lambda notice: not notice["is_urgent"])  # urgent ones first: pages check the first only


def _fingerprint_of(notice: NoticeContent) -> str:
    return fingerprint(notice["title"], notice["text"])


def _release_name(words: str, title: str) -> str:
    return Truncator(words % {"title": title}).chars(Release.NAME_MAX)
