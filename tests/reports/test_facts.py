"""Every fact of the 2015 source stands in the report, on screen and on paper.

The source (tests/data/conference-2015.json) is the text of 강북구's report of 2015 as data. FACTS says of each of its
leaves how it must appear; a leaf without an entry fails, and so does an entry without a leaf. White space is ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from conference.models import Conference
from conference.uploads import storage
from reports import document, renderings
from reports.render import html

SOURCE = json.loads((Path(__file__).parent.parent / "data" / "conference-2015.json").read_text("utf-8"))

Leaf = tuple[str, Any, dict[str, Any]]  # JSON pointer, value, the object it stands in
Fact = Callable[[Any, dict[str, Any]], str] | str


def verbatim(value: Any, _around: dict[str, Any]) -> str:
    return str(value)


def full_day(value: str, _around: dict[str, Any]) -> str:
    at = date.fromisoformat(value)
    return f"{at.year}. {at.month}. {at.day}.({'월화수목금토일'[at.weekday()]})"


def plain_day(value: str, _around: dict[str, Any]) -> str:
    at = date.fromisoformat(value)
    return f"{at.year}. {at.month}. {at.day}."


def short_day(value: str, _around: dict[str, Any]) -> str:
    at = date.fromisoformat(value)
    return f"{at.month}. {at.day}.({'월화수목금토일'[at.weekday()]})"


def weekday(value: str, _around: dict[str, Any]) -> str:
    return f"({value})"


def hours(_value: str, around: dict[str, Any]) -> str:
    return f"{around['start']}~{around['end']}"


def heading_time(value: str | None, around: dict[str, Any]) -> str:
    return f"{value}{around['label']}" if value else around["title"]


def part_title(value: str, around: dict[str, Any]) -> str:
    return f"{around['label']}({value})" if around["label"] and around["heading_time"] else value


def part_place(value: str, around: dict[str, Any]) -> str:
    return f"{around['title']})({value})"


def move_place(value: str, around: dict[str, Any]) -> str:
    return f"{around['title']}({value})"


def speaker(value: str | None, around: dict[str, Any]) -> str:
    """The speaker stands beside the title; at 15:50 the source names none, and the next row follows at once."""
    return around["title"] + (value or "16:10~16:20")


def host(value: str, _around: dict[str, Any]) -> str:
    return f"{value} 주관"


def said_again(value: str, _around: dict[str, Any]) -> str:
    """″ appears as what it repeats, in one cell over its rows."""
    return "사회진행" if value == "″" else value


def participants(value: str, _around: dict[str, Any]) -> str:
    return "전문가, 주민 등" if value == "″" else value


def presenter(value: str, around: dict[str, Any]) -> str:
    return f"{value}({around['affiliation']})"


def meeting_count(value: int, _around: dict[str, Any]) -> str:
    return f"사전 발표 준비 회의({value}회)"


def attendee_count(value: int, _around: dict[str, Any]) -> str:
    return f"각 구 발표자 등 {value}명"


def company_count(value: int, around: dict[str, Any]) -> str:
    return f"({around['own_district']} {value}개기업 참여)"


def quantity(value: int, _around: dict[str, Any]) -> str:
    return f"(각 {value}여개)"


def signed(value: str | None, around: dict[str, Any]) -> str:
    """The date stands in the last signer's box alone, above the name."""
    return f"{value}{around['name']}" if value else around["name"]


def not_printed(reason: str) -> str:
    return reason


LEVELS = "the level is frozen, the glyph is the renderer's: checked on paper by test_glyphs"
TWIN = "as written in the source; printed in the official notation by its twin"
DERIVED = "a structure of the data, not a word of the report"

FACTS: dict[str, Fact] = {
    "/document/title": not_printed("the source has none; the report derives its own"),
    "/document/title_note": not_printed("a note on the source"),
    "/document/purpose": verbatim,
    "/document/end_mark": verbatim,
    "/document/section_headings/*": verbatim,
    "/document/bullet_marks/*": not_printed(LEVELS),
    "/basis/*/text": lambda value, _: re.sub(r"(\d+)\)", r"\1.)", value),
    "/basis/*/subject": verbatim,
    "/basis/*/date": plain_day,
    "/basis/*/date_as_written": not_printed(TWIN),
    "/basis/*/document_no": lambda value, around: value or around["subject"],
    "/basis/*/issuer": verbatim,
    "/basis/*/serial": lambda value, _: f"-{value}(",
    "/event/name": lambda value, _: f"{value} 개요",
    "/event/date": full_day,
    "/event/weekday": weekday,
    "/event/start": hours,
    "/event/end": hours,
    "/event/when_as_written": not_printed(TWIN),
    "/event/place_as_written": verbatim,
    "/event/audience": verbatim,
    "/event/vips/*": lambda value, _: value,
    "/event/main_items/*/name": lambda value, around: f"{value} : {around['text']}",
    "/event/main_items/*/text": verbatim,
    "/event/districts/*": verbatim,
    "/venues/*/id": not_printed(DERIVED),
    "/venues/*/name": verbatim,
    "/venues/*/within": lambda value, around: value or around["name"],
    "/venues/*/rooms/*/name": verbatim,
    "/venues/*/rooms/*/used_for/*": not_printed("says which row names the room; each such row is a leaf of its own"),
    "/programme/column_headings_as_written": not_printed("headings of the extracted columns, garbled in the source"),
    "/programme/parts/*/no": not_printed(DERIVED),
    "/programme/parts/*/label": lambda value, around: value or around["title"],
    "/programme/parts/*/title": part_title,
    "/programme/parts/*/note": verbatim,
    "/programme/parts/*/heading_time": heading_time,
    "/programme/parts/*/items": not_printed("an empty list: 사전행사 is a row without times"),
    "/programme/parts/*/place": part_place,
    "/programme/parts/*/participants": verbatim,
    "/programme/parts/*/items/*/start": hours,
    "/programme/parts/*/items/*/end": hours,
    "/programme/parts/*/items/*/title": verbatim,
    "/programme/parts/*/items/*/host_district": host,
    "/programme/parts/*/items/*/host_as_written": verbatim,
    "/programme/parts/*/items/*/place": move_place,
    "/programme/parts/*/items/*/kind": not_printed(DERIVED),
    "/programme/parts/*/items/*/speaker": speaker,
    "/programme/parts/*/items/*/moderation_as_written": said_again,
    "/programme/parts/*/items/*/time_as_written": not_printed(TWIN),
    "/programme/parts/*/items/*/participants": participants,
    "/programme/parts/*/title_as_written": not_printed("has an open bracket; printed closed, kept in as_written"),
    "/topic_session/topic": lambda value, _: f"발표주제 : {value}",
    "/topic_session/topic_as_written": verbatim,
    "/topic_session/lead_district": host,
    "/topic_session/date": full_day,
    "/topic_session/start": hours,
    "/topic_session/end": hours,
    "/topic_session/when_as_written": not_printed(TWIN),
    "/topic_session/place": verbatim,
    "/topic_session/prep/status_as_written": verbatim,
    "/topic_session/prep/meeting_count": meeting_count,
    "/topic_session/prep/dates_as_written": lambda *_: "2015. 10. 26. / 11. 6. / 11. 13.",
    "/topic_session/prep/place": verbatim,
    "/topic_session/prep/attendees_as_written": verbatim,
    "/topic_session/prep/attendee_count": attendee_count,
    "/topic_session/prep/attendee_groups/*": verbatim,
    "/topic_session/prep/timeline_title": verbatim,
    "/topic_session/prep/timeline/*/date": short_day,
    "/topic_session/prep/timeline/*/date_as_written": not_printed(TWIN),
    "/topic_session/prep/timeline/*/weekday": weekday,
    "/topic_session/prep/timeline/*/step": verbatim,
    "/topic_session/prep/timeline/*/content": verbatim,
    "/topic_session/prep/timeline/*/is_meeting": not_printed(DERIVED),
    "/topic_session/table_headings/*": verbatim,
    "/topic_session/presentations/*/order": not_printed("the order of the rows: checked by test_orders"),
    "/topic_session/presentations/*/district": lambda value, around: f"{value}{around['presenter']}",
    "/topic_session/presentations/*/presenter": presenter,
    "/topic_session/presentations/*/affiliation": verbatim,
    "/topic_session/presentations/*/title": verbatim,
    "/topic_session/presentations/*/bullets/*": verbatim,
    "/expo/name": verbatim,
    "/expo/date": full_day,
    "/expo/start": hours,
    "/expo/end": hours,
    "/expo/when_as_written": not_printed(TWIN),
    "/expo/place": verbatim,
    "/expo/participants_as_written": verbatim,
    "/expo/own_district": lambda value, around: f"({value} {around['own_company_count']}개기업",
    "/expo/own_company_count": company_count,
    "/expo/companies/*/name": verbatim,
    "/expo/companies/*/district": verbatim,
    "/expo/content": verbatim,
    "/expo/giveaways_as_written": verbatim,
    "/expo/giveaways/*/name": verbatim,
    "/expo/giveaways/*/quantity": quantity,
    "/expo/giveaways/*/quantity_as_written": verbatim,
    "/expo/giveaways/*/approximate": lambda *_: "100여",
    "/photos/heading_as_written": not_printed("printed twice over itself in the source; its words stand as 관련 사진"),
    "/photos/captions/*": verbatim,
    "/signoff/box_label": lambda value, _: value[0],
    "/signoff/line/*/order": not_printed("the order of the boxes: checked by test_orders"),
    "/signoff/line/*/position": verbatim,
    "/signoff/line/*/name": verbatim,
    "/signoff/line/*/date": signed,
    "/signoff/line/*/role": not_printed("the words 기안, 검토, 결재 are not printed in a box (시행규칙 별지)"),
    "/signoff/role_note": not_printed("a note on the source"),
    "/signoff/final_date_as_written": verbatim,
    "/signoff/final_date_year": not_printed("open in the source"),
    "/signoff/cooperation_label": verbatim,
    "/signoff/cooperators": not_printed("an empty list: the row stays empty"),
    "/signoff/delegation_mark": not_printed("the source prints none, nor does the report"),
    "/signoff/document_no": not_printed("open in the source"),
    "/signoff/department": verbatim,
}


def leaves(value: Any, around: dict[str, Any], pointer: str = "") -> Iterator[Leaf]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, value, f"{pointer}/{key}")
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from leaves(inner, around, f"{pointer}/{index}")
    else:
        yield pointer, value, around


def kind(pointer: str) -> str:
    return re.sub(r"/\d+", "/*", pointer)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


class Words(HTMLParser):
    """The text of a page as a reader sees it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.is_shown = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 (HTMLParser's signature)
        self.is_shown = self.is_shown or tag == "body"

    def handle_data(self, data: str) -> None:
        if self.is_shown:
            self.words.append(data)


def screen_text(edition: Any) -> str:
    page = html.render_page(edition.value, renderings.current_box(edition), picture=lambda digest: f"/{digest}")
    return squeezed("".join(Words(page).words))


def paper_text(edition: Any) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(storage.read(renderings.get_or_generate_pdf(edition).digest)) as pdf:
        return squeezed("".join(page.get_textpage().get_text_bounded() for page in pdf))


@pytest.fixture
def edition(example: Conference) -> Any:
    return example.reports.get(number=1).editions.get()


def test_every_leaf_has_an_entry() -> None:
    assert {kind(pointer) for pointer, *_ in leaves(SOURCE, SOURCE)} == set(FACTS)


@pytest.mark.parametrize("text_of", [screen_text, paper_text])
def test_every_fact_is_in_the_report(edition: Any, text_of: Callable[[Any], str]) -> None:
    text = text_of(edition)
    expected = [
        (pointer, FACTS[kind(pointer)](value, around))
        for pointer, value, around in leaves(SOURCE, SOURCE)
        if callable(FACTS[kind(pointer)])
    ]
    assert [(pointer, words) for pointer, words in expected if squeezed(words) not in text] == []


def test_a_missing_fact_would_be_seen(edition: Any) -> None:
    """The comparison itself can fail: a report without one title is caught."""
    text = screen_text(edition).replace(squeezed("서울 동북4구의 혁신교육"), "")
    lost = [
        value for _, value, _ in leaves(SOURCE, SOURCE) if isinstance(value, str) and value == "서울 동북4구의 혁신교육"
    ]
    assert [squeezed(value) in text for value in lost] == [False]


@pytest.mark.parametrize("text_of", [screen_text, paper_text])
def test_orders(edition: Any, text_of: Callable[[Any], str]) -> None:
    text = text_of(edition)
    names = [
        [row["presenter"] for row in SOURCE["topic_session"]["presentations"]],
        [row["name"] for row in SOURCE["signoff"]["line"]],
    ]
    for found in names:
        places = [text.index(name) for name in found]
        assert places == sorted(places)


def test_glyphs(edition: Any) -> None:
    text = paper_text(edition)
    assert [mark for mark in SOURCE["document"]["bullet_marks"] if mark not in text] == []


def test_the_frozen_words_are_those_of_the_rows(example: Conference) -> None:
    report = example.reports.get(number=1)
    assert document.edition_content(report)["sections"] == report.editions.get().value["sections"]
