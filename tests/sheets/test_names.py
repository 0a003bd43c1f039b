"""Rows named in a cell as people name them, and what they are told."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Department, Organisation, User
from conference.models import Conference, Person, Room, Topic
from sessions.models import Session
from sheets.references import MultiPersonField, PersonField, ReferenceField, ReferenceIndex

KST = timezone(timedelta(hours=9))


def named(cell: ReferenceField, conference: Conference) -> ReferenceField:
    cell.bind(ReferenceIndex(conference))
    return cell


def test_a_row_by_its_name(unsigned: Conference) -> None:
    cell = named(ReferenceField(model=Topic), unsigned)
    topic = unsigned.topics.first()
    assert cell.clean(topic.name) == cell.clean(topic.name.replace(" ", "")) == topic
    assert cell.show(topic) == cell.show(topic.pk) == topic.name


def test_a_near_miss_is_told(unsigned: Conference) -> None:
    with pytest.raises(ValidationError, match="혹시: 강북구"):
        named(ReferenceField(model=unsigned.districts.model), unsigned).clean("강북")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("강북구 일자리지원과", "강북구 일자리지원과"),
        ("일자리지원과", "강북구 일자리지원과"),
        ("일자리", "강북구 일자리지원과"),
        ("강북구일", "강북구 일자리지원과"),
        ("마을과", "도봉구 마을과"),  # a whole name before what only begins so
    ],
)
def test_a_department_by_the_beginning_of_its_name(unsigned: Conference, text: str, name: str) -> None:
    owner = Organisation.objects.get(name="도봉구")
    owner.departments.create(name="마을과")
    owner.departments.create(name="마을과학과")
    assert str(named(ReferenceField(model=Department), unsigned).clean(text)) == name


def test_where_several_departments_begin_so_they_are_told(unsigned: Conference) -> None:
    owner = Organisation.objects.get(name="도봉구")
    for name in ("마을 1과", "마을 2과", "마을 3과", "마을 4과", "마을 5과", "마을 6과"):
        owner.departments.create(name=name)
    cell = named(ReferenceField(model=Department), unsigned)
    said = [f"도봉구 마을 {number}과" for number in range(1, 6)]
    with pytest.raises(ValidationError) as refused:
        cell.clean("마을")
    assert refused.value.messages == [
        f"‘마을’이(가) 여럿입니다. 다음 가운데 하나로 적어 주세요: {', '.join(said)} 외 1건"
    ]
    with pytest.raises(ValidationError, match="이 행사에 없습니다"):
        cell.clean("을")


def test_no_row_of_another_conference(unsigned: Conference) -> None:
    times = {"starts_at": unsigned.starts_at, "ends_at": unsigned.ends_at}
    other = Conference.objects.create(slug="other", title="다른 행사", **times).topics.create(name="남의 분야")
    for text in (other.name, str(other.pk), f"{other.name} (#{other.pk})"):
        with pytest.raises(ValidationError, match="이 행사에 없습니다"):
            named(ReferenceField(model=Topic), unsigned).clean(text)


def test_rooms_of_one_name_are_told_apart_by_their_venue(unsigned: Conference) -> None:
    one, two = unsigned.venues.all()[:2]
    rooms = [venue.rooms.create(name="대강당", kind=Room.Kind.HALL) for venue in (one, two)]
    cell = named(ReferenceField(model=Room), unsigned)
    assert [cell.clean(cell.show(room)) for room in rooms] == rooms
    with pytest.raises(ValidationError, match=f"여럿입니다.*{one} 대강당, {two} 대강당"):
        cell.clean("대강당")


def test_rows_that_nothing_tells_apart_have_numbers(unsigned: Conference) -> None:
    twins = [
        unsigned.sessions.create(
            title="같은 강연", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at, kind="talk", code=code
        )
        for code in ("twin-1", "twin-2")
    ]
    cell = named(ReferenceField(model=Session), unsigned)
    assert [cell.clean(cell.show(row)) for row in twins] == twins
    with pytest.raises(ValidationError, match="여럿입니다"):
        cell.clean("같은 강연")


def test_sessions_of_one_title_and_hour_are_told_apart_by_day_and_room(unsigned: Conference) -> None:
    room = unsigned.venues.first().rooms.create(name="다락방", kind=Room.Kind.HALL)
    at, hour = datetime(2015, 11, 24, 12, tzinfo=KST), timedelta(hours=1)
    lunches = [
        unsigned.sessions.create(title="점심", starts_at=start, ends_at=start + hour, kind="break", code=code)
        for start, code in ((at, "lunch-1"), (at, "lunch-2"), (at + timedelta(days=1), "lunch-3"))
    ]
    lunches[1].room_uses.create(room=room, starts_at=at, ends_at=at + hour)
    cell = named(ReferenceField(model=Session), unsigned)
    assert [cell.show(row) for row in lunches] == [
        "2015. 11. 24. 12:00 점심",
        "2015. 11. 24. 12:00 점심(다락방)",
        "2015. 11. 25. 12:00 점심",
    ]
    assert [cell.clean(cell.show(row)) for row in lunches] == lunches


@pytest.mark.parametrize("text", ["가나 담당", "가나담당", "가나", "가나 담당 주무관"])
def test_an_account_by_its_name_without_the_rank(unsigned: Conference, text: str) -> None:
    user = User.objects.create_user("gana", name="가나 담당", position="주무관")
    assert named(ReferenceField(model=User), unsigned).clean(text) == user


def test_part_of_a_word_names_no_account_and_two_of_one_name_are_told(unsigned: Conference) -> None:
    for username, position in (("one", "주무관"), ("two", "팀장")):
        User.objects.create_user(username, name="가나 담당", position=position)
    cell = named(ReferenceField(model=User), unsigned)
    with pytest.raises(ValidationError, match=r"여럿입니다.*가나 담당 주무관, 가나 담당 팀장"):
        cell.clean("가나 담당")
    with pytest.raises(ValidationError, match="이 행사에 없습니다"):
        cell.clean("가나 담")


def test_a_person_is_made_by_being_named(unsigned: Conference) -> None:
    cell = named(PersonField(), unsigned)
    made = cell.clean("심원택(강북구 일자리지원과 주무관)")
    assert (made.name, made.affiliation, made.job, made.pk) == ("심원택", "강북구 일자리지원과", "주무관", None)
    assert cell.clean("심원택") is cell.clean("심원택(강북구 일자리지원과 주무관)") is made


def test_a_stored_namesake_keeps_its_name(unsigned: Conference) -> None:
    stored = unsigned.persons.create(name="심원택", affiliation="도봉구", job="과장")
    cell = named(PersonField(), unsigned)
    made = cell.clean("심원택(강북구 주무관)")
    assert (made.pk, cell.clean("심원택")) == (None, stored)


@pytest.mark.parametrize(
    "text", ["(소속 직위)", "홍(", "홍(가) 나", "이" * 51, "홍(" + "가" * 201 + " 나)", "홍\n길동(가 나)"]
)
def test_no_person(unsigned: Conference, text: str) -> None:
    with pytest.raises(ValidationError):
        named(PersonField(), unsigned).clean(text)


def test_commas_within_brackets_part_nobody(unsigned: Conference) -> None:
    found = named(MultiPersonField(), unsigned).clean(
        "심원택(강북구, 노원구 위원), 이영분(시민)\n심원택(강북구, 노원구 위원)"
    )
    assert [person.full_name() for person in found] == ["심원택(강북구, 노원구 위원)", "이영분(시민)"]
    assert Person.objects.filter(name="심원택").exists() is False
