"""Each widget that is drawn without a template, held against Django's own: tag, attributes, texts and options."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.utils.safestring import SafeString
from lxml import html

from sheets import fast_widgets
from sheets.cells import ChoiceCell, NumberCell, TextCell, YesCell
from sheets.fast_widgets import (
    CellBoundField,
    FastHiddenInput,
    FastInput,
    FastTextarea,
    FastTextInput,
    FastTextSelect,
)

MARKUP = """"><script>alert('1')</script>&amp; & 'quoted' <b title="x">"""
TEXTS = ["", "참석", MARKUP, "a\tb", "0", "True"]
# (the fast widget, Django's own), each with the attributes of the widget itself
PAIRS = {
    FastTextInput: (FastTextInput, forms.TextInput),
    FastHiddenInput: (FastHiddenInput, forms.HiddenInput),
    FastTextarea: (FastTextarea, forms.Textarea),
    FastTextSelect: (
        lambda attrs: FastTextSelect(TEXTS, attrs),
        lambda attrs: forms.Select(attrs, [(text, text) for text in TEXTS]),
    ),
}
ATTRS: list[dict[str, Any]] = [
    {},
    {"id": "id_r0-name", "required": True, "aria-describedby": "id_r0-name_error", "aria-invalid": "true"},
    {"required": False, "disabled": True, "placeholder": MARKUP, "data-text": "줄\n줄", "maxlength": 20},
]
OWN_ATTRS: list[dict[str, Any]] = [{}, {"class": MARKUP, "rows": 1, "list": "persons", "data-one": "", "id": "own"}]
VALUES = [None, "", "참석", MARKUP, "\n첫 줄이 빈 글", " 두\n줄 ", 0, 1, True, False, "two", "a\tb"]


def parsed(text: str) -> Any:
    """Return what a browser makes of it: tag, attributes, text, and the same of each element inside."""
    return _read(html.fragment_fromstring(text))


def _read(element: Any) -> Any:
    is_text = element.tag in {"textarea", "option"}
    return element.tag, dict(element.attrib), is_text and (element.text or ""), [_read(inner) for inner in element]


def in_list(widget: type, value: Any) -> bool:
    """Whether a list has the value; another widget takes any."""
    return widget is not FastTextSelect or ("" if value is None else str(value)) in TEXTS


def test_every_fast_widget_is_compared() -> None:
    found = {each for each in vars(fast_widgets).values() if isinstance(each, type) and issubclass(each, forms.Widget)}
    assert found - {FastInput} == set(PAIRS)


@pytest.mark.parametrize("own", OWN_ATTRS)
@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("widget", PAIRS)
def test_it_is_drawn_as_djangos_own(widget: type, value: Any, attrs: dict[str, Any], own: dict[str, Any]) -> None:
    fast, slow = (make(own) for make in PAIRS[widget])
    drawn = fast.render(MARKUP, value, attrs)
    assert isinstance(drawn, SafeString)
    if not in_list(widget, value):  # a browser would send the first choice in its place
        slow.choices = [*slow.choices, (value, value)]
    found, wanted = parsed(drawn), parsed(slow.render(MARKUP, value, attrs))
    assert (found[:3], sorted(found[3], key=str)) == (wanted[:3], sorted(wanted[3], key=str))


def test_the_choices_keep_their_order_and_one_is_chosen() -> None:
    fast, slow = (make({}) for make in PAIRS[FastTextSelect])
    found, wanted = parsed(fast.render("name", TEXTS[1])), parsed(slow.render("name", TEXTS[1]))
    assert found == wanted
    assert [attrs["value"] for _tag, attrs, _text, _inner in found[3] if "selected" in attrs] == [TEXTS[1]]


class Cells(forms.Form):
    """A line of a table with a cell of each kind."""

    is_line = True
    name = TextCell(label="이름")
    text = TextCell(label=MARKUP, is_long=True, required=False)
    count = NumberCell(label="수", required=False)
    choice = ChoiceCell(label="고르기", choices=[("a", "가"), ("b", MARKUP)], required=False)
    yes = YesCell(label="예")
    closed = TextCell(label="잠금", required=False, disabled=True)


DJANGOS = {FastTextInput: forms.TextInput, FastTextarea: forms.Textarea}


def djangos_own(bound: forms.BoundField) -> str:
    """The same cell as Django's BoundField draws it with Django's widget."""
    widget = bound.field.widget
    if isinstance(widget, FastTextSelect):
        texts = dict.fromkeys([*widget.texts, str(bound.value() or "")])
        return forms.BoundField.as_widget(bound, forms.Select(widget.attrs, [(text, text) for text in texts]))
    return forms.BoundField.as_widget(bound, DJANGOS[type(widget)](widget.attrs))


@pytest.mark.parametrize("name", Cells.base_fields)
@pytest.mark.parametrize("is_required", [True, False])
@pytest.mark.parametrize(
    "data",
    [
        None,
        {"r0-name": MARKUP, "r0-text": "\n둘\n셋", "r0-count": "1,200", "r0-choice": MARKUP, "r0-yes": "예"},
        {"r0-name": "", "r0-count": MARKUP, "r0-choice": MARKUP[1:], "r0-yes": "모름"},
    ],
)
def test_a_cell_has_the_attributes_that_django_gives_it(data: Any, *, is_required: bool, name: str) -> None:
    form = Cells(data, prefix="r0", initial={"name": MARKUP, "yes": True}, use_required_attribute=False)
    form.fields[name].required = is_required
    bound = form[name]
    assert isinstance(bound, CellBoundField)
    tag, attrs, *rest = parsed(bound.as_widget())
    assert attrs.pop("aria-labelledby") == f"place-r0 head-{name}"
    assert [tag, attrs, *rest] == list(parsed(djangos_own(bound)))


def test_a_cell_on_a_page_of_its_own_shows_how_it_is_written() -> None:
    form = Cells()
    form.is_line = False
    form.fields["count"].example = MARKUP
    tag, attrs, *rest = parsed(form["count"].as_widget())
    assert attrs.pop("placeholder") == f"예: {MARKUP}"
    assert [tag, attrs, *rest] == list(parsed(djangos_own(form["count"])))


@pytest.mark.parametrize("is_editable", [True, False])
def test_a_cell_of_a_table_escapes_its_label_its_text_and_its_errors(*, is_editable: bool) -> None:
    form = Cells({"r0-name": "이름", "r0-count": MARKUP}, prefix="r0")
    form.add_error("count", MARKUP)
    drawn = fast_widgets.render_cell(form["count"], label=MARKUP, css_class="of-xs", is_editable=is_editable)
    [cell] = html.fragments_fromstring(drawn)
    assert dict(cell.attrib) == {"data-label": MARKUP, "class": "of-xs is-invalid"}
    control = [element.get("value") for element in cell.iter("input")] if is_editable else [cell.text]
    [error] = cell.iter("span")
    assert (control, error.get("id"), error.get("class")) == ([MARKUP], "id_r0-count_error", "error")
    assert error.text.endswith(MARKUP)
    assert {element.tag for element in cell.iter()} == {"td", "span", *(["input"] if is_editable else [])}


def test_a_cell_that_may_only_be_read_keeps_its_lines() -> None:
    form = Cells({"r0-text": f"첫 줄\n{MARKUP}", "r0-name": "이름"}, prefix="r0")
    [cell] = html.fragments_fromstring(
        fast_widgets.render_cell(form["text"], label="글", css_class="wide", is_editable=False)
    )
    assert [cell.text, *(inner.tail for inner in cell)] == ["첫 줄", MARKUP]
    assert [inner.tag for inner in cell] == ["br"]
