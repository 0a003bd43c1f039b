"""News for visitors: what changed from one release to the next.

A sentence quotes words of the newer release only. A text that was removed, a name above all, must not be shown again by the
news of its removal; of a removed session the news give the time alone. Staff see more (release_diff.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.content import RoomNameInVenue, notices
from korean.dates import format_hours, to_seoul
from publishing import event_facts, wording
from publishing.content import Sections, parse_release
from publishing.models import Release
from publishing.releases import LiveRelease
from sessions.content import SessionContent, parts, sessions

RELEASES_MAX = 10  # releases; subscribers have seen the earlier ones
FIELDS_WITH_A_SENTENCE = {
    "starts_at",
    "ends_at",
    "rooms",
    "is_cancelled",
    "was",
}  # of a session: each has a sentence of its own


@dataclass(frozen=True)
class ReleaseNews:
    """One release: a sentence for each thing that changed; of the first release, that the conference is public."""

    number: int
    at: datetime
    sentences: list[str]

    @property
    def title(self) -> str:
        count = len(self.sentences)
        return self.sentences[0] if count == 1 else _("%(count)d가지가 바뀌었습니다") % {"count": count}


def latest(current: LiveRelease) -> list[ReleaseNews]:
    """Return the news of the releases that are not withdrawn, the newest first; each is compared with the one before it."""
    return current.cached(_latest, get_language())


def _latest(current: LiveRelease, _language: str) -> list[ReleaseNews]:
    rows = Release.objects.filter(conference__slug=current.slug, withdrawn_at=None, number__lte=current.number)
    newest = list(rows.order_by("-number").values_list("number", "frozen_at", "content")[: RELEASES_MAX + 1])
    news: list[ReleaseNews] = []
    now, room_text = current.sections, event_facts.room_text_for(current)
    for at, (number, frozen_at, _content) in enumerate(newest[:RELEASES_MAX]):
        sentences = [_("행사 안내를 공개했습니다")]
        if at + 1 < len(newest):
            before = parse_release(newest[at + 1][2])["sections"]
            sentences, now = list(change_sentences(before, now, room_text=room_text)), before
        news.append(ReleaseNews(number, frozen_at, sentences or [_("안내를 다듬었습니다")]))
    return news


def change_sentences(
    before: Sections, now: Sections, *, room_text: Callable[[RoomNameInVenue], str] = wording.room
) -> Iterator[str]:
    """Yield a sentence for each change that a visitor would notice; ``room_text`` puts a room in words."""
    if before.get("event") != now.get("event"):
        yield _("행사 안내가 바뀌었습니다")
    old, new = _sessions(before), _sessions(now)
    for code, row in new.items():
        yield from _session(old.get(code), row, room_text)
    for code, row in old.items():
        if code not in new:
            yield _("%(when)s 세션이 빠졌습니다") % {"when": _when(row, row)}
    if parts(before) != parts(now):
        yield _("프로그램 안내가 바뀌었습니다")
    if before.get("expo") != now.get("expo"):
        yield _("전시 안내가 바뀌었습니다")
    yield from (_("공지: %(title)s") % {"title": row["title"]} for row in notices(now) if row not in notices(before))


def _session(
    old: SessionContent | None, new: SessionContent, room_text: Callable[[RoomNameInVenue], str]
) -> Iterator[str]:
    if old == new:
        return
    words: dict[str, str] = {"title": wording.plain(new, "title")}
    if old is None:
        yield _("‘%(title)s’ 추가: %(when)s") % (words | {"when": _when(new, new)})
        return
    if old.get("is_cancelled") != new.get("is_cancelled"):
        yield (_("‘%(title)s’ 취소") if new.get("is_cancelled") else _("‘%(title)s’ 다시 진행")) % words
    if (old["starts_at"], old["ends_at"]) != (new["starts_at"], new["ends_at"]):
        yield _("‘%(title)s’ 시간: %(old)s → %(new)s") % (words | {"old": _when(old, new), "new": _when(new, old)})
    if old["rooms"] != new["rooms"]:
        rooms = {"old": _where(old, room_text), "new": _where(new, room_text)}
        yield _("‘%(title)s’ 장소: %(old)s → %(new)s") % (words | rooms)
    if any(old.get(key) != new.get(key) for key in (old.keys() | new.keys()) - FIELDS_WITH_A_SENTENCE):
        yield _("‘%(title)s’ 내용이 바뀌었습니다") % words


def _when(row: SessionContent, other: SessionContent) -> str:
    """Return ``13:00~14:40``; with the day if ``other`` is on another day, or is the same row."""
    has_day = other is row or to_seoul(row["starts_at"]).date() != to_seoul(other["starts_at"]).date()
    hours = format_hours(row["starts_at"], row["ends_at"])
    return f"{wording.short_day(row['starts_at'])} {hours}" if has_day else hours


def _where(row: SessionContent, room_text: Callable[[RoomNameInVenue], str]) -> str:
    return ", ".join(dict.fromkeys(map(room_text, row["rooms"]))) or _("미정")


def _sessions(sections: Sections) -> dict[str, SessionContent]:
    return {row["code"]: row for row in sessions(sections)}
