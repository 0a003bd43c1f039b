"""긴급 공지: two clicks, on every page, and nobody's drafts go along."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from conference.models import Conference
from publishing import releases, urgent_notices
from publishing.release_draft import build_draft
from tests.forms import Form
from tests.visitor import Visitor

PAGE = "/desk/dongbuk4-2015/urgent/"
LIFT = f"{PAGE}lift/"
NOTICE = {"title": "정문이 막혔습니다", "text": "후문으로 오십시오."}
NOW = "바로 공지"


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def typed() -> Form:
    """A notice that is typed and not sent yet."""
    return Visitor("chair").open(PAGE).form(NOW).fill("제목", NOTICE["title"]).fill("내용", NOTICE["text"])


def sections(conference: Conference) -> dict:
    releases.clear_cache()
    return releases.live_release(conference.slug).sections


def test_it_is_public_at_once_and_drafts_are_not(unsigned: Conference) -> None:
    unsigned.notices.create(title="초안 공지")
    unsigned.sessions.filter(code="mayor").update(title="초안 제목")
    before = sections(unsigned)
    page = typed().press(NOW)
    now = sections(unsigned)
    assert (page.status, unsigned.releases.first().name) == (302, "긴급 공지: 정문이 막혔습니다")
    assert [(found["title"], found["text"], found["is_urgent"]) for found in now["notices"]] == [
        (NOTICE["title"], NOTICE["text"], True)
    ]
    assert {key: now[key] for key in before if key != "notices"} == {
        key: value for key, value in before.items() if key != "notices"
    }
    page = Client().get("/dongbuk4-2015/programme/").content.decode()
    assert [page.count(words) for words in (NOTICE["title"], "초안")] == [1, 0]


def test_lifted_it_stays_to_be_read(unsigned: Conference) -> None:
    page = typed().press(NOW).visitor.open(PAGE)
    unsigned.notices.create(title="초안 공지")
    assert [page.press("긴급 해제").status for _ in "ab"] == [302, 302]
    assert [(found["title"], found["is_urgent"]) for found in sections(unsigned)["notices"]] == [
        (NOTICE["title"], False)
    ]
    assert unsigned.notices.get(title=NOTICE["title"]).is_urgent is False
    assert (unsigned.releases.count(), page.visitor.open(PAGE).has("긴급 해제")) == (3, False)


def test_no_other_order_of_notices_is_left_to_publish(unsigned: Conference) -> None:
    for title, is_urgent in (("주차 안내", False), ("먼저 알린 긴급", True), ("셔틀 안내", False)):
        unsigned.notices.create(title=title, is_urgent=is_urgent)
    releases.publish(unsigned, by=User.objects.get(username="chair"), name="2차", names_reason="시험")
    page = typed().press(NOW).visitor.open(PAGE)
    titles = ["먼저 알린 긴급", NOTICE["title"], "주차 안내", "셔틀 안내"]
    assert [found["title"] for found in sections(unsigned)["notices"]] == titles
    assert build_draft(unsigned).changed_sections(shows_names=True) == []
    assert page.form("긴급 해제", within=NOTICE["title"]).press("긴급 해제").status == 302
    titles = ["먼저 알린 긴급", "주차 안내", "셔틀 안내", NOTICE["title"]]
    left = build_draft(unsigned)
    assert [found["title"] for found in sections(unsigned)["notices"]] == titles
    assert (
        [str(change) for change in left.change_sentences(shows_names=True)],
        left.changed_sections(shows_names=True),
    ) == ([], [])


def test_a_second_press_announces_nothing(unsigned: Conference) -> None:
    form = typed()
    pages = [form.press(NOW) for _ in "ab"]
    assert [page.status for page in pages] == [302, 422]
    assert "같은 긴급 공지가 이미 나가 있습니다." in pages[1].text
    assert (unsigned.releases.count(), unsigned.notices.count()) == (2, 1)


def test_before_any_release_it_is_written_down_only(unsigned: Conference) -> None:
    chair = User.objects.get(username="chair")
    releases.withdraw(unsigned.releases.get(), by=chair)
    assert urgent_notices.announce(unsigned, by=chair, **NOTICE) is None
    assert (unsigned.notices.get().is_urgent, unsigned.releases.count()) == (True, 1)
    assert "아직 공개한 것이 없어" in client_of("chair").get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("field", "bad"), [("title", ""), ("title", "\x00"), ("title", "x" * 1000), ("text", "\u202e")]
)
def test_bad_input_keeps_what_was_typed(unsigned: Conference, field: str, bad: str) -> None:
    page = typed().tamper(field, bad).press(NOW)
    assert (page.status, unsigned.notices.count(), unsigned.releases.count()) == (422, 0, 1)
    assert (NOTICE | {field: bad})["text"] in page.text


def test_who_may(unsigned: Conference) -> None:
    unsigned.memberships.exclude(user__username="chair").update(may_publish=False)
    member = unsigned.memberships.exclude(user__username="chair").first().user.username
    User.objects.create_user("stranger", name="밖")
    for username, statuses in ((member, [200, 403, 403]), ("stranger", [404, 404, 404])):
        visitor = Visitor(username)
        sent = [visitor.post_raw(PAGE, NOTICE), visitor.post_raw(LIFT)]
        assert [page.status for page in (visitor.open(PAGE), *sent)] == statuses
    assert client_of("chair").get(LIFT).status_code == 405
