"""Stylesheets and scripts of all pages, joined into one file each, so that a phone requests two files and not six."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCES = settings.BASE_DIR / "static"
BUNDLES = {
    "css/public.css": ("css/tokens.css", "css/components.css", "css/programme.css"),
    "css/staff.css": ("css/tokens.css", "css/components.css", "css/desk.css", "css/work.css"),
    "js/public.js": (
        "js/stars.js",
        "js/programme.js",
        "js/visit.js",
    ),  # each in a block, so that their names do not clash
}
NOT_SENT = re.compile(
    r"/\*.*?\*/\s*|(?<=\n)\s+", re.DOTALL
)  # comments and indents of a stylesheet; none of its strings contains any


class BundleFinder(BaseFinder):
    """Finds the bundles among the static files, for ``collectstatic`` and for the development server (DEBUG)."""

    def __init__(self, *_args: Any) -> None:
        self.storage = FileSystemStorage(location=settings.DATA / "bundles")

    def check(self, **_options: Any) -> list[Any]:
        """Return no messages: nothing can be configured."""
        return []

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:
        """Return the path of the bundle, which is rewritten if a source has changed."""
        if path not in BUNDLES:
            return []
        bundle = str(self._written(path))
        return [bundle] if find_all else bundle

    def list(self, _ignored: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield every bundle."""
        for path in BUNDLES:
            self._written(path)
            yield path, self.storage

    def _written(self, path: str) -> Path:
        parts = [(SOURCES / source).read_text("utf-8") for source in BUNDLES[path]]
        text = (
            "".join(f"{{\n{part}}}\n" for part in parts) if path.endswith(".js") else NOT_SENT.sub("", "".join(parts))
        )
        target = Path(self.storage.path(path))
        if (
            not target.exists() or target.read_text("utf-8") != text
        ):  # an unchanged bundle keeps its time and is not collected again
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        return target
