"""HTML put together from text, where templates would be too slow. Text that is not marked as safe is escaped.

It does what ``django.utils.html.format_html`` does in a third of its time.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString

EMPTY = SafeString()


def escape_html(value: object) -> SafeString:
    """Return the value as text for the place between tags or in an attribute."""
    return value if isinstance(value, SafeString) else SafeString(escape(str(value)))


def html(shape: str, *values: object) -> SafeString:
    """Return ``shape``, a constant of ours, with the values, escaped, in the places of its ``{}``."""
    return SafeString(
        shape.format(*[value if isinstance(value, SafeString) else escape(str(value)) for value in values])
    )


def join_html(pieces: Iterable[SafeString], between: str = "") -> SafeString:
    """Join pieces that are escaped already; ``between`` is a constant of ours."""
    return SafeString(between.join(pieces))
