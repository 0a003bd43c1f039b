"""What people type into one cell, and what they are told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError

from conference.models import Conference
from desk.forms.new_conference import NewConferenceForm
from exhibits.forms import EquipmentForm, GiveawayForm
from sessions.models import Session
from sheets.cells import ChoiceCell, LinesCell, NullTextCell, NumberCell, TextCell, YesCell
from sheets.conference_forms import ConferenceForm
from sheets.references import ReferenceIndex
from sheets.times import DateCell, DateTimeCell, TimeCell

KST = timezone(timedelta(hours=9))


def day() -> DateCell:
    cell = DateCell()
    cell.near = datetime(2015, 11, 24, 13, tzinfo=KST)
    return cell


def moment() -> DateTimeCell:
    cell = DateTimeCell()
    cell.near = datetime(2015, 11, 24, 13, tzinfo=KST)
    return cell


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1300", time(13)),
        ("13:00", time(13)),
        ("900", time(9)),
        ("0", time(0)),
        ("13시", time(13)),
        ("13시 30분", time(13, 30)),
        ("오후 1시", time(13)),
        ("오후1시반", time(13, 30)),
        ("오후 1시 반", time(13, 30)),
        ("오전 12시 10분", time(0, 10)),
        ("1:30 pm", time(13, 30)),
        ("PM 1:30", time(13, 30)),
        ("１３：００", time(13)),
        (" 13:00 ", time(13)),
        ("13:00:00", time(13)),
        ("오후 1:00:00", time(13)),
        ("1:30:00 PM", time(13, 30)),
        ("13.30", time(13, 30)),
    ],
)
def test_times(text: str, read: time) -> None:
    assert TimeCell().clean(text) == read
    assert TimeCell().clean(TimeCell().show(read)) == read


@pytest.mark.parametrize(
    "text",
    [
        "2560",
        "24:00",
        "25시",
        "오후 13시",
        "오후",
        "반",
        "정오",
        "1:2:3",
        "13:00:30",
        "13.3",
        "-100",
        "1e2",
        "13:00~14:00",
    ],
)
def test_no_times(text: str) -> None:
    with pytest.raises(ValidationError, match="1300, 13:00, 오후 1시처럼"):
        TimeCell().clean(text)


def test_only_an_end_is_at_24() -> None:
    assert [TimeCell(is_end=True).clean(text) for text in ("24:00", "2400", "24시")] == [time(0)] * 3
    with pytest.raises(ValidationError):
        TimeCell(is_end=True).clean("24:01")


@pytest.mark.parametrize(
    "text",
    [
        "2015-11-24",
        "2015. 11. 24.",
        "2015.11.24",
        "2015. 11. 24.(화)",
        "2015/11/24",
        "20151124",
        "11/24",
        "11. 24.(화)",
        "11월 24일",
        "2015년 11월 24일(화요일)",
        "15. 11. 24.",
        "２０１５-１１-２４",
    ],
)
def test_days(text: str) -> None:
    assert day().clean(text) == date(2015, 11, 24)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2015. 11. 24.(수)", "화요일입니다"),
        ("2015-02-29", "없는 날짜"),
        ("0000-11-24", "없는 날짜"),
        ("0001-11-24", "연도를 확인해 주세요: 1년"),
        ("9999-12-31", "연도를 확인해 주세요: 9999년"),
        ("2015-13-01", "없는 날짜"),
        ("내일", "날짜를 읽을 수 없습니다"),
        ("99999-01-01", "날짜를 읽을 수 없습니다"),
    ],
)
def test_no_days(text: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        day().clean(text)


def test_a_day_without_a_year_needs_the_conferences() -> None:
    with pytest.raises(ValidationError, match="날짜를 읽을 수 없습니다"):
        DateCell().clean("11/24")


@pytest.mark.parametrize(
    "text",
    [
        "2015-11-24 13:30",
        "2015-11-24T13:30",
        "2015. 11. 24. 13:30",
        "2015. 11. 24.(화) 13:30",
        "11/24 1330",
        "11/24 오후 1시 반",
        "2015년 11월 24일 13시 30분",
        "11. 24. 오후 1시 30분",
        "20151124 1330",
        "11/24 1:30 pm",
        "2015-11-24 13:30:00",
        "2015-11-24 오후 1:30:00",
        "11/24 13.30",
    ],
)
def test_moments(text: str) -> None:
    assert moment().clean(text) == datetime(2015, 11, 24, 13, 30, tzinfo=KST)
    assert moment().show(moment().clean(text)) == "2015-11-24 13:30"


@pytest.mark.parametrize("text", ["2015-11-24 24:00", "2015. 11. 24.(화) 24시", "2015-11-25 0:00"])
def test_a_day_ends_at_24(text: str) -> None:
    assert moment().clean(text) == datetime(2015, 11, 25, tzinfo=KST)


@pytest.mark.parametrize("text", ["2015-11-24", "13:30", "2015-11-24 25:00", "2015. 11. 24.", "내일 13:00", "\n"])
def test_no_moments(text: str) -> None:
    with pytest.raises(ValidationError):
        moment().clean(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("120", 120),
        ("1,200", 1200),
        ("0", 0),
        ("2147483647", 2**31 - 1),
        ("１２", 12),
        ("١٢", 12),
        ("30명", 30),
        ("1,000,000원", 10**6),
        ("1,000", 1000),
        ("50 개", 50),
        ("7.0", 7),
    ],
)
def test_numbers(text: str, read: int) -> None:
    assert NumberCell().clean(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "100여",
        "-1",
        "1e400",
        "1e999999999",
        "2147483648",
        "NaN",
        "Infinity",
        "sNaN",
        "1.5",
        "=1+1",
        "9" * 5000,
        "1,5",
        "3천원",
        "명",
    ],
)
def test_no_numbers(text: str) -> None:
    with pytest.raises(ValidationError, match=r"숫자만 적어 주세요|적을 수 있습니다"):
        NumberCell().clean(text)


def test_roughly_where_the_form_asks_for_it(unsigned: Conference) -> None:
    """Booths are so many and no more; a giveaway may be about so many."""
    names = ReferenceIndex(unsigned)
    hints = []
    for form in (EquipmentForm, GiveawayForm):
        fields = form(references=names).fields
        with pytest.raises(ValidationError) as refused:
            fields["quantity" if "quantity" in fields else "planned"].clean("100여")
        hints.append("어림수" in refused.value.messages[0])
    assert hints == [False, True]


@pytest.mark.parametrize(
    ("text", "read"), [("예", True), ("O", True), ("✓", True), ("아니오", False), ("-", False), ("", False)]
)
def test_yes(text: str, read: bool) -> None:
    assert YesCell().clean(text) is read


def test_neither_yes_nor_no() -> None:
    with pytest.raises(ValidationError, match="‘예’ 또는 ‘아니오’로"):
        YesCell().clean("아마")


def test_a_choice_is_made_by_its_name() -> None:
    cell = ChoiceCell(choices=Session.Kind.choices)
    assert [cell.clean(text) for text in ("강연", " 강 연 ", "talk")] == [Session.Kind.TALK] * 3
    assert [cell.prepare_value(value) for value in ("talk", "아무거나", None)] == ["강연", "아무거나", ""]
    with pytest.raises(ValidationError, match="주제, 강연, 의식, 이동, 휴식, 전시"):
        cell.clean("공연")


def test_lines() -> None:
    assert LinesCell(required=False).clean("하나\r\n\r\n 둘 \r셋") == ["하나", "둘", "셋"]
    assert LinesCell(required=False).clean("") == []


def test_nothing_and_nobody_are_two_things() -> None:
    cell = NullTextCell(required=False)
    assert [cell.clean(text) for text in ("", "-", "누구나")] == [None, "", "누구나"]
    assert [cell.show(value) for value in (None, "", "누구나")] == ["", "-", "누구나"]


def test_texts_are_stored_as_we_store_them() -> None:
    assert TextCell(is_long=True).clean("\u1100\u1161\r\n나\r다") == "가\n나\n다"
    assert TextCell().clean("가\r\n나") == "가 나"
    with pytest.raises(ValidationError, match="최대 3"):
        TextCell(max_length=3).clean("네글자요")


@pytest.mark.parametrize("sign", ["\0", "\ud800", "\u202e", "\u2066", "\x1b", "\ufffe"])
def test_what_is_no_text_is_named(sign: str) -> None:
    with pytest.raises(ValidationError, match=f"U\\+{ord(sign):04X}"):
        TextCell().clean(f"가{sign}나")


def test_dates_have_the_events_own_as_examples(unsigned: Conference) -> None:
    unsigned.starts_at = datetime(2026, 10, 6, 10, tzinfo=KST)
    unsigned.ends_at = datetime(2026, 10, 7, 17, tzinfo=KST)
    fields = ConferenceForm(instance=unsigned, references=ReferenceIndex(unsigned)).fields
    assert [fields[name].example for name in ("starts_at", "ends_at")] == ["2026-10-06 10:00", "2026-10-07 17:00"]
    for text, said in (("그때", "예: 2026-10-06 10:00"), ("그때 13:00", "2026-10-06 또는 2026. 10. 6.처럼")):
        with pytest.raises(ValidationError, match=said):
            fields["starts_at"].clean(text)
    fields = NewConferenceForm(sources=Conference.objects.none()).fields
    assert fields["starts_at"].example < fields["ends_at"].example
