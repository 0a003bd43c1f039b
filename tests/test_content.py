"""What is frozen is what its types say, and so are the words of the release diff and the schema of the feed."""

from __future__ import annotations

import json
import re
from typing import Any, get_type_hints

import pytest
from django.conf import settings

from conference.content import EventContent, NoticeContent
from conference.models import Conference
from exhibits.content import ExhibitionContent
from publishing import release_diff
from publishing.content import ReleaseContent
from publishing.models import Release
from publishing.release_draft import SECTIONS, build_draft
from reports.content import EditionContent
from reports.models import Edition
from rows import app_registry
from sessions import collect, programme_pdf
from sessions.content import ProgrammeContent, ReportedSessionContent, SessionContent
from sessions.feeds.content import ProgrammeFeed
from tests.content_types import fields, keys, misfits, schema

TYPES = {
    "event": EventContent,
    "programme": ProgrammeContent[SessionContent],
    "expo": list[ExhibitionContent],
    "notices": list[NoticeContent],
}
NOT_RELEASED = {"basis", "is_public"}  # release_draft leaves them out
UNSPOKEN = {"blocks", "part", "sessions"}  # steps of which no sentence tells: they only lead to others


def test_every_section_has_a_type():
    assert list(TYPES) == list(SECTIONS) == list(release_diff.SECTION_LABELS)


def test_a_release_is_what_its_types_say(unsigned: Conference):
    release = Release.objects.get()
    assert list(misfits(release.value, ReleaseContent)) == []
    sections = release.value["sections"]
    assert [wrong for key in sections for wrong in misfits(sections[key], TYPES[key], key)] == []
    assert NOT_RELEASED & found_keys(sections) == set()


def test_what_is_collected_of_another_event_is_what_the_types_say(fair: Conference):
    sections = build_draft(fair).collected
    assert [wrong for key in sections for wrong in misfits(sections[key], TYPES[key], key)] == []
    assert list(misfits(collect.programme(fair), ProgrammeContent[ReportedSessionContent])) == []


def test_an_edition_is_what_its_types_say(example: Conference):
    edition = Edition.objects.get()
    assert list(misfits(edition.value, EditionContent)) == []


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda event: event.pop("title"), ["/title is missing"]),
        (lambda event: event.update(colour="red"), ["/colour is in no type"]),
        (
            lambda event: event["venues"][0]["rooms"][0].update(capacity="80"),
            ["/venues/0/rooms/0/capacity is none of its kinds"],
        ),
        (lambda event: event.update(hosts={}), ["/hosts is no list"]),
    ],
)
def test_what_is_not_of_its_type_is_seen(example: Conference, change: Any, wrong: list[str]):
    event: Any = Release.objects.get().value["sections"]["event"]
    change(event)
    assert list(misfits(event, EventContent)) == wrong


def test_the_release_diff_has_a_word_for_every_key_or_is_silent():
    released = {key for kind in TYPES.values() for key in keys(kind)} - NOT_RELEASED
    spoken = {*release_diff.FIELD_LABELS} - {release_diff.ORDER}
    assert (spoken | release_diff.UNMENTIONED_KEYS | UNSPOKEN) - released == set()
    assert released - spoken - release_diff.UNMENTIONED_KEYS - UNSPOKEN == set()
    assert [spoken & release_diff.UNMENTIONED_KEYS, UNSPOKEN & (spoken | release_diff.UNMENTIONED_KEYS)] == [
        set(),
        set(),
    ]


def test_what_tells_one_item_from_another_is_a_key():
    released = {key for kind in TYPES.values() for key in keys(kind)}
    assert {*release_diff.NAMES} | release_diff.PERSON | release_diff.PERSONS <= released


def test_codes_are_those_of_keys():
    named = {pair for module in app_registry.modules("collect").values() for pair in getattr(module, "CODES", {})}
    assert {(section, field) for section, field in named if field not in keys(TYPES[section])} == set()


def test_the_schema_of_the_feed_is_its_type():
    file = json.loads((settings.BASE_DIR / "docs" / "programme.schema.json").read_text("utf-8"))
    assert outline(file, file["$defs"]) == schema(ProgrammeFeed)


def test_the_sheet_of_paper_reads_of_the_expo_what_is_there():
    for part, whole in (
        (programme_pdf.ExpoContent, ExhibitionContent),
        (programme_pdf.StandContent, get_type_hints(ExhibitionContent)["exhibitors"].__args__[0]),
    ):
        taken = {key: hint for key, hint in fields(part).items() if key != "exhibitors"}
        assert taken == {key: fields(whole)[key] for key in taken}


def test_a_section_is_read_by_the_content_module_of_its_app_alone():
    """Everybody else calls its accessor, which gives it its type. Whether there is a section may be asked anywhere."""
    reads = re.compile(r"sections(?:\.get\(|\[)[\"'](?:event|programme|expo|notices)[\"'][\])]")
    elsewhere = {
        "publishing/event_facts.py": 2,  # walks the rooms of all sections alike
        "publishing/releases.py": 2,  # likewise
        "publishing/checks.py": 1,  # whether there is one
        "publishing/urgent_notices.py": 2,  # writes one
        "sessions/programme_pdf.py": 1,  # reads a part of what exhibits has, which it may not know
    }
    found = {
        str(path.relative_to(settings.BASE_DIR)): len(reads.findall(path.read_text("utf-8")))
        for app in settings.PORTAL_APPS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if path.name != "content.py"
    }
    assert {name: number for name, number in found.items() if number} == elsewhere


def found_keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(key for item in value.values() for key in found_keys(item))}
    return {key for item in value for key in found_keys(item)} if isinstance(value, list) else set()


def outline(part: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    """Return what ``content_types.schema`` says, of a part of a JSON schema."""
    if "$ref" in part:
        return outline(named[part["$ref"].removeprefix("#/$defs/")], named)
    if "anyOf" in part:
        one, nothing = part["anyOf"]
        assert nothing == {"type": "null"}
        found = outline(one, named)
        return found | {"type": [*found["type"], "null"]}
    kind = part.get("type", "string")  # of a constant or of codes
    found = {"type": kind if isinstance(kind, list) else [kind]}
    if "properties" in part:
        inner = {key: outline(each, named) for key, each in part["properties"].items()}
        return found | {"properties": inner, "required": {*part.get("required", ())}}
    return found | ({"items": outline(part["items"], named)} if "items" in part else {})
