"""Forms of the acts of the day; ``cleaned_data`` are the arguments of the act's function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models import Room
from rows.form_fields import row_choice_of
from sessions import timetable, today
from sessions.models import Session
from sheets.row_choice import RowsField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DayActForm(forms.Form):
    """Base form with a new ``form_key``, so that a button pressed twice acts once."""

    form_key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: uuid4().hex)
    name, css_class = "", ""
    button: StrOrPromise = ""
    prefix_of_ids = ""  # for a page with two forms of one act

    def __init__(self, data: Any = None, *, session: Session, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"{self.prefix_of_ids or self.name}-%s", **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse("today-act", args=[session.conference.slug, session.code, self.name])
        self.helper.add_input(Submit("save", self.button, css_class=self.css_class))


class StartForm(DayActForm):
    """시작."""

    name, button = "start", _("시작")


class FinishForm(DayActForm):
    """종료."""

    name, button = "finish", _("종료")


class DelayForm(DayActForm):
    """지연."""

    name, button = "delay", _("지연 공개")
    minutes = forms.TypedChoiceField(
        label=_("얼마나"),
        coerce=int,
        initial=10,
        choices=[(n, _("%(n)d분") % {"n": n}) for n in (5, 10, 15, 20, 30, 45, 60)],
    )
    also = forms.ChoiceField(
        label=_("함께 늦출 세션"),
        required=False,
        initial=today.SAME_ROOMS,  # the next session in the room cannot begin before this one has ended
        choices=[
            ("", _("이 세션만")),
            (today.SAME_ROOMS, _("이어지는 세션도: 같은 방, 같은 발표자, 모두 함께하는 휴식·이동")),
            (today.WHOLE_DAY, _("뒤에 있는 모든 세션도")),
        ],
        help_text=_("사이에 빈 시간이 있으면 그만큼 덜 늦추고, 지연이 없어지는 데서 멈춥니다."),
        widget=forms.RadioSelect,
    )


class MoveForm(DayActForm):
    """장소 변경 to several rooms."""

    name, button = "move", _("고른 장소들로 변경 공개")
    rooms = RowsField(
        Room.objects.none(),
        label=_("새 장소(여러 곳)"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("새 장소를 고르세요.")},
    )

    def __init__(self, data: Any = None, *, session: Session, **kwargs: Any) -> None:
        rooms = Room.objects.filter(venue__conference=session.conference).exclude(kind=Room.Kind.FLOOR)
        initial = {"rooms": [use.room_id for use in session.room_uses.all()]}
        super().__init__(data, session=session, **({"initial": initial} | kwargs))
        row_choice_of(self, "rooms").queryset = rooms.select_related("venue", "parent")


class OneRoomForm(MoveForm):
    """장소 변경 to one room, the usual case: free rooms come first, the present room is left out."""

    button = _("장소 변경 공개")
    prefix_of_ids = "one-room"

    def __init__(self, *, session: Session) -> None:
        super().__init__(session=session, initial={})
        now = [use.room_id for use in session.room_uses.all()]
        busy = {use.room_id: use.session.title for use in timetable.overlapping_room_uses(session)}
        field = row_choice_of(self, "rooms")
        rooms = [room for room in field.queryset or () if now != [room.pk]]
        field.label, field.widget = _("새 장소"), forms.RadioSelect()
        field.widget.choices = [
            (room.pk, f"{room} ({_('사용 중')}: {busy[room.pk]})" if room.pk in busy else str(room))
            for room in sorted(rooms, key=lambda room: room.pk in busy)
        ]


class CancelForm(DayActForm):
    """취소."""

    name, button, css_class = "cancel", _("세션 취소 공개"), "is-danger"


class HeadcountForm(DayActForm):
    """인원."""

    name, button = "count", _("인원 저장")
    headcount = forms.IntegerField(
        label=_("참석 인원(명)"),
        min_value=0,
        max_value=99_999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data: Any = None, *, session: Session, **kwargs: Any) -> None:
        super().__init__(data, session=session, initial={"headcount": session.headcount}, **kwargs)
