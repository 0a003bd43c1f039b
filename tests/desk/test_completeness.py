"""취합 현황: what is expected of a district, what is there, and where the rest is entered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from conference.models import Conference, Photo
from desk.completeness import CompletenessState, DistrictCompleteness, ItemCompleteness, measure
from desk.labels import ITEMS
from exhibits.models import Exhibitor
from sessions.models import Presentation


@pytest.fixture
def conference(unsigned: Conference) -> Conference:
    return unsigned


def line(conference: Conference, name: str = "성북구") -> DistrictCompleteness:
    fresh = Conference.objects.get(pk=conference.pk)
    return next(line for line in measure(fresh) if line.name == name)


def said(conference: Conference, item: str, name: str = "성북구") -> tuple[str, int, int]:
    cell = next(cell for cell in line(conference, name).cells if cell.item == item)
    return cell.state.label, cell.done, cell.expected


def test_the_four_districts_of_2015(conference):
    found = {line.name: [cell.state.label for cell in line.cells] for line in measure(conference)}
    missing, some, done = "미제출", "일부", "완료"
    assert found == {
        "도봉구": [some, some, some, some, *[missing] * 6],
        "성북구": [done, done, done, done, *[missing] * 6],
        "강북구": [some, some, some, some, missing, done, *[missing] * 4],
        "노원구": [some, some, some, some, *[missing] * 6],
    }


def test_every_cell_leads_to_its_table(conference):
    found = line(conference)
    tables = "presentations presentations presentations presentations presentations exhibitors giveaways photos sessions proposals"
    links = [cell.link.removeprefix("/desk/dongbuk4-2015/").removeprefix("rows/") for cell in found.cells]
    assert links == [f"{table}/?district={found.district}" for table in tables.split()]


@pytest.mark.parametrize(
    ("done", "expected", "state"),
    [
        (0, 0, CompletenessState.NONE),
        (0, 2, CompletenessState.MISSING),
        (1, 2, CompletenessState.SOME),
        (2, 2, CompletenessState.DONE),
    ],
)
def test_states(done, expected, state):
    assert ItemCompleteness("points", done, expected, "").state is state


def test_a_talk_counts_field_by_field(conference):
    talk = Presentation.objects.get(district__name="성북구", session__conference=conference)
    talk.materials.add(conference.files.first())
    assert said(conference, "materials") == ("완료", 1, 1)
    Presentation.objects.filter(pk=talk.pk).update(presenter=None, points=[], title="")
    assert [said(conference, item) for item in ("presenter", "affiliation", "points", "title")] == [
        ("미제출", 0, 1)
    ] * 4


def test_a_talk_outside_the_districts_topics_is_nobodys_duty(conference):
    before = said(conference, "presenter")
    other = conference.sessions.exclude(topic=None).exclude(presentations__district__name="성북구").first()
    other.presentations.create(district=conference.districts.get(name="성북구"))
    assert said(conference, "presenter") == before


def test_exhibitors_giveaways_and_photos_by_their_district(conference):
    district, exhibition = conference.districts.get(name="성북구"), conference.exhibitions.first()
    exhibition.exhibitors.create(name="가게", kind=Exhibitor.Kind.COMPANY, district=district, state="invited")
    exhibition.exhibitors.create(name="마을", kind=Exhibitor.Kind.BODY, district=district, state="cancelled")
    assert said(conference, "exhibitors") == ("미제출", 0, 1)
    exhibition.exhibitors.filter(name="가게").update(state="confirmed")
    assert said(conference, "exhibitors") == ("완료", 1, 1)
    exhibition.giveaways.create(name="수첩", district=district)
    exhibition.giveaways.create(name="물티슈", district=district, planned=100)
    assert said(conference, "giveaways") == ("일부", 1, 2)
    Photo.objects.filter(pk=conference.photos.first().pk).update(district=district, caption="설명", alt="대체 글")
    assert said(conference, "photos") == ("완료", 1, 1)
    conference.exhibitions.first().delete()
    assert said(conference, "exhibitors") == ("해당 없음", 0, 0)


def test_what_came_of_sessions_is_asked_of_their_host_and_once_they_are_over(conference):
    hosted = conference.sessions.get(topic__host__name="성북구")
    hosted.headcount = 60
    hosted.save()
    hosted.proposals.create(text="협력을 넓힌다")
    assert (said(conference, "headcount"), said(conference, "proposals")) == (("완료", 1, 1), ("완료", 1, 1))
    now = timezone.now()
    Conference.objects.update(starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    assert (said(conference, "headcount"), said(conference, "proposals")) == (("해당 없음", 0, 0), ("해당 없음", 0, 0))


def test_what_is_owed(conference):
    found = line(conference)
    assert [cell.item for cell in found.missing_items(["points", "materials", "photos"])] == ["materials", "photos"]
    assert (found.complete_count, list(ITEMS)[4:]) == ((4, 10), [cell.item for cell in found.missing_items()])
