"""Attachments and the photos of the pool in a report: files for new lines, another file for one, photos that are added."""

from __future__ import annotations

import pytest

from conference.models import Conference
from reports.models import Report
from tests.conference.test_photos import jpeg
from tests.forms import Form, Upload
from tests.reports.report_pages import BASE, opened, sign_in
from tests.sample_files import PDF
from tests.visitor import Page, Visitor

ATTACHMENTS = f"{BASE}rows/attachments/"


@pytest.fixture
def report(unsigned: Conference) -> Report:
    return unsigned.reports.get(number=1)


def attached(*uploads: Upload) -> Page:
    """Attach the files, and be on the page that says how it went."""
    form = Visitor("youngbun").open(ATTACHMENTS).form("고른 파일 붙이기")
    return form.fill("파일", [*uploads]).press("고른 파일 붙이기").follow()


def test_each_file_becomes_a_line_named_as_it(report: Report) -> None:
    report.attachments.create(name="참석자 명단")
    before = Report.objects.get().lock_version
    page = attached(Upload("회의록.pdf", PDF), Upload("사진.jpg", jpeg()), Upload("회의록.pdf", PDF + b"\n"))
    rows = report.attachments.select_related("file")
    assert [(row.name, row.file and row.file.name, row.copies) for row in rows] == [
        ("참석자 명단", None, 1),
        ("회의록", "회의록.pdf", 1),
        ("사진", "사진.jpg", 1),
        ("회의록 (2)", "회의록 (2).pdf", 1),
    ]
    assert ("파일 3개를 붙였습니다." in page.text, "회의록 (2).pdf" in page.text) == (True, True)
    assert (rows[1].file.media_type, Report.objects.get().lock_version) == ("application/pdf", before + 1)


BAD = [
    ("a.pdf", b"", "빈 파일입니다. 파일이 다 옮겨졌는지 확인해 주세요."),
    ("a.pdf", b"text", "파일의 내용이 확장자와 다릅니다."),
    ("a.exe", b"MZ", "받지 않는 파일입니다. 받는 파일: 사진(JPEG, PNG), .pdf, .hwp, .hwpx, .pptx, .docx, .xlsx"),
    ("a.jpg", jpeg()[:100], "사진 파일이 망가졌습니다."),
]


@pytest.mark.parametrize(("name", "content", "text"), BAD)
def test_a_bad_file_is_named_and_stops_no_other(report: Report, name: str, content: bytes, text: str) -> None:
    page = attached(Upload(name, content), Upload("회의록.pdf", PDF))
    assert f"{name}: {text}" in page.messages
    assert [row.name for row in report.attachments.all()] == ["회의록"]


def test_no_file_is_no_line(report: Report) -> None:
    page = Visitor("youngbun").open(ATTACHMENTS).press("고른 파일 붙이기").follow()
    assert (page.messages, report.attachments.count()) == (["붙일 파일을 골라 주세요."], 0)


def row_page(report: Report) -> Form:
    """The form by which the one attachment gets another file."""
    return Visitor("youngbun").open(f"{ATTACHMENTS}{report.attachments.get().pk}/").form("이 파일로 바꾸기")


def test_a_file_is_replaced_on_the_lines_own_page(report: Report) -> None:
    attached(Upload("회의록.pdf", PDF))
    form, table = row_page(report), opened("attachments")
    page = form.fill("파일", Upload("확정.pdf", PDF + b"\n")).press("이 파일로 바꾸기").follow()
    row = report.attachments.get()
    assert (page.messages, row.name, row.file.name) == (["파일을 바꾸었습니다."], "회의록", "확정.pdf")
    assert table.fill(table.line(row), name="회의록(확정)").press().status_code == 409  # the line is another now
    assert table.press().status_code == 302
    row.refresh_from_db()
    assert (row.name, row.file.name) == ("회의록(확정)", "확정.pdf")


@pytest.mark.parametrize(("name", "content", "text"), [*BAD, ("", b"", "파일을 골라 주세요.")])
def test_a_bad_file_replaces_none(report: Report, name: str, content: bytes, text: str) -> None:
    attached(Upload("회의록.pdf", PDF))
    page = row_page(report).fill("파일", Upload(name, content)).press("이 파일로 바꾸기").follow()
    assert (page.messages, report.attachments.get().file.name) == ([text], "회의록.pdf")


def test_a_line_that_is_gone_gets_no_file(report: Report) -> None:
    attached(Upload("회의록.pdf", PDF))
    form = row_page(report).fill("파일", Upload("확정.pdf", PDF))
    report.attachments.all().delete()
    assert (form.press("이 파일로 바꾸기").status, report.attachments.count()) == (404, 0)


def test_a_deleted_line_comes_back_with_its_file(report: Report) -> None:
    attached(Upload("회의록.pdf", PDF))
    row = report.attachments.get()
    page = Visitor("youngbun").open(f"{ATTACHMENTS}{row.pk}/").press("지우기").follow()
    assert (page.messages, report.attachments.count()) == (
        ["‘회의록’을(를) 지웠습니다. 표 아래의 ‘지운 것’에서 되돌릴 수 있습니다."],
        0,
    )
    page.press("회의록 되돌리기")
    assert (report.attachments.get(), report.attachments.get().file.name) == (row, "회의록.pdf")


# ── photos ──────────────────────────────────────────────────────────────────────────────────────
PICK = "고른 사진 넣기"


def test_photos_of_the_pool_are_put_at_the_end(report: Report) -> None:
    first, *others = report.report_photos.all()
    report.report_photos.exclude(pk=first.pk).delete()
    pool = Visitor("youngbun").open(f"{BASE}photos/?stage=event").form(PICK)
    pool.tamper("pick", *(str(row.photo_id) for row in (others[2], others[0], others[0])), "x", "9" * 30)
    page = pool.press(PICK)
    assert page.answer.url == f"{BASE}photos/?stage=event"
    chosen = [first.photo_id, *sorted((others[0].photo_id, others[2].photo_id))]
    assert sorted(row.photo_id for row in report.report_photos.all()) == sorted(chosen)
    assert report.report_photos.first() == first
    assert "사진 2장을 넣었습니다." in page.follow().messages
    again = pool.press(PICK)
    assert (again.follow().messages, report.report_photos.count()) == (["넣을 사진을 골라 주세요."], 3)


def test_the_pool_to_choose_from_is_filtered_and_lacks_what_is_chosen(report: Report) -> None:
    report.report_photos.last().delete()
    count, client = report.conference.photos.count() - report.report_photos.count(), sign_in("youngbun")
    assert len(client.get(f"{BASE}photos/").context["choice"]) == count
    assert len(client.get(f"{BASE}photos/?stage=preparation&session=nonsense").context["choice"]) == 0


def test_pictures_of_another_conference_are_not_taken(report: Report) -> None:
    times = {"starts_at": report.conference.starts_at, "ends_at": report.conference.ends_at}
    other = Conference.objects.create(slug="other", title="다른 행사", **times)
    file = other.files.create(digest="0" * 64, name="a.jpg", media_type="image/jpeg", size=1)
    report.report_photos.last().delete()
    before = report.report_photos.count()
    Visitor("youngbun").open(f"{BASE}photos/").form(PICK).tamper("pick", other.photos.create(file=file).pk).press(PICK)
    assert report.report_photos.count() == before
