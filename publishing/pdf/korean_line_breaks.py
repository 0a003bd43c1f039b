"""``word-break: keep-all`` on paper: Korean lines break between words, never inside one.

WeasyPrint does not support this value, but Pango, which it uses, can forbid breaks in a part of a text
(pango_attr_allow_breaks_new, Pango 1.44). This module replaces private functions of WeasyPrint 70: its version is pinned,
and a test renders 강북구 at every width.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

# A date (2015. 11. 24.(화), 10. 26.(월)), or a word with Hangul in it (동북4구, 100여개).
_UNBREAKABLE = re.compile(r"(?:\d{4}\. )?\d{1,2}\. \d{1,2}\.(?:\([월화수목금토일]\))?|[^\W_]*[가-힣][^\W_]*")
# letters; a longer one may break, so that no text leaves a narrow cell
_LONGEST_WORD = 16


def unbreakable_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in UTF-8 bytes of every part of ``text`` that must stay on one line."""
    offset = position = 0
    for word in _UNBREAKABLE.finditer(text):
        start, end = word.span()
        if 1 < end - start <= _LONGEST_WORD:
            offset += len(text[position:start].encode())
            size = len(text[start:end].encode())
            yield offset, offset + size
            offset, position = offset + size, end


def _is_korean(language: str | None) -> bool:
    return (language or "").startswith("ko")


@functools.cache
def install() -> None:
    """Make WeasyPrint keep Korean words whole in text whose lang is Korean; once in a process."""
    from weasyprint.layout import inline, preferred
    from weasyprint.text import line_break
    from weasyprint.text.ffi import ffi

    ffi.cdef("PangoAttribute *pango_attr_allow_breaks_new (gboolean allow_breaks);")
    line_break.Layout.set_text = _set_text(line_break.Layout.set_text)
    split, ask = _split(line_break.split_first_line), _ask(line_break.can_break_text)
    for module in (line_break, inline, preferred):
        module.split_first_line, module.can_break_text = split, ask


# True while a line is split again because a word of it is wider than the whole line.
_may_break: ContextVar[bool] = ContextVar("_gives_way", default=False)


def _set_text(set_text: Callable[..., None]) -> Callable[..., None]:
    from weasyprint.text.ffi import ffi, pango

    def set_text_kept(layout: Any, text: str, justify: bool = False) -> None:
        set_text(layout, text, justify)
        is_kept = _is_korean(layout.style["lang"]) and not _may_break.get()
        spans = list(unbreakable_spans(layout.text)) if is_kept else []
        if not spans:
            return
        attributes = pango.pango_layout_get_attributes(layout.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        for start, end in spans:
            attribute = pango.pango_attr_allow_breaks_new(False)
            attribute.start_index, attribute.end_index = start, end
            pango.pango_attr_list_insert(attributes, attribute)
        pango.pango_layout_set_attributes(layout.layout, attributes)

    return set_text_kept


def _split(split_first_line: Callable[..., tuple]) -> Callable[..., tuple]:
    def split_kept(text: str, style: Any, context: Any, max_width: float | None, *rest: Any, **options: Any) -> tuple:
        line = split_first_line(text, style, context, max_width, *rest, **options)
        _layout, _length, _resume_at, width, *_metrics = line
        is_measured = options.get("minimum", False) or not options.get("is_line_start", True)
        if max_width is None or width <= max_width or is_measured or not _is_korean(style["lang"]):
            return line
        token = _may_break.set(True)
        try:
            return split_first_line(text, style, context, max_width, *rest, **options)
        finally:
            _may_break.reset(token)

    return split_kept


def _ask(can_break_text: Callable[..., bool]) -> Callable[..., bool]:
    def can_break_kept(text: str, language: str | None) -> bool:
        # WeasyPrint asks with the two letters beside the edge of an element: <b>강북</b>구 is one word.
        return not (_is_korean(language) and _UNBREAKABLE.fullmatch(text)) and can_break_text(text, language)

    return can_break_kept
