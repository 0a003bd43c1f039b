"""The two forms of an import: the schedule file, then title and slug. The second form contains the packed file."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import reserved_slugs
from conference.models import Conference
from sessions.schedule import reading, schedule_import

PACKED_MAX = 4_500_000  # characters; the whole form may have DATA_UPLOAD_MAX_MEMORY_SIZE


class ScheduleFileForm(forms.Form):
    """Asks for the schedule file."""

    file = forms.FileField(
        label=gettext_lazy("일정 파일"),
        help_text=gettext_lazy("XML 또는 JSON 파일, 20MB까지. 지금 쓰는 행사 누리집의 ‘내보내기’에서 받습니다."),
        widget=forms.FileInput(attrs={"accept": ".xml,.json"}),
        error_messages={"empty": gettext_lazy("빈 파일입니다."), "required": gettext_lazy("파일을 골라 주세요.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("look", _("들여올 내용 보기")))

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        if upload.size > reading.SIZE_MAX:
            raise ValidationError(reading.too_large_message())
        return upload.read()


class ScheduleConferenceForm(forms.ModelForm):
    """Asks for title and slug. The server stores nothing of the file between the two forms."""

    packed = forms.CharField(widget=forms.HiddenInput)
    field_order = ("packed", "title", "slug")

    class Meta:
        model = Conference
        fields = ("title", "slug")
        help_texts = {"slug": gettext_lazy("공개 화면 주소에 쓰입니다. 영문 소문자와 숫자, 붙임표로 적습니다.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"enctype": "multipart/form-data"}  # urlencoding would make the file larger
        self.helper.add_input(Submit("make", _("행사 만들기")))

    def clean_packed(self) -> bytes:
        try:
            return unpack(self.cleaned_data["packed"])
        except (binascii.Error, ValueError, zlib.error) as error:
            raise ValidationError(_("파일이 상한 채로 왔습니다. 파일을 다시 골라 주세요.")) from error

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in reserved_slugs.reserved_slugs() or Conference.objects.filter(slug=slug).exists():
            words = {"slug": slug, "free": schedule_import.free_slug(slug)}
            raise ValidationError(_("‘%(slug)s’은(는) 이미 쓰는 주소입니다. ‘%(free)s’은(는) 비어 있습니다.") % words)
        return slug

    def validate_unique(self) -> None:
        """Skip the check of the slug; clean_slug does it and suggests another."""


def pack(content: bytes) -> str:
    """Return the file as text for a form; "" if it is too large for one."""
    text = base64.b64encode(zlib.compress(content, 9)).decode()
    return text if len(text) <= PACKED_MAX else ""


def unpack(text: str) -> bytes:
    """Return the packed file, at most SIZE_MAX bytes. Raises ValueError or zlib.error."""
    reader = zlib.decompressobj()
    content = reader.decompress(base64.b64decode(text, validate=True), reading.SIZE_MAX)
    if not reader.eof:
        raise ValueError("larger than a file may be")
    return content
