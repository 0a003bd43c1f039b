"""The number of things that are still to do on each page of a report."""

from __future__ import annotations

from typing import cast

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from approvals import route_resolution
from approvals.guards import ActRefused
from conference.models import Conference, Guest
from exhibits.models import Exhibitor
from reports.models import Report
from sessions.models import Outcome, Presentation, Session

UNREPORTED_KINDS = (Session.Kind.MOVE, Session.Kind.BREAK)  # they get no outcome of their own
# the pages of a report in the order of work: part of the address → its name
TABS = {
    "": _("점검과 초안"),
    "texts": _("본문 글"),
    "actuals": _("실적 확인"),
    "photos": _("사진"),
    "lists": _("예산·홍보·계획·붙임"),
    "form": _("범위와 형식"),
    "line": _("결재선"),
}


def todo_counts(report: Report) -> dict[str, int]:
    """Return page → number of things to do. Pages that may stay empty, and 실적 without rows, are left out."""
    rows = Conference.objects.filter(pk=report.conference_id)
    own = OuterRef("pk")
    columns = rows.values(
        n_sessions=_count_column(
            Session.objects.filter(conference=own, outcome=Outcome.UNKNOWN).exclude(kind__in=UNREPORTED_KINDS)
        ),
        n_to_report=_count_column(Session.objects.filter(conference=own).exclude(kind__in=UNREPORTED_KINDS)),
        n_talks=_count_column(Presentation.objects.filter(session__conference=own, outcome=Outcome.UNKNOWN)),
        n_shown=_count_column(
            Exhibitor.objects.filter(exhibition__conference=own, outcome=Exhibitor.Outcome.UNKNOWN).exclude(
                state=Exhibitor.State.CANCELLED
            )
        ),
        n_guests=_count_column(Guest.objects.filter(conference=own, attendance=Guest.Attendance.UNKNOWN)),
        n_written=_count_column(report.paragraphs.order_by()),
        n_photos=_count_column(report.report_photos.order_by()),
    ).get()
    # a subquery is NULL without rows
    counts = {name: cast("int | None", number) or 0 for name, number in columns.items()}
    to_confirm = sum(counts[name] for name in ("n_sessions", "n_talks", "n_shown", "n_guests"))
    return {
        "texts": sum(not is_written for is_written in (report.summary, report.keywords, counts["n_written"])),
        **({"actuals": to_confirm} if to_confirm or counts["n_to_report"] else {}),
        "photos": int(not counts["n_photos"]),
        "line": 0 if _has_valid_line(report) else 1,
    }


def _has_valid_line(report: Report) -> bool:
    """Whether the report could be submitted with its route, by the rules that page 결재선 shows."""
    try:
        route_resolution.resolve_route(report)
    except ActRefused:
        return False
    return True


def _count_column(rows: QuerySet) -> Subquery:
    """Return the number of rows as a column."""
    one = rows.order_by().annotate(every=F("pk") * 0).values("every")
    return Subquery(one.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
