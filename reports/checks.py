"""The checks (점검) of one report, in addition to those of its conference."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals import route_resolution as route
from approvals.guards import ActRefused
from conference import row_addresses
from conference.checks import LEVELS, Finding
from conference.checks import find_all as conference_findings
from korean.dates import SEOUL, WEEKDAYS, format_day, format_span
from reports.models import Report

DATE_WITH_WEEKDAY = re.compile(rf"(\d{{4}})\. ?(\d{{1,2}})\. ?(\d{{1,2}})\.? ?\(([{WEEKDAYS}])\)")


def report_findings(report: Report) -> list[Finding]:
    """Return the findings of the report and of its conference, the most severe first."""
    own = (finding for check in REPORT_CHECKS for finding in check(report))
    findings = [*conference_findings(report.conference, of_release=False), *own]
    return sorted(findings, key=lambda finding: list(LEVELS).index(finding.level))


def check_required_content(report: Report) -> Iterator[Finding]:
    """Find required parts of a 결과보고 that are empty."""
    basis = report.conference.bases.exists() or report.no_basis_reason
    results = report.topics.exists() or report.district_id or report.paragraphs.exists()
    own = f"/desk/{report.conference.slug}/reports/{report.number}/texts/"
    missing = {
        _("제목"): (report.title.strip(), f"{own}#id_title"),
        _("추진 근거"): (basis, row_addresses.table_address("bases", report.conference)),
        _("세부 프로그램"): (report.conference.sessions.exists(), f"/desk/{report.conference.slug}/programme/"),
        _("추진 실적"): (results, own),
    }
    for name, (is_there, link) in missing.items():
        if not is_there:
            yield Finding(
                "block",
                "required",
                name,
                _("결과보고에 꼭 있어야 하는 내용이 비어 있습니다."),
                _("내용을 입력하거나, 근거가 없으면 그 사유를 적으십시오."),
                link,
            )


def check_weekdays(report: Report) -> Iterator[Finding]:
    """Find dates in the report's own texts whose weekday is wrong."""
    texts = {_("머리말"): report.preamble, _("문서요지"): report.summary} | {
        paragraph.text[:30]: paragraph.text for paragraph in report.paragraphs.all()
    }
    for where, text in texts.items():
        for year, month, day_, weekday in DATE_WITH_WEEKDAY.findall(text):
            try:
                at = date(int(year), int(month), int(day_))
            except ValueError:
                problem = _("없는 날짜입니다: %(date)s") % {"date": f"{year}. {month}. {day_}."}
                yield Finding("block", "weekday", where, problem)
                continue
            if WEEKDAYS[at.weekday()] != weekday:
                words = {"day": format_day(at), "weekday": WEEKDAYS[at.weekday()], "said": weekday}
                yield Finding(
                    "block",
                    "weekday",
                    where,
                    _("%(day)s은 %(weekday)s요일인데 (%(said)s)로 적었습니다.") % words,
                    _("요일이나 날짜를 고치십시오."),
                )


def check_event_has_ended(report: Report) -> Iterator[Finding]:
    """Block a submission before the event's last day, warn on that day before the event's end."""
    event, now = report.conference, timezone.now()
    if now < event.ends_at:
        is_last_day = now.astimezone(SEOUL).date() == event.ends_at.astimezone(SEOUL).date()
        on_last_day = _("행사가 끝난 뒤에 올리십시오. 폐회 전에 올려야 하면 사유를 적으십시오.")
        before = _("행사가 끝난 뒤에 결재를 올리십시오. 일시가 바뀌었으면 ‘개요’에서 고치십시오.")
        yield Finding(
            "warn" if is_last_day else "block",
            "too_early",
            _("행사 일시"),
            _("행사가 아직 끝나지 않았습니다: %(span)s") % {"span": format_span(event.starts_at, event.ends_at)},
            on_last_day if is_last_day else before,
            reverse("overview", args=[event.slug]) + "#id_ends_at",
        )


def check_reviewer_ranks(report: Report) -> Iterator[Finding]:
    """Warn if a reviewer has a higher 직급 than the decider: most often the route is in the wrong order."""
    try:
        places = route.resolve_route(report).steps
    except ActRefused:
        return
    for place in route.higher_ranked_reviews(places):
        yield Finding(
            "warn",
            "outranked",
            _("결재선"),
            _("직급이 더 높은 %(who)s의 검토를 %(last)s이(가) 결재합니다.")
            % {"who": place.user, "last": places[-1].user},
            _("결재선의 차례를 확인하십시오. 이 차례가 맞으면 사유를 적으십시오."),
            reverse("reports:line", args=[report.conference.slug, report.number]),
        )


def check_budget(report: Report) -> Iterator[Finding]:
    """Block budget lines with more spent than planned; the adjusted budget is typed in as planned."""
    for at, line in enumerate(report.budget.all()):
        if line.spent > line.planned:
            amounts = {"over": line.spent - line.planned, "planned": line.planned, "spent": line.spent}
            yield Finding(
                "block",
                "over_budget",
                line.item,
                _("집행액이 예산액보다 %(over)s원 많습니다: 예산 %(planned)s원, 집행 %(spent)s원")
                % {name: f"{number:,}" for name, number in amounts.items()},
                _("금액을 확인하십시오. 예산을 조정하였으면 조정한 예산액을 적으십시오."),
                reverse("reports:lists", args=[report.conference.slug, report.number]) + f"#id_r{at}-spent",
            )


REPORT_CHECKS: list[Callable[[Report], Iterable[Finding]]] = [
    check_required_content,
    check_weekdays,
    check_event_has_ended,
    check_reviewer_ranks,
    check_budget,
]
