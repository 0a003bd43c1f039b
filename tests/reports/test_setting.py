"""How a report is cut and printed, sections written by hand, and what is taken from an earlier report."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from conference.models import Conference, District, Topic, User
from reports import document, drafting
from reports.models import Report
from tests.reports.writing import BASE, signed_in


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return unsigned.reports.get(number=1)


@pytest.fixture
def client(report: Report) -> Client:
    return signed_in("wook")


def shown(client: Client, **typed: Any) -> dict[str, Any]:
    """What the page 범위와 형식 would send."""
    form = client.get(f"{BASE}form/").context["form"]
    values = {field.name: field.value() for field in form}
    values["topics"] = [topic.pk for topic in form.instance.topics.all()]
    return {name: value for name, value in (values | typed).items() if value not in (None, "")}


def test_scope_and_form_are_saved_together(client: Client, report: Report) -> None:
    other = Topic.objects.filter(conference=report.conference).exclude(reports=report).first()
    typed = {"topics": [other.pk], "district": report.conference.districts.last().pk, "box_form": "b"}
    answer = client.post(f"{BASE}form/", shown(client, **typed, glyphs="□", photo_position="attached"))
    now = Report.objects.get()
    assert (answer.status_code, list(now.topics.all()), now.box_form, now.glyphs) == (302, [other], "b", "□")
    assert (now.district, now.photo_position, now.lock_version) == (
        report.conference.districts.last(),
        "attached",
        report.lock_version + 1,
    )


def test_headings_left_empty_keep_the_usual_words(client: Client, report: Report) -> None:
    before = dict(report.headings)
    client.post(f"{BASE}form/", shown(client, **{"heading-problems": "문제점", "heading-basis": ""}))
    now = Report.objects.get().headings
    assert now == {key: text for key, text in before.items() if key != "basis"} | {"problems": "문제점"}


def test_a_section_moves_and_what_was_typed_is_saved(client: Client, report: Report) -> None:
    client.post(f"{BASE}form/", shown(client, do="down:basis", no_basis_reason="방침으로 추진"))
    now = Report.objects.get()
    assert (now.section_order[:3], now.no_basis_reason) == (["overview", "basis", "programme"], "방침으로 추진")
    client.post(f"{BASE}form/", shown(client, do="up:basis"))
    assert Report.objects.get().section_order == []


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("heading-basis", "두\n줄"),
        ("heading-basis", "a\x00"),
        ("heading-basis", "가" * 101),
        ("topics", ["999999"]),
        ("topics", ["9" * 20]),
        ("district", "999999"),
        ("box_form", "z"),
    ],
)
def test_bad_settings_are_told_at_their_field(client: Client, report: Report, field: str, bad: Any) -> None:
    answer = client.post(f"{BASE}form/", shown(client, **{field: bad}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Report.objects.get().lock_version == report.lock_version


def test_districts_and_topics_of_another_conference_are_none(client: Client, report: Report) -> None:
    times = {"starts_at": report.conference.starts_at, "ends_at": report.conference.ends_at}
    other = Conference.objects.create(slug="other", title="다른 행사", **times)
    district, topic = (
        District.objects.create(conference=other, name="남"),
        Topic.objects.create(conference=other, name="남"),
    )
    answer = client.post(f"{BASE}form/", shown(client, district=district.pk, topics=[topic.pk]))
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"district", "topics"})


def test_stale_settings_are_told_and_kept(client: Client, report: Report) -> None:
    data = shown(client, no_basis_reason="늦게 쓴 사유")
    drafting.save(report, by=report.drafter, lock_version=report.lock_version, summary="먼저 쓴 요지")
    answer = client.post(f"{BASE}form/", data)
    assert (answer.status_code, answer.context["form"]["no_basis_reason"].value()) == (409, "늦게 쓴 사유")
    data["lock_version"] = answer.context["form"]["lock_version"].value()
    assert client.post(f"{BASE}form/", data).status_code == 302
    assert (Report.objects.get().no_basis_reason, Report.objects.get().summary) == ("늦게 쓴 사유", "먼저 쓴 요지")


# ── overrides ───────────────────────────────────────────────────────────────────────────────────
def override(client: Client, text: str, **more: Any):
    form = client.get(f"{BASE}texts/overview/").context["form"]
    return client.post(f"{BASE}texts/overview/", form.initial | {"text": text} | more)


def test_the_collected_words_stand_beside_those_typed(client: Client, report: Report) -> None:
    page = client.get(f"{BASE}texts/overview/")
    assert "  일 시: 2015. 11. 24.(화) 13:00~18:00" in page.context["collected"].splitlines()
    override(client, "요약한 개요\n둘째 문단")
    blocks = next(part for part in document.content(Report.objects.get())["sections"] if part["id"] == "overview")
    assert [block["text"] for block in blocks["blocks"]] == ["요약한 개요", "둘째 문단"]
    assert client.get(f"{BASE}texts/overview/").context["form"]["text"].value() == "요약한 개요\n둘째 문단"


def test_a_newer_source_is_told(client: Client, report: Report) -> None:
    override(client, "요약한 개요")
    assert client.get(f"{BASE}texts/overview/").context["is_old"] is False
    Conference.objects.update(title="이름을 바꾼 컨퍼런스")
    assert client.get(f"{BASE}texts/overview/").context["is_old"] is True


def test_no_words_or_the_collected_ones_take_it_back(client: Client, report: Report) -> None:
    for text in ("", client.get(f"{BASE}texts/overview/").context["collected"]):
        override(client, "요약한 개요")
        assert report.overrides.count() == 1
        override(client, text)
        assert report.overrides.count() == 0


@pytest.mark.parametrize("bad", ["a\x00", "가" * 20_001])
def test_hostile_words_are_refused(client: Client, report: Report, bad: str) -> None:
    assert (override(client, bad).status_code, report.overrides.count()) == (422, 0)


def test_a_stale_override_is_told_and_kept(client: Client, report: Report) -> None:
    answer = override(client, "늦게 쓴 개요", lock_version=99)
    assert (answer.status_code, answer.context["form"]["text"].value(), report.overrides.count()) == (
        409,
        "늦게 쓴 개요",
        0,
    )


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


def take(client: Client, source: Report, *pieces: str, **more: Any):
    lock_version = Report.objects.get(number=1).lock_version
    return client.post(f"{BASE}take/", {"source": source.pk, "piece": pieces, "lock_version": lock_version} | more)


def test_what_would_be_wiped_is_said_and_not_ticked(client: Client, earlier: Report) -> None:
    page = client.get(f"{BASE}take/?source={earlier.pk}")
    html = page.content.decode()
    assert {found["piece"].name: bool(found["here"]) for found in page.context["pieces"]} == {
        "preamble": True, "summary": False, "keywords": False, "headings": True, "settings": True, "problems": False,
        "followups": False,
    }  # fmt: skip
    assert ('id="piece-summary" checked' in html, 'id="piece-preamble" checked' in html) == (True, False)
    assert html.count("지금 것을 바꿉니다") == 3


def test_only_what_was_ticked_is_taken(client: Client, report: Report, earlier: Report) -> None:
    preamble = report.preamble
    report.paragraphs.create(section="problems", text="올해 문제점", position=0)
    answer = take(client, earlier, "summary", "keywords", "problems", "followups", "nonsense")
    now = Report.objects.get(number=1)
    assert (answer.status_code, now.preamble, now.summary, now.keywords) == (
        302,
        preamble,
        "지난 요지",
        ["협력", "지역"],
    )
    assert list(now.paragraphs.values_list("text", "level")) == [("올해 문제점", 1), ("지난 문제점", 2)]
    plan = now.followups.get()
    assert (plan.text, plan.department, plan.due, plan.state) == ("지난 계획", "일자리지원과", None, "open")
    assert now.box_form == report.box_form


def test_nothing_ticked_is_told(client: Client, report: Report, earlier: Report) -> None:
    answer = take(client, earlier, follow=True)
    assert (answer.status_code, Report.objects.get(number=1).lock_version) == (302, report.lock_version)


def test_a_stale_page_takes_nothing(client: Client, report: Report, earlier: Report) -> None:
    assert take(client, earlier, "summary", lock_version=99).status_code == 409
    assert Report.objects.get(number=1).summary == ""


def test_another_offices_report_is_no_source(client: Client, earlier: Report) -> None:
    theirs = User.objects.get(username="chair").department
    other = theirs or type(earlier.department).objects.create(
        organisation=earlier.department.organisation, name="다른 과"
    )
    Report.objects.filter(pk=earlier.pk).update(department=other)
    assert client.get(f"{BASE}take/?source={earlier.pk}").status_code == 404
    assert take(client, earlier, "summary").status_code == 404
    assert client.get(f"{BASE}take/?source=%00").status_code == 200
