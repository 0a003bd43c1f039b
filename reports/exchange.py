"""Reports in the exchange file: what staff wrote. State, editions and signatures are not exported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from approvals.exchange import ROUTE_OF_DOCUMENT
from conference.exchange import RowList
from reports.models import Attachment, BudgetLine, FollowUp, Override, Paragraph, Publicity, Report, ReportPhoto
from reports.sections import SECTIONS


def _check_kind(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if values["kind"] not in settings.DOCUMENT_TYPES:
        names = ", ".join(settings.DOCUMENT_TYPES)
        yield "kind", _("모르는 문서 종류입니다. 쓸 수 있는 값: %(names)s") % {"names": names}


def _check_level(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if values["level"] not in (1, 2, 3):
        yield "level", _("단계는 1, 2, 3 가운데 하나입니다.")


def _check_section_order(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    order = values["section_order"]
    if len(set(order)) < len(order) or not set(order) <= set(SECTIONS):
        names = ", ".join(SECTIONS)
        yield "section_order", _("차례는 다음 이름을 한 번씩 적습니다: %(names)s") % {"names": names}


ROWS = (
    RowList(
        "reports",
        Report,
        leave_out="register_no registered_on supersedes",
        key="number",
        checks=(_check_kind, _check_section_order),
        children=(
            ROUTE_OF_DOCUMENT,
            RowList("overrides", Override, parent_field="report", key="section"),
            RowList("paragraphs", Paragraph, parent_field="report", checks=(_check_level,)),
            RowList("budget", BudgetLine, parent_field="report"),
            RowList("followups", FollowUp, parent_field="report"),
            RowList("publicity", Publicity, parent_field="report"),
            RowList("attachments", Attachment, parent_field="report"),
            RowList("report_photos", ReportPhoto, parent_field="report"),
        ),
    ),
)
