"""지난 보고 가져오기: copy texts and settings from an earlier report of the same 처리과."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reports import drafting
from reports.models import FollowUp, Paragraph, Report

SETTING_FIELDS = ("box_form", "box_position", "glyphs", "photo_position", "notation", "section_order")


@dataclass(frozen=True)
class CopyPart:
    """A part of a report that can be copied: ``fields`` of the report are replaced, rows are appended."""

    name: str
    title: Any
    fields: tuple[str, ...] = ()
    section: str = ""  # of paragraphs

    def of(self, report: Report) -> list[str]:
        """Return the texts of this part in the report, for the page; [] if it is empty."""
        if self.section:
            return [row.text for row in report.paragraphs.all() if row.section == self.section]
        if self.name == "followups":
            return [row.text for row in report.followups.all()]
        if self.fields == SETTING_FIELDS:
            return [str(getattr(report, f"get_{name}_display")()) for name in SETTING_FIELDS[:-1]]
        value = getattr(report, self.name)
        return [str(line) for line in (value.values() if isinstance(value, dict) else _as_list(value))]

    @property
    def is_replacing(self) -> bool:
        """Whether copying replaces what the report has."""
        return bool(self.fields)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


COPY_PARTS = {
    part.name: part
    for part in (
        CopyPart("preamble", _("머리말"), ("preamble",)),
        CopyPart("summary", _("문서요지"), ("summary",)),
        CopyPart("keywords", _("키워드"), ("keywords",)),
        CopyPart("headings", _("바꾼 제목"), ("headings",)),
        CopyPart("settings", _("결재란·기호·사진대지 위치와 차례"), SETTING_FIELDS),
        CopyPart("achievements", _("주요 성과"), section="achievements"),
        CopyPart("satisfaction", _("만족도"), section="satisfaction"),
        CopyPart("problems", _("문제점 및 개선"), section="problems"),
        CopyPart("plans", _("향후 계획"), section="plans"),
        CopyPart("followups", _("향후 계획(누가 언제까지) — 모두 ‘예정’으로")),
    )
}


def previous_reports(report: Report) -> QuerySet[Report]:
    """Return the other reports of the same 처리과, the newest first."""
    rows = Report.objects.filter(department=report.department_id).exclude(pk=report.pk)
    return rows.select_related("conference").order_by("-conference__starts_at", "-pk")


@transaction.atomic
def copy_parts(report: Report, source: Report, *, names: Iterable[str], by: User, lock_version: int) -> None:
    """Copy the named parts. Raises StaleAct, or PermissionDenied for a report of another 처리과."""
    if source.department_id != report.department_id:
        raise PermissionDenied
    parts = [COPY_PARTS[name] for name in names if name in COPY_PARTS]
    fields = {name: getattr(source, name) for part in parts for name in part.fields}
    drafting.save_fields(report, by=by, lock_version=lock_version, **fields)
    for part in parts:
        if part.section:
            rows = source.paragraphs.filter(section=part.section).values("section", "level", "text")
            drafting.append_rows(report, [Paragraph(**row) for row in rows], by=by)
        elif part.name == "followups":
            plans = source.followups.values("text", "department", "officer")
            drafting.append_rows(report, [FollowUp(**plan) for plan in plans], by=by)
