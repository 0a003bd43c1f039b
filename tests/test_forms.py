"""The tool by which tests use pages: what is read, what is meant by a place, and what is refused."""

from __future__ import annotations

import pytest

from tests.forms import visible_text
from tests.visitor import read

PAGE = """<form action="/save/" method="post">
<section><h2>문제점 <b>및</b> 개선</h2><ul>
  <li><label for="a">내용</label><textarea id="a" name="a">하나</textarea><button name="do" value="drop:a">지우기</button></li>
  <li><label for="b">내용</label><textarea id="b" name="b"></textarea></li></ul></section>
<section><h2>향후 계획</h2>
  <label for="c">내용</label><textarea id="c" name="c">둘</textarea><button name="do" value="drop:c">지우기</button></section>
<input name="count" type="hidden" value="3"><button>저장</button></form>"""


def sent(*, within: str | tuple[str, ...], at: int | None = None) -> dict[str, str]:
    """What is sent once "새 글" was typed there."""
    [form] = read(PAGE, "/desk/")
    return dict(form.fill("내용", "새 글", within=within, at=at).sent)


def test_words_stand_in_the_order_of_the_page() -> None:
    [form] = read(PAGE, "/desk/")
    assert [visible_text(head) for head in form.element.iter("h2")] == ["문제점 및 개선", "향후 계획"]
    assert visible_text(form.element) == "문제점 및 개선 내용지우기 내용 향후 계획 내용지우기 저장"


def test_a_place_is_the_nearest_that_says_so() -> None:
    drawn = {"a": "하나", "b": "", "c": "둘", "count": "3"}
    assert sent(within="향후 계획") == drawn | {"c": "새 글"}
    assert sent(within="하나") == drawn | {"a": "새 글"}
    assert sent(within=("문제점 및 개선", "하나")) == drawn | {"a": "새 글"}
    assert sent(within="문제점 및 개선", at=1) == drawn | {"b": "새 글"}
    for place in ("문제점 및 개선", "없는 곳", ()):
        with pytest.raises(AssertionError, match="called '내용'"):
            sent(within=place)


def test_a_button_is_pressed_where_it_is_meant() -> None:
    [form] = read(PAGE, "/desk/")
    assert form._button("지우기", ["향후 계획"]).values == ["drop:c"]
    with pytest.raises(AssertionError, match="2 buttons say"):
        form._button("지우기", [])


def test_what_is_tampered_with_is_sent_whatever_the_page_offers() -> None:
    [form] = read(PAGE, "/desk/")
    with pytest.raises(AssertionError, match="no field is called 'count'"):
        form.fill("count", "9")
    form.tamper("count", "9").tamper("other", "x", "y")
    assert form.sent == [("a", "하나"), ("b", ""), ("c", "둘"), ("count", "9"), ("other", "x"), ("other", "y")]


@pytest.mark.parametrize(
    "form",
    [
        "<form>",
        '<form action="save/">',
        '<form action="//elsewhere/">',
        '<form action="/a/"><button formaction="b/">',
        '<form id="f" action="/a/"></form><button form="f" formaction="b/">',
    ],
)
def test_a_page_with_a_form_that_leads_elsewhere_is_no_page(form: str) -> None:
    with pytest.raises(AssertionError, match="lead elsewhere"):
        read(form, "/desk/")
