"""Form of a part (부)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions.forms.timed_form import TimedForm
from sessions.models import Part
from sheets.row_form import RowForm


class PartForm(TimedForm):
    """부. A part without times (사전행사) comes before the parts with times."""

    layout = ("kind label", "day start end")

    field_order = ("kind", "label", "title", "day", "start", "end")

    class Meta(RowForm.Meta):
        model = Part
        fields = (
            "kind",
            "label",
            "title",
            "title_en",
            "participants_text",
            "places",
            "place_note",
            "heading",
            "note",
            "exhibition_slug",
        )
        labels = {"places": gettext_lazy("장소"), "exhibition_slug": gettext_lazy("전시 웹 주소")}
        help_texts = {
            "places": gettext_lazy("층이나 방을 쉼표로 나누어 적습니다."),
            "heading": gettext_lazy("보고서에 ‘부 제목’과 다르게 인쇄할 때만 적습니다."),
            "participants_text": gettext_lazy("여기에 한 번 적으면 이 부의 모든 세션에 적용됩니다."),
            "exhibition_slug": gettext_lazy("이 부가 전시이면 그 전시의 웹 주소(예: open-expo)를 적습니다."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("end") is not None and cleaned.get("start") is None:
            self.add_error("start", _("끝나는 시각을 적었으면 시작하는 시각도 적어 주세요."))
        return cleaned
