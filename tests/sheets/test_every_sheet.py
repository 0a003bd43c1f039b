"""Every sheet alike: what is typed is stored, what is only shown is left alone, and nothing typed is an error of ours."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from conference.models import Conference
from sheets.declaration import all_sheets
from sheets.table import LINES_MAX
from tests.hostile_input import WORDS, body, examples
from tests.scale_data import grow
from tests.sheets.table_page import ROWS_PATH, TablePage
from tests.sheets.test_table import histories, opened
from tests.test_addresses import sign_in
from tests.visitor import Visitor

NEW = {
    "districts": {"name": "종로구", "name_en": "Jongno-gu", "organisation": "강북구"},
    "topics": {"name": "새 분야", "host": "강북구"},
    "desks": {"topic": "도시재생 사업", "district": "강북구"},
    "main-items": {"name": "=1+1", "text": "<script>"},
    "hosts": {"role": "후원", "name": "이웃 단체"},
    "guests": {"person": "심원택(강북구 일자리지원과장)", "attendance": "참석"},
    "bases": {"kind": "문서", "issuer": "강북구", "serial": "123", "dated": "10. 26.(월)", "title": "계획"},
    "venues": {"name": "새 집", "address": "서울시"},
    "rooms": {
        "venue": "늘린 장소 0",
        "name": "102호",
        "kind": "호실",
        "parent": "1층",
        "capacity": "1,200",
    },
    "notices": {"title": "안내", "text": "여러\n줄", "is_urgent": "예"},
    "persons": {"name": "이영분", "kind": "개인", "name_basis": "미확인"},
    "contacts": {"person": "서울시장", "mail": "a@example.test", "purpose": "안내", "keep_until": "2016-11-24"},
    "tracks": {"title": "새 과정", "attendee_count": "14"},
    "meetings": {
        "track": "늘린 준비 0",
        "date": "10/26",
        "label": "3차 회의",
        "starts_at": "1400",
        "ends_at": "오후 3시 반",
    },
    "deadlines": {"track": "늘린 준비 0", "date": "20151118", "label": "제출"},
    "milestones": {"track": "늘린 준비 0", "date": "2015. 11. 18.", "label": "책자 제작"},
    "decisions": {"meeting": "1차 회의", "text": "결정"},
    "tasks": {"decision": "한 결정", "text": "조치", "due": "11/1", "state": "진행"},
    "sessions": {"start": "1900", "end": "24:00", "kind": "강연", "title": "새 강연", "rooms": "601호"},
    "parts": {"kind": "본행사", "label": "4부", "start": "1900", "end": "2000", "places": "601호, 6층 강당"},
    "presentations": {"session": "도시재생 사업", "presenter": "이영분(강북구 팀장)", "points": "하나\n둘"},
    "questions": {"session": "도시재생 사업", "text": "질문"},
    "proposals": {"session": "도시재생 사업", "text": "제안", "state": "검토 중"},
    "exhibitions": {"name": "새 전시", "slug": "new-expo", "starts_at": "11/24 1300", "ends_at": "2015. 11. 24. 18:00"},
    "exhibitors": {"exhibition": "늘린 전시 0", "name": "새 기업", "kind": "기업", "state": "확정"},
    "booths": {"exhibition": "늘린 전시 0", "number": "C-1"},
    "equipment": {"booth": "늘린 전시 0 B-0", "item": "의자", "quantity": "3"},
    "giveaways": {"exhibition": "늘린 전시 0", "name": "손수건", "stated": "100", "is_approximate": "예"},
}


@pytest.fixture
def client(unsigned: Conference) -> Client:
    grow(unsigned, range(1))
    unsigned.tracks.first().meetings.first().decisions.create(text="한 결정")
    return sign_in("chair")


def test_every_sheet_has_its_new_row() -> None:
    assert set(NEW) == set(all_sheets())


@pytest.mark.postgresql_is_enough
@pytest.mark.parametrize("sheet", NEW)
def test_a_row_typed_in_a_table_is_stored_and_then_left_alone(client: Client, unsigned: Conference, sheet: str) -> None:
    rows = all_sheets()[sheet].rows(unsigned)
    before = {row.pk for row in rows.all()}
    screen = opened(client, sheet)
    screen.fill(screen.blank(), **NEW[sheet])
    assert (screen.press().status_code, screen.status) == (302, 200)
    [made] = [row for row in rows.all() if row.pk not in before]
    written = histories()
    page = TablePage(client, f"{ROWS_PATH}/{sheet}/{made.pk}/")
    for shown in (opened(client, sheet), page):
        assert shown.press().status_code == 302
    assert histories() - written <= 1  # a row's own page is saved when its button is pressed
    assert client.get(f"{ROWS_PATH}/{sheet}/new/").status_code == 200


def test_a_full_table_is_within_what_a_form_may_hold(client: Client) -> None:
    widest = max(len(sheet.columns.split()) for sheet in all_sheets().values())
    assert LINES_MAX * (widest + 2) + 10 <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    beyond = {f"r0-x{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert Visitor("chair").post_raw(f"{ROWS_PATH}/districts/", beyond).status == 413


@pytest.mark.django_db
@pytest.mark.postgresql_is_enough
@examples(20)
@given(data=some.data())
def test_hostile_words_are_answered(data, django_db_blocker) -> None:
    """Whatever is typed into a row's page or a table: saved, or told; never an error of ours."""
    from config.management.commands import load_example
    from tests import snapshot

    with transaction.atomic():
        conference = Conference.objects.first() or snapshot.once(load_example.publish)
        visitor = Visitor("chair")
        name = data.draw(some.sampled_from(sorted(NEW)))
        fields = list(all_sheets()[name].form_class.base_fields)
        typed = NEW[name] | data.draw(some.dictionaries(some.sampled_from(fields), WORDS, max_size=3))
        row = all_sheets()[name].rows(conference).first()
        odd = some.sampled_from(["0", "1", "400", "99999999", "-1", "x", "", "٣", "²", str(row.pk) if row else "7"])
        line = {f"r0-{field}": text for field, text in typed.items()} | {"r0-id": data.draw(odd)}
        do = data.draw(
            some.sampled_from(
                ["save", "add", "copy:0", "up:9", "move:0:99", "remove:0", "check", "paste", "fill:0:0", "::", "move:²"]
            )
        )
        table = line | {
            "count": data.draw(odd),
            f"gone-{data.draw(odd)}": data.draw(odd),
            "r0-version": data.draw(odd),
            "do": do,
        }
        table |= {"paste": data.draw(WORDS), f"pick:r0-{fields[0]}": "theirs", "r00005-x": "y"}
        forms = {f"{ROWS_PATH}/{name}/": table, f"{ROWS_PATH}/{name}/new/": typed}
        bodies = {path: body(sent.items(), [], is_multipart=False) for path, sent in forms.items()}
        pages = [visitor.post_raw(path, content, content_type=kind) for path, (content, kind) in bodies.items()]
        assert {page.status for page in pages} <= {200, 302, 409, 422}
        transaction.set_rollback(True)
