"""The look: forms whose errors lead to their fields, frames without anybody's name, and no weight beyond the bar."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from conference.checks import LEVELS, Finding

ERROR_PAGES = (
    *(f"{status}.html" for status in (400, 403, 404, 409, 429, 500, 503)),
    "403_csrf.html",
    "send_again.html",
)
BYTES_OF_CSS = {"public": 30_720, "staff": 41_000}  # what visitors load, and what staff load


class Speaker(forms.Form):
    """One field of each shape."""

    name = forms.CharField(label="성명", help_text="공개 화면에 보입니다.")
    part = forms.ChoiceField(label="구분", choices=[("a", "발표"), ("b", "토론")], widget=forms.RadioSelect)
    note = forms.CharField(label="비고", required=False)
    agreed = forms.BooleanField(label="동의합니다")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(Fieldset("발표자", "name", "part", "note", "agreed", "version"))
        self.helper.add_input(Submit("save", "저장"))
        self.helper.add_input(Submit("drop", "삭제", css_class="is-danger"))


class Tags(HTMLParser):
    """Every start tag with its attributes, in order."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str, key: str) -> list[str | None]:
        return [attrs[key] for name, attrs in self.found if name == tag and key in attrs]


def rendered(form: forms.Form) -> str:
    request = RequestFactory().get("/desk/")
    template = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}")
    return template.render({"form": form}, request)


def test_a_sound_form_says_what_is_required_and_has_no_error():
    html = rendered(Speaker())
    tags = Tags(html)
    assert html.count('class="required"') == 3
    assert html.count('class="error"') == 0
    assert html.count('class="errors"') == 0
    assert tags.all("input", "aria-describedby") == ["id_name_helptext"]
    assert tags.all("input", "name") == ["csrfmiddlewaretoken", "name", "part", "part", "note", "agreed", "version"]
    assert [(attrs["name"], attrs["class"]) for tag, attrs in tags.found if tag == "button"] == [
        ("save", "button is-primary"),
        ("drop", "button is-danger"),
    ]


def test_errors_are_tied_to_their_fields_and_the_summary_leads_there():
    html = rendered(Speaker({"note": "참고"}))
    tags = Tags(html)
    ids = {attrs["id"] for _tag, attrs in tags.found if attrs.get("id")}
    assert tags.all("a", "href") == ["#id_name", "#div_id_part", "#id_agreed"]
    assert {href[1:] for href in tags.all("a", "href")} - ids == set()
    assert tags.all("input", "aria-describedby") == ["id_name_helptext id_name_error", "id_agreed_error"]
    assert tags.all("fieldset", "aria-describedby") == ["id_part_error"]
    assert {"id_name_helptext", "id_name_error", "id_part_error", "id_agreed_error"} - ids == set()
    assert [attrs["id"] for tag, attrs in tags.found if tag == "ul" and attrs.get("class") == "error"] == [
        "id_name_error",
        "id_part_error",
        "id_agreed_error",
    ]


def test_every_label_names_a_control():
    tags = Tags(rendered(Speaker()))
    assert sorted(tags.all("label", "for")) == sorted(["id_name", "id_part_0", "id_part_1", "id_note", "id_agreed"])


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_an_error_page_renders_without_a_request_and_tells_what_to_do(name):
    html = render_to_string(name)
    tags = Tags(html)
    assert [tag for tag, _attrs in tags.found].count("h1") == 1
    assert [attrs.get("lang") for tag, attrs in tags.found if tag == "html"] == ["ko"]
    assert html.count('class="button is-primary"') == 1


def test_the_public_frame_knows_nobody():
    """Not even a signed-in person's name or a form's token: the page is the same bytes for everybody."""
    request = RequestFactory().get("/dongbuk4-2015/")
    plain = render_to_string("base.html", request=request)
    request.user = type("Somebody", (), {"name": "이욱", "position": "주무관", "is_authenticated": True})()
    assert render_to_string("base.html", request=request) == plain
    assert plain.count("csrfmiddlewaretoken") == 0
    assert Tags(plain).all("a", "hreflang") == ["en"]


def test_findings_say_their_level_in_a_word():
    found = [Finding(level, f"kind of {level}", "어디", "무엇", "어떻게") for level in LEVELS]
    html = render_to_string("_findings.html", {"findings": found})
    assert re.findall(r'class="finding is-(\w+)"', html) == ["block", "warn", "info"]
    assert re.findall(r'class="finding-level">([^<]+)<', html) == ["보완 필요", "경고", "참고"]


def test_facts_print_a_text_once_and_a_list_line_by_line():
    html = render_to_string(
        "_facts.html", {"facts": [("일시", "13:00"), ("장소", ["6층", "", "601호"]), ("문의", [""]), ("주차", "")]}
    )
    assert re.findall(r"<dt>([^<]*)</dt>", html) == ["일시", "장소"]
    assert re.findall(r"<dd>([^<]*)</dd>", html) == ["13:00", "6층", "601호"]


def test_stylesheets_stay_light_and_have_no_value_that_is_not_defined():
    sheets = {path.stem: path.read_text() for path in sorted(Path(settings.BASE_DIR, "static", "css").glob("*.css"))}
    sizes = {name: Path(find(f"css/{name}.css")).stat().st_size for name in BYTES_OF_CSS}
    assert {name: size for name, size in sizes.items() if size > BYTES_OF_CSS[name]} == {}
    css = "\n".join(sheets.values())
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", css))
    assert used - set(re.findall(r"(--[a-z0-9-]+):", css)) == set()
