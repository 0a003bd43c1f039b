"""The programme out of templates: pieces that are kept with a release never say what held at another moment, day or search."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.test import Client
from django.utils import timezone

from conference.models import Conference
from korean.dates import SEOUL
from publishing import page_cache, releases
from publishing.templatetags.wording import OnceNode
from tests.visitors.test_public import publish

PROGRAMME = "/dongbuk4-2015/programme/"
NOON = datetime(2015, 11, 24, 12, tzinfo=SEOUL)
MOMENTS = [NOON + timedelta(hours=hours) for hours in (1.2, 9.5, 12.7)]
SEARCHES = [{}, {"view": "table"}, {"q": "강연", "kind": "talk", "view": "table"}, {"q": "강연 b", "kind": "없음"}]


@pytest.fixture
def crossing(unsigned: Conference) -> Conference:
    """Sessions of one time within a part and outside it, over midnight, in two rooms that are no neighbours, and on two days."""
    venue = unsigned.venues.first()
    rooms = [venue.rooms.create(name=f"{number}호", kind="numbered", position=50 + number) for number in range(3)]

    def add(code: str, hour: float, hours: float, *numbers: int) -> None:
        times = {"starts_at": NOON + timedelta(hours=hour), "ends_at": NOON + timedelta(hours=hour + hours)}
        session = unsigned.sessions.create(kind="talk", title=f"강연 {code}", code=code, **times)
        for number in numbers:
            session.room_uses.create(room=rooms[number], **times)

    add("beside-the-part", 3 + 5 / 6, 0.5, 1)  # the last session of the part before it begins then too
    add("in-two-rooms", 9, 1, 0, 2)
    add("between-them", 9, 2, 1)
    add("over-midnight", 11.5, 2, 0)
    add("till-half-past", 11.5, 1, 1)
    add("next-day", 12.5, 1, 1)
    add("beside-it", 12.5, 1, 2)
    add("next-noon", 25, 1, 2)
    publish(unsigned, names_reason="시험")
    return unsigned


@pytest.mark.usefixtures("crossing")
def test_what_is_kept_says_what_would_be_drawn_each_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [
        (at, path, search)
        for at in MOMENTS
        for path in (PROGRAMME, f"{PROGRAMME}2015-11-25/", f"/en{PROGRAMME}2015-11-24/")
        for search in SEARCHES
    ]

    def pages() -> list[str]:
        found = []
        for at, path, search in asked:
            monkeypatch.setattr(timezone, "now", lambda at=at: at)
            page_cache.clear_cache()
            found.append(client.get(path, search).content.decode())
        return found

    kept = pages()
    monkeypatch.setattr(OnceNode, "render", lambda node, context: node.nodelist.render(context))
    fresh = pages()
    assert [ask for ask, one, other in zip(asked, fresh, kept, strict=True) if one != other] == []
    assert len({*fresh}) > len(fresh) / 2  # moments, days and searches differ


def test_an_element_around_a_card_is_one_template(
    client: Client, unsigned: Conference, settings, tmp_path: Path
) -> None:
    before = client.get(PROGRAMME).content.decode()
    folder = tmp_path / "templates"
    shutil.copytree(portal.BASE_DIR / "templates", folder)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder]}]
    card = folder / "sessions" / "_card.html"
    card.write_text(
        card.read_text("utf-8")
        .replace("<h3>", '<div class="framed"><h3>', 1)
        .replace("{% endonce %}", "</div>{% endonce %}"),
        "utf-8",
    )
    page_cache.clear_cache()
    releases.clear_cache()
    after = client.get(PROGRAMME).content.decode()
    cards = unsigned.sessions.count()
    assert [page.count('<div class="framed"><h3>') for page in (before, after)] == [0, 2 * cards]  # in list and table
