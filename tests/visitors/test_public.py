"""What a stranger reads: the released facts of 2015, and nothing that is not released."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from gettext import GNUTranslations
from html import unescape
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from conference.models import Conference
from korean.dates import SEOUL
from publishing import releases
from tests.crawl import crawl_public_pages

EVENT = "/dongbuk4-2015/"
HANGUL = re.compile("[가-힣]")
HEAD_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)  # the words of a window hold no elements to mark
DAY = datetime(2015, 11, 24, tzinfo=SEOUL)


def text(answer) -> str:
    """The words of a page, elements taken out, one space between."""
    body = answer.content.decode().partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def seen(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return text(answer)


def at(monkeypatch, *, days: int = 0, hour: int = 0, minute: int = 0) -> None:
    now = DAY + timedelta(days=days, hours=hour, minutes=minute)
    monkeypatch.setattr(timezone, "now", lambda: now)


def publish(conference: Conference, **options) -> None:
    releases.publish(conference, by=User.objects.get(username="chair"), name="시험", **options)
    releases.clear_cache()


# ── the overview ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("unsigned")
def test_overview_says_what_when_where(client):
    page = seen(client, EVENT)
    facts = (
        "동북4구 지역혁신 컨퍼런스",
        "2015. 11. 24.(화) 13:00 ~ 18:00",
        "장소 서울 과학기술대학교 내 서울 테크노 파크 (3층, 6층)",
        "동북4구 시민, 유관기관, 관련 공무원 등",
        "서울시장, 서울시 교육감, 동북4구 구청장",
        "동북4구 발전을 위한 주제별 토론회 및 심포지엄 진행",
        "오픈 전시마당 진행",
        "13:00 ~ 14:40 1부 공론의 장 : 동북4구 주제별 현황과 쟁점 토론",
        "지속가능도시 사업(재생에너지) 노원구",
    )
    assert [fact for fact in facts if fact not in page] == []
    assert [word for word in ("도시재생협력지원센터", "참가 방법", "오시는 길", "주차", "문의") if word in page] == []


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"days": -3, "hour": 23}, "D-3"),
        ({"days": -1}, "D-1"),
        ({"hour": 9}, "오늘 열립니다"),
        ({"hour": 13}, "지금 열리고 있습니다"),
        ({"hour": 18}, "행사가 끝났습니다"),
    ],
)
@pytest.mark.usefixtures("unsigned")
def test_before_during_and_after(client, monkeypatch, when, words):
    at(monkeypatch, **when)
    assert words in seen(client, EVENT)
    assert words in seen(client, "/")


@pytest.mark.parametrize(
    ("when", "now", "following"),
    [
        ({"hour": 12}, "", "다음 13:00 ~ 14:40"),
        ({"hour": 13, "minute": 30}, "지금 13:00 ~ 14:40 도시재생 사업 3층, 6층", "2부 진행을 위한 이동 6층 강당"),
        ({"hour": 14, "minute": 40}, "지금 14:40 ~ 15:00 2부 진행을 위한 이동 6층 강당", "다음 15:00 ~ 15:05"),
        ({"hour": 15, "minute": 20}, "지금 15:20 ~ 15:35 서울시의 사회혁신 실험과 동북4구 6층 강당", "다음 15:35"),
        ({"hour": 16, "minute": 5}, "", "다음 16:10 ~ 16:20 3부 진행을 위한 이동 3층"),
        ({"hour": 17}, "지금 16:20 ~ 18:00 대학·지역사회 협력", ""),
    ],
)
@pytest.mark.usefixtures("unsigned")
def test_now_and_next_with_room_and_floor(client, monkeypatch, when, now, following):
    at(monkeypatch, **when)
    page = seen(client, EVENT)
    assert (now in page, following in page) == (True, True)
    assert [("지금 1" in page), ("다음 1" in page)] == [bool(now), bool(following)]


@pytest.mark.usefixtures("unsigned")
def test_nothing_is_on_before_the_day_or_after_it(client, monkeypatch):
    for when in ({"days": -1}, {"hour": 18}):
        at(monkeypatch, **when)
        assert "지금과 다음" not in seen(client, EVENT)


def test_what_is_filled_later_is_shown(client, unsigned: Conference):
    venue = unsigned.venues.first()
    type(venue).objects.filter(pk=venue.pk).update(
        address="서울특별시 노원구",
        transit="지하철 7호선\n버스 정류장",
        parking="없음",
        map_url="https://example.test/map",
    )
    Conference.objects.update(admission="free", contact_phone="02-123-4567", summary="소개 글")
    unsigned.hosts.create(name="동북4구 발전협의회", role="host")
    unsigned.notices.create(title="사진 촬영 안내", text="촬영합니다.")
    unsigned.notices.create(title="장소가 바뀌었습니다", text="3층으로 오십시오.", is_urgent=True)
    publish(unsigned)
    page = seen(client, EVENT)
    words = (
        "서울특별시 노원구",
        "지하철 7호선 버스 정류장",
        "주차 없음",
        "참가 방법 무료",
        "주최 동북4구 발전협의회",
        "소개 글",
        "촬영합니다.",
    )
    assert [word for word in words if word not in page] == []
    body = client.get(EVENT).content.decode()
    assert body.count('href="tel:021234567"') == 2  # among the facts and at the foot
    assert 'href="https://example.test/map"' in body
    for path in (EVENT, f"{EVENT}programme/", f"{EVENT}programme/mayor/", f"{EVENT}exhibits/"):
        before_main = client.get(path).content.decode().partition("<main")[0]
        assert ("장소가 바뀌었습니다" in before_main, "사진 촬영 안내" in before_main) == (True, False)


def test_a_map_that_is_no_address_of_the_web_is_no_link(client, unsigned: Conference):
    unsigned.venues.update(map_url="javascript:alert(1)")
    publish(unsigned)
    assert "javascript" not in client.get(EVENT).content.decode()


# ── the list ────────────────────────────────────────────────────────────────────────────────────
def test_home_lists_released_conferences_alone(client, unsigned: Conference):
    Conference.objects.create(slug="draft", title="초안 행사", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at)
    later = Conference.objects.create(
        slug="later",
        title="나중 행사",
        starts_at=datetime(2030, 1, 1, tzinfo=UTC),
        ends_at=datetime(2030, 1, 2, tzinfo=UTC),
    )
    publish(later)
    Conference.objects.filter(slug="later").update(title="고친 초안", starts_at=datetime(2001, 1, 1, tzinfo=UTC))
    releases.clear_cache()
    titles = re.findall(r"<h2><a[^>]*>([^<]+)</a>", client.get("/").content.decode())
    assert titles == ["나중 행사", "동북4구 지역혁신 컨퍼런스"]
    assert client.get("/draft/").status_code == 404


def test_home_shows_twenty_at_a_time(client, unsigned: Conference):
    for number in range(22):
        starts_at = datetime(2020, 1, 1 + number, tzinfo=UTC)
        made = Conference.objects.create(
            slug=f"c-{number}", title=f"행사 {number}", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        publish(made)
    count = [
        client.get("/", {"page": page}).content.decode().count('<li class="conference">') for page in (1, 2, 3, "x", 0)
    ]
    assert count == [20, 3, 0, 20, 20]


@pytest.mark.django_db
def test_home_without_any_conference(client):
    assert "아직 공개한 행사가 없습니다" in seen(client, "/")


# ── names, files ────────────────────────────────────────────────────────────────────────────────
def test_names_without_a_basis_are_left_out_without_a_word(client, unsigned: Conference):
    path = f"{EVENT}programme/social-economy/"
    assert "이원영 사회적기업 놀이나무 대표" in seen(client, path)
    publish(unsigned)
    page = seen(client, path)
    assert ("이원영" in page, "함께사는 가치에 도전하는 사람들 사회적기업 놀이나무 대표" in page) == (False, True)
    assert [word for word in ("미확인", "비공개", "동의", "unknown", "None") if word in page] == []


def test_files_are_those_the_release_names(client, unsigned: Conference):
    shown, hidden = unsigned.photos.get(caption="성북구 발표").file, unsigned.photos.get(caption="강북구 발표")
    type(hidden).objects.filter(pk=hidden.pk).update(may_be_public=False)
    publish(unsigned)
    answer = client.get(f"{EVENT}files/{shown.digest}")
    named = ("Content-Type", "X-Content-Type-Options", "Cache-Control", "Content-Disposition")
    assert [answer[name] for name in named] == [
        shown.media_type,
        "nosniff",
        "public, max-age=31536000, s-maxage=1, immutable",
        f'inline; filename="{shown.name}"',
    ]
    assert len(answer.content) == shown.size
    for digest in (hidden.file.digest, "0" * 64, "..%2f..%2fportal.sqlite3", "x"):
        assert client.get(f"{EVENT}files/{digest}").status_code == 404


def test_a_file_that_is_lost_is_no_page(client, unsigned: Conference, monkeypatch):
    def lost(name: str) -> bytes:
        raise FileNotFoundError(name)

    digest = unsigned.photos.first().file.digest
    monkeypatch.setattr("conference.uploads.storage.open_stored", lost)
    assert client.get(f"{EVENT}files/{digest}").status_code == 404


def test_version_says_what_is_in_force(client, unsigned: Conference):
    made = unsigned.releases.get()
    answer = client.get(f"{EVENT}version.json")
    at = made.frozen_at.isoformat()
    told = [{"number": 1, "at": at, "told": ["행사 안내를 공개했습니다"]}]
    assert json.loads(answer.content) == {"number": 1, "digest": made.digest, "at": at, "news": told}
    again = client.get(f"{EVENT}version.json", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    publish(unsigned)
    said = client.get(f"{EVENT}version.json").json()
    assert (said["number"], [row["number"] for row in said["news"]]) == (2, [2, 1])


def test_a_worker_reaches_every_conference_and_is_asked_for_anew(client, unsigned: Conference):
    answer = client.get("/sw.js")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript", "public, max-age=0, s-maxage=1")
    assert b"SLUG" in answer.content


def test_notices_alone_make_no_page(client, unsigned: Conference):
    other = Conference.objects.create(
        slug="only", title="공지뿐", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at
    )
    publish(other, sections=["notices"])
    assert [client.get(path).status_code for path in ("/only/", "/only/programme/", "/")] == [404, 404, 200]


def test_event_alone_is_a_page_with_an_empty_programme(client, unsigned: Conference):
    other = Conference.objects.create(
        slug="only", title="안내뿐", starts_at=unsigned.starts_at, ends_at=unsigned.ends_at
    )
    publish(other, sections=["event"])
    assert "안내뿐" in seen(client, "/only/")
    assert "프로그램을 준비하고 있습니다" in seen(client, "/only/programme/")
    assert client.get("/only/exhibits/").status_code == 404


# ── English ─────────────────────────────────────────────────────────────────────────────────────
def test_english_where_there_is_some_and_marked_korean_elsewhere(client, unsigned: Conference):
    Conference.objects.update(title_en="Northeast Four")
    publish(unsigned)
    body = client.get(f"/en{EVENT}").content.decode()
    assert '<html lang="en">' in body
    assert "<h1>Northeast Four</h1>" in body
    assert "Tue 24 Nov 2015, " in body
    assert '<span lang="ko">동북4구 시민, 유관기관, 관련 공무원 등</span>' in body
    assert 'lang="ko">' not in client.get(EVENT).content.decode().partition("<main")[2]


@pytest.mark.usefixtures("unsigned")
def test_the_language_comes_from_the_path_alone(client):
    client.cookies["django_language"] = "en"
    answer = client.get(EVENT, headers={"Accept-Language": "en"})
    assert ('<html lang="ko">' in answer.content.decode(), answer["Vary"]) == (True, "Accept-Encoding")


class Unmarked(HTMLParser):
    """Collects Korean words that stand on a page outside every element marked as Korean."""

    VOID = ("meta", "link", "img", "br", "hr", "input")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.langs, self.found = ["en"], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        lang = dict(attrs).get("lang", self.langs[-1])
        named = [value for name, value in attrs if name in {"alt", "aria-label", "title"} and value]
        self.found += [value for value in named if lang != "ko" and HANGUL.search(value)]
        if tag not in self.VOID:
            self.langs.append(lang)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            self.langs.pop()

    def handle_data(self, data):
        if self.langs[-1] != "ko" and HANGUL.search(data):
            self.found.append(data.strip())


def test_all_korean_on_english_pages_is_marked(unsigned: Conference, monkeypatch):
    """So every string of ours is translated, and every value without English is announced in its language."""
    at(monkeypatch, hour=13, minute=30)
    Conference.objects.update(admission="free", contact_phone="02-123-4567", summary="소개 글", purpose="목적")
    unsigned.hosts.create(name="동북4구 발전협의회", role="host")
    unsigned.notices.create(title="사진 촬영 안내", text="촬영합니다.")
    unsigned.notices.create(title="장소가 바뀌었습니다", text="3층으로 오십시오.", is_urgent=True)
    publish(unsigned, names_reason="시험")
    pages_ = crawl_public_pages(starts=("/en/",))
    is_page = {path for path, answer in pages_.items() if answer["Content-Type"].startswith("text/html")}
    english = {path: pages_[path] for path in is_page if path.startswith("/en/")}
    words = {path: Unmarked(HEAD_TITLE.sub("", answer.content.decode())).found for path, answer in english.items()}
    assert {path: found for path, found in words.items() if found} == {}
    assert len(english) > 14


def test_the_compiled_catalogue_is_that_of_the_source():
    folder = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES"
    source = (folder / "django.po").read_text("utf-8")
    entry = r'^msgid "(.+)"\n(?:msgid_plural "(.+)"\n)?msgstr(?:\[0\])? "(.*)"$'
    written = re.findall(entry, source, re.MULTILINE)
    with (folder / "django.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    found = [compiled.ngettext(said, many, 1) if many else compiled.gettext(said) for said, many, _ in written]
    assert found == [english for _said, _many, english in written]
    assert len(written) > 80


def test_markup_in_a_text_is_text(client, unsigned: Conference):
    hostile = "<script>alert(1)</script>\"'&<b>"
    for row in (
        unsigned.main_items.first(),
        unsigned.sessions.get(code="mayor"),
        unsigned.notices.create(title="공지"),
    ):
        for field in ("name", "title", "title_en", "text"):
            if hasattr(row, field):
                type(row).objects.filter(pk=row.pk).update(**{field: hostile})
    Conference.objects.update(title=hostile, title_en=hostile, summary=hostile, audience=hostile)
    Conference.objects.update(contact_phone=hostile[:30])
    unsigned.persons.update(affiliation=hostile)
    unsigned.districts.filter(name="성북구").update(name=hostile)
    unsigned.exhibitions.update(name=hostile, content=[hostile])
    publish(unsigned, names_reason="시험")
    answers = crawl_public_pages(client)
    written = {path: answer.content.decode() for path, answer in answers.items() if "html" in answer["Content-Type"]}
    assert [path for path, page in written.items() if "<script>" in page or '<b>"' in page or "&amp;lt;" in page] == []
    assert sum(page.count("&lt;script&gt;") for page in written.values()) > 100
