"""Parts of a report that are rows: saved in the order of the page, stale ones told, others' left alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from approvals.models import Document
from conference.models import Conference
from reports import checks, document, drafting
from reports.models import Report
from tests.conference.test_photos import jpeg
from tests.forms import Upload
from tests.reports.report_pages import BASE, form, grid, sign_in
from tests.sample_files import PDF
from tests.visitor import Page

PROBLEMS, PLANS = "문제점 및 개선", "향후 계획"


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return unsigned.reports.get(number=1)


@pytest.fixture
def client(report: Report) -> Client:
    return sign_in("youngbun")  # a colleague of the drafter: she writes, too


TABS = ("texts/", "lists/", "photos/", "form/", "line/", "take/", "texts/overview/")


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize(("username", "status"), [("wook", 200), ("youngbun", 200), ("seongbuk", 403), ("chair", 403)])
def test_the_pages_are_the_offices_own(report: Report, tab: str, username: str, status: int) -> None:
    assert sign_in(username).get(BASE + tab).status_code == status


@pytest.mark.parametrize("tab", TABS)
def test_what_is_signed_has_no_pages_to_write_on(example: Conference, tab: str) -> None:
    answer = sign_in("wook").get(BASE + tab)
    assert (answer.status_code, answer.url) == (302, BASE)


def test_strangers_find_no_pages(report: Report) -> None:
    User.objects.create_user("outsider", name="도봉구 담당", position="주무관")
    client = sign_in("outsider")
    assert {client.get(BASE + tab).status_code for tab in TABS} == {404}
    assert {client.post(BASE + tab).status_code for tab in TABS[:3]} == {404}


def test_the_tabs_say_what_is_left(report: Report) -> None:
    tabs = {str(name): left for _address, name, _here, left in sign_in("wook").get(BASE).context["tabs"]}
    assert tabs == {
        "점검과 초안": None,
        "본문 글": 3,
        "실적 확인": 26,
        "사진": 0,
        "예산·홍보·계획·붙임": None,
        "범위와 형식": None,
        "결재선": 1,
    }


def test_a_text_of_several_lines_becomes_an_item_each(report: Report) -> None:
    before = report.lock_version
    typed = {"내용": "이동 시간이 짧음\n\n 안내 부족 ", "단계": "○"}
    answer = form("texts").fill_all(typed, within=PROBLEMS).press("저장").answer
    rows = report.paragraphs.filter(section="problems").values_list("text", "level", "position")
    assert (answer.status_code, answer.url) == (302, f"{BASE}texts/")
    assert list(rows) == [("이동 시간이 짧음", 2, 0), ("안내 부족", 2, 1)]
    assert Report.objects.get().lock_version == before + 1
    assert "안내 부족" in document.render_draft(report, document.edition_content(Report.objects.get()))


def test_rows_move_and_go_with_everything_typed_saved(report: Report) -> None:
    for at, text in enumerate(("하나", "둘", "셋")):
        report.paragraphs.create(section="plans", text=text, position=at)
    moved = form("texts").fill("내용", "라", within="하나").press("하나 아래로")
    assert moved.answer.url == f"{BASE}texts/#plans"
    assert list(report.paragraphs.values_list("text", flat=True)) == ["둘", "라", "셋"]
    form("texts").fill("내용", "마", within="셋").press("둘 지우기")
    assert list(report.paragraphs.values_list("text", flat=True)) == ["라", "마"]


def test_only_what_changed_is_written(report: Report) -> None:
    for at, text in enumerate(("하나", "둘")):
        report.paragraphs.create(section="plans", text=text, position=at)
    form("texts").fill("내용", "셋", within="둘").press("저장")
    histories = [row.history.all() for row in report.paragraphs.all()]
    assert [history.count() for history in histories] == [1, 2]
    assert histories[1].first().history_user.username == "youngbun"


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (("", "1,000", "0"), {"item"}),
        (("인쇄비", "천원", "-1"), {"planned", "spent"}),
        (("a\x00b", "9" * 20, "0"), {"item", "planned"}),
        (("가" * 101, "1.5", "1"), {"item", "planned"}),
    ],
)
def test_a_faulty_line_is_told_and_nothing_is_saved(report: Report, typed: tuple[str, ...], errors: set[str]) -> None:
    fields = form("lists").fill_all({"과목": "장소비", "예산액": "10", "집행액": "5"}, within="예산 집행", at=1)
    for name, text in zip(("item", "planned", "spent"), typed, strict=True):
        fields.tamper(f"budget-new0-{name}", text)  # longer than what may be typed
    page = fields.press("저장")
    lines = grid(page, "budget").lines
    assert (page.status, set(lines[0].errors), report.budget.count()) == (422, errors, 0)
    assert lines[1]["item"].value() == "장소비"


def test_money_dates_and_addresses_are_read_as_people_write_them(report: Report) -> None:
    fields = form("lists")
    fields.fill_all({"과목": "인쇄비", "예산액": "1,200,000", "집행액": "1,130,560"}, within="예산 집행", at=0)
    fields.fill_all({"내용": "교재 공유", "기한": "2016. 3. 1.(화)", "상태": "진행"}, within="향후 계획", at=0)
    fields.fill_all({"매체": "구보", "날짜": "11/10", "웹 주소": "gangbuk.go.kr/news"}, within="홍보", at=0).press(
        "저장"
    )
    report.refresh_from_db()
    assert report.budget.values_list("planned", "spent").get() == (1_200_000, 1_130_560)
    assert (str(report.followups.get().due), report.followups.get().state) == ("2016-03-01", "running")
    assert (str(report.publicity.get().on), report.publicity.get().url) == ("2015-11-10", "https://gangbuk.go.kr/news")


def test_all_sections_of_a_page_are_saved_together(report: Report) -> None:
    fields = form("texts").fill("내용", "안내 부족", within=PROBLEMS).fill("내용", "내년에도", within=PLANS)
    page = fields.fill("머리말", "새 머리말").press("저장")
    assert (page.status, Report.objects.get().preamble) == (302, "새 머리말")
    assert set(report.paragraphs.values_list("section", "text")) == {("problems", "안내 부족"), ("plans", "내년에도")}


def test_one_faulty_section_keeps_what_was_typed_in_all_and_saves_none(report: Report) -> None:
    fields = form("lists").fill("예산액", "천원", at=0).fill("내용", "교재 공유", at=0).fill("매체", "구보", at=0)
    page = fields.press("저장")
    assert (page.status, report.followups.count(), report.publicity.count()) == (422, 0, 0)
    assert set(grid(page, "budget").lines[0].errors) == {"item", "planned", "spent"}
    shown = page.form("저장")
    assert [shown.find(label, at=0)[0].values for label in ("내용", "매체")] == [["교재 공유"], ["구보"]]
    page = form("texts").fill("내용", "내년에도", within=PLANS).fill("제목", "").press("저장")
    assert (page.status, "내년에도" in page.text, "제목: 필수 항목입니다." in page.text) == (422, True, True)


def test_what_two_wrote_into_different_places_is_merged(report: Report) -> None:
    kept, gone = (
        report.paragraphs.create(section="problems", text=text, position=at) for at, text in enumerate("가나")
    )
    late = form("texts").fill("내용", "늦게 쓴 것", within=(PROBLEMS, "새 줄")).fill("머리말", "늦은 머리말")
    report.paragraphs.create(section="problems", text="먼저 쓴 것", position=2)
    gone.delete()
    drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, summary="먼저 쓴 요지")
    assert late.press("저장").status == 302
    now = Report.objects.get()
    assert (now.preamble, now.summary) == ("늦은 머리말", "먼저 쓴 요지")
    assert list(report.paragraphs.values_list("text", flat=True)) == [kept.text, "늦게 쓴 것", "먼저 쓴 것"]


def test_where_two_wrote_the_same_both_are_shown_and_one_is_chosen(report: Report) -> None:
    late = (
        form("texts")
        .fill("내용", "내년에도", within=PLANS)
        .fill_all({"머리말": "늦은 머리말", "문서요지": "늦은 요지"})
    )
    first = {"preamble": "먼저 쓴\n머리말", "summary": "먼저 쓴 요지", "keywords": ["먼저"]}
    drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, **first)
    page = late.press("저장")
    assert (page.status, list(page.answer.context["texts"].errors)) == (409, ["preamble", "summary"])
    assert Report.objects.get().preamble == "먼저 쓴\n머리말"
    both = ("늦은 머리말", "먼저 쓴<br>머리말", "내년에도", "늦은 요지", "먼저 쓴 요지")
    assert [text in page.text for text in both] == [True] * 5
    assert page.form("저장").fill("머리말: 저장된 글로 두기", True).press("저장").status == 302
    now = Report.objects.get()
    assert (now.preamble, now.summary, now.keywords) == ("먼저 쓴\n머리말", "늦은 요지", ["먼저"])
    assert report.paragraphs.get().text == "내년에도"


def test_what_is_left_alone_is_not_taken_back_by_saving_again(report: Report) -> None:
    report.budget.create(item="인쇄비", planned=1, spent=1)
    late = form("lists").fill("집행액", "천원", within="인쇄비")
    report.budget.update(item="장소비")
    page = late.press("저장")
    assert page.form("저장").fill("집행액", "2", within="장소비").press("저장").status == 302
    assert report.budget.values_list("item", "spent").get() == ("장소비", 2)


def test_a_line_that_another_has_changed_is_deleted_by_choice_alone(report: Report) -> None:
    report.paragraphs.create(section="plans", text="처음 글")
    late = form("texts")
    report.paragraphs.update(text="고친 글")
    page = late.press("처음 글 지우기")
    [text] = page.form("저장").find("내용", within="고친 글")
    assert (page.status, text.values, report.paragraphs.count()) == (409, ["고친 글"], 1)
    assert (page.form("저장").press("고친 글 지우기").status, report.paragraphs.count()) == (302, 0)


def test_a_save_between_reading_and_writing_is_compared_with_too(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, keep = form("texts").fill("머리말", "늦은 머리말"), drafting.save_page

    def overtaken(*args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(drafting, "save_page", keep)
        drafting.save_fields(report, by=report.drafter, lock_version=report.lock_version, summary="먼저 쓴 요지")
        keep(*args, **kwargs)

    monkeypatch.setattr(drafting, "save_page", overtaken)
    assert late.press("저장").status == 302
    now = report = Report.objects.get()
    assert (now.preamble, now.summary) == ("늦은 머리말", "먼저 쓴 요지")
    monkeypatch.setattr(drafting, "save_page", overtaken)
    assert attached("회의록", Upload("회의록.pdf", PDF)).status == 302
    assert report.attachments.get().file.size == len(PDF)


@pytest.mark.parametrize(
    ("tab", "label", "section", "value"),
    [
        ("texts", "내용", PLANS, "되살린 글"),
        ("lists", "매체", "홍보", "되살린 글"),
        ("photos", "성북구 발표", "보관함에서 고르기", True),
    ],
)
def test_what_the_browser_kept_is_drawn_and_not_saved(
    report: Report, tab: str, label: str, section: str, value: Any
) -> None:
    pick = report.report_photos.first().photo_id
    report.report_photos.filter(photo=pick).delete()
    page = form(tab).fill(label, value, within=section, at=0).send_without_button(do="check")
    shown = page.form("저장").find(label, within=section, at=0)[0].values
    assert (page.status, " data-unsaved" in page.text, shown) == (200, True, [str(pick) if value is True else value])
    assert (report.paragraphs.count(), report.publicity.count(), Report.objects.get().lock_version) == (
        0,
        0,
        report.lock_version,
    )


def test_what_comes_after_the_submission_is_shown_to_its_writer(report: Report) -> None:
    late = form("texts").fill("내용", "늦게 쓴 것", within=PROBLEMS)
    Document.objects.filter(pk=report.pk).update(state=Document.State.RUNNING)
    page = late.press("저장")
    assert (page.status, "늦게 쓴 것" in page.text) == (409, True)
    assert report.paragraphs.count() == 0


def test_a_row_deleted_meanwhile_is_kept_as_a_new_one(report: Report) -> None:
    row = report.paragraphs.create(section="plans", text="지워질 것")
    late = form("texts").fill("내용", "내가 고친 것", within="지워질 것")
    row.delete()
    assert late.press("저장").status == 302
    assert list(report.paragraphs.values_list("text", "section")) == [("내가 고친 것", "plans")]


def test_rows_of_another_report_are_not_touched(report: Report) -> None:
    other = Report.objects.create(
        kind="result", title="다른 보고", department=User.objects.get(username="seongbuk").department
        or report.department, drafter=report.drafter, conference=report.conference, number=2,
    )  # fmt: skip
    theirs = other.paragraphs.create(section="plans", text="남의 글")
    prefix = f"plans-{theirs.pk}"
    fields = form("texts").tamper("plans", theirs.pk).tamper(f"{prefix}-text", "바꾼 글").tamper(f"{prefix}-level", "1")
    fields.send_without_button(do=f"drop:{prefix}")
    theirs.refresh_from_db()
    assert (theirs.text, report.paragraphs.count()) == ("남의 글", 0)


def attached(name: str, upload: Upload) -> Page:
    fields = form("lists")
    fields.fill("파일", upload, within=("붙임", "새 줄"), at=0)
    return fields.fill_all({"명칭": name, "부수": "1"}, within=("붙임", "새 줄"), at=0).press("저장")


def test_files_are_attached_and_their_names_stay_apart(report: Report) -> None:
    for content in (PDF, PDF + b"\n"):
        attached("회의록", Upload("회의록.pdf", content))
    names = [row.file.name for row in report.attachments.select_related("file")]
    assert (names, report.attachments.first().file.media_type) == (["회의록.pdf", "회의록 (2).pdf"], "application/pdf")


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.pdf", b"", "빈 파일입니다. 파일이 다 옮겨졌는지 확인해 주세요."),
        ("a.pdf", b"text", "파일의 내용이 확장자와 다릅니다."),
        ("a.exe", b"MZ", "받지 않는 파일입니다. 받는 파일: 사진(JPEG, PNG), .pdf, .hwp, .hwpx, .pptx, .docx, .xlsx"),
        ("a.jpg", jpeg()[:100], "사진 파일이 망가졌습니다."),
    ],
)
def test_a_bad_file_is_told_at_its_field(report: Report, name: str, content: bytes, text: str) -> None:
    page = attached("사진", Upload(name, content))
    lines = grid(page, "attachments").lines
    assert (page.status, lines[0].errors["upload"]) == (422, [text])
    assert (report.attachments.count(), lines[0]["name"].value()) == (0, "사진")


def test_photos_are_chosen_ordered_captioned_and_taken_out(report: Report) -> None:
    pool = list(report.conference.photos.all())
    report.report_photos.all().delete()
    form("photos").tamper("pick", pool[3].pk, pool[1].pk, pool[1].pk, "x", "9" * 30).press("저장")
    assert [row.photo_id for row in report.report_photos.all()] == [pool[1].pk, pool[3].pk]
    first, second = pool[1].caption, pool[3].caption
    fields = form("photos").fill_all({"사진 설명(이 보고서)": "다른 설명", "너비": "한 줄"}, within=second)
    fields.press(f"{second} 위로")
    assert list(report.report_photos.values_list("photo", "caption", "width")) == [
        (pool[3].pk, "다른 설명", "full"),
        (pool[1].pk, "", "half"),
    ]
    form("photos").press(f"{first} 빼기")
    assert [row.photo_id for row in report.report_photos.all()] == [pool[3].pk]


def test_the_pool_to_choose_from_is_filtered_and_lacks_what_is_chosen(client: Client, report: Report) -> None:
    report.report_photos.last().delete()
    count = report.conference.photos.count() - report.report_photos.count()
    assert len(client.get(f"{BASE}photos/").context["choice"]) == count
    assert len(client.get(f"{BASE}photos/?stage=preparation&session=nonsense").context["choice"]) == 0


def test_pictures_of_another_conference_are_not_taken(report: Report) -> None:
    other = Conference.objects.create(
        slug="other", title="다른 행사", starts_at=report.conference.starts_at, ends_at=report.conference.ends_at
    )
    file = other.files.create(digest="0" * 64, name="a.jpg", media_type="image/jpeg", size=1)
    before = report.report_photos.count()
    form("photos").tamper("pick", other.photos.create(file=file).pk).press("저장")
    assert report.report_photos.count() == before


def test_the_draft_is_served_alone(client: Client, report: Report) -> None:
    page = client.get(f"{BASE}draft/").content.decode()
    assert (page.lstrip().startswith("<article"), "<html" in page) == (True, False)


def test_what_is_missing_is_typed_where_the_check_leads(report: Report, client: Client) -> None:
    """On the page itself that names it nothing can be typed."""
    Report.objects.filter(pk=report.pk).update(title=" ", district=None)
    report.refresh_from_db()
    report.topics.clear()
    report.paragraphs.all().delete()
    links = {each.where: each.link for each in checks.check_required_content(report)}
    assert links.keys() == {"제목", "추진 실적"}
    for link in links.values():
        path, _sharp, fragment = link.partition("#")
        page = client.get(path).content.decode()
        assert "<textarea" in page
        assert not fragment or f'id="{fragment}"' in page
