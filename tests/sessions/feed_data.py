"""What the tests of feeds share: a release to be bent, and a programme of unlikely sessions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from conference.models import Conference
from korean.dates import SEOUL
from publishing import releases
from publishing.releases import LiveRelease
from tests.visitors.test_public import publish

ROOT = "/dongbuk4-2015/"
# ends of lines of every kind, what ends a CDATA section, what no XML may hold, letters of four octets, far too many letters
HOSTILE = (
    "첫 줄\r\nBEGIN:VEVENT\r\nUID:evil@x\nATTENDEE:mailto:x@y\rX:1\u2028Y:2\u2029Z:3\x85W:4\x0bV:5\x0cU:6",
    "]]> <script>&amp; \x00\x01\x08\x1b\x7f\ufffe\uffff 끝",
    "😀👨‍👩‍👧‍👦" * 40,
    "가" * 5000,
    "\\n \\; a,b;c:d \"e\" 'f' \\\\",
    "=1+1",
)


def current(conference: Conference) -> LiveRelease:
    releases.clear_cache()
    return releases.live_release(conference.slug)


def altered_release(conference: Conference, bend: Callable[[dict[str, Any]], None]) -> LiveRelease:
    """The release in force with its sections altered, past all that the forms refuse."""
    now = current(conference)
    sections = json.loads(json.dumps(now.sections))
    bend(sections)
    return replace(now, sections=sections)


def session_by_code(sections: dict[str, Any], code: str) -> dict[str, Any]:
    return next(row for block in sections["programme"]["blocks"] for row in block["sessions"] if row["code"] == code)


def fill_with_hostile_text(sections: dict[str, Any]) -> None:
    """Every text that staff type is one of HOSTILE in turn."""
    event = sections["event"]
    event["title"] = HOSTILE[0]
    rows = [row for block in sections["programme"]["blocks"] for row in block["sessions"]]
    for at, row in enumerate(rows):
        text = HOSTILE[at % len(HOSTILE)]
        row |= {"title": text, "title_en": text, "conduct": text, "performers": text, "participants": text}
        for room in row["rooms"]:
            room |= {"name": text, "within": text}
        for talk in row["presentations"]:
            talk |= {"title": text, "points": [text, text]}
            if talk["presenter"]:
                talk["presenter"] |= {"name": text, "affiliation": text}


def two_nights(conference: Conference) -> None:
    """Publish a second day, and a session that passes midnight."""
    for code, title, starts_at, ends_at in (
        ("late", "밤샘 해커톤", datetime(2015, 11, 24, 22, tzinfo=SEOUL), datetime(2015, 11, 25, 1, 30, tzinfo=SEOUL)),
        ("morning", "이튿날 강연", datetime(2015, 11, 25, 9, tzinfo=SEOUL), datetime(2015, 11, 25, 10, tzinfo=SEOUL)),
    ):
        conference.sessions.create(kind="talk", code=code, title=title, starts_at=starts_at, ends_at=ends_at)
    publish(conference)
