"""The form of a picture, as a line of the photo pool."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Photo
from conference.permissions import ConferencePermissions
from sheets.fast_widgets import FastSelect
from sheets.row_formset import LineForm

# a picture can be published only when all of these are filled in
NEEDED_TO_PUBLISH = ("alt", "stage", "people", "consent")


class DistrictField(forms.TypedChoiceField):
    """A field for one of the districts, which are read once for all lines of a page."""

    widget = FastSelect

    def __init__(self, districts: dict[str, Any], *, is_open: bool) -> None:
        names = [(key, row.name) for key, row in districts.items()]
        super().__init__(
            label=gettext_lazy("자치구"),
            choices=[*([("", _("공동"))] if is_open else []), *names],
            coerce=districts.get,
            empty_value=None,
            required=not is_open,
        )


class PhotoForm(LineForm):
    """One picture of the pool."""

    class Meta(LineForm.Meta):
        model = Photo
        fields = ("caption", "alt", "stage", "people", "consent", "licence", "may_be_public")

    def __init__(self, *args: Any, districts: dict[str, Any], is_open: bool, **kwargs: Any) -> None:
        self.district = DistrictField(districts, is_open=is_open) if districts else None
        super().__init__(*args, **kwargs)

    def prepare_fields(self) -> None:
        if self.district:
            self.fields["district"] = self.district
        self.order_fields([name for name in self.fields if name != "may_be_public"])
        self.initial["district"] = self.instance.district_id

    @property
    def error_links(self) -> list[tuple[str, str]]:
        """The errors of the line, each with the name of the photo, because a page shows twelve."""
        return [(field, f"‘{self.instance}’ {text}") for field, text in super().error_links]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("may_be_public"):
            for name in NEEDED_TO_PUBLISH:
                if not cleaned.get(name) and name not in self.errors:
                    is_list = isinstance(self.fields[name].widget, FastSelect)
                    self.add_error(
                        name, _("공개하려면 먼저 고르세요.") if is_list else _("공개하려면 먼저 적어 주세요.")
                    )
            if cleaned.get("consent") == Photo.Consent.NO:
                self.add_error("consent", _("동의하지 않은 사진은 공개할 수 없습니다. ‘공개 가능’을 풀어 주세요."))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if "district" in self.cleaned_data:
            self.instance.district = self.cleaned_data["district"]


def editable_districts(districts: dict[str, Any], permissions: ConferencePermissions) -> dict[str, Any]:
    """Return the districts to which the person may give a picture, by their keys as a form sends them."""
    return {key: row for key, row in districts.items() if permissions.can_edit_all or row.pk in permissions.districts}
