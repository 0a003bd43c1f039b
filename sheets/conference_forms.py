"""Forms of the conference's own rows: what it is, where it is, who appears in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import (
    Basis,
    Conference,
    Contact,
    District,
    Guest,
    HostRole,
    MainItem,
    Notice,
    Person,
    Room,
    Topic,
    TopicOffice,
    Venue,
)
from sheets.row_form import RowForm


class ConferenceForm(RowForm):
    """What the conference is. Its address never changes, because people have it in their bookmarks."""

    layout = ("starts_at ends_at", "contact_department contact_phone", "headcount counted_how is_headcount_approximate")

    class Meta(RowForm.Meta):
        model = Conference
        fields = (
            "title",
            "title_en",
            "starts_at",
            "ends_at",
            "purpose",
            "summary",
            "summary_en",
            "audience",
            "admission",
            "contact_department",
            "contact_phone",
            "headcount",
            "is_headcount_approximate",
            "counted_how",
        )
        labels = {"contact_department": gettext_lazy("문의 부서")}


class MainItemForm(RowForm):
    class Meta(RowForm.Meta):
        model = MainItem
        fields = ("name", "text")


class HostRoleForm(RowForm):
    class Meta(RowForm.Meta):
        model = HostRole
        fields = ("role", "organisation", "name")
        help_texts = {"name": gettext_lazy("등록된 기관이 아닐 때만 적습니다.")}
        labels = {"organisation": gettext_lazy("기관")}

    def clean(self) -> dict[str, Any]:
        """Check that there is either an organisation of ours or a name, as the database requires."""
        super().clean()
        cleaned = self.cleaned_data
        if bool(cleaned.get("organisation")) == bool(cleaned.get("name")) and not self.errors:
            self.add_error("name", _("기관을 고르거나 이름을 적되, 둘 가운데 하나만 적어 주세요."))
        return cleaned


class DistrictForm(RowForm):
    layout = ("name name_en",)

    class Meta(RowForm.Meta):
        model = District
        fields = ("name", "name_en", "organisation")
        labels = {"organisation": gettext_lazy("기관")}


class TopicForm(RowForm):
    layout = ("name name_en",)

    class Meta(RowForm.Meta):
        model = Topic
        fields = ("name", "name_en", "host")
        labels = {"host": gettext_lazy("주관 자치구")}


class DeskForm(RowForm):
    layout = ("topic district", "department officer")

    class Meta(RowForm.Meta):
        model = TopicOffice
        fields = ("topic", "district", "department", "officer")
        labels = {
            "topic": gettext_lazy("분야"),
            "district": gettext_lazy("자치구"),
            "department": gettext_lazy("담당부서"),
            "officer": gettext_lazy("담당자"),
        }


class BasisForm(RowForm):
    layout = ("kind dated", "issuer serial")

    class Meta(RowForm.Meta):
        model = Basis
        fields = ("kind", "issuer", "serial", "dated", "title")
        help_texts = {"serial": gettext_lazy("발신 기관 이름을 뺀 번호만 적습니다. 예: 1234")}

    def clean_serial(self) -> str:
        """``지역혁신과-1234`` of ``가람구 지역혁신과`` is 1234: printed pages join the two."""
        department, hyphen, number = self.cleaned_data["serial"].rpartition("-")
        is_said = hyphen and self.cleaned_data.get("issuer", "").endswith(department.strip())
        return number.strip() if is_said else self.cleaned_data["serial"]


class VenueForm(RowForm):
    layout = ("name within",)

    class Meta(RowForm.Meta):
        model = Venue
        fields = ("name", "within", "address", "transit", "parking", "access_note", "map_url")
        help_texts = {
            "within": gettext_lazy("건물이 학교나 단지 안에 있으면 그 이름을 적습니다. 예: ○○대학교 내"),
            "map_url": gettext_lazy("https://로 시작하는 지도 주소를 적습니다."),
        }


class RoomForm(RowForm):
    layout = ("name kind capacity", "venue parent")

    class Meta(RowForm.Meta):
        model = Room
        fields = ("venue", "name", "kind", "parent", "capacity")
        labels = {"venue": gettext_lazy("장소"), "parent": gettext_lazy("속한 층")}

    def clean(self) -> dict[str, Any]:
        """Check that a room is on a floor of its own venue."""
        super().clean()
        cleaned = self.cleaned_data
        venue = cleaned.get("venue") or self.preset.get("venue")
        parent = cleaned.get("parent")
        if parent and parent.kind != Room.Kind.FLOOR:
            self.add_error("parent", _("‘%(parent)s’은(는) 층이 아닙니다. 층을 적어 주세요.") % {"parent": parent})
        elif parent and cleaned.get("kind") == Room.Kind.FLOOR:
            self.add_error("parent", _("층은 다른 층 안에 있을 수 없습니다."))
        elif parent and venue and parent.venue_id != venue.pk:
            self.add_error("parent", _("‘%(parent)s’은(는) 다른 장소에 있습니다.") % {"parent": parent})
        return cleaned

    def _post_clean(self) -> None:
        """Let later rooms of the same page be on a floor that is not saved yet."""
        super()._post_clean()
        if self.is_new and not self.errors and self.instance.kind == Room.Kind.FLOOR:
            self.references.index_of(Room).add(self.instance)


class PersonForm(RowForm):
    layout = ("name kind", "affiliation job", "name_basis user")

    class Meta(RowForm.Meta):
        model = Person
        fields = ("name", "kind", "affiliation", "job", "name_basis", "user")
        labels = {"user": gettext_lazy("포털 계정")}
        help_texts = {"name_basis": gettext_lazy("‘미확인’이면 공개할 때 성명을 뺍니다.")}


class ContactForm(RowForm):
    """How to reach a person; it is never published."""

    layout = ("mail phone", "consent_version consented_at keep_until")

    class Meta(RowForm.Meta):
        model = Contact
        fields = ("person", "mail", "phone", "purpose", "consent_version", "consented_at", "keep_until")
        labels = {
            "person": gettext_lazy("성명"),
            "consent_version": gettext_lazy("동의서 버전"),
            "consented_at": gettext_lazy("동의 일시"),
        }


class GuestForm(RowForm):
    layout = ("person attendance",)

    class Meta(RowForm.Meta):
        model = Guest
        fields = ("person", "attendance", "represented_by")
        labels = {"person": gettext_lazy("참석인사")}


class NoticeForm(RowForm):
    class Meta(RowForm.Meta):
        model = Notice
        fields = ("title", "text", "is_urgent")
