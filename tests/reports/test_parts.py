"""Parts of a report that are rows: saved in the order of the page, stale ones told, others' left alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from approvals.models import Document
from conference.models import Conference, User
from reports import checks, document, drafting
from reports.models import Report
from tests.conference.test_photos import jpeg
from tests.documents import PDF
from tests.reports.writing import BASE, grid, save, signed_in, whole


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return unsigned.reports.get(number=1)


@pytest.fixture
def client(report: Report) -> Client:
    return signed_in("youngbun")  # a colleague of the drafter: she writes, too


TABS = ("texts/", "lists/", "photos/", "form/", "line/", "take/", "texts/overview/")


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize(("username", "status"), [("wook", 200), ("youngbun", 200), ("seongbuk", 403), ("chair", 403)])
def test_the_pages_are_the_offices_own(report: Report, tab: str, username: str, status: int) -> None:
    assert signed_in(username).get(BASE + tab).status_code == status


@pytest.mark.parametrize("tab", TABS)
def test_what_is_signed_has_no_pages_to_write_on(example: Conference, tab: str) -> None:
    answer = signed_in("wook").get(BASE + tab)
    assert (answer.status_code, answer.url) == (302, BASE)


def test_strangers_find_no_pages(report: Report) -> None:
    User.objects.create_user("outsider", name="도봉구 담당", position="주무관")
    client = signed_in("outsider")
    assert {client.get(BASE + tab).status_code for tab in TABS} == {404}
    assert {client.post(BASE + tab).status_code for tab in TABS[:3]} == {404}


def test_the_tabs_say_what_is_left(report: Report) -> None:
    tabs = {str(name): left for _address, name, _here, left in signed_in("wook").get(BASE).context["tabs"]}
    assert tabs == {
        "점검과 초안": None,
        "본문 글": 3,
        "실적 확인": 26,
        "사진": 0,
        "예산·홍보·계획·붙임": None,
        "범위와 형식": None,
        "결재선": 1,
    }


def test_a_text_of_several_lines_becomes_an_item_each(client: Client, report: Report) -> None:
    before = report.lock_version
    answer = save(client, "texts", "problems", {"new0": {"text": "이동 시간이 짧음\n\n 안내 부족 ", "level": "2"}})
    rows = report.paragraphs.filter(section="problems").values_list("text", "level", "position")
    assert (answer.status_code, answer.url) == (302, f"{BASE}texts/")
    assert list(rows) == [("이동 시간이 짧음", 2, 0), ("안내 부족", 2, 1)]
    assert Report.objects.get().lock_version == before + 1
    assert "안내 부족" in document.draft(report, document.content(Report.objects.get()))


def test_rows_move_and_go_with_everything_typed_saved(client: Client, report: Report) -> None:
    rows = [report.paragraphs.create(section="plans", text=text, position=at) for at, text in enumerate("가나다")]
    first, second, third = (str(row.pk) for row in rows)
    moved = save(client, "texts", "plans", {first: {"text": "라"}}, do=f"down:plans-{first}")
    assert moved.url == f"{BASE}texts/#plans"
    assert list(report.paragraphs.values_list("text", flat=True)) == ["나", "라", "다"]
    save(client, "texts", "plans", {third: {"text": "마"}}, do=f"drop:plans-{second}")
    assert list(report.paragraphs.values_list("text", flat=True)) == ["라", "마"]


def test_only_what_changed_is_written(client: Client, report: Report) -> None:
    rows = [report.paragraphs.create(section="plans", text=text, position=at) for at, text in enumerate("가나")]
    save(client, "texts", "plans", {str(rows[1].pk): {"text": "다"}})
    assert [row.history.count() for row in report.paragraphs.all()] == [1, 2]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"item": "", "planned": "1,000", "spent": "0"}, {"item"}),
        ({"item": "인쇄비", "planned": "천원", "spent": "-1"}, {"planned", "spent"}),
        ({"item": "a\x00b", "planned": "9" * 20, "spent": "0"}, {"item", "planned"}),
        ({"item": "가" * 101, "planned": "1.5", "spent": "1"}, {"item", "planned"}),
    ],
)
def test_a_faulty_line_is_told_and_nothing_is_saved(
    client: Client, report: Report, typed: dict[str, str], errors: set[str]
) -> None:
    answer = save(client, "lists", "budget", {"new0": typed, "new1": {"item": "장소비", "planned": "10", "spent": "5"}})
    lines = grid(answer, "budget").lines
    assert (answer.status_code, set(lines[0].errors), report.budget.count()) == (422, errors, 0)
    assert lines[1]["item"].value() == "장소비"


def test_money_dates_and_addresses_are_read_as_people_write_them(client: Client, report: Report) -> None:
    save(client, "lists", "budget", {"new0": {"item": "인쇄비", "planned": "1,200,000", "spent": "1,130,560"}})
    save(client, "lists", "followups", {"new0": {"text": "교재 공유", "due": "2016. 3. 1.(화)", "state": "running"}})
    save(client, "lists", "publicity", {"new0": {"medium": "구보", "url": "gangbuk.go.kr/news"}})
    report.refresh_from_db()
    assert report.budget.values_list("planned", "spent").get() == (1_200_000, 1_130_560)
    assert (str(report.followups.get().due), report.followups.get().state) == ("2016-03-01", "running")
    assert report.publicity.get().url == "https://gangbuk.go.kr/news"


def test_all_sections_of_a_page_are_saved_together(client: Client, report: Report) -> None:
    typed = {"problems": {"new0": {"text": "안내 부족"}}, "plans": {"new0": {"text": "내년에도"}}}
    answer = client.post(f"{BASE}texts/", whole(client, "texts", typed, preamble="새 머리말"))
    assert (answer.status_code, Report.objects.get().preamble) == (302, "새 머리말")
    assert set(report.paragraphs.values_list("section", "text")) == {("problems", "안내 부족"), ("plans", "내년에도")}


def test_one_faulty_section_keeps_what_was_typed_in_all_and_saves_none(client: Client, report: Report) -> None:
    typed = {"budget": {"new0": {"item": "", "planned": "천원"}}, "followups": {"new0": {"text": "교재 공유"}}}
    answer = client.post(f"{BASE}lists/", whole(client, "lists", typed | {"publicity": {"new1": {"medium": "구보"}}}))
    assert (answer.status_code, report.followups.count(), report.publicity.count()) == (422, 0, 0)
    assert set(grid(answer, "budget").lines[0].errors) == {"item", "planned", "spent"}
    assert (
        grid(answer, "followups").lines[0]["text"].value(),
        grid(answer, "publicity").lines[0]["medium"].value(),
    ) == (
        "교재 공유",
        "구보",
    )
    answer = client.post(f"{BASE}texts/", whole(client, "texts", {"plans": {"new0": {"text": "내년에도"}}}, title=""))
    page = answer.content.decode()
    assert (answer.status_code, "내년에도" in page, "제목: 필수 항목입니다." in page) == (422, True, True)
    assert client.get(answer.wsgi_request.path).status_code == 200


def test_what_two_wrote_into_different_places_is_merged(client: Client, report: Report) -> None:
    kept, gone = (
        report.paragraphs.create(section="problems", text=text, position=at) for at, text in enumerate("가나")
    )
    data = whole(client, "texts", {"problems": {"new0": {"text": "늦게 쓴 것"}}}, preamble="늦은 머리말")
    report.paragraphs.create(section="problems", text="먼저 쓴 것", position=2)
    gone.delete()
    drafting.save(report, by=report.drafter, lock_version=report.lock_version, summary="먼저 쓴 요지")
    assert client.post(f"{BASE}texts/", data).status_code == 302
    now = Report.objects.get()
    assert (now.preamble, now.summary) == ("늦은 머리말", "먼저 쓴 요지")
    assert list(report.paragraphs.values_list("text", flat=True)) == [kept.text, "늦게 쓴 것", "먼저 쓴 것"]


def test_where_two_wrote_the_same_both_are_shown_and_one_is_chosen(client: Client, report: Report) -> None:
    data = whole(
        client, "texts", {"plans": {"new0": {"text": "내년에도"}}}, preamble="늦은 머리말", summary="늦은 요지"
    )
    first = {"preamble": "먼저 쓴\n머리말", "summary": "먼저 쓴 요지", "keywords": ["먼저"]}
    drafting.save(report, by=report.drafter, lock_version=report.lock_version, **first)
    answer = client.post(f"{BASE}texts/", data)
    form, page = answer.context["texts"], answer.content.decode()
    assert (answer.status_code, list(form.errors), Report.objects.get().preamble) == (
        409,
        ["preamble", "summary"],
        "먼저 쓴\n머리말",
    )
    assert [text in page for text in ("늦은 머리말", "먼저 쓴<br>머리말", "내년에도", "늦은 요지", "먼저 쓴 요지")] == [
        True
    ] * 5
    again = data | {"seen": form["seen"].value(), "keywords": form["keywords"].value(), "theirs": "preamble"}
    assert client.post(f"{BASE}texts/", again).status_code == 302
    now = Report.objects.get()
    assert (now.preamble, now.summary, now.keywords) == ("먼저 쓴\n머리말", "늦은 요지", ["먼저"])
    assert report.paragraphs.get().text == "내년에도"


def test_what_is_left_alone_is_not_taken_back_by_saving_again(client: Client, report: Report) -> None:
    row = report.budget.create(item="인쇄비", planned=1, spent=1)
    data = whole(client, "lists", {"budget": {str(row.pk): {"spent": "천원"}}})
    report.budget.update(item="장소비")
    line = grid(client.post(f"{BASE}lists/", data), "budget").lines[0]
    again = data | {line.add_prefix(name): line[name].value() for name in ("item", "seen")}
    assert client.post(f"{BASE}lists/", again | {line.add_prefix("spent"): "2"}).status_code == 302
    assert report.budget.values_list("item", "spent").get() == ("장소비", 2)


def test_a_line_that_another_has_changed_is_deleted_by_choice_alone(client: Client, report: Report) -> None:
    row = report.paragraphs.create(section="plans", text="처음 글")
    data = whole(client, "texts") | {"do": f"drop:plans-{row.pk}"}
    report.paragraphs.update(text="고친 글")
    answer = client.post(f"{BASE}texts/", data)
    line = grid(answer, "plans").lines[0]
    assert (answer.status_code, line["text"].value(), report.paragraphs.count()) == (409, "고친 글", 1)
    again = data | {line.add_prefix(name): line[name].value() for name in ("text", "seen")}
    assert (client.post(f"{BASE}texts/", again).status_code, report.paragraphs.count()) == (302, 0)


def test_a_save_between_reading_and_writing_is_compared_with_too(
    client: Client, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, keep = whole(client, "texts", preamble="늦은 머리말"), drafting.keep

    def overtaken(*args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(drafting, "keep", keep)
        drafting.save(report, by=report.drafter, lock_version=report.lock_version, summary="먼저 쓴 요지")
        keep(*args, **kwargs)

    monkeypatch.setattr(drafting, "keep", overtaken)
    assert client.post(f"{BASE}texts/", data).status_code == 302
    now = report = Report.objects.get()
    assert (now.preamble, now.summary) == ("늦은 머리말", "먼저 쓴 요지")
    monkeypatch.setattr(drafting, "keep", overtaken)
    upload = {"name": "회의록", "copies": "1", "upload": SimpleUploadedFile("회의록.pdf", PDF)}
    assert save(client, "lists", "attachments", {"new0": upload}).status_code == 302
    assert report.attachments.get().file.size == len(PDF)


@pytest.mark.parametrize("tab", ["texts", "lists", "photos"])
def test_what_the_browser_kept_is_drawn_and_not_saved(client: Client, report: Report, tab: str) -> None:
    typed = {"plans": {"new0": {"text": "되살린 글"}}, "publicity": {"new0": {"medium": "되살린 글"}}}
    pick = report.report_photos.first().photo_id
    report.report_photos.filter(photo=pick).delete()
    answer = client.post(f"{BASE}{tab}/", whole(client, tab, typed) | {"do": "check", "pick": pick})
    page = answer.content.decode()
    assert (
        answer.status_code,
        " data-unsaved" in page,
        "되살린 글" in page or f'id="pick-{pick}" checked' in page,
    ) == (
        200,
        True,
        True,
    )
    assert (report.paragraphs.count(), report.publicity.count(), Report.objects.get().lock_version) == (
        0,
        0,
        report.lock_version,
    )


def test_what_comes_after_the_submission_is_shown_to_its_writer(client: Client, report: Report) -> None:
    data = whole(client, "texts", {"problems": {"new0": {"text": "늦게 쓴 것"}}})
    Document.objects.filter(pk=report.pk).update(state=Document.State.RUNNING)
    answer = client.post(f"{BASE}texts/", data)
    assert (answer.status_code, "늦게 쓴 것" in answer.content.decode()) == (409, True)
    assert report.paragraphs.count() == 0


def test_a_row_deleted_meanwhile_is_kept_as_a_new_one(client: Client, report: Report) -> None:
    row = report.paragraphs.create(section="plans", text="지워질 것")
    data = whole(client, "texts", {"plans": {str(row.pk): {"text": "내가 고친 것"}}})
    row.delete()
    assert client.post(f"{BASE}texts/", data).status_code == 302
    assert list(report.paragraphs.values_list("text", "section")) == [("내가 고친 것", "plans")]


def test_rows_of_another_report_are_not_touched(client: Client, report: Report) -> None:
    other = Report.objects.create(
        kind="result", title="다른 보고", department=User.objects.get(username="seongbuk").department
        or report.department, drafter=report.drafter, conference=report.conference, number=2,
    )  # fmt: skip
    theirs = other.paragraphs.create(section="plans", text="남의 글")
    prefix = f"plans-{theirs.pk}"
    foreign = {"plans": [theirs.pk], f"{prefix}-text": "바꾼 글", f"{prefix}-level": "1", "do": f"drop:{prefix}"}
    client.post(f"{BASE}texts/", whole(client, "texts") | foreign)
    theirs.refresh_from_db()
    assert (theirs.text, report.paragraphs.count()) == ("남의 글", 0)


def test_files_are_attached_and_their_names_stay_apart(client: Client, report: Report) -> None:
    for content in (PDF, PDF + b"\n"):
        upload = SimpleUploadedFile("회의록.pdf", content)
        save(client, "lists", "attachments", {"new0": {"name": "회의록", "copies": "1", "upload": upload}})
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
def test_a_bad_file_is_told_at_its_field(client: Client, report: Report, name: str, content: bytes, text: str) -> None:
    upload = SimpleUploadedFile(name, content)
    answer = save(client, "lists", "attachments", {"new0": {"name": "사진", "copies": "1", "upload": upload}})
    lines = grid(answer, "attachments").lines
    assert (answer.status_code, lines[0].errors["upload"]) == (422, [text])
    assert (report.attachments.count(), lines[0]["name"].value()) == (0, "사진")


def test_photos_are_chosen_ordered_captioned_and_taken_out(client: Client, report: Report) -> None:
    pool = list(report.conference.photos.all())
    report.report_photos.all().delete()
    save(client, "photos", "shots", pick=[pool[3].pk, pool[1].pk, pool[1].pk, "x", "9" * 30])
    chosen = {row.photo_id: str(row.pk) for row in report.report_photos.all()}
    assert list(chosen) == [pool[1].pk, pool[3].pk]
    typed = {chosen[pool[3].pk]: {"caption": "다른 설명", "width": "full"}}
    save(client, "photos", "shots", typed, do=f"up:shots-{chosen[pool[3].pk]}")
    assert list(report.report_photos.values_list("photo", "caption", "width")) == [
        (pool[3].pk, "다른 설명", "full"),
        (pool[1].pk, "", "half"),
    ]
    save(client, "photos", "shots", do=f"drop:shots-{chosen[pool[1].pk]}")
    assert [row.photo_id for row in report.report_photos.all()] == [pool[3].pk]


def test_the_pool_to_choose_from_is_filtered_and_lacks_what_is_chosen(client: Client, report: Report) -> None:
    report.report_photos.last().delete()
    count = report.conference.photos.count() - report.report_photos.count()
    assert len(client.get(f"{BASE}photos/").context["choice"]) == count
    assert len(client.get(f"{BASE}photos/?stage=preparation&session=nonsense").context["choice"]) == 0


def test_pictures_of_another_conference_are_not_taken(client: Client, report: Report) -> None:
    other = Conference.objects.create(
        slug="other", title="다른 행사", starts_at=report.conference.starts_at, ends_at=report.conference.ends_at
    )
    file = other.files.create(digest="0" * 64, name="a.jpg", media_type="image/jpeg", size=1)
    before = report.report_photos.count()
    save(client, "photos", "shots", pick=[other.photos.create(file=file).pk])
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
    links = {each.where: each.link for each in checks.required(report)}
    assert links.keys() == {"제목", "추진 실적"}
    for link in links.values():
        path, _sharp, fragment = link.partition("#")
        page = client.get(path).content.decode()
        assert "<textarea" in page
        assert not fragment or f'id="{fragment}"' in page
