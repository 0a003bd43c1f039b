"""The test's own eyes: what it must see, and what it must let pass."""

from html import escape

import pytest

from tests.injection.markup import FULL, SHAPES, injected

TEXT, DOUBLE, SINGLE = "<p>{}</p>", '<p title="{}">x</p>', "<p title='{}'>x</p>"
TEXTAREA, TITLE = "<textarea>{}</textarea>", "<title>{}</title>"


@pytest.mark.parametrize("around", [TEXT, DOUBLE, SINGLE, TEXTAREA, TITLE, "<script>'{}'</script>"])
def test_the_full_text_is_seen_wherever_it_stands_unescaped(around: str) -> None:
    assert injected(f"<!doctype html><body>{around.format(FULL)}") != []


@pytest.mark.parametrize("text", [before for before, _after in SHAPES])
def test_each_shorter_one_is_seen_between_tags(text: str) -> None:
    assert injected(f"<!doctype html><body>{TEXT.format(text)}") != []


@pytest.mark.parametrize("text", [before for before, _after in SHAPES])
def test_escaped_it_is_text(text: str) -> None:
    pieces = (TEXT, DOUBLE, SINGLE, TEXTAREA, TITLE)
    page = "".join(piece.format(escape(text)) for piece in pieces)
    assert injected(f"<!doctype html><body>{page}") == []
