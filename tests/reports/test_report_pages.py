"""The desk's pages of a report: who reads it, who writes, how it is submitted and what each page answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from approvals import chain, verification
from approvals.models import Document, Step
from conference.models import Conference
from conference.uploads import storage
from publishing import heavy
from publishing.models import FailedFile
from reports import document, drafting, renderings
from reports.models import Edition, Report, ReportPhoto
from tests.approvals import act_helpers
from tests.test_addresses import sign_in
from tests.visitor import Page, Visitor

BASE = "/desk/dongbuk4-2015/reports/1/"
GAP, NO_SPEAKER = "비어 있는 시간 1건을 그대로 두는 사유", "발표자·사회자 없음 7건을 그대로 두는 사유"
REASONS = {GAP: "현장에서 장비를 옮겼음", NO_SPEAKER: "원자료에 없음"}


@pytest.fixture
def draft(unsigned: Conference) -> Report:
    report = unsigned.reports.get(number=1)
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=report.drafter)
    return Report.objects.get(pk=report.pk)


def submitted(page: Page, reasons: dict[str, str] | None = None) -> Page:
    """Give reasons, and press 결재 올리기."""
    return page.form("결재 올리기").fill_all(REASONS if reasons is None else reasons).press("결재 올리기")


@pytest.mark.parametrize(
    ("username", "status"),
    [("wook", 200), ("youngbun", 200), ("heedong", 200), ("chair", 403), ("seongbuk", 403), ("admin", 403)],
)
@pytest.mark.parametrize("page", ["", "editions/1/", "editions/1.json"])
def test_its_office_and_its_signers_open_a_report(example: Conference, username: str, status: int, page: str) -> None:
    assert sign_in(username).get(BASE + page).status_code == status


def test_a_stranger_is_asked_to_sign_in(example: Conference) -> None:
    response = Client().get(BASE)
    assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")


def test_an_outsider_finds_nothing(example: Conference) -> None:
    User.objects.create_user("outsider", name="도봉구 담당", position="주무관")
    client = sign_in("outsider")
    assert [client.get(url).status_code for url in (BASE, "/desk/dongbuk4-2015/", "/desk/dongbuk4-2015/reports/")] == [
        404,
        404,
        404,
    ]


def test_other_offices_see_the_state_only(draft: Report) -> None:
    page = sign_in("seongbuk").get("/desk/dongbuk4-2015/reports/").content.decode()
    assert ("작성중" in page, draft.title in page, "강북구 일자리지원과" in page) == (True, False, True)


def test_other_offices_do_not_see_that_a_paper_was_sent_back(example: Conference) -> None:
    Document.objects.filter(pk=example.reports.get().pk).update(state=Document.State.RETURNED)
    page = sign_in("seongbuk").get("/desk/dongbuk4-2015/reports/").content.decode()
    assert ("반려" in page, "returned" in page, "작성중" in page) == (False, False, True)


def test_the_desk_lists_conferences_and_reports(example: Conference) -> None:
    page = sign_in("wook").get("/desk/").content.decode()
    assert ("/desk/dongbuk4-2015/" in page, BASE in page) == (True, True)


def test_the_draft_page_holds_findings_texts_and_the_paper(draft: Report) -> None:
    page = sign_in("wook").get(BASE).content.decode()
    assert [
        words in page
        for words in (
            "16:00~16:10",
            "본문 글",
            "결재 올리기",
            "공공구매로 사회적경제 살리기",
            "참여한 결과를 아래와 같이",
        )
    ] == [True] * 5


def test_a_colleague_may_write_but_not_submit(draft: Report) -> None:
    colleague = Visitor("youngbun")
    page = colleague.open(BASE)
    assert (colleague.open(f"{BASE}texts/").status, page.has("결재 올리기")) == (200, False)


SPAN = "2015. 11. 23.(월) 13:00~11. 24.(화) 18:00"


@pytest.mark.parametrize(
    ("now", "level"), [("23 19:00", "block"), ("24 00:00", "warn"), ("24 17:59", "warn"), ("24 18:00", "")]
)
def test_a_report_of_what_has_not_happened_is_not_submitted(
    draft: Report, monkeypatch: pytest.MonkeyPatch, now: str, level: str
) -> None:
    Conference.objects.update(starts_at=draft.conference.starts_at - timedelta(days=1), as_written={})
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(f"2015-11-{now}+09:00"))
    page = Visitor("wook").open(BASE)
    found = [finding for finding in page.answer.context["findings"] if finding.code == "too_early"]
    assert [(finding.level, finding.text) for finding in found] == (
        [(level, f"행사가 아직 끝나지 않았습니다: {SPAN}")] if level else []
    )
    if level == "block":
        assert (page.has("결재 올리기"), "/desk/dongbuk4-2015/overview/#id_ends_at" in page.text) == (False, True)
        with pytest.raises(chain.ActRefused):
            act_helpers.submit(
                draft, reasons=dict.fromkeys(("gap", "no_speaker", "outside_event", "too_early"), "시험")
            )
    else:
        early = {"행사 종료 전 결재 1건을 그대로 두는 사유": "폐회식 뒤 바로 제출"} if level else {}
        assert submitted(page, REASONS | early).status == 302


def test_texts_are_saved_as_typed(draft: Report) -> None:
    form = Visitor("youngbun").open(f"{BASE}texts/").form("저장")
    form.fill("머리말", "머리말\n둘째 줄").fill("문서요지", "요지").fill("키워드", "협력\n 지역 \n\n")
    assert form.press("저장").status == 302
    draft.refresh_from_db()
    assert (draft.preamble, draft.summary, draft.keywords) == ("머리말\n둘째 줄", "요지", ["협력", "지역"])


def test_a_faulty_text_keeps_what_was_typed(draft: Report) -> None:
    form = Visitor("wook").open(f"{BASE}texts/").form("저장")
    page = form.fill("제목", "").fill("머리말", "내가 쓴 머리말").press("저장")
    assert (page.status, "내가 쓴 머리말" in page.text, Report.objects.get().title) == (422, True, draft.title)
    assert page.form("저장").fill("제목", "고친 제목").press("저장").status == 302
    assert (Report.objects.get().title, Report.objects.get().preamble) == ("고친 제목", "내가 쓴 머리말")


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "가" * 40_000])
def test_hostile_texts_are_refused_and_kept_in_the_form(draft: Report, bad: str) -> None:
    page = Visitor("wook").open(f"{BASE}texts/").form("저장").tamper("preamble", bad).press("저장")
    assert (page.status, Report.objects.get().preamble) == (422, draft.preamble)
    assert list(page.answer.context["form"].errors) == ["preamble"]


@pytest.mark.parametrize(("field", "bad"), [("title", "첫 줄\u2028둘째 줄"), ("keywords", "가" * 2001)])
def test_lines_are_lines_and_short(draft: Report, field: str, bad: str) -> None:
    page = Visitor("wook").open(f"{BASE}texts/").form("저장").tamper(field, bad).press("저장")
    assert (page.status, list(page.answer.context["form"].errors)) == (422, [field])


def test_texts_sent_after_the_submission_are_shown_to_their_writer(draft: Report) -> None:
    late = Visitor("youngbun").open(f"{BASE}texts/").form("저장").fill("머리말", "늦은 머리말")
    submitted(Visitor("wook").open(BASE))
    page = late.press("저장")
    assert (page.status, "늦은 머리말" in page.text) == (409, True)


def test_submission_asks_a_reason_for_each_kind_of_warning(draft: Report) -> None:
    page = submitted(Visitor("wook").open(BASE), {GAP: "현장 이동"})
    assert (page.status, Report.objects.get().state) == (422, Document.State.DRAFT)
    assert list(page.answer.context["submit"].errors) == ["reason_no_speaker"]


def test_what_was_refused_is_submitted_from_the_page_that_says_so(draft: Report) -> None:
    """Twice: the answer to a refusal is a page of another address, and its form must lead to the same place."""
    page = submitted(Visitor("wook").open(BASE), {GAP: "현장 이동"})
    page = submitted(page, {GAP: "", NO_SPEAKER: "원자료에 없음"})
    assert (page.status, page.form("결재 올리기").action) == (422, f"{BASE}submit/")
    assert (submitted(page).status, Report.objects.get().state) == (302, Document.State.RUNNING)


def test_submission_freezes_what_the_page_showed(draft: Report) -> None:
    page = submitted(Visitor("wook").open(BASE))
    edition = Report.objects.get().editions.get()
    found = {finding["code"] for finding in edition.findings}
    assert (page.status, Report.objects.get().state, edition.is_intact) == (302, Document.State.RUNNING, True)
    assert (found, edition.reasons) == (
        {"gap", "no_speaker", "columns", "district_order", "repeated_word"},
        {"gap": "현장에서 장비를 옮겼음", "no_speaker": "원자료에 없음"},
    )


def test_what_changed_since_the_page_was_shown_is_not_signed_unseen(draft: Report) -> None:
    shown = Visitor("wook").open(BASE)
    draft.conference.sessions.filter(code="mayor").update(title="그 사이 바뀐 강연")
    refused = submitted(shown)
    [kept] = refused.form("결재 올리기").find(GAP)
    assert (refused.status, kept.values, Report.objects.get().editions.count()) == (409, [REASONS[GAP]], 0)
    sent = refused.press("결재 올리기")
    assert (sent.status, "그 사이 바뀐 강연" in Report.objects.get().editions.get().content) == (302, True)


def test_the_same_form_twice_opens_one_round(draft: Report) -> None:
    shown = Visitor("wook").open(BASE)
    first, second, third = (submitted(shown).answer.url for _ in range(3))
    assert (second, third, Report.objects.get().rounds.count()) == (first, first, 1)


def test_a_block_stops_the_submission(draft: Report) -> None:
    shown = Visitor("wook").open(BASE)
    draft.conference.tracks.update(meeting_count_said=4)
    page = submitted(shown)
    assert (page.status, Report.objects.get().state) == (422, Document.State.DRAFT)
    assert (page.has("결재 올리기"), "보완이 필요한 항목을 먼저 해결해야" in page.text) == (False, True)


def test_what_was_spent_over_the_budget_stops_the_submission_until_the_budget_is_adjusted(draft: Report) -> None:
    draft.budget.create(item="인쇄비", planned=3_000_000, spent=3_200_000)
    draft.budget.create(item="장소비", planned=100, spent=100)
    page = Visitor("wook").open(BASE)
    found = [finding for finding in page.answer.context["findings"] if finding.code == "over_budget"]
    text = "집행액이 예산액보다 200,000원 많습니다: 예산 3,000,000원, 집행 3,200,000원"
    assert [(finding.level, finding.where, finding.text) for finding in found] == [("block", "인쇄비", text)]
    address, _hash, field = found[0].link.partition("#")
    assert (field, f'id="{field}"' in Visitor("wook").open(address).text) == ("id_r0-spent", True)
    assert page.has("결재 올리기") is False
    draft.budget.update(planned=3_200_000)
    assert submitted(Visitor("wook").open(BASE)).status == 302


def returned(draft: Report) -> Step:
    """Submit it, and send it back by the team head."""
    submitted(Visitor("wook").open(BASE))
    step = Step.objects.get(round__document=draft, order=1)
    act_helpers.send_back(step.round, step.signer, "예산 표를 고쳐 주세요.")
    return step


def test_who_writes_again_sees_why_it_came_back(draft: Report) -> None:
    step = returned(draft)
    assert "예산 표를 고쳐 주세요." in Visitor("wook").open(BASE).text
    act_helpers.redraft(Report.objects.get())
    for page in ("", "texts/", "lists/", "photos/", "form/", "line/"):
        shown = Visitor("youngbun").open(BASE + page)
        for text in (
            f"반려: {step.name} {step.position}",
            "예산 표를 고쳐 주세요.",
            f'href="/approvals/{step.round_id}/"',
        ):
            assert (page, text in shown.text) == (page, True)
    submitted(Visitor("wook").open(BASE))
    assert "예산 표를 고쳐 주세요." not in Visitor("wook").open(BASE).text


def test_the_edition_in_force_stands_first_and_a_returned_one_says_so(draft: Report) -> None:
    returned(draft)
    act_helpers.redraft(Report.objects.get())
    submitted(Visitor("wook").open(BASE))
    page = Visitor("wook").open(BASE)
    assert [edition.number for edition in page.answer.context["editions"]] == [2, 1]
    told = "반려된 판(효력 없음)"
    assert [told in Visitor("wook").open(f"{BASE}editions/{number}/").text for number in (1, 2)] == [True, False]


def test_only_the_drafter_submits(draft: Report) -> None:
    form = Visitor("wook").open(BASE).form("결재 올리기").fill_all(REASONS)
    page = Visitor("youngbun").post_raw(form.action, dict(form.sent))
    assert (page.status, Report.objects.get().state) == (422, Document.State.DRAFT)
    assert (page.has("결재 올리기"), "이 문서를 기안한 사람만 할 수 있습니다." in page.text) == (False, True)


def test_a_new_edition_keeps_the_old_one_and_proposes_its_reasons(draft: Report) -> None:
    drafter = Visitor("wook")
    submitted(drafter.open(BASE))
    step = Step.objects.get(state=Step.State.CURRENT)
    lock = Report.objects.get().lock_version
    chain.send_back(
        step,
        by=step.signer,
        opinion="머리말을 고쳐 주십시오",
        digest=step.round.digest,
        form_key="back",
        lock_version=lock,
    )
    way = f'href="/approvals/{step.round_id}/">결재 문서에서 다시 기안하기</a>'
    assert [way in Visitor(name).open(BASE).text for name in ("wook", "youngbun")] == [True, False]
    chain.redraft(draft, by=draft.drafter, form_key="again", lock_version=Report.objects.get().lock_version)
    assert "현장에서 장비를 옮겼음" in drafter.open(BASE).text
    version = Report.objects.get().lock_version
    drafting.save_fields(draft, by=draft.drafter, lock_version=version, preamble="고친 머리말")
    assert drafter.open(BASE).press("결재 올리기").status == 302  # the reasons stand in it already
    first, second = Report.objects.get().editions.all()
    assert (first.value["purpose"] != second.value["purpose"], second.value["purpose"]) == (True, "고친 머리말")


def test_get_changes_nothing_and_is_refused_where_it_would(example: Conference) -> None:
    client = sign_in("wook")
    answers = [client.get(f"{BASE}{name}/") for name in ("submit", "line/put", "line/take")]
    assert [(answer.status_code, answer["Allow"]) for answer in answers] == [(405, "POST")] * 3
    assert all("문서를 다시 열어 처리해 주세요" in answer.content.decode() for answer in answers)


def test_the_pdf_is_made_once_and_stored(example: Conference) -> None:
    import pypdfium2

    client = sign_in("heedong")
    first, second = (client.get(f"{BASE}editions/1.pdf") for _ in range(2))
    with pypdfium2.PdfDocument(BytesIO(first.content)) as pdf:
        pages = len(pdf)
    assert (first.headers["Content-Type"], first.content == second.content, 4 <= pages <= 5) == (
        "application/pdf",
        True,
        True,
    )
    assert [row.is_final for row in Report.objects.get().editions.get().renderings.all()] == [True]


def test_pictures_of_the_report_are_served_to_its_readers_only(example: Conference) -> None:
    digest = example.photos.first().file.digest
    assert [sign_in(name).get(f"{BASE}files/{digest}").status_code for name in ("wook", "seongbuk")] == [200, 403]
    assert sign_in("wook").get(f"{BASE}files/{'0' * 64}").status_code == 404


def test_a_picture_of_an_edition_stays_after_it_left_the_draft(example: Conference) -> None:
    digest = example.photos.first().file.digest
    ReportPhoto.objects.all().delete()
    assert sign_in("wook").get(f"{BASE}files/{digest}").status_code == 200


def test_one_picture_uploaded_under_two_names_is_one_picture(example: Conference) -> None:
    first = example.photos.first()
    again = example.files.create(digest=first.file.digest, name="again.png", media_type="image/png", size=1)
    ReportPhoto.objects.create(
        report=example.reports.get(), photo=example.photos.create(file=again, caption="다시", position=99)
    )
    assert sign_in("wook").get(f"{BASE}files/{first.file.digest}").status_code == 200


@pytest.mark.parametrize("name", ["%00", "a%00b", "%ff", "x" * 64])
def test_what_is_no_digest_is_no_file(example: Conference, name: str) -> None:
    assert sign_in("wook").get(f"{BASE}files/{name}").status_code == 404


def test_lost_bytes_have_a_clear_page(example: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(digest: str) -> bytes:
        raise FileNotFoundError(digest)

    monkeypatch.setattr("conference.uploads.storage.open_stored", gone)
    digest = example.photos.first().file.digest
    pages = [sign_in("wook").get(BASE + page) for page in (f"files/{digest}", "editions/1.pdf")]
    assert [page.status_code for page in pages] == [404, 503]
    assert "저장소에서 읽을 수 없습니다" in pages[1].content.decode()


def test_a_missing_picture_is_a_failed_work(example: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(digest: str) -> bytes:
        raise FileNotFoundError(digest)

    monkeypatch.setattr("conference.uploads.storage.read", gone)
    (found,) = [found for found in heavy.pending() if found.name == renderings.FINAL_PDF_WORK]
    assert (found.can_wait, heavy.generate(found)) == (False, False)
    failed = FailedFile.objects.get()
    assert (failed.name, failed.key, failed.tries) == (renderings.FINAL_PDF_WORK, "dongbuk4-2015/1/1", 1)


def test_a_box_read_at_the_last_signature_is_not_final(example: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = Edition.objects.get()
    running = edition.report.rounds.get()
    running.state = running.State.RUNNING  # read before the signature, its steps after it
    monkeypatch.setattr("reports.renderings._last_round", lambda _edition: running)
    monkeypatch.setattr("reports.render.pdf.render_pdf", lambda *_, **__: SimpleNamespace(data=b"%PDF-1.7", pages=1))
    assert renderings.get_or_generate_pdf(edition).is_final is False


@pytest.mark.parametrize(
    ("error", "text"),
    [(FileNotFoundError, "저장된 파일이 없습니다."), (storage.DamagedFile, "저장된 파일의 내용이 바뀌었습니다.")],
)
def test_a_lost_or_changed_pdf_is_named_by_verification(
    example: Conference, monkeypatch: pytest.MonkeyPatch, error: type[Exception], text: str
) -> None:
    report = example.reports.get()
    renderings.get_or_generate_pdf(report.editions.get())
    assert [str(fault) for fault in verification.verify_document(report)] == []

    def lost(digest: str) -> bytes:
        raise error(digest)

    monkeypatch.setattr("conference.uploads.storage.read", lost)
    assert [str(fault) for fault in verification.verify_document(report)] == [f"1판 PDF: {text}"]


def test_live_changes_do_not_reach_an_edition(example: Conference) -> None:
    example.sessions.filter(code="mayor").update(title="바뀐 제목")
    report = example.reports.get()
    papers = document.render_latest(report), str(document.edition_content(report))
    assert ["바뀐 제목" in paper for paper in papers] == [False, True]
