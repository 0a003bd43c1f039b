"""The form of the texts that staff write in a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports.forms import LinesInput
from reports.models import Report
from sheets.row_formset import LineForm


class TextsForm(LineForm):
    """The texts that staff write. If another person changed one too, the writer chooses (``theirs``: the stored one)."""

    CHANGED_MEANWHILE = _(
        "그 사이 다른 사람이 이 칸을 고쳤습니다. 아래의 저장된 글과 견주어 보고, 어느 글로 둘지 정해 다시 저장하십시오."
    )
    keywords = LinesInput(label=_("키워드"), required=False, max_length=2000, help_text=_("한 줄에 하나씩 적습니다."))

    class Meta(LineForm.Meta):
        model = Report
        fields = ("title", "preamble", "summary", "keywords")
        help_texts = {
            "preamble": _("보고서 제목 아래에 그대로 인쇄됩니다."),
            "summary": _("보고서의 내용을 두세 문장으로 적습니다."),
        }

    def prepare_fields(self) -> None:
        for name, rows in {"preamble": 4, "summary": 3, "keywords": 3}.items():
            self.fields[name].widget.attrs["rows"] = rows

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.data = data = cast("QueryDict", self.data).copy()
        for name in set(data.getlist("theirs")) & set(self.names):
            self.cleaned_data[name] = self.stored_values[name]
            data[name] = self.stored_texts[name]
            self.errors.pop(name, None)
        return self.cleaned_data

    @property
    def shown(self) -> Iterator[tuple[forms.BoundField, str | None]]:
        """Yield each field and, if another person has changed it too, the stored text."""
        return (
            (self[name], self.stored_texts[name] if name in self.conflicting_fields else None) for name in self.names
        )
