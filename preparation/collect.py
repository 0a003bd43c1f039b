"""The preparation timeline as plain values, for the 결과보고; releases do not contain it."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.db.models import Prefetch

from conference import collect
from conference.models import Conference
from preparation.content import ColumnContent, MeetingContent, TrackContent
from preparation.models import Meeting, TimelineEntry, Track


def tracks(conference: Conference) -> list[TrackContent]:
    """Every track with its columns, one a date. Constant number of queries."""
    rooms = ("room__venue", "room__parent")
    meetings = Meeting.objects.select_related(*rooms).prefetch_related("decisions__tasks")
    rows = conference.tracks.select_related("topic", *rooms).prefetch_related(
        Prefetch("meetings", meetings), "deadlines", "milestones"
    )
    return [_track(row) for row in rows]


def _track(row: Track) -> TrackContent:
    meetings = list(row.meetings.all())
    dated: list[TimelineEntry] = [*meetings, *row.deadlines.all(), *row.milestones.all()]
    entries = sorted(dated, key=lambda entry: entry.date)
    return {
        "topic": row.topic.name if row.topic else "",
        "title": row.title,
        "room": collect.room(row.room) if row.room else None,
        "place": row.place_text,
        "attendees": row.attendees_text,
        "attendee_count": row.attendee_count,
        "is_count_approximate": row.is_count_approximate,
        "meeting_count": len(meetings),
        "meeting_count_said": row.meeting_count_said,
        "timeline_title": row.timeline_title,
        "meetings": [_meeting(meeting) for meeting in meetings],
        "columns": [_column(on, list(group)) for on, group in groupby(entries, key=lambda entry: entry.date)],
    }


def _meeting(row: Meeting) -> MeetingContent:
    return {
        "date": row.date.isoformat(),
        "label": row.label,
        "room": collect.room(row.room) if row.room else None,
        "place": row.place_text,
        "attendees": row.attendees_text,
        "minutes": row.minutes,
        "decisions": [
            {
                "text": decision.text,
                "tasks": [
                    {"text": task.text, "due": task.due.isoformat() if task.due else None, "state": task.state}
                    for task in decision.tasks.all()
                ],
            }
            for decision in row.decisions.all()
        ],
    }


def _column(on: date, entries: list[TimelineEntry]) -> ColumnContent:
    """Return a column of the timeline: the labels of one date above, the contents below."""
    labels = [entry.label for entry in entries]
    contents = [entry.content for entry in entries if entry.content]
    if not contents:
        labels, contents = labels[:1], labels[1:]
    return {"date": on.isoformat(), "labels": labels, "contents": contents}
