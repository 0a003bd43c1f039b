"""Form of a session, as a line of the programme or on its own page; ``timetable`` assigns its rooms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from conference.models import District, Room, Topic
from korean.dates import SEOUL
from rows.recording import record_changes
from sessions import timetable
from sessions.forms.timed_form import TimedForm
from sessions.models import Part, Presentation, Session
from sheets.cells import YesCell
from sheets.references import MultiPersonField, MultiReferenceField
from sheets.row_form import RowForm
from sheets.times import parse_time

ALL_ROOMS = ("전체", "전관")
KIND_PATTERNS = {  # how titles of sessions of that kind begin or end
    Session.Kind.MOVE: re.compile("이동$"),
    Session.Kind.BREAK: re.compile("(휴식|점심|중식|석식|오찬|만찬|식사|다과|쉬는)( ?시간)?$"),
    Session.Kind.CEREMONY: re.compile(
        "^(등록|접수|개회|개막|폐회|폐막|국민의례|내빈|환영사|축사|인사말|시상|기념 ?촬영)"
    ),
    Session.Kind.EXHIBITION: re.compile("전시(회|마당)?( ?관람)?$"),
}


class RoomsCell(MultiReferenceField):
    """Rooms by name; ``전체`` is every room but floors, for a plenary in one line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(model=Room, **kwargs)

    def read(self, text: str) -> list[Room]:
        if text in ALL_ROOMS:
            return [room for room in self.known.index_of(Room).rows if room.kind != Room.Kind.FLOOR]
        return super().read(text)


class SessionForm(TimedForm):
    """세션, as a line of the programme or on its own page."""

    layout = ("part day start end", "kind topic host")

    rooms = RoomsCell(
        label=gettext_lazy("장소"),
        required=False,
        help_text=gettext_lazy(
            "여러 곳은 쉼표로 나누고, 모든 방에서 함께 열면 ‘전체’라고 적습니다. 이동이면 가는 곳을 적습니다."
        ),
    )
    shares_room = YesCell(
        label=gettext_lazy("방 함께 씀"), help_text=gettext_lazy("같은 방을 다른 세션과 함께 쓰면 표시합니다.")
    )
    presenters = MultiPersonField(
        label=gettext_lazy("발표자"),
        required=False,
        help_text=gettext_lazy("성명(소속 직위)을 쉼표로 나누어 적습니다. 처음 적는 사람은 인물로 등록됩니다."),
    )
    field_order = ("part", "day", "start", "end", "kind", "title", "rooms", "topic", "host", "moderator", "presenters")
    suggest_when_cleared = frozenset({"day", "start", "end", "kind", "title"})

    class Meta(RowForm.Meta):
        model = Session
        fields = (
            "part",
            "kind",
            "title",
            "title_en",
            "topic",
            "host",
            "moderator",
            "conduct_text",
            "performer_text",
            "participants_text",
            "destination_note",
        )
        labels = {
            "part": gettext_lazy("부"),
            "topic": gettext_lazy("분야"),
            "host": gettext_lazy("주관"),
            "moderator": gettext_lazy("사회자"),
        }
        help_texts = {
            "participants_text": gettext_lazy("비워 두면 부의 참여와 같습니다. 아무도 없으면 ‘-’를 적습니다."),
            "conduct_text": gettext_lazy("‘사회진행’처럼 글로 적을 때 씁니다."),
            "performer_text": gettext_lazy("발표자 대신 ‘축하 공연’처럼 글로 적을 때 씁니다."),
        }

    def set_extra_initial(self) -> None:
        super().set_extra_initial()
        row = self.instance
        is_new = self.is_new
        uses = [] if is_new else list(row.room_uses.all())
        self.talks = [] if is_new else list(row.presentations.all())
        rooms = [row.destination] if row.kind == Session.Kind.MOVE and row.destination else [use.room for use in uses]
        self.initial = {
            **self.initial,
            "rooms": rooms,
            "shares_room": any(use.is_deliberate for use in uses),
            "presenters": list(dict.fromkeys(talk.presenter for talk in self.talks if talk.presenter)),
        }
        if is_new and not self.is_line and not self.initial.get("kind"):
            self.initial["kind"] = Session.Kind.TALK
        self.fields["end"].required = True
        if self.permissions and not self.permissions.can_edit_all:
            self.fields["presenters"].disabled = True  # each district edits its own presentations

    def suggest_from_previous(self, before: Self | None) -> None:
        """Suggest the end of the line before as the start; other fields when the line is sent, so that the person sees them."""
        if before is not None:
            self.follows = before.ends()
            self.suggest("day", f"{self.follows:%Y-%m-%d}" if self.follows else before.current_text("day"))
            self.suggest("start", f"{self.follows:%H:%M}" if self.follows else before.current_text("end"))
        if not self.is_bound:
            return
        starts_at = self.starts()
        parallel = before if before is not None and starts_at and starts_at == before.starts() else None
        if parallel:
            self.suggest("end", parallel.current_text("end"))
        topics = self.references.index_of(Topic)
        self.suggest("topic", topics.name(topics.find(self.current_text("title"))))
        self.suggest("title", self.current_text("topic"))
        topic = topics.find(self.current_text("topic"))
        self.suggest("host", self.references.index_of(District).name(topic and topic.host_id))
        self.suggest("kind", self._kind(parallel.current_text("kind") if parallel else ""))
        self.suggest("part", self._part(before.current_text("part") if before else ""))

    def starts(self) -> datetime | None:
        """Return when the line starts; None if it cannot be read."""
        try:
            start = parse_time(self.current_text("start"))
            day = self.fields["day"].to_python(self.current_text("day")) if "day" in self.fields else None
        except ValidationError:
            return None
        return datetime.combine(day or self.day_of(start), start, SEOUL)

    def ends(self) -> datetime | None:
        """Return when the line ends; None if it cannot be read."""
        try:
            at, end = self.starts(), self.fields["end"].to_python(self.current_text("end"))
        except ValidationError:
            return None
        return end.after(at) if at and end else None

    def _kind(self, parallel_kind: str) -> str:
        """Suggest the kind by the words of the title; else that of a parallel line."""
        title = self.current_text("title")
        by_words = next((kind.label for kind, words in KIND_PATTERNS.items() if words.search(title)), "")
        return str(
            by_words
            or (self.current_text("topic") and Session.Kind.TOPIC.label)
            or parallel_kind
            or Session.Kind.TALK.label
        )

    def _part(self, before: str) -> str:
        """Suggest the part that runs then, or if parts have no times that of the line before; none for a move."""
        if self.current_text("kind") == Session.Kind.MOVE.label:
            return ""
        parts, at = self.references.index_of(Part), self.starts()
        timed = [part for part in parts.rows if part.starts_at]
        running = [part for part in timed if at and part.starts_at <= at and not (part.ends_at and part.ends_at <= at)]
        return parts.name(max(running, key=lambda part: part.starts_at, default=None)) if timed and at else before

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("start") is None and "start" not in self.errors:
            self.add_error("start", _("시작하는 시각을 적어 주세요. 예: 1300, 13:00, 오후 1시"))
        rooms = cleaned.get("rooms", [])
        if cleaned.get("kind") == Session.Kind.MOVE and "rooms" in self.fields:
            if len(rooms) > 1:
                self.add_error("rooms", _("이동은 가는 곳 하나만 적습니다."))
            self.instance.destination = rooms[0] if rooms else None
        elif "rooms" in self.fields:
            self.instance.destination = None
            for room in rooms:
                if room.kind == Room.Kind.FLOOR:
                    self.add_error("rooms", timetable.floor_error_message(room.name))
        self._check_presenters(cleaned)
        return cleaned

    def _check_presenters(self, cleaned: dict[str, Any]) -> None:
        """Refuse to remove a presenter whose presentation has content, because it would be lost."""
        if self.is_new or "presenters" not in cleaned or "presenters" not in self.changed_data:
            return
        removed = [talk for talk in self.talks if talk.presenter not in cleaned["presenters"]]
        if with_content := [talk for talk in removed if talk.points or talk.title or talk.materials.exists()]:
            names = ", ".join(str(talk.presenter or talk.title) for talk in with_content)
            self.add_error(
                "presenters",
                _("%(names)s: 발표 내용이 있어 여기서 뺄 수 없습니다. 발표 표에서 지우거나 발표자를 바꾸십시오.")
                % {"names": names},
            )

    @property
    def changes_rooms(self) -> bool:
        """Whether rooms, times or kind of the session change."""
        return bool({"rooms", "shares_room", "kind", "start", "end", "day"} & set(self.changed_data))

    def room_request(self) -> timetable.RoomRequest:
        """Return the rooms that the session shall have."""
        rooms = [] if self.instance.kind == Session.Kind.MOVE else self.cleaned_data["rooms"]
        shares = self.cleaned_data.get("shares_room", self.initial["shares_room"])
        return timetable.RoomRequest(self.instance, rooms, is_deliberate=shares)

    @classmethod
    def save_extras(cls, forms: Sequence[Self], *, by: User) -> None:
        """Save rooms and presenters; sessions may exchange rooms."""
        by_session = {form.instance: form for form in forms if form.changes_rooms}
        for session, error in timetable.assign_rooms([form.room_request() for form in by_session.values()]).items():
            by_session[session].add_errors(ValidationError({"rooms": error.messages}))
        changed = [form for form in forms if "presenters" in form.changed_data]
        new = [talk for form in changed for talk in form.update_presentations(by=by)]
        with record_changes(new, by=by):
            Presentation.objects.bulk_create(new)

    def update_presentations(self, *, by: User) -> list[Presentation]:
        """Give the session exactly these presenters, in this order; return the presentations that are to be created.

        A presentation whose presenter remains keeps its content. One without a presenter yet is not touched.
        """
        talks, new = {talk.presenter_id: talk for talk in self.talks}, []
        for position, person in enumerate(self.cleaned_data["presenters"]):
            talk = talks.pop(person.pk, None)
            if talk is None:
                new.append(Presentation(session=self.instance, presenter=person, position=position))
            elif talk.position != position:
                talk.position = position
                talk.save_by(by)
        for talk in talks.values():
            if talk.presenter_id:
                talk.delete_by(by)
        return new
