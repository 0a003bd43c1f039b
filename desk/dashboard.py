"""The content of the dashboard: the stages of a conference, and what one person has to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, IntegerField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.models import Document
from conference import history, row_addresses
from conference.models import Conference
from desk import data_requests
from desk.completeness import DistrictCompleteness, ItemCompleteness
from exhibits.checks import read_exhibitions
from korean.dates import SEOUL, format_full_day, format_short_day
from korean.particles import choose_particles
from preparation.checks import read_timeline
from preparation.models import Task
from publishing.difference import difference
from publishing.releases import LiveRelease
from sessions.models import Outcome
from sessions.programme_facts import read_sessions

CHANGES_MAX = 40  # changes read for the few lines of the dashboard
SIGNED_STATES = {Document.State.APPROVED, Document.State.REGISTERED, Document.State.SUPERSEDED}
ReportRow = dict[str, Any]  # a row of drafting.list_reports


@dataclass(frozen=True)
class Stage:
    """One stage between the first meeting and the archive. ``note``: its date, or its progress."""

    name: str
    note: str
    link: str
    is_complete: bool = True  # nothing in it is still to do
    state: str = ""  # done, past (the work went on without all of it), current or waiting


@dataclass(frozen=True)
class Todo:
    """One thing that the person has to do. ``cells``: what is missing, each with its link."""

    badge: str
    kind: str  # of the badge
    text: str
    link: str = ""
    due: date | None = None
    cells: tuple[ItemCompleteness, ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether the day has passed."""
        return self.due is not None and self.due < data_requests.today()


@dataclass(frozen=True)
class FirstStep:
    """One of the first steps of a conference that has nothing yet."""

    name: str
    text: str
    link: str
    is_done: bool = False


def stages(
    conference: Conference, *, lines: list[DistrictCompleteness], release: LiveRelease | None, reports: list[ReportRow]
) -> list[Stage]:
    """Return the stages in order. What is there and the day decide which of them is the current one."""
    desk = f"/desk/{conference.slug}/"
    done, expected = (
        (sum(numbers) for numbers in zip(*(line.complete_count for line in lines), strict=True)) if lines else (0, 0)
    )
    all_stages = [
        Stage(_("준비"), begun := _first_meeting(conference), f"{desk}preparation/", is_complete=bool(begun)),
        Stage(_("취합"), *_progress(_("%(known)d/%(all)d 완료"), done, expected, "#collection")),
        Stage(_("공개"), _release_note(release), f"{desk}publish/", is_complete=release is not None),
        Stage(_("행사"), format_full_day(conference.starts_at), f"{desk}today/"),
        Stage(
            _("결과 확인"), *_progress(_("%(known)d/%(all)d 확인"), *_count_confirmed(conference), f"{desk}reports/")
        ),
        Stage(_("결재"), *_progress(_("%(known)d/%(all)d 결재완료"), *_count_signed(reports), f"{desk}reports/")),
        Stage(_("완료"), format_full_day(conference.archived_at) if conference.archived_at else "", f"{desk}reports/"),
    ]
    at = _current_stage(conference, release=release, reports=reports)
    behind = {True: "done", False: "past"}
    return [
        replace(stage, state=behind[stage.is_complete] if place < at else "current" if place == at else "waiting")
        for place, stage in enumerate(all_stages)
    ]


def _progress(words: str, known: int, all_: int, link: str) -> tuple[str, str, bool]:
    """Return note, link and ``is_complete`` of a stage with ``known`` of ``all_`` things done."""
    return words % {"known": known, "all": all_} if all_ else "", link, bool(all_) and known == all_


def is_closed(conference: Conference, reports: list[ReportRow]) -> bool:
    """Whether every report is signed, or the conference archived: nothing more is asked for then."""
    states = {row["state"] for row in reports}
    return bool(conference.archived_at or (states and states <= SIGNED_STATES))


def _current_stage(conference: Conference, *, release: LiveRelease | None, reports: list[ReportRow]) -> int:
    now, states = timezone.now(), {row["state"] for row in reports}
    if is_closed(conference, reports):
        return 6
    if states - {Document.State.DRAFT, Document.State.DISCARDED}:
        return 5
    if conference.ends_at <= now:
        return 4
    if conference.starts_at <= now:
        return 3
    if release:
        return 2
    return 1 if read_sessions(conference) else 0


def _first_meeting(conference: Conference) -> str:
    days = [entry.date for entry in read_timeline(conference) if entry.kind == "Meeting"]
    return _("%(first)s 첫 회의") % {"first": format_short_day(days[0])} if days else ""


def _release_note(release: LiveRelease | None) -> str:
    if release is None:
        return _("아직 공개하지 않음")
    words = {"day": format_full_day(release.at), "number": release.number}
    return _("%(day)s 공개본\N{NO-BREAK SPACE}%(number)d") % words


def _count_confirmed(conference: Conference) -> tuple[int, int]:
    sessions = [session for session in read_sessions(conference) if not session.is_silent]
    return sum(session.outcome != Outcome.UNKNOWN for session in sessions), len(sessions)


def _count_signed(reports: list[ReportRow]) -> tuple[int, int]:
    return sum(row["state"] in SIGNED_STATES for row in reports), len(reports)


def todos(
    user: User,
    conference: Conference,
    *,
    may_publish: bool = False,
    lines: list[DistrictCompleteness],
    reports: list[ReportRow],
) -> list[Todo]:
    """Return what the person has to do: reports to sign or finish, what to publish, what is asked for by day, missing data."""
    mine = {line.district: line for line in lines if user.pk in line.officers}
    asked = list(_requests_and_tasks(user, conference, mine))
    asked.sort(key=lambda todo: (todo.due is None, todo.due, todo.link))
    asked_cells = {(cell.link, cell.item) for todo in asked for cell in todo.cells}
    gaps = [
        Todo(_("취합"), "", _("%(district)s 자료 가운데 아직 없는 것") % {"district": line.name}, cells=cells)
        for line in mine.values()
        if not is_closed(conference, reports)
        and (cells := tuple(cell for cell in line.missing_items() if (cell.link, cell.item) not in asked_cells))
    ]
    return [*_report_todos(user, reports), *(_publish_todos(conference) if may_publish else []), *asked, *gaps]


def _report_todos(user: User, reports: list[ReportRow]) -> Iterator[Todo]:
    for row in reports:
        report = row["report"]
        own = reverse("reports:report", args=[report.conference.slug, report.number])
        if row["turn"]:
            yield Todo(_("결재"), "info", report.title, reverse("approvals:round", args=[row["turn"]]))
        elif report.drafter_id == user.pk and report.state == Document.State.RETURNED:
            yield Todo(_("반려"), "returned", report.title, own)
        elif report.drafter_id == user.pk and report.state == Document.State.DRAFT and _is_over(report.conference):
            yield Todo(_("작성중"), "draft", report.title, own)
        if row["is_stuck"]:
            text = _("%(title)s: 결재자나 기안자의 전출·퇴직 등으로 멈춰 있습니다. 처리 방법은 보고서 화면에 있습니다.")
            yield Todo(_("결재"), "warning", text % {"title": report.title}, own)


def _is_over(conference: Conference) -> bool:
    return conference.ends_at < timezone.now()


def _publish_todos(conference: Conference) -> Iterator[Todo]:
    """Yield what visitors do not see yet; before the first release the stages of the dashboard say so."""
    unpublished = difference(conference)
    if unpublished.is_there and (unpublished.number or unpublished.withdrawn):
        yield Todo(_("공개"), "warning", choose_particles(unpublished.text), reverse("publish", args=[conference.slug]))


def _requests_and_tasks(user: User, conference: Conference, mine: dict[int, DistrictCompleteness]) -> Iterator[Todo]:
    """Yield what the person's districts are asked for, and the person's open tasks: one query for both."""
    requests = conference.data_requests.filter(district__in=mine).order_by()
    tasks = Task.objects.filter(
        officer=user, state=Task.State.OPEN, decision__meeting__track__conference=conference
    ).order_by()
    rows = requests.values_list(Value("call", CharField()), "pk", "district", "due", "items", "note").union(
        tasks.values_list(
            Value("task", CharField()), "pk", Cast(Value(None), IntegerField()), "due", "as_written", "text"
        ),
        all=True,
    )
    for sort, pk, district, due, items, text in rows:
        if sort == "task":
            yield Todo(_("조치사항"), "", text, row_addresses.row_address(Task, pk, conference, field="state"), due)
        elif cells := mine[district].missing_items(items):
            name = _("%(district)s 제출 요청") % {"district": mine[district].name}
            yield Todo(_("제출 요청"), "warning", name, f"/desk/{conference.slug}/calls/#call-{pk}", due, tuple(cells))


def recent_changes(conference: Conference) -> list[history.HistoryGroup]:
    """Return what changed since the beginning of yesterday in Seoul."""
    start = datetime.combine(data_requests.today() - timedelta(days=1), time.min, SEOUL)
    return history.group(history.recent_lines(conference, since=start, limit=CHANGES_MAX))


def has_content(conference: Conference) -> bool:
    """Whether there are sessions or exhibitions. No query of its own: the checks read the same rows."""
    return bool(read_sessions(conference) or read_exhibitions(conference))


def first_steps(conference: Conference, *, lines: list[DistrictCompleteness]) -> list[FirstStep]:
    """Return what to do first while the programme is empty; nothing once it has a row."""
    if read_sessions(conference):
        return []
    desk = f"/desk/{conference.slug}/"
    return [
        FirstStep(
            _("자치구"),
            _("함께 여는 자치구를 적습니다."),
            row_addresses.table_address("districts", conference),
            bool(lines),
        ),
        FirstStep(
            _("분야와 담당부서"),
            _("분야마다 주관 자치구와 담당자를 정하면, 담당자가 자기 자료를 직접 입력합니다."),
            row_addresses.table_address("topics", conference),
            any(line.officers for line in lines),
        ),
        FirstStep(
            _("장소와 방"),
            _("건물과 그 층·호실을 먼저 적어 두면 프로그램에서 골라 씁니다."),
            row_addresses.table_address("venues", conference),
            conference.venues.exists(),
        ),
        FirstStep(
            _("준비과정"), _("준비회의와 제출기한을 적습니다."), f"{desk}preparation/", bool(read_timeline(conference))
        ),
        FirstStep(_("프로그램"), _("부를 먼저 적고, 부마다 세션을 표로 입력합니다."), f"{desk}programme/"),
        FirstStep(_("제출 요청"), _("발표자와 자료를 자치구에 요청합니다."), f"{desk}calls/"),
    ]
