"""The types of a frozen release, and of its sections as long as no app has given them their own type.

Each section belongs to one app, whose ``content`` module gives it its type: ``event`` and ``notices`` to conference,
``programme`` to sessions, ``expo`` to exhibits.
"""

from __future__ import annotations

import json
from typing import TypedDict, cast

Sections = dict[str, object]  # key of release_draft.SECTIONS → content


class ReleaseContent(TypedDict):
    format: int  # raised when a key is removed or changes its meaning; docs/adr
    sections: Sections


def parse_release(text: str) -> ReleaseContent:
    """Parse the frozen text of a release."""
    return cast("ReleaseContent", json.loads(text))
