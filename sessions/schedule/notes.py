"""Notes on what an import leaves out or changes: counted, in the words of the file, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.exchange.values import shorten
from sessions.schedule.parsed_node import ParsedNode, as_text

SHOWN_MAX, WIDTH_MAX = 20, 200  # texts of one note on a page, and characters of each
NOT_IMPORTED, CHANGED, REASSIGNED = "left", "changed", "anew"
HEADINGS = {
    NOT_IMPORTED: gettext_lazy("옮기지 않는 것"),
    CHANGED: gettext_lazy("바꾸어 옮기는 것"),
    REASSIGNED: gettext_lazy("포털이 새로 정하는 것"),
}
_NO_PLACE = gettext_lazy("이 포털에 둘 자리가 없습니다.")
_UNKNOWN = gettext_lazy("포털이 모르는 항목입니다.")
_LINKS = gettext_lazy("바깥 주소는 옮기지 않습니다. 필요하면 파일을 내려받아 발표자료로 올리십시오.")
_RECORDING = gettext_lazy("녹화는 이 포털이 다루지 않습니다. 찍지 말라는 뜻이 있으면 담당자가 챙겨 주십시오.")
_OWN = gettext_lazy("공개하면 이 포털의 주소와 값이 붙습니다.")
# kinds of objects in the file
OBJECT_NAMES = {
    "event": gettext_lazy("일정"),
    "conference": gettext_lazy("행사"),
    "day": gettext_lazy("날"),
    "room": gettext_lazy("방"),
    "track": gettext_lazy("분야"),
    "file": gettext_lazy("파일"),
}
# name → (NOT_IMPORTED, CHANGED or REASSIGNED, label, reason); a name of the file follows its kind of object
NOTES = {
    "event.out": (NOT_IMPORTED, gettext_lazy("들어오지 못하는 일정"), gettext_lazy("길이가 0분인 일정은 둘 수 없습니다.")),
    "event.links": (NOT_IMPORTED, gettext_lazy("일정의 관련 주소"), _LINKS),
    "event.attachments": (NOT_IMPORTED, gettext_lazy("일정의 붙임 파일"), _LINKS),
    "event.logo": (NOT_IMPORTED, gettext_lazy("일정의 그림"), _LINKS),
    "event.video_download_url": (NOT_IMPORTED, gettext_lazy("일정의 영상 주소"), _LINKS),
    "event.recording.license": (NOT_IMPORTED, gettext_lazy("일정의 녹화 이용 조건"), _RECORDING),
    "event.recording.url": (NOT_IMPORTED, gettext_lazy("일정의 녹화 주소"), _LINKS),
    "event.recording.link": (NOT_IMPORTED, gettext_lazy("일정의 녹화 주소"), _LINKS),
    "event.recording_license": (NOT_IMPORTED, gettext_lazy("일정의 녹화 이용 조건"), _RECORDING),
    "event.do_not_record": (NOT_IMPORTED, gettext_lazy("찍지 않을 일정"), _RECORDING),
    "event.do_not_stream": (NOT_IMPORTED, gettext_lazy("중계하지 않을 일정"), _RECORDING),
    "event.persons.nameless": (NOT_IMPORTED, gettext_lazy("이름이 없는 사람"), gettext_lazy("이름이 없어 둘 수 없습니다.")),
    "event.persons.biography": (NOT_IMPORTED, gettext_lazy("인물 소개"), _NO_PLACE),
    "event.persons.avatar": (NOT_IMPORTED, gettext_lazy("인물 사진의 주소"), _LINKS),
    "event.persons.url": (NOT_IMPORTED, gettext_lazy("인물의 주소"), _LINKS),
    "event.persons.links": (NOT_IMPORTED, gettext_lazy("인물의 관련 주소"), _LINKS),
    "event.silent": (NOT_IMPORTED, gettext_lazy("휴식·이동의 언어"), _NO_PLACE),
    "conference.logo": (NOT_IMPORTED, gettext_lazy("행사의 그림"), _LINKS),
    "conference.url": (NOT_IMPORTED, gettext_lazy("행사 누리집"), _LINKS),
    "conference.color": (NOT_IMPORTED, gettext_lazy("행사의 색"), _NO_PLACE),
    "conference.colors": (NOT_IMPORTED, gettext_lazy("행사의 색"), _NO_PLACE),
    "conference.keywords": (NOT_IMPORTED, gettext_lazy("행사의 열쇠말"), _NO_PLACE),
    "track.color": (NOT_IMPORTED, gettext_lazy("분야의 색"), gettext_lazy("분야의 색은 순서대로 정해집니다.")),
    "room.description": (NOT_IMPORTED, gettext_lazy("방 설명"), _NO_PLACE),
    "room.features": (NOT_IMPORTED, gettext_lazy("방 설비"), _NO_PLACE),
    "room.assembly": (NOT_IMPORTED, gettext_lazy("방을 맡은 모임"), _NO_PLACE),
    "room.url": (NOT_IMPORTED, gettext_lazy("방의 주소"), _LINKS),
    "room.stream_id": (NOT_IMPORTED, gettext_lazy("방의 중계 번호"), _NO_PLACE),
    "day.empty": (NOT_IMPORTED, gettext_lazy("일정이 없는 날"), gettext_lazy("날은 일정이 있어야 생깁니다.")),
    "zone": (CHANGED, gettext_lazy("다른 시간대의 시각"), gettext_lazy("같은 순간을 서울 시각으로 보입니다.")),
    "zone.absent": (CHANGED, gettext_lazy("시간대가 없는 시각"), gettext_lazy("파일이 말하는 시간대로, 없으면 서울 시각으로 읽었습니다.")),
    "zone.unknown": (CHANGED, gettext_lazy("모르는 시간대 이름"), gettext_lazy("서울 시각으로 읽었습니다.")),
    "event.start": (CHANGED, gettext_lazy("날짜와 다른 시작 시각"), gettext_lazy("날짜와 시각이 함께 적힌 쪽을 따랐습니다.")),
    "event.end": (CHANGED, gettext_lazy("서로 다른 길이와 끝"), gettext_lazy("끝나는 때를 읽을 수 있으면 그것을, 없으면 길이를 따랐습니다.")),
    "event.duration": (CHANGED, gettext_lazy("세 자리로 적힌 길이"), gettext_lazy("이렇게 읽었습니다.")),
    "event.next_day": (CHANGED, gettext_lazy("자정을 넘겨 시작하는 일정"), gettext_lazy("앞날의 부에 두고 시각은 다음 날로 적습니다.")),
    "event.type": (CHANGED, gettext_lazy("일정의 종류"), gettext_lazy("포털의 구분 가운데 하나로 바꿉니다.")),
    "event.subtitle": (CHANGED, gettext_lazy("부제"), gettext_lazy("발표 내용의 첫 줄이 됩니다.")),
    "event.subtitle_en": (CHANGED, gettext_lazy("한국어 제목의 영문 부제"), gettext_lazy("영문 제목이 됩니다.")),
    "event.abstract": (CHANGED, gettext_lazy("요약과 설명"), gettext_lazy("한 줄씩 발표 내용이 됩니다.")),
    "event.same": (CHANGED, gettext_lazy("요약과 같은 설명"), gettext_lazy("한 번만 옮깁니다.")),
    "event.html": (CHANGED, gettext_lazy("꾸민 글"), gettext_lazy("꾸밈은 빼고 글과 주소만 옮깁니다.")),
    "event.language": (CHANGED, gettext_lazy("진행 언어"), gettext_lazy("한국어가 아니면 발표 내용의 끝 줄에 적습니다. 영어 제목은 영문 제목이 됩니다.")),
    "event.persons": (CHANGED, gettext_lazy("여러 사람이 하는 일정"), gettext_lazy("한 사람에 발표 하나씩 두고, 내용은 첫 발표에 적습니다.")),
    "event.rooms": (CHANGED, gettext_lazy("여러 방에 같은 때 같은 말로 적힌 일정"), gettext_lazy("여러 방에서 함께 하는 일정 하나로 둡니다.")),
    "event.room": (CHANGED, gettext_lazy("다르게 적힌 방"), gettext_lazy("그 일정이 든 방을 따랐습니다.")),
    "event.overlap": (CHANGED, gettext_lazy("같은 시간에 같은 방을 쓰는 일정"), gettext_lazy("일부러 함께 쓰는 것으로 둡니다. 프로그램에서 확인해 주십시오.")),
    "event.code": (CHANGED, gettext_lazy("두 번 쓰인 일정 번호"), gettext_lazy("뒤의 것에 번호를 붙였습니다.")),
    "person.twice": (CHANGED, gettext_lazy("한 일정에 두 번 적힌 사람"), gettext_lazy("한 번만 둡니다.")),
    "person.namesakes": (CHANGED, gettext_lazy("번호가 다른 같은 이름"), gettext_lazy("한 사람으로 둡니다. 다른 사람이면 인물 표에서 나누어 주십시오.")),
    "conference.name": (CHANGED, gettext_lazy("행사 이름이 없음"), gettext_lazy("줄임말을 이름으로 썼습니다.")),
    "conference.times": (CHANGED, gettext_lazy("행사의 시작과 끝"), gettext_lazy("날짜만 있어 첫 일정과 마지막 일정의 시각으로 정합니다.")),
    "room.venue": (CHANGED, gettext_lazy("방이 있는 건물"), gettext_lazy("파일에 건물이 없어 이 이름으로 둡니다. 장소 표에서 고쳐 주십시오.")),
    "room.kind": (CHANGED, gettext_lazy("방의 구분"), gettext_lazy("이름으로 짐작했습니다. 장소 표에서 고쳐 주십시오.")),
    "text.cut": (CHANGED, gettext_lazy("너무 긴 글"), gettext_lazy("쓸 수 있는 길이에서 잘랐습니다.")),
    "text.unfit": (CHANGED, gettext_lazy("쓸 수 없는 문자"), gettext_lazy("그 문자만 지웠습니다.")),
    "event.guid": (REASSIGNED, gettext_lazy("일정의 고유 번호"), _OWN),
    "event.id": (REASSIGNED, gettext_lazy("일정의 차례 번호"), _OWN),
    "event.slug": (REASSIGNED, gettext_lazy("일정의 주소 이름"), _OWN),
    "event.url": (REASSIGNED, gettext_lazy("일정 화면의 주소"), _OWN),
    "event.origin_url": (REASSIGNED, gettext_lazy("처음 실린 화면의 주소"), _OWN),
    "event.feedback_url": (REASSIGNED, gettext_lazy("의견 내는 화면의 주소"), _OWN),
    "event.persons.id": (REASSIGNED, gettext_lazy("인물 번호"), _OWN),
    "event.persons.guid": (REASSIGNED, gettext_lazy("인물의 고유 번호"), _OWN),
    "event.persons.code": (REASSIGNED, gettext_lazy("인물 기호"), _OWN),
    "room.guid": (REASSIGNED, gettext_lazy("방의 고유 번호"), _OWN),
    "room.slug": (REASSIGNED, gettext_lazy("방의 주소 이름"), _OWN),
    "track.slug": (REASSIGNED, gettext_lazy("분야의 주소 이름"), _OWN),
    "day.index": (REASSIGNED, gettext_lazy("날의 차례"), _OWN),
    "day.day_start": (REASSIGNED, gettext_lazy("하루가 시작하는 시각"), _OWN),
    "day.day_end": (REASSIGNED, gettext_lazy("하루가 끝나는 시각"), _OWN),
    "conference.daysCount": (REASSIGNED, gettext_lazy("날의 수"), _OWN),
    "conference.timeslot_duration": (REASSIGNED, gettext_lazy("시간표의 칸"), _OWN),
    "conference.base_url": (REASSIGNED, gettext_lazy("행사 화면의 주소"), _OWN),
    "file.generator": (REASSIGNED, gettext_lazy("파일을 만든 프로그램"), _OWN),
    "file.version": (REASSIGNED, gettext_lazy("파일의 판"), _OWN),
    "file.url": (REASSIGNED, gettext_lazy("파일의 주소"), _OWN),
    "file.base_url": (REASSIGNED, gettext_lazy("파일의 주소"), _OWN),
    "file.$schema": (REASSIGNED, gettext_lazy("파일 형식의 주소"), _OWN),
}  # fmt: skip


@dataclass
class Note:
    """A note. ``words``: text of the file → how often."""

    kind: str
    label: str
    reason: str
    words: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How often it occurs in the file."""
        return self.words.total()

    def lines(self, limit: int | None = None, width: int | None = None) -> list[str]:
        """Return each text once, the most frequent first; at most ``limit`` of them and ``width`` characters of each."""
        lines = [
            _printable_text(words, width) + (f" × {times:,}" if times > 1 else "")
            for words, times in self.words.most_common(limit)
        ]
        left = len(self.words) - len(lines)
        return [*lines, _("외 %(count)s가지") % {"count": f"{left:,}"}] if left else lines

    @property
    def shown(self) -> list[str]:
        """The words as a page shows them."""
        return self.lines(SHOWN_MAX, WIDTH_MAX)


class Notes(dict[str, Note]):
    """Notes by name."""

    def add(self, name: str, words: Any) -> None:
        """Add an occurrence. A name that NOTES lacks is unknown to the portal."""
        if name not in self:
            where, _dot, own = name.partition(".")
            unknown = _("%(where)s의 ‘%(name)s’") % {"where": OBJECT_NAMES.get(where, where), "name": shorten(own)}
            kind, label, reason = NOTES.get(name) or (NOT_IMPORTED, unknown, _UNKNOWN)
            self[name] = Note(kind, str(label), str(reason))
        self[name].words[" ".join(as_text(words).split())] += 1

    def report_unused(self, name: str, left: Mapping[str, Any]) -> None:
        """Note every value that was not popped from an object of the file."""
        for key, value in left.items():
            if isinstance(value, ParsedNode) and f"{name}.{key}" not in NOTES:
                self.report_unused(f"{name}.{key}", value)
            elif text := _flat_text(value):
                self.add(f"{name}.{key}", text)

    def of(self, kind: str) -> list[Note]:
        """Return the notes of one of the three kinds in the order of NOTES, unknown names last."""
        order = list(NOTES)
        names = [(order.index(name) if name in NOTES else len(order), name) for name in self if self[name].kind == kind]
        return [self[name] for _place, name in sorted(names)]


def _flat_text(value: Any) -> str:
    """Return all texts of a value as one."""
    if isinstance(value, dict):
        return " · ".join(filter(None, map(_flat_text, value.values())))
    if isinstance(value, list):
        return " / ".join(filter(None, map(_flat_text, value)))
    return " ".join(as_text(value).split())


def _printable_text(text: str, width: int | None) -> str:
    """Return the text as every terminal and page can show it."""
    letters = (one if one.isprintable() else one.encode("unicode_escape").decode() for one in text[:width])
    plain = "".join(letters)
    return plain + ("…" if len(plain) < len(text) else "")
