"""How far the released pages lag behind what is typed, at hand on every desk page.

Comparing the whole is dear, so the result is kept in the process until the conference's ``LiveVersion`` changes. Each
request of the desk that may have changed something gives the conference another one (``access.conference_page``), so
all processes see a change at once.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext as _

from conference.draft import Draft, draft
from conference.frozen import moment
from conference.models import Conference, LiveVersion
from conference.notation import span

MAX_AGE = 30.0  # seconds; what changes a conference without a request (a command) is seen by then
DEAR = 0.3  # seconds of cpu; a comparison that takes longer is not made at each change
DEAR_AGE = 5.0  # seconds that the result of a dear comparison is good for
REMEMBERED = 200  # conferences a process remembers


@dataclass(frozen=True)
class Difference:
    """What visitors see, beside what is typed."""

    number: int  # of the release in force; 0: none
    withdrawn: int  # number of the newest release, where that is withdrawn; else 0
    count: int  # things that a new release would change, as the page 공개 tells them
    shown_span: str  # when the event is for visitors, where that is no longer so; else ""

    @property
    def is_there(self) -> bool:
        """Whether there is anything to publish, be it for the first time."""
        return not self.number or self.count > 0

    @property
    def text(self) -> str:
        """What there is to say of it, in one or two sentences."""
        if not self.number and not self.withdrawn:
            return _("아직 공개하지 않았습니다. 방문자에게는 아무것도 보이지 않습니다.")
        if not self.number:
            return _("공개본 %(withdrawn)d을(를) 철회하여 방문자에게 아무것도 보이지 않습니다.") % self.__dict__
        said = [_("공개본과 다른 내용 %(count)d건") % self.__dict__]
        if self.shown_span:
            said.insert(0, _("방문자에게는 아직 행사 일시가 %(shown_span)s로 보입니다.") % self.__dict__)
        if self.withdrawn:
            text = _("공개본 %(withdrawn)d을(를) 철회하여 지금은 공개본 %(number)d이(가) 보입니다.")
            said.insert(0, text % self.__dict__)
        return " ".join(said)


@dataclass(frozen=True)
class _Known:
    version: str
    at: float
    seconds: float  # of cpu that the comparison took
    difference: Difference


_known: dict[int, _Known] = {}


def difference(conference: Conference) -> Difference:
    """Return the difference as of the conference's present version; of a very large one a few seconds late at most."""
    version, now = _version(conference), time.monotonic()
    known = _known.get(conference.pk)
    if known and now - known.at < (MAX_AGE if known.version == version else DEAR_AGE if known.seconds > DEAR else 0):
        return known.difference
    begun = time.thread_time()
    found = _compare(conference)
    if len(_known) >= REMEMBERED:
        _known.clear()
    # the version was read before the rows: what changes meanwhile brings a version that is not this one
    _known[conference.pk] = _Known(version, now, time.thread_time() - begun, found)
    return found


def touch(conferences: Iterable[Conference]) -> None:
    """Say that something of the conferences may have changed. To be called after that is committed."""
    rows = [LiveVersion(conference=conference, token=uuid4().hex) for conference in conferences]
    LiveVersion.objects.bulk_create(rows, update_conflicts=True, unique_fields=["conference"], update_fields=["token"])


def forget() -> None:
    """Compare anew: after publishing in this process, and between tests."""
    _known.clear()


def _version(conference: Conference) -> str:
    try:
        return conference.live_version.token
    except LiveVersion.DoesNotExist:
        return ""


def _compare(conference: Conference) -> Difference:
    newest = conference.releases.values_list("number", "withdrawn_at").first()
    withdrawn = newest[0] if newest and newest[1] else 0
    found = draft(conference) if newest else None
    if found is None or not found.base:
        return Difference(0, withdrawn, 0, "")
    event = found.before.get("event") or {}
    times = event.get("starts_at"), event.get("ends_at")
    is_moved = bool(event) and times != (moment(conference.starts_at), moment(conference.ends_at))
    return Difference(found.base, withdrawn, _count(found), span(*times) if is_moved else "")


def _count(found: Draft) -> int:
    """Count the sentences of the page 공개; a section in which only what no sentence tells has changed counts once."""
    shows_names = bool(found.shown and found.shown.names_reason)
    sentences = found.told(shows_names=shows_names)
    silent = set(found.changed(shows_names=shows_names)) - {change.section for change in sentences}
    return len(sentences) + len(silent)
