"""How a report is cut and printed, sections written by hand, and what is taken from an earlier report."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from conference.models import Conference, District, Topic
from reports import document, drafting
from reports.models import Report
from tests.forms import Form
from tests.reports.report_pages import BASE, sign_in
from tests.visitor import Page, Visitor

SAVE, TAKE = "형식 저장", "고른 것 가져오기"


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return unsigned.reports.get(number=1)


@pytest.fixture
def client(report: Report) -> Client:
    return sign_in("wook")


def setting() -> Form:
    """The page 범위와 형식."""
    return Visitor("wook").open(f"{BASE}form/").form(SAVE)


def test_scope_and_form_are_saved_together(report: Report) -> None:
    other = Topic.objects.filter(conference=report.conference).exclude(reports=report).first()
    fields = setting().fill("분야", other.name).fill("자치구", report.conference.districts.last().name)
    fields.fill_all({"결재란": "별지 제2호서식 결재란", "항목 기호": "□ ○ - ※", "사진대지 위치": "붙임"})
    page = fields.press(SAVE)
    now = Report.objects.get()
    assert (page.status, list(now.topics.all()), now.box_form, now.glyphs) == (302, [other], "b", "□")
    assert (now.district, now.photo_position, now.lock_version) == (
        report.conference.districts.last(),
        "attached",
        report.lock_version + 1,
    )


def test_headings_left_empty_keep_the_usual_words(report: Report) -> None:
    before = dict(report.headings)
    setting().fill("문제점 및 개선", "문제점").fill("추진 근거", "").press(SAVE)
    now = Report.objects.get().headings
    assert now == {key: text for key, text in before.items() if key != "basis"} | {"problems": "문제점"}


def test_a_section_moves_and_what_was_typed_is_saved(report: Report) -> None:
    setting().fill("추진 근거가 없는 사유", "방침으로 추진").press("추진 근거 아래로")
    now = Report.objects.get()
    assert (now.section_order[:3], now.no_basis_reason) == (["overview", "basis", "programme"], "방침으로 추진")
    setting().press("추진 근거 위로")
    assert Report.objects.get().section_order == []


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("heading-basis", "두\n줄"),
        ("heading-basis", "a\x00"),
        ("heading-basis", "가" * 101),
        ("topics", "999999"),
        ("topics", "9" * 20),
        ("district", "999999"),
        ("box_form", "z"),
    ],
)
def test_bad_settings_are_told_at_their_field(report: Report, field: str, bad: str) -> None:
    page = setting().tamper(field, bad).press(SAVE)
    assert (page.status, list(page.answer.context["form"].errors)) == (422, [field])
    assert Report.objects.get().lock_version == report.lock_version


def test_districts_and_topics_of_another_conference_are_none(report: Report) -> None:
    times = {"starts_at": report.conference.starts_at, "ends_at": report.conference.ends_at}
    other = Conference.objects.create(slug="other", title="다른 행사", **times)
    district, topic = (
        District.objects.create(conference=other, name="남"),
        Topic.objects.create(conference=other, name="남"),
    )
    page = setting().tamper("district", district.pk).tamper("topics", topic.pk).press(SAVE)
    assert (page.status, set(page.answer.context["form"].errors)) == (422, {"district", "topics"})


def test_stale_settings_are_told_and_kept(report: Report) -> None:
    late = setting().fill("추진 근거가 없는 사유", "늦게 쓴 사유")
    drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, summary="먼저 쓴 요지")
    page = late.press(SAVE)
    assert page.status == 409
    assert page.press(SAVE).status == 302  # what was typed stands in it still
    assert (Report.objects.get().no_basis_reason, Report.objects.get().summary) == ("늦게 쓴 사유", "먼저 쓴 요지")


# ── overrides ───────────────────────────────────────────────────────────────────────────────────
def rewriting() -> Form:
    return Visitor("wook").open(f"{BASE}texts/overview/").form("이 글로 싣기")


def override(text: str) -> Page:
    return rewriting().fill("고쳐 쓴 글", text).press("이 글로 싣기")


def test_the_collected_words_stand_beside_those_typed(client: Client, report: Report) -> None:
    page = client.get(f"{BASE}texts/overview/")
    assert "  일 시: 2015. 11. 24.(화) 13:00~18:00" in page.context["collected"].splitlines()
    override("요약한 개요\n둘째 문단")
    blocks = next(
        part for part in document.edition_content(Report.objects.get())["sections"] if part["id"] == "overview"
    )
    assert [block["text"] for block in blocks["blocks"]] == ["요약한 개요", "둘째 문단"]
    assert client.get(f"{BASE}texts/overview/").context["form"]["text"].value() == "요약한 개요\n둘째 문단"


def test_a_newer_source_is_told(client: Client, report: Report) -> None:
    override("요약한 개요")
    assert client.get(f"{BASE}texts/overview/").context["is_old"] is False
    Conference.objects.update(title="이름을 바꾼 컨퍼런스")
    assert client.get(f"{BASE}texts/overview/").context["is_old"] is True


def test_no_words_or_the_collected_ones_take_it_back(client: Client, report: Report) -> None:
    for text in ("", client.get(f"{BASE}texts/overview/").context["collected"]):
        override("요약한 개요")
        assert report.overrides.count() == 1
        override(text)
        assert report.overrides.count() == 0


@pytest.mark.parametrize("bad", ["a\x00", "가" * 20_001])
def test_hostile_words_are_refused(report: Report, bad: str) -> None:
    assert (rewriting().tamper("text", bad).press().status, report.overrides.count()) == (422, 0)


def test_a_stale_override_is_told_and_kept(report: Report) -> None:
    late = rewriting().fill("고쳐 쓴 글", "늦게 쓴 개요")
    drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, summary="먼저 쓴 요지")
    page = late.press("이 글로 싣기")
    [text] = page.form("이 글로 싣기").find("고쳐 쓴 글")
    assert (page.status, text.values, report.overrides.count()) == (409, ["늦게 쓴 개요"], 0)


@pytest.mark.parametrize("section", ["photos", "nothing"])
def test_what_is_no_section_of_words_is_no_page(client: Client, report: Report, section: str) -> None:
    assert client.get(f"{BASE}texts/{section}/").status_code == 404


# ── 지난 보고 가져오기 ─────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def earlier(report: Report) -> Report:
    """The office's report of an earlier year."""
    made = Report.objects.create(
        kind="result",
        title="2014년 결과보고",
        department=report.department,
        drafter=report.drafter,
        conference=report.conference,
        number=7,
        preamble="지난 머리말",
        summary="지난 요지",
        keywords=["협력", "지역"],
        headings={"basis": "지난 근거"},
        box_form="b",
    )
    made.paragraphs.create(section="problems", text="지난 문제점", level=2)
    made.followups.create(text="지난 계획", department="일자리지원과", due="2014-12-01", state="done")
    return made


def taking(source: Report) -> Form:
    """The page 지난 보고 가져오기, with what it has ticked."""
    page = Visitor("wook").open(f"{BASE}take/").form("내용 보기")
    return page.fill("어느 보고에서", f"{source.title} (2015. 11. 24.)").press().form(TAKE)


def test_what_would_be_wiped_is_said_and_not_ticked(client: Client, earlier: Report) -> None:
    page = client.get(f"{BASE}take/?source={earlier.pk}")
    html = page.content.decode()
    assert {found["piece"].name: bool(found["here"]) for found in page.context["pieces"]} == {
        "preamble": True, "summary": False, "keywords": False, "headings": True, "settings": True, "problems": False,
        "followups": False,
    }  # fmt: skip
    assert ('id="piece-summary" checked' in html, 'id="piece-preamble" checked' in html) == (True, False)
    assert html.count("지금 것을 바꿉니다") == 3


def test_only_what_was_ticked_is_taken(report: Report, earlier: Report) -> None:
    preamble = report.preamble
    report.paragraphs.create(section="problems", text="올해 문제점", position=0)
    fields = taking(earlier).fill("문제점 및 개선 지금 것 뒤에 덧붙입니다", True)
    page = fields.press(TAKE)
    now = Report.objects.get(number=1)
    assert (page.status, now.preamble, now.summary, now.keywords) == (
        302,
        preamble,
        "지난 요지",
        ["협력", "지역"],
    )
    assert list(now.paragraphs.values_list("text", "level")) == [("올해 문제점", 1), ("지난 문제점", 2)]
    plan = now.followups.get()
    assert (plan.text, plan.department, plan.due, plan.state) == ("지난 계획", "일자리지원과", None, "open")
    assert now.box_form == report.box_form


def test_nothing_ticked_is_told(report: Report, earlier: Report) -> None:
    page = taking(earlier).fill("가져올 것", ()).press(TAKE)
    assert (page.messages, Report.objects.get(number=1).lock_version) == (
        ["가져올 것을 골라 주세요."],
        report.lock_version,
    )


def test_a_stale_page_takes_nothing(report: Report, earlier: Report) -> None:
    late = taking(earlier)
    drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, preamble="먼저 쓴 머리말")
    assert (late.press(TAKE).status, Report.objects.get(number=1).summary) == (409, "")


def test_another_offices_report_is_no_source(client: Client, earlier: Report) -> None:
    theirs = User.objects.get(username="chair").department
    other = theirs or type(earlier.department).objects.create(
        organisation=earlier.department.organisation, name="다른 과"
    )
    late = taking(earlier)
    Report.objects.filter(pk=earlier.pk).update(department=other)
    assert client.get(f"{BASE}take/?source={earlier.pk}").status_code == 404
    assert late.press(TAKE).status == 404
    assert client.get(f"{BASE}take/?source=%00").status_code == 200
