"""The content of the next release: the live rows without what may not be published. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from conference.models import Conference
from publishing.content import Sections
from publishing.models import Release
from publishing.release_diff import DiffSentence, diff_leaves, diff_sentences
from rows import app_registry
from rows.canonical_json import canonical_json, digest

SECTIONS = ("event", "programme", "expo", "notices")


@dataclass(frozen=True)
class Draft:
    """The content of the live rows, and the release in force to compare it with."""

    current: Release | None  # the release in force
    collected: Sections  # every section from the live rows, including what visitors may not see
    # what visitors may see, by whether names without a basis are shown
    _public_sections: dict[bool, Sections] = field(default_factory=dict, repr=False)

    @property
    def base(self) -> int:
        """Number of the release in force; 0 if there is none."""
        return self.current.number if self.current else 0

    @cached_property
    def before(self) -> Sections:
        """The sections of the release in force."""
        return self.current.value["sections"] if self.current else {}

    def sections(self, keys: Iterable[str], *, shows_names: bool) -> Sections:
        """Return the sections of the next release: ``keys`` as collected now, the others from the release in force."""
        if shows_names not in self._public_sections:
            self._public_sections[shows_names] = _public_part(self.collected, shows_names=shows_names)
        fresh = {key: self._public_sections[shows_names][key] for key in keys if key in self.collected}
        return {key: fresh.get(key, self.before.get(key)) for key in SECTIONS if key in fresh or key in self.before}

    def change_sentences(self, *, shows_names: bool) -> list[DiffSentence]:
        """Return what would change, in words."""
        now = self.sections(SECTIONS, shows_names=shows_names)
        return diff_sentences(diff_leaves(self.before, now), before=self.before, now=now)

    def changed_sections(self, *, shows_names: bool) -> list[str]:
        """Return the keys of the sections that differ from what visitors see, also if no sentence mentions the difference."""
        now = self.sections(SECTIONS, shows_names=shows_names)
        return [key for key in SECTIONS if key in now and now[key] != self.before.get(key)]

    def fingerprint(self, keys: Iterable[str], *, shows_names: bool) -> dict[str, str]:
        """Return digests of these sections and the number of the release in force.

        A page sends them back, so that exactly what it showed is published.
        """
        now = self.sections(SECTIONS, shows_names=shows_names)
        return {"base": str(self.base)} | {key: digest(canonical_json(now[key])) for key in keys if key in now}

    def persons_without_consent(self, keys: Iterable[str]) -> list[str]:
        """Return the names that have no basis, each once."""
        return list(dict.fromkeys(_names_without_basis([self.collected.get(key) for key in keys])))


def build_draft(conference: Conference) -> Draft:
    """Collect all sections. The number of queries is constant, but large."""
    return Draft(current_release(conference), _collect(conference))


def current_release(conference: Conference) -> Release | None:
    """Return the release in force, read from the database."""
    return conference.releases.filter(withdrawn_at=None).select_related("frozen_by").first()


def _collect(conference: Conference) -> Sections:
    sections: Sections = {}
    for module in app_registry.modules("collect").values():
        if hasattr(module, "collect_release"):
            sections |= module.collect_release(conference)
    return sections


def _public_part(value: Any, *, shows_names: bool) -> Any:
    """Remove photos, materials and names that may not be published."""
    if isinstance(value, list):
        return [_public_part(item, shows_names=shows_names) for item in value if not _is_hidden(item)]
    if not isinstance(value, dict):
        return value
    public = {
        key: _public_part(item, shows_names=shows_names)
        for key, item in value.items()
        if key not in {"basis", "is_public"}
    }
    if _lacks_basis(value) and not shows_names:
        public["name"] = ""
    return public


def _names_without_basis(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if _lacks_basis(value) and value["name"]:
            yield value["name"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            if not _is_hidden(item):
                yield from _names_without_basis(item)


def _is_hidden(item: Any) -> bool:
    return isinstance(item, dict) and item.get("is_public") is False


def _lacks_basis(value: dict[str, Any]) -> bool:
    return value.get("basis") == "unknown" and value["kind"] == "person"
