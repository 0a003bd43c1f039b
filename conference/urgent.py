"""긴급 공지: on the public pages at once, and off them again, with nobody's drafts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from conference import collect, release
from conference.draft import in_force
from conference.frozen import canonical, digest
from conference.models import Conference, Release, User

Value = dict[str, Any]
NAME_MAX = Release._meta.get_field("name").max_length  # noqa: SLF001 (Django's public way to a field)


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
    """Put an urgent notice up, first of all. None where nothing is released yet: then it is written down only.

    Raises ValidationError where the very same notice is up: the button was pressed twice.
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if seal({"title": title, "text": text}) in {notice["seal"] for notice in shown(conference)}:
        raise ValidationError(_("같은 긴급 공지가 이미 나가 있습니다."), code="twice")
    row = conference.notices.create(title=title, text=text, is_urgent=True)
    notice = next(
        value for value in collect.notices(conference) if seal(value) == seal({"title": row.title, "text": row.text})
    )

    def change(sections: Value) -> None:
        sections["notices"] = [notice, *(sections.get("notices") or [])]

    return release.amend(conference, by=by, name=_name(_("긴급 공지: %(title)s"), title), change=change)


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

    def change(sections: Value) -> None:
        for notice in sections["notices"]:
            notice["is_urgent"] = notice["is_urgent"] and seal(notice) != seal_
        sections["notices"].sort(key=lambda notice: not notice["is_urgent"])  # pages look at the first for urgency

    return release.amend(conference, by=by, name=_name(_("긴급 해제: %(title)s"), found["title"]), change=change)


def _name(words: str, title: str) -> str:
    return Truncator(words % {"title": title}).chars(NAME_MAX)
