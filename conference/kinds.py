"""What each kind of row is called on screen, and where it is edited: for lists of changes, refusals and findings."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Conference

# model → name of its sheet ("": no table of its own), name on screen
KINDS = {
    "conference.conference": ("", _("행사 개요")),
    "conference.mainitem": ("main-items", _("주요 행사내용")),
    "conference.hostrole": ("hosts", _("주최·주관")),
    "conference.district": ("districts", _("자치구")),
    "conference.topic": ("topics", _("분야")),
    "conference.desk": ("desks", _("담당부서")),
    "conference.basis": ("bases", _("추진 근거")),
    "conference.membership": ("", _("역할")),
    "conference.notice": ("notices", _("공지")),
    "conference.venue": ("venues", _("장소")),
    "conference.room": ("rooms", _("방")),
    "conference.person": ("persons", _("사람")),
    "conference.guest": ("guests", _("주요 참석인사")),
    "conference.file": ("", _("파일")),
    "conference.photo": ("", _("사진")),
    "conference.call": ("", _("제출 요청")),
    "preparation.track": ("tracks", _("준비과정")),
    "preparation.meeting": ("meetings", _("준비회의")),
    "preparation.deadline": ("deadlines", _("준비 제출기한")),
    "preparation.milestone": ("milestones", _("준비단계")),
    "preparation.decision": ("decisions", _("결정사항")),
    "preparation.task": ("tasks", _("조치사항")),
    "conference_sessions.part": ("parts", _("부")),
    "conference_sessions.session": ("sessions", _("세션")),
    "conference_sessions.presentation": ("presentations", _("발표")),
    "conference_sessions.question": ("questions", _("질의응답")),
    "conference_sessions.proposal": ("proposals", _("제안사항")),
    "exhibits.exhibition": ("exhibitions", _("전시")),
    "exhibits.exhibitor": ("exhibitors", _("참여 기업·단체")),
    "exhibits.booth": ("booths", _("부스")),
    "exhibits.equipment": ("equipment", _("장비")),
    "exhibits.giveaway": ("giveaways", _("배부 물품")),
}
# fields of which the model gives no name of their own
FIELDS = {
    "presenter": _("발표자"),
    "moderator": _("사회자"),
    "host": _("주관"),
    "officer": _("담당자"),
    "contact": _("연락 담당자"),
    "destination": _("이동 장소"),
    "department": _("부서"),
    "organisation": _("기관"),
    "contact_department": _("문의 부서"),
    "user": _("사용자"),
    "uploaded_by": _("올린 사람"),
    "parent": _("위층"),
    "position": _("순서"),
    "as_written": _("원문"),
    "digest": _("내용"),
    "media_type": _("파일 형식"),
    "size": _("크기"),
    "width": _("너비"),
    "height": _("높이"),
    "archived_at": _("보관"),
    "reminded": _("알림"),
}
HANGUL = re.compile("[가-힣]")


def name(model: type[models.Model]) -> str:
    """The kind's name; a kind that staff never see by itself has none."""
    return called(_label(model))


def called(label: str) -> str:
    """The name of the kind whose model has that label."""
    return str(KINDS[label][1]) if label in KINDS else ""


def field(model: type[models.Model], column: str) -> str:
    """The name of a field (or its column) as its form has it."""
    found = model._meta.get_field(column)  # noqa: SLF001 (Django documents it)
    if HANGUL.search(str(found.verbose_name)):
        return str(found.verbose_name)
    return str(FIELDS.get(found.name, "")) or (name(found.related_model) if found.is_relation else "")


def page(model: type[models.Model], pk: Any, conference: Conference, *, field: str = "") -> str:
    """The address where a row is edited, at one field of it; "" where it has no page."""
    sheet = KINDS.get(_label(model), ("", ""))[0]
    if model is Conference:
        return f"/desk/{conference.slug}/overview/{f'#id_{field}' if field else ''}"
    return f"/desk/{conference.slug}/rows/{sheet}/{pk}/{f'#id_{field}' if field else ''}" if sheet else ""


def table(sheet: str, conference: Conference) -> str:
    """The address of a table of rows."""
    return f"/desk/{conference.slug}/rows/{sheet}/"


def _label(model: type[models.Model]) -> str:
    return model._meta.label_lower  # noqa: SLF001
