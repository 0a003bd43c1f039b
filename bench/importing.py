"""Import of a conference of 2,000 sessions that grew from the example: cpu of reading, checking and writing all rows."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from bench import Figure
from conference.exchange import exporting, importing
from rows.canonical_json import iso_moment

SLUG = "grown"
SESSIONS, ROOMS = 2000, 40
QUICK = {"SESSIONS": 40, "ROOMS": 4}
BAR = "≤ 6 s cpu"


def figures() -> Iterator[Figure]:
    """Import into a database that is left as it was."""
    content = json.dumps(grown(sessions=SESSIONS, rooms=ROOMS), ensure_ascii=False).encode()
    with transaction.atomic():
        start = time.process_time()
        conference = importing.load(content)
        seconds = time.process_time() - start
        start = time.process_time()
        exporting.dump(conference)
        again = time.process_time() - start
        transaction.set_rollback(True)
    yield Figure(f"세션 {SESSIONS:,}개인 행사 들여오기({len(content) / 1024:,.0f} kB)", f"{seconds:.1f} s cpu", BAR)
    yield Figure("같은 행사 내보내기", f"{again:.1f} s cpu", "–")


def grown(*, sessions: int, rooms: int) -> dict[str, Any]:
    """Return the file of the example with so many sessions more, each with a room, a photo, and two of all else."""
    file = json.loads((settings.BASE_DIR / "examples" / "dongbuk4-2015.json").read_text("utf-8"))
    file["conference"]["slug"] = SLUG
    names = [f"{number + 1}호" for number in range(rooms)]
    file["venues"].append({"name": "큰 집", "rooms": [{"name": name, "kind": "numbered"} for name in names]})
    people = [f"연사 {number + 1}" for number in range(max(1, sessions // 2))]
    file["persons"] += [{"name": name, "kind": "person", "affiliation": "강북구"} for name in people]
    photos = [photo["file"] for photo in file["photos"]]
    first = datetime.fromisoformat(file["conference"]["ends_at"])
    for number in range(sessions):
        starts_at = first + timedelta(minutes=50 * (number // rooms))
        file["sessions"].append(
            {
                "code": f"talk-{number}",
                "kind": "talk",
                "title": f"강연 {number}",
                "starts_at": iso_moment(starts_at),
                "ends_at": iso_moment(starts_at + timedelta(minutes=45)),
                "moderator": [people[number // 2 % len(people)], "강북구"],
                "room_uses": [{"room": ["큰 집", names[number % rooms]]}],
                "photos": [photos[number % len(photos)]],
                "presentations": [
                    {
                        "presenter": [people[(number + turn) % len(people)], "강북구"],
                        "title": f"발표 {number}-{turn}",
                        "points": ["하나", "둘"],
                        "materials": [photos[turn]],
                    }
                    for turn in range(2)
                ],
                "questions": [{"text": f"질문 {turn}", "answer": "답"} for turn in range(2)],
                "proposals": [{"text": f"제안 {turn}"} for turn in range(2)],
            }
        )
    return file
