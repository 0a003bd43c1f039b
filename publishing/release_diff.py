"""What differs between two released contents: first leaf by leaf, then in sentences that an officer reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from korean.dates import format_clock, format_full_day, format_hours, format_span, to_seoul
from publishing.content import Sections
from publishing.venue_changes import Leaf, without_repeats
from rows import app_registry

NAMES = ("code", "slug", "label", "name", "title", "digest", "text")  # the first with a value is an item's name
PERSON, PERSONS = {"moderator", "presenter"}, {"guests"}  # keys of a person, and of a list of persons
ORDER = "order"  # last step of ``where`` if only the order of the items changed
SHORT = 60  # letters of a text that a sentence quotes

SECTION_LABELS = {
    "event": gettext_lazy("행사 안내"),
    "programme": gettext_lazy("프로그램"),
    "expo": gettext_lazy("전시"),
    "notices": gettext_lazy("공지"),
}
# the word for a step of ``where``; a step that is not here is not mentioned
FIELD_LABELS = {
    "access_note": gettext_lazy("편의시설"),
    "address": gettext_lazy("주소"),
    "admission": gettext_lazy("참가 방법"),
    "affiliation": gettext_lazy("소속"),
    "alt": gettext_lazy("대체 텍스트"),
    "audience": gettext_lazy("참석대상"),
    "booths": gettext_lazy("부스"),
    "capacity": gettext_lazy("수용 인원"),
    "caption": gettext_lazy("사진 설명"),
    "conduct": gettext_lazy("진행"),
    "contact_department": gettext_lazy("담당부서"),
    "contact_phone": gettext_lazy("전화번호"),
    "content": gettext_lazy("내용"),
    "department": gettext_lazy("담당부서"),
    "desks": gettext_lazy("담당부서"),
    "destination": gettext_lazy("이동 장소"),
    "destination_note": gettext_lazy("이동 장소 설명"),
    "district": gettext_lazy("자치구"),
    "districts": gettext_lazy("자치구"),
    "ends_at": gettext_lazy("끝"),
    "exhibition": gettext_lazy("전시"),
    "exhibitors": gettext_lazy("참여 기업·단체"),
    "floor": gettext_lazy("층"),
    "giveaways": gettext_lazy("배부 물품"),
    "guests": gettext_lazy("주요 참석인사"),
    "heading": gettext_lazy("인쇄 제목"),
    "host": gettext_lazy("주관"),
    "hosts": gettext_lazy("주최·주관"),
    "is_cancelled": gettext_lazy("취소"),
    "is_urgent": gettext_lazy("긴급"),
    "job": gettext_lazy("직위"),
    "kind": gettext_lazy("구분"),
    "label": gettext_lazy("부"),
    "main_items": gettext_lazy("주요 행사"),
    "map_url": gettext_lazy("지도"),
    "materials": gettext_lazy("발표자료"),
    "moderator": gettext_lazy("사회"),
    "name": gettext_lazy("이름"),
    "name_en": gettext_lazy("이름(영문)"),
    "note": gettext_lazy("설명"),
    ORDER: gettext_lazy("차례"),
    "parking": gettext_lazy("주차"),
    "participants": gettext_lazy("참여"),
    "performers": gettext_lazy("발표(글)"),
    "photos": gettext_lazy("사진"),
    "place_note": gettext_lazy("장소 설명"),
    "places": gettext_lazy("장소"),
    "points": gettext_lazy("발표 내용"),
    "presentations": gettext_lazy("발표"),
    "presenter": gettext_lazy("발표자"),
    "proposals": gettext_lazy("제안사항"),
    "purpose": gettext_lazy("목적"),
    "role": gettext_lazy("역할"),
    "room": gettext_lazy("장소"),
    "rooms": gettext_lazy("장소"),
    "short_name": gettext_lazy("줄인 이름"),
    "starts_at": gettext_lazy("시작"),
    "state": gettext_lazy("상태"),
    "summary": gettext_lazy("소개"),
    "summary_en": gettext_lazy("소개(영문)"),
    "text": gettext_lazy("내용"),
    "title": gettext_lazy("제목"),
    "title_en": gettext_lazy("제목(영문)"),
    "topic": gettext_lazy("분야"),
    "topics": gettext_lazy("분야"),
    "transit": gettext_lazy("오시는 길"),
    "venue": gettext_lazy("건물"),
    "venues": gettext_lazy("건물"),
    "within": gettext_lazy("단지·캠퍼스"),
}
# no sentence for these: visitors do not read them, or another change comes with them
UNMENTIONED_KEYS = {
    "at",
    "code",
    "digest",
    "height",
    "media_type",
    "position",
    "size",
    "slug",
    "stage",
    "venue_position",
    "was",
    "width",
}


@dataclass(frozen=True)
class DiffSentence:
    """One sentence about one section."""

    section: str  # a key of SECTION_LABELS
    text: str

    @property
    def section_name(self) -> str:
        return str(SECTION_LABELS[self.section])

    def __str__(self) -> str:
        return f"{self.section_name} · {self.text}"


# ── leaf by leaf ────────────────────────────────────────────────────────────────────────────────
def diff_leaves(old: Any, new: Any, where: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield ``{"where": […], "old": …, "new": …}`` for every leaf or list item that differs; absent is None."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from diff_leaves(old.get(key), new.get(key), (*where, key))
    elif isinstance(old, list) and isinstance(new, list) and all(isinstance(item, dict) for item in old + new):
        befores, afters = _items_by_name(old), _items_by_name(new)
        now_called = _match_hidden_names(befores, afters)
        befores = {now_called.get(key, key): item for key, item in befores.items()}
        for key in [*befores, *(key for key in afters if key not in befores)]:
            yield from diff_leaves(befores.get(key), afters.get(key), (*where, key))
        was, now = ([key for key in one if key in other] for one, other in ((befores, afters), (afters, befores)))
        if was != now:
            yield {"where": [*where, ORDER], "old": was, "new": now}
    elif old != new:
        yield {"where": list(where), "old": old, "new": new}


def _items_by_name(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    named: dict[str, dict[str, Any]] = {}
    for i, item in enumerate(items):
        name = _name(item) or str(i)
        named[name if name not in named else f"{name} {i}"] = item
    return named


def _name(item: dict[str, Any]) -> str:
    """Return the name by which an item is found again after a change: for a talk that of its presenter, for a block that of its part."""
    post = _affiliation_and_job(item) if _person(item) is item else ""
    own = next((str(item[key]) for key in NAMES if item.get(key)), "") or post
    first = [*item["sessions"][:1]] if "sessions" in item else []
    inner = [value for value in (item.get("presenter"), item.get("part"), *first) if isinstance(value, dict)]
    return next((name for name in map(_name, inner) if name), own)


def _match_hidden_names(befores: dict[str, dict[str, Any]], afters: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return old key → new key of the persons, and of their talks, whose name was shown or hidden.

    A person with another name is another person.
    """
    added = {key: item for key, item in afters.items() if key not in befores and _person(item)}
    new_keys: dict[str, str] = {}
    for key, item in befores.items():
        if key not in afters and (person := _person(item)):
            same = (
                new
                for new, other in added.items()
                if _description_without_name(other) == _description_without_name(item)
                and bool(_called(other)) != bool(person["name"])
            )
            if new := next(same, ""):
                new_keys[key] = new
                del added[new]
    return new_keys


def _person(item: dict[str, Any]) -> dict[str, Any] | None:
    """Return the person that the item is, or the presenter of the talk that it is."""
    return item if "affiliation" in item else item.get("presenter")


def _called(item: dict[str, Any]) -> str:
    person = _person(item)
    return person["name"] if person else ""


def _affiliation_and_job(person: dict[str, Any]) -> str:
    return " ".join(filter(None, (person["affiliation"], person["job"])))


def _description_without_name(item: dict[str, Any]) -> str:
    """Return the words by which a reader knows a person without a name, or that person's talk."""
    return item.get("title") or _affiliation_and_job(_person(item) or item)


# ── in words ────────────────────────────────────────────────────────────────────────────────────
def diff_sentences(leaves: Iterable[Leaf], *, before: Sections, now: Sections) -> list[DiffSentence]:
    """Return a sentence for each leaf that a visitor would notice.

    ``before`` and ``now``: the compared sections, from which the titles come.
    """
    leaves_by_path = {tuple(leaf["where"]): leaf for leaf in without_repeats(leaves)}
    sentences = []
    for where, leaf in leaves_by_path.items():
        if where[-1] in UNMENTIONED_KEYS or (len(where) == 1 and leaf["old"] is None and not _has_content(leaf["new"])):
            continue
        other_end = leaves_by_path.get((*where[:-1], "ends_at" if where[-1] == "starts_at" else "starts_at"))
        if (
            other_end
            and where[-1] == "starts_at"
            and all((leaf["old"], leaf["new"], other_end["old"], other_end["new"]))
        ):
            continue  # the sentence of the end has the start too
        if other_end and where[-1] == "ends_at" and all((leaf["old"], leaf["new"], other_end["old"], other_end["new"])):
            format_range = (
                format_hours if to_seoul(other_end["old"]).date() == to_seoul(other_end["new"]).date() else format_span
            )
            times = [format_range(other_end[age], leaf[age]) for age in ("old", "new")]
            sentences.append(
                DiffSentence(where[0], _join_words(*_place(leaf, before, now)[0], _("시간"), _arrow(*times)))
            )
        else:
            sentences.append(DiffSentence(where[0], _sentence(leaf, before, now)))
    return sorted(sentences, key=lambda change: list(SECTION_LABELS).index(change.section))


def _sentence(leaf: Leaf, before: Sections, now: Sections) -> str:  # noqa: PLR0911 (one for each kind)
    where, old, new = leaf["where"], leaf["old"], leaf["new"]
    key, field = where[-1], str(FIELD_LABELS.get(where[-1], ""))
    place, is_item = _place(leaf, before, now)
    if len(where) == 1:
        return _("처음으로 공개") if old is None else _("모두 삭제")
    if key == ORDER:
        return _join_words(*place, field, _("바뀜"))
    if key == "is_cancelled":
        return _join_words(*place, _("취소") if new else _("취소를 거둠"))
    if is_item:
        return _join_words(*place, _("추가") if old is None else _("삭제"))
    if _is_of_a_person(where) and bool(old) != bool(new):
        who = "" if any((new or old) in step for step in place) else f"({new or old})"
        return _join_words(*place, _("성명 공개") if new else _("성명 비공개"), who)
    if _is_lines(old) and _is_lines(new):
        removed, added = ([line for line in one if line not in other] for one, other in ((old, new), (new, old)))
        parts = [_quoted_lines(added, _("추가")), _quoted_lines(removed, _("삭제"))]
        parts = parts if added or removed else [_("차례 바뀜")]
        return _join_words(*place, field, ", ".join(filter(None, parts)))
    other_day = key in {"starts_at", "ends_at"} and old and new and to_seoul(old).date() != to_seoul(new).date()
    texts = [
        f"{format_full_day(at)} {format_clock(at)}" if other_day else _value_text(at, key, where[0])
        for at in (old, new)
    ]
    return _join_words(*place, field, _arrow(*texts))


def _has_content(section: Any) -> bool:
    """Whether visitors see anything of a section; {"blocks": []} is a programme without a session."""
    return any(section.values()) if isinstance(section, dict) else bool(section)


def _is_of_a_person(where: list[str]) -> bool:
    """Whether it is the name of a person."""
    return where[-1] == "name" and (where[-2] in PERSON or where[-3] in PERSONS)


def _place(leaf: Leaf, before: Sections, now: Sections) -> tuple[list[str], bool]:
    """Return the words for the place of a leaf, outermost first: ‘세션’ 발표 ‘발표자’; and whether it is an item of a list.

    A part is not named before its session.
    """
    steps: list[str] = []
    noun, is_item, here = "", False, [now, before]
    for depth, key in enumerate(leaf["where"]):
        is_item = key != ORDER and any(isinstance(value, list) for value in here)
        here = [_step(value, key) for value in here]
        if is_item:
            steps = [] if noun == "sessions" else steps
            itself = next((value for value in (*here, leaf["new"], leaf["old"]) if isinstance(value, dict)), {})
            # the key of an item without a name is its number in the list, which is no word for a reader
            called = _title(itself) or (key if _name(itself) or not itself else _("이름 없음"))
            steps += [str(FIELD_LABELS.get(noun, "")) if depth > 1 else "", f"‘{called}’"]
        elif noun:
            steps.append(str(FIELD_LABELS.get(noun, "")))
        noun = "" if is_item else key
    return steps, is_item


def _step(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return _items_by_name([item for item in value if isinstance(item, dict)]).get(key)
    return value.get(key) if isinstance(value, dict) else None


def _title(item: dict[str, Any]) -> str:
    """Return the words by which a reader knows an item."""
    if "sessions" in item:  # a block: its part, or the session between parts
        return _title(item["part"] or item["sessions"][0])
    if item.get("presenter") and (who := _title(item["presenter"])):
        return who
    if "label" in item:  # a part
        return " ".join(filter(None, (item["label"], item["title"])))
    if "affiliation" in item:  # a person
        return " ".join(filter(None, (item["name"], item["affiliation"], item["job"])))
    return Truncator(
        str(next((item[key] for key in ("caption", "title", "name", "district", "text") if item.get(key)), ""))
    ).chars(SHORT)


def _value_text(value: Any, field: str, section: str) -> str:
    """Return a value as the words of a sentence."""
    if value is None or value in ("", []):
        return _("없음")
    if isinstance(value, bool):
        return _("예") if value else _("아니요")
    if isinstance(value, dict):
        return _title(value)
    if isinstance(value, list):
        return ", ".join(_value_text(item, field, section) for item in value)
    if field in {"starts_at", "ends_at"}:
        return format_clock(value)
    return Truncator(str(app_registry.code_labels(section, field).get(value, value))).chars(SHORT)


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)


def _quoted_lines(lines: list[str], done: str) -> str:
    return _join_words(", ".join(f"‘{Truncator(line).chars(SHORT)}’" for line in lines), done) if lines else ""


def _arrow(old: str, new: str) -> str:
    return f"{old} → {new}"


def _join_words(*words: str) -> str:
    return " ".join(filter(None, words))
