"""Converts texts of a schedule: without markup, in lines, without characters that our fields refuse."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

from conference.exchange.values import TEXT_MAX
from rows.fields import FORBIDDEN_CHARACTERS
from sessions.schedule.notes import Notes

RAW_MAX = 200_000  # characters of one text that are read; a longer one is no description
TAGS = "a abbr b blockquote br code div em h1 h2 h3 h4 h5 h6 hr i img li ol p pre small span strong sub sup table td th tr u ul"
HTML = re.compile(rf"</?(?:{TAGS.replace(' ', '|')})(?:\s[^<>]*)?/?>", re.IGNORECASE)
CUT_OFF_TAG = re.compile(r"</?[a-z][^<>]*\Z", re.IGNORECASE)  # releases of Python parse it differently
INLINE_TAGS = {"a", "abbr", "b", "code", "em", "i", "img", "small", "span", "strong", "sub", "sup", "u"}
IGNORED_TAGS = {"script", "style"}


def line(text: str, limit: int, notes: Notes) -> str:
    """Return one line of at most ``limit`` characters."""
    text = " ".join(_replace_unfit(text, notes).split())
    if len(text) <= limit:
        return text
    notes.add("text.cut", text)
    return f"{text[: limit - 1].rstrip()}…"


def lines(text: str, notes: Notes) -> list[str]:
    """Return the lines that are not empty; of HTML its text."""
    if len(text) > RAW_MAX:
        notes.add("text.cut", text)
        text = text[:RAW_MAX]
    if HTML.search(text):
        notes.add("event.html", " ".join(text.split()))
        text = _TextExtractor.of(text)
    return list(filter(None, (line(part, TEXT_MAX, notes) for part in text.splitlines())))


def _replace_unfit(text: str, notes: Notes) -> str:
    for letter in FORBIDDEN_CHARACTERS.findall(text):
        if not letter.isspace():  # a line end is not lost
            notes.add("text.unfit", f"U+{ord(letter):04X}")
    return unicodedata.normalize("NFC", FORBIDDEN_CHARACTERS.sub(" ", text))


class _TextExtractor(HTMLParser):
    """Extracts the text of HTML: each block is a line, a link keeps its address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.link = ("", 0)  # address of the open link, and where its text begins

    @classmethod
    def of(cls, html: str) -> str:
        """Return the text."""
        parser = cls()
        parser.feed(CUT_OFF_TAG.sub("", html))
        parser.close()
        return "".join(parser.parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in IGNORED_TAGS
        if tag == "a":
            self.link = (dict(attrs).get("href") or "", len(self.parts))
        elif tag not in INLINE_TAGS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in IGNORED_TAGS and self.silent > 0
        if tag == "a":
            address, began = self.link
            if address and address not in "".join(self.parts[began:]):
                self.parts.append(f" ({address})")
            self.link = ("", 0)
        elif tag not in INLINE_TAGS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            # a line end inside HTML is a space
            self.parts.append(re.sub(r"\s+", " ", data))
