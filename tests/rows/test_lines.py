"""Templates whose line ends print nothing (rows.templatetags.lines)."""

from __future__ import annotations

import pytest
from django.template import Context, Template


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("<b>\n  {{ text }}\n</b>\n", "<b>ㄱ\nㄴ</b>"),
        (
            "{% for letter in text %}\n  {% if letter %}<i>ㅏ</i>\n{% endif %}\n{% endfor %}",
            "<i>ㅏ</i><i>ㅏ</i><i>ㅏ</i>",
        ),
        ('<p\n  {% if text %} class="a"{% endif %}\n  lang="ko"\n  id="b">', '<p class="a" lang="ko" id="b">'),
        ("한 줄에 선 빈칸 <b>은</b> 그대로", "한 줄에 선 빈칸 <b>은</b> 그대로"),
    ],
)
def test_no_line_end_of_the_template_is_printed(source: str, printed: str) -> None:
    assert Template("{% joinlines %}\n" + source).render(Context({"text": "ㄱ\nㄴ"})) == printed
