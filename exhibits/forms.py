"""Forms of the expo."""

from __future__ import annotations

from typing import Self, cast

from django.utils.translation import gettext_lazy as _

from exhibits.models import Booth, Equipment, Exhibition, Exhibitor, Giveaway
from sheets.cells import CellField
from sheets.row_form import RowForm


class ExhibitionForm(RowForm):
    layout = ("name name_en", "starts_at ends_at room")

    class Meta(RowForm.Meta):
        model = Exhibition
        fields = ("name", "name_en", "slug", "starts_at", "ends_at", "room", "participants_text", "content")
        labels = {"room": _("장소")}
        help_texts = {
            "slug": _("공개 주소에 쓰입니다. 영문 소문자, 숫자, 붙임표로 적습니다. 예: open-expo"),
            "content": _("한 줄에 하나씩 적습니다."),
        }

    def suggest_from_previous(self, before: Self | None) -> None:  # noqa: ARG002 (every form's signature)
        """Propose the hours of the event."""
        for name in ("starts_at", "ends_at"):
            self.suggest(name, cast("CellField", self.fields[name]).show(getattr(self.conference, name)))


class ExhibitorForm(RowForm):
    layout = ("name short_name", "kind district state")

    class Meta(RowForm.Meta):
        model = Exhibitor
        fields = ("exhibition", "name", "short_name", "kind", "district", "contact", "state", "outcome")
        labels = {
            "exhibition": _("전시"),
            "district": _("자치구"),
            "contact": _("연락 담당"),
            "outcome": _("실제 참여"),
        }
        help_texts = {"short_name": _("사진 설명처럼 짧게 부를 때의 이름입니다.")}


class BoothForm(RowForm):
    layout = ("number zone size",)

    class Meta(RowForm.Meta):
        model = Booth
        fields = ("exhibition", "number", "zone", "size", "exhibitor")
        labels = {"exhibition": _("전시"), "exhibitor": _("참여 기업·단체")}


class EquipmentForm(RowForm):
    layout = ("item quantity",)

    class Meta(RowForm.Meta):
        model = Equipment
        fields = ("booth", "item", "quantity")
        labels = {"booth": _("부스")}


class GiveawayForm(RowForm):
    layout = ("planned given left", "per_item is_approximate")

    class Meta(RowForm.Meta):
        model = Giveaway
        fields = (
            "exhibition",
            "district",
            "name",
            "planned",
            "given",
            "left",
            "stated",
            "is_approximate",
            "per_item",
        )
        labels = {"exhibition": _("전시"), "district": _("자치구"), "per_item": _("각각의 수량")}
        help_texts = {
            "stated": _("문서에 적혀 있으나 준비한 수인지 나누어 준 수인지 알 수 없을 때 적습니다."),
            "district": _("행사 전체의 물품이면 비워 둡니다."),
        }
