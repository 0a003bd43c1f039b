"""What is said of a picture of the pool: a line of its table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import District, Photo
from conference.permissions import ConferencePermissions
from sheets.cells import ChoiceCell, ShownCell
from sheets.fast_widgets import FastTextSelect
from sheets.references import ReferenceField, ReferenceIndex
from sheets.row_form import RowForm

# what the public may only see once all of these are known
NEEDED_TO_PUBLISH = ("alt", "stage", "people", "consent")
JOINT = gettext_lazy("공동")  # the picture of no single district


class DistrictOrJointField(ReferenceField):
    """One of the districts, or all of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, model=District, required=False)

    def bind(self, references: ReferenceIndex) -> None:
        super().bind(references)
        if isinstance(self.widget, FastTextSelect):
            self.widget.texts[:1] = [str(JOINT)]

    def show(self, value: Any) -> str:
        return str(JOINT) if value is None else super().show(value)

    def read(self, text: str) -> District | None:
        return None if text == str(JOINT) else super().read(text)


class PhotoForm(RowForm):
    """One picture of the pool."""

    picture = ShownCell(label=gettext_lazy("사진"), size="m", cell_template="desk/_photo_cell.html")
    district = DistrictOrJointField(label=gettext_lazy("자치구"))

    class Meta(RowForm.Meta):
        model = Photo
        fields = ("caption", "alt", "stage", "people", "consent", "licence", "district", "may_be_public")

    def set_extra_initial(self) -> None:
        if not self.is_new:
            self.initial = {**self.initial, "picture": self.instance.file.name}

    @property
    def is_picked(self) -> bool:
        """Whether the picture is ticked, to be shown with a session or an exhibitor."""
        return self.is_bound and self.add_prefix("picked") in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("may_be_public"):
            for name in NEEDED_TO_PUBLISH:
                if not cleaned.get(name) and name not in self.errors:
                    is_list = isinstance(self.fields[name], ChoiceCell)
                    self.add_error(
                        name, _("공개하려면 먼저 고르세요.") if is_list else _("공개하려면 먼저 적어 주세요.")
                    )
            if cleaned.get("consent") == Photo.Consent.NO:
                self.add_error("consent", _("동의하지 않은 사진은 공개할 수 없습니다. ‘공개 가능’을 풀어 주세요."))
        return cleaned


def editable_districts(districts: dict[str, Any], permissions: ConferencePermissions) -> dict[str, Any]:
    """Return those of the districts that the person may give a picture to, by their keys as a form sends them."""
    return {key: row for key, row in districts.items() if permissions.can_edit_all or row.pk in permissions.districts}
