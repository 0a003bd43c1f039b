"""Templates without the indentation of their lines: what only who edits them needs is not sent to who reads a page."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"(?<=\n)[ \t]+")


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        """Return the text of a template; the lines of HTML begin at their first letter."""
        text = str(super().get_contents(origin))
        return INDENTATION.sub("", text) if origin.name.endswith(".html") else text
