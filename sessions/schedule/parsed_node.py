"""An object of a schedule file, with its place in the file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


class ParsedNode(dict):
    """An object and its place in the file. What is imported is popped; what remains is reported as not imported."""

    def __init__(self, place: str, pairs: Any = ()) -> None:
        super().__init__(pairs)
        self.place = place

    def text(self, name: str) -> str:
        """Pop a value as text; null or a missing value is ""."""
        return as_text(self.pop(name, None)).strip()


def as_text(value: Any) -> str:
    """Return a value as text; of translations the Korean one, else the English, else the first."""
    if isinstance(value, dict):
        texts = {name: text for name, text in value.items() if isinstance(text, str) and text.strip()}
        return texts.get("ko") or texts.get("en") or next(iter(texts.values()), "")
    if isinstance(value, list):
        return ", ".join(filter(None, map(as_text, value)))
    if isinstance(value, bool):
        return _("예") if value else _("아니요")
    return "" if value is None else str(value)
