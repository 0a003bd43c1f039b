"""긴급 공지: on the public pages at once, and off them again, with nobody's drafts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from conference import collect
from conference.models import Conference
from publishing import releases
from publishing.models import Release
from publishing.release_draft import in_force
from rows.canonical_json import canonical, digest

Value = dict[str, Any]
NAME_MAX = Release._meta.get_field("name").max_length


def shown(conference: Conference) -> list[Value]:
    """The urgent notices that visitors see, each with the ``seal`` to name it by; the live ones before any release."""
    found = in_force(conference)
    notices = found.value["sections"].get("notices") or [] if found else collect.notices(conference)
    return [notice | {"seal": seal(notice)} for notice in notices if notice["is_urgent"]]


def seal(notice: Value) -> str:
    """What tells one notice from another."""
    return digest(canonical([notice["title"], notice["text"]]))


@transaction.atomic
def announce(conference: Conference, *, title: str, text: str, by: User) -> Release | None:
    """Put an urgent notice up. None where nothing is released yet: then it is written down only.

    Raises ValidationError where the very same notice is up: the button was pressed twice.
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if seal({"title": title, "text": text}) in {notice["seal"] for notice in shown(conference)}:
        raise ValidationError(_("같은 긴급 공지가 이미 나가 있습니다."), code="twice")
    row = conference.notices.create(title=title, text=text, is_urgent=True)
    own, live = seal({"title": row.title, "text": row.text}), collect.notices(conference)

    def change(sections: Value) -> None:
        sections["notices"] = _placed(own, sections.get("notices") or [], live)

    return releases.amend(conference, by=by, name=_name(_("긴급 공지: %(title)s"), title), change=change)


@transaction.atomic
def lift(conference: Conference, *, seal_: str, by: User) -> Release | None:
    """긴급 해제: it stays to be read among the other notices, and is no longer on top of every page.

    Raises ValidationError where it is no longer urgent.
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    found = next((notice for notice in shown(conference) if notice["seal"] == seal_), None)
    if found is None:
        raise ValidationError(_("이미 해제된 공지입니다."), code="lifted")
    for row in conference.notices.filter(title=found["title"], text=found["text"], is_urgent=True):
        row.is_urgent = False
        row.save()
    live = collect.notices(conference)

    def change(sections: Value) -> None:
        for notice in sections["notices"]:
            notice["is_urgent"] = notice["is_urgent"] and seal(notice) != seal_
        sections["notices"] = _placed(seal_, sections["notices"], live)

    return releases.amend(conference, by=by, name=_name(_("긴급 해제: %(title)s"), found["title"]), change=change)


def _placed(own: str, shown: list[Value], live: list[Value]) -> list[Value]:
    """Put the live notice of that seal among those shown where it stands among the live ones; the others keep their order.

    Otherwise the next comparison would tell of an order that nobody changed. One that nobody has any more stays as it was.
    """
    seals = [seal(notice) for notice in live]
    if own in seals:
        others = [notice for notice in shown if seal(notice) != own]
        before = {*seals[: seals.index(own)]}
        at = max((i for i, notice in enumerate(others, 1) if seal(notice) in before), default=0)
        shown = [*others[:at], live[seals.index(own)], *others[at:]]
    return sorted(shown, key=lambda notice: not notice["is_urgent"])  # pages look at the first for urgency


def _name(words: str, title: str) -> str:
    return Truncator(words % {"title": title}).chars(NAME_MAX)
