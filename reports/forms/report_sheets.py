"""The sheets of a report: its lists, each on the page of the report that is named by ``menu``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from conference.models import DeletedRow
from reports.forms import parts as forms
from sheets.declaration import Sheet
from sheets.row_form import RowForm

# sections of the report that consist of paragraphs
PARAGRAPH_SECTIONS = {
    "achievements": _("주요 성과"),
    "satisfaction": _("만족도"),
    "problems": _("문제점 및 개선"),
    "plans": _("향후 계획"),
}


def _paragraphs(section: str) -> Sheet:
    return Sheet(
        section,
        PARAGRAPH_SECTIONS[section],
        "texts",
        forms.ParagraphForm,
        "level text",
        hint=_("한 줄이 한 항목입니다. 여러 줄을 붙여 넣으면 줄마다 한 항목이 됩니다."),
        preset={"section": section},
        row_per_line="text",
        has_row_pages=False,
        wide=frozenset({"text"}),
    )


def _list(name: str, title: Any, form_class: type[RowForm], columns: str, *, wide: str, **more: Any) -> Sheet:
    menu = more.pop("menu", "lists")
    return Sheet(
        name, title, menu, form_class, columns, wide=frozenset(wide.split()), **{"has_row_pages": False} | more
    )


SHEETS = {
    sheet.name: sheet
    for sheet in (
        *map(_paragraphs, PARAGRAPH_SECTIONS),
        _list(
            "budget",
            _("예산 집행"),
            forms.BudgetForm,
            "item planned spent",
            wide="item",
            hint=_("원 단위로 적습니다. 잔액과 합계는 보고서에 저절로 들어갑니다."),
        ),
        _list(
            "followups",
            _("향후 계획(누가 언제까지)"),
            forms.FollowUpForm,
            "text department officer due state",
            wide="text",
        ),
        _list("publicity", _("홍보"), forms.PublicityForm, "medium on title url", wide="title url"),
        _list(
            "attachments",
            _("붙임"),
            forms.AttachmentForm,
            "name copies file_name",
            wide="name file_name",
            related=("file",),
            has_row_pages=True,
        ),
        _list(
            "shots",
            _("사진대지"),
            forms.ReportPhotoForm,
            "picture caption width",
            wide="caption",
            menu="photos",
            related=("photo__file",),
            has_new_lines=False,
        ),
    )
}
TEXTS = Sheet("texts", _("머리말·요지·키워드"), "texts", forms.TextsForm, "title", has_new_lines=False)


def sheet_of(deleted_row: DeletedRow) -> Sheet | None:
    """Return the sheet to which a deleted row belonged, or None."""
    [_label, _pk, values] = deleted_row.content["rows"][0]
    kind = [sheet for sheet in SHEETS.values() if sheet.model._meta.label_lower == deleted_row.kind]
    return next((sheet for sheet in kind if sheet.preset.items() <= values.items()), None)
