"""What would be published now: live rows collected, and whoever may not be shown left out. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from conference.models import Conference
from publishing.content import Sections
from publishing.models import Release
from publishing.release_diff import Change, changes, in_words
from rows import app_registry
from rows.canonical_json import canonical_json, digest

SECTIONS = ("event", "programme", "expo", "notices")


@dataclass(frozen=True)
class Draft:
    """The live content of a conference beside what visitors see now."""

    shown: Release | None  # the release in force
    collected: Sections  # every section from the live rows, with what strangers may not see
    _made: dict[bool, Sections] = field(default_factory=dict, repr=False)  # what strangers may see, with names or not

    @property
    def base(self) -> int:
        """Number of the release in force; 0: none is."""
        return self.shown.number if self.shown else 0

    @cached_property
    def before(self) -> Sections:
        """Its sections."""
        return self.shown.value["sections"] if self.shown else {}

    def sections(self, wanted: Iterable[str], *, shows_names: bool) -> Sections:
        """The sections as they would be released: ``wanted`` anew, the others carried over."""
        if shows_names not in self._made:
            self._made[shows_names] = _public(self.collected, shows_names=shows_names)
        fresh = {key: self._made[shows_names][key] for key in wanted if key in self.collected}
        return {key: fresh.get(key, self.before.get(key)) for key in SECTIONS if key in fresh or key in self.before}

    def told(self, *, shows_names: bool) -> list[Change]:
        """What would change, in words."""
        now = self.sections(SECTIONS, shows_names=shows_names)
        return in_words(changes(self.before, now), before=self.before, now=now)

    def changed(self, *, shows_names: bool) -> list[str]:
        """Keys of the sections that differ from what visitors see, be it by something that no sentence tells."""
        now = self.sections(SECTIONS, shows_names=shows_names)
        return [key for key in SECTIONS if key in now and now[key] != self.before.get(key)]

    def stamp(self, wanted: Iterable[str], *, shows_names: bool) -> dict[str, str]:
        """What a page must carry so that exactly what it showed is published: of ``wanted`` and of what they replace."""
        now = self.sections(SECTIONS, shows_names=shows_names)
        seals = {key: digest(canonical_json(now[key])) for key in wanted if key in now}
        return {"base": str(self.base), **seals}

    def nameless(self, wanted: Iterable[str]) -> list[str]:
        """Persons without a basis for their name who would be named, each once."""
        found = (_nameless(self.collected.get(key)) for key in wanted)
        return list(dict.fromkeys(name for names in found for name in names))


def draft(conference: Conference) -> Draft:
    """Collect everything. A constant number of queries, but many: for pages that show the whole."""
    return Draft(in_force(conference), _collect(conference))


def in_force(conference: Conference) -> Release | None:
    """The release that visitors see, asked of the database."""
    return conference.releases.filter(withdrawn_at=None).select_related("frozen_by").first()


def _collect(conference: Conference) -> Sections:
    found: Sections = {}
    for room in app_registry.modules("collect").values():
        if hasattr(room, "release"):
            found |= room.release(conference)
    return found


def _public(value: Any, *, shows_names: bool) -> Any:
    """Drop what is not for strangers: pictures not meant to be public, and materials not meant to be public, names without a basis."""
    if isinstance(value, list):
        return [_public(item, shows_names=shows_names) for item in value if not _is_hidden(item)]
    if not isinstance(value, dict):
        return value
    kept = {
        key: _public(item, shows_names=shows_names) for key, item in value.items() if key not in {"basis", "is_public"}
    }
    if _lacks_basis(value) and not shows_names:
        kept["name"] = ""
    return kept


def _nameless(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if _lacks_basis(value) and value["name"]:
            yield value["name"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            if not _is_hidden(item):
                yield from _nameless(item)


def _is_hidden(item: Any) -> bool:
    return isinstance(item, dict) and item.get("is_public") is False


def _lacks_basis(value: dict[str, Any]) -> bool:
    return value.get("basis") == "unknown" and value["kind"] == "person"
