"""The PDF of a round that is running: made while a reader waits, who reads why where there is none."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from approvals.models import Round
from conference import child_process
from conference.models import Conference
from conference.uploads import storage
from publishing import heavy
from reports import drafting, renderings
from reports.models import Rendering, Report
from tests.approvals import act_helpers
from tests.visitor import Visitor

PDF = "/desk/dongbuk4-2015/reports/1/editions/1.pdf"
SHOWN = "%PDF-1.7"
WARNINGS = dict.fromkeys(("gap", "no_speaker", "outside_event", "too_early"), "시험")


@pytest.fixture
def running(unsigned: Conference, monkeypatch: pytest.MonkeyPatch) -> Round:
    """A round that nobody but the drafter has signed; its PDF takes no time."""
    monkeypatch.setattr("reports.render.pdf.render_pdf", lambda *_, **__: SimpleNamespace(data=SHOWN.encode(), pages=1))
    report = unsigned.reports.get(number=1)
    drafting.apply_saved_route(report, report.department.approval_routes.get(), by=report.drafter)
    return act_helpers.submit(Report.objects.get(pk=report.pk), reasons=WARNINGS)


def sign(round_: Round) -> None:
    """Let the next one sign, as on the page of somebody else."""
    act_helpers.sign(round_, round_.steps.filter(state__in=["current", "read"]).first().signer)


def run_instead(monkeypatch: pytest.MonkeyPatch, child: Callable[..., None]) -> None:
    monkeypatch.setattr(heavy, "run", child)


def test_whoever_asks_while_a_pdf_is_made_is_not_left_waiting(running: Round) -> None:
    reader = Visitor("wook")
    with renderings.PDF_LOCK:  # as if another thread made one
        page = reader.open(PDF)
    assert (page.status, page.answer.headers["Retry-After"], "no-store" in page.answer.headers["Cache-Control"]) == (
        503,
        "10",
        True,
    )
    assert "PDF를 만들고 있습니다. 잠시 뒤에 다시 열어 주세요." in page.text
    assert reader.open(PDF).answer.getvalue().decode() == SHOWN
    with renderings.PDF_LOCK:  # what is made needs no turn
        assert reader.open(PDF).answer.getvalue().decode() == SHOWN


def test_a_web_thread_is_held_for_minutes_at_most(running: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    run_instead(monkeypatch, lambda *_, limits: given.append(limits))
    assert Visitor("wook").open(PDF).status == 503
    assert given == [renderings.WEB_LIMITS] * 2
    assert renderings.WEB_LIMITS.seconds < heavy.LIMITS.seconds
    assert renderings.PDF_LOCK.locked() is False


def test_a_signature_while_it_is_made_makes_it_again(running: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    make, signatures = heavy.run, [running]

    def child(*names: str, **limits: child_process.Limits) -> None:
        make(*names, **limits)
        if signatures:
            sign(signatures.pop())

    run_instead(monkeypatch, child)
    assert Visitor("wook").open(PDF).answer.getvalue().decode() == SHOWN
    assert Rendering.objects.count() == 2


@pytest.mark.parametrize(
    ("error", "told", "wait"),
    [
        (child_process.ChildFailed("Traceback\nValueError: a fault"), "지금은 PDF를 만들지 못했습니다", "60"),
        (child_process.ChildFailed("Traceback\nFileNotFoundError: 0a"), "저장된 파일이 없거나 손상되었습니다", None),
        (
            child_process.ChildFailed(f"Traceback\n{storage.DamagedFile.__module__}.DamagedFile: 0a"),
            "저장된 파일이 없거나 손상되었습니다",
            None,
        ),
        (child_process.LimitExceeded("a limit"), "시간이나 메모리가 모자랐습니다", None),
    ],
)
def test_the_page_says_why_there_is_no_pdf(
    running: Round, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str, wait: str | None
) -> None:
    def child(*_names: str, **_limits: child_process.Limits) -> None:
        raise error

    run_instead(monkeypatch, child)
    page = Visitor("wook").open(PDF)
    assert (page.status, told in page.text, page.answer.headers.get("Retry-After")) == (503, True, wait)
