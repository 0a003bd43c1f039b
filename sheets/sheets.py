"""The base app's sheets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sheets import conference_forms as forms
from sheets.declaration import Sheet

SHEETS = (
    Sheet(
        "districts",
        _("자치구"),
        "overview",
        forms.DistrictForm,
        "name name_en organisation",
        hint=_("함께 여는 자치구를 정한 순서대로 적습니다. 이 순서가 공개 화면과 보고서의 순서입니다."),
    ),
    Sheet(
        "topics",
        _("분야"),
        "overview",
        forms.TopicForm,
        "name name_en host",
        child_sheets=("desks",),
        wide=frozenset({"name"}),
    ),
    Sheet(
        "desks",
        _("담당부서"),
        "overview",
        forms.DeskForm,
        "topic district department officer",
        parent_field="topic",
        filter_fields=("district",),
        related=("topic", "district"),
        hint=_(
            "분야마다 각 자치구의 담당부서와 담당자를 정합니다. 담당자는 자기 자치구의 발표, 참여 기업, 사진을 고칠 수 있습니다."
        ),
    ),
    Sheet("main-items", _("주요 행사내용"), "overview", forms.MainItemForm, "name text", wide=frozenset({"text"})),
    Sheet(
        "hosts",
        _("주최·주관"),
        "overview",
        forms.HostRoleForm,
        "role organisation name",
        related=("organisation",),
    ),
    Sheet(
        "guests",
        _("주요 참석인사"),
        "overview",
        forms.GuestForm,
        "person attendance represented_by",
        related=("person",),
        hint=_("의전 서열대로 적습니다. 처음 적는 성명은 저장할 때 인물로 등록됩니다."),
        wide=frozenset({"person"}),
    ),
    Sheet(
        "bases",
        _("추진 근거"),
        "overview",
        forms.BasisForm,
        "kind issuer serial dated title",
        wide=frozenset({"title"}),
    ),
    Sheet(
        "venues",
        _("장소"),
        "overview",
        forms.VenueForm,
        "name within address",
        child_sheets=("rooms",),
        wide=frozenset({"name", "within", "address"}),
    ),
    Sheet(
        "rooms",
        _("층·호실"),
        "overview",
        forms.RoomForm,
        "venue name kind parent capacity",
        parent_field="venue",
        hint=_("층을 먼저 적고, 그 층에 있는 방을 적습니다. 층은 안내에만 쓰이고 시간이 잡히지 않습니다."),
    ),
    Sheet("notices", _("공지"), "overview", forms.NoticeForm, "title text is_urgent", wide=frozenset({"text"})),
)
