"""What each kind of row is called on screen: in the list of changes, and where a deletion is refused."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

NAMES = {
    "conference.conference": _("행사 개요"),
    "conference.mainitem": _("주요 행사내용"),
    "conference.hostrole": _("주최·주관"),
    "conference.district": _("자치구"),
    "conference.topic": _("분야"),
    "conference.desk": _("담당부서"),
    "conference.basis": _("추진 근거"),
    "conference.membership": _("역할"),
    "conference.notice": _("공지"),
    "conference.venue": _("장소"),
    "conference.room": _("방"),
    "conference.person": _("사람"),
    "conference.guest": _("주요 참석인사"),
    "conference.file": _("파일"),
    "conference.photo": _("사진"),
    "conference.call": _("제출 요청"),
    "preparation.track": _("준비과정"),
    "preparation.meeting": _("준비회의"),
    "preparation.deadline": _("준비 제출기한"),
    "preparation.milestone": _("준비단계"),
    "preparation.decision": _("결정사항"),
    "preparation.task": _("조치사항"),
    "conference_sessions.part": _("부"),
    "conference_sessions.session": _("세션"),
    "conference_sessions.presentation": _("발표"),
    "conference_sessions.question": _("질의응답"),
    "conference_sessions.proposal": _("제안사항"),
    "exhibits.exhibition": _("전시"),
    "exhibits.exhibitor": _("참여 기업·단체"),
    "exhibits.booth": _("부스"),
    "exhibits.equipment": _("장비"),
    "exhibits.giveaway": _("배부 물품"),
}


def name(model: type[models.Model]) -> str:
    """The kind's name; a kind that staff never see by itself has none."""
    return str(NAMES.get(model._meta.label_lower, ""))  # noqa: SLF001 (Django documents it)
