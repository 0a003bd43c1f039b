"""The programme on paper: all that is released of it, on one A4 sheet in 2015."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.utils import translation

from conference.models import Conference
from publishing import releases
from publishing.releases import LiveRelease
from sessions import programme_pdf
from tests.reports.edition_2015 import squeezed


@pytest.fixture
def current(unsigned: Conference) -> LiveRelease:
    return releases.live_release("dongbuk4-2015")


def pages(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def released(current: LiveRelease) -> Iterator[str]:
    """Every text that the sheet is to say."""
    event = current.sections["event"]
    yield from (event["title"], event["audience"], *(row["name"] for row in event["districts"]))
    for block in current.sections["programme"]["blocks"]:
        part = block["part"] or {}
        yield from (part.get(key, "") for key in ("label", "title", "note", "participants"))
        for row in block["sessions"]:
            yield from (
                row["title"],
                row["starts_at"][11:16],
                row["ends_at"][11:16],
                *(room["name"] for room in row["rooms"]),
            )
            for talk in row["presentations"]:
                who = talk["presenter"] or {}
                yield from (talk["title"], *(who.get(key, "") for key in ("name", "affiliation", "job")))
    for row in current.sections["expo"]:
        yield from (row["name"], *row["content"], *(found["name"] for found in row["exhibitors"]))


def test_all_of_2015_stands_on_one_sheet(current: LiveRelease) -> None:
    [page] = pages(programme_pdf.render_pdf(current))
    said = squeezed(page)
    wanted = [squeezed(text) for text in released(current)]
    assert [text for text in wanted if text not in said] == []
    assert len([text for text in wanted if text]) > 80
    day = translation.gettext("%(day)s 기준") % {"day": programme_pdf.wording.day(current.at)}
    assert said.endswith(squeezed(f"{current.sections['event']['title']}{day} 1 / 1"))


def test_same_release_same_bytes(current: LiveRelease) -> None:
    assert programme_pdf.render_pdf(current) == programme_pdf.render_pdf(current)


def test_every_time_heads_its_row_and_pictures_say_what_they_show(current: LiveRelease) -> None:
    with pikepdf.open(io.BytesIO(programme_pdf.render_pdf(current))) as document:
        found = [document.Root.StructTreeRoot.K[0]]
        for element in found:
            kids = element.get("/K", [])
            kids = kids if isinstance(kids, pikepdf.Array) else [kids]
            found += [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        kinds = Counter(str(element.S) for element in found)
        assert {str(element.A.Scope) for element in found if pikepdf.Name.TH == element.S} == {"/Row"}
        assert [str(element.Alt) for element in found if pikepdf.Name.Figure == element.S] == [
            "localhost:8000/dongbuk4-2015 화면을 여는 QR 코드"
        ]
    assert (kinds["/H1"], kinds["/H2"], kinds["/H3"]) == (1, 5, 0)  # four parts and the expo


@pytest.mark.parametrize(
    ("cards", "lines"), [(1, [1]), (4, [4]), (5, [3, 2]), (6, [3, 3]), (9, [3, 3, 3]), (10, [4, 4, 2])]
)
def test_parallel_sessions_stand_side_by_side_in_even_lines(cards: int, lines: list[int]) -> None:
    slot = {"cards": [{"presentations": [], "number": n} for n in range(cards)]}
    row = programme_pdf._row(slot)
    assert [len(line) for line in row["lines"]] == lines
    assert [card["number"] for line in row["lines"] for card in line] == list(range(cards))


def test_what_became_different_on_the_day_is_said(current: LiveRelease) -> None:
    sessions = {row["code"]: row for block in current.sections["programme"]["blocks"] for row in block["sessions"]}
    sessions["mayor"]["is_cancelled"] = True
    sessions["university"]["was"] = {"starts_at": "2015-11-24T16:10+09:00", "ends_at": "2015-11-24T17:50+09:00"}
    html = programme_pdf.render_to_string("sessions/paper.html", programme_pdf._context(current))
    assert f'<p class="title is-off">{sessions["mayor"]["title"]}</p>\n<p class="marks"><b>취소</b> </p>' in html
    assert "<b>10분 지연</b>" in html


def test_a_person_without_a_basis_and_contacts_stay_out(current: LiveRelease) -> None:
    sessions: Any = {row["code"]: row for block in current.sections["programme"]["blocks"] for row in block["sessions"]}
    sessions["social-economy"]["presentations"][0]["presenter"]["name"] = ""
    said = squeezed("".join(pages(programme_pdf.render_pdf(current))))
    assert ("이원영" in said, "사회적기업놀이나무대표" in said) == (False, True)


def test_without_a_programme_it_says_so(current: LiveRelease) -> None:
    del current.sections["programme"], current.sections["expo"]
    assert "프로그램을 준비하고 있습니다" in " ".join("".join(pages(programme_pdf.render_pdf(current))).split())


def test_several_days_each_have_their_heading(current: LiveRelease) -> None:
    blocks = current.sections["programme"]["blocks"]
    for row in blocks[-1]["sessions"]:
        row["starts_at"], row["ends_at"] = (row[key].replace("11-24", "11-25") for key in ("starts_at", "ends_at"))
    html = programme_pdf.render_to_string("sessions/paper.html", programme_pdf._context(current))
    assert [f'<h2 class="day">2015. 11. {day}' in html for day in ("24.(화)", "25.(수)", "26.(목)")] == [
        True,
        True,
        False,
    ]
    assert (html.count("<h3>"), html.count("</h3>")) == (4, 4)
