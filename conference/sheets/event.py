"""The base app's sheets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from conference.forms import event as forms
from conference.models import Person
from conference.permissions import Hand
from conference.sheets.sheet import Sheet, edits_all


def of_its_speakers(hand: Hand, person: Person) -> bool:
    """A desk edits the persons who speak for its district in its topic, and are nobody else's: no guest, no office."""
    if hand.edits_all:
        return True
    talks, led = person.presentations.all(), person.moderated_sessions.all()
    is_own = bool(talks) and all(hand.presents(talk.session.topic_id, talk.district_id) for talk in talks)
    is_own = is_own and all(hand.hosts(session.topic) for session in led)
    return is_own and not person.guest_entries.all() and person.kind == Person.Kind.PERSON


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
        below=("desks",),
        wide=frozenset({"name"}),
    ),
    Sheet(
        "desks",
        _("담당부서"),
        "overview",
        forms.DeskForm,
        "topic district department officer",
        up="topic",
        narrow=("district",),
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
        below=("rooms",),
        wide=frozenset({"name", "within", "address"}),
    ),
    Sheet(
        "rooms",
        _("층·호실"),
        "overview",
        forms.RoomForm,
        "venue name kind parent capacity",
        up="venue",
        hint=_("층을 먼저 적고, 그 층에 있는 방을 적습니다. 층은 안내에만 쓰이고 시간이 잡히지 않습니다."),
    ),
    Sheet("notices", _("공지"), "overview", forms.NoticeForm, "title text is_urgent", wide=frozenset({"text"})),
    Sheet(
        "persons",
        _("인물"),
        "people",
        forms.PersonForm,
        "name kind affiliation job name_basis",
        below=("contacts",),
        may=of_its_speakers,
        prefetched=("presentations__session", "guest_entries", "moderated_sessions__topic"),
        hint=_("행사에 이름이 나오는 사람, 직위, 단체입니다."),
        wide=frozenset({"affiliation"}),
    ),
    Sheet(
        "contacts",
        _("연락처"),
        "people",
        forms.ContactForm,
        "person mail phone purpose keep_until",
        up="person",
        related=("person",),
        may_see=edits_all,
        hint=_("연락처는 공개 화면, 보고서, 바뀐 내용 어디에도 나가지 않습니다."),
    ),
)
