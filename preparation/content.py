"""The types of the preparation as it is collected. Only reports contain it, never releases."""

from __future__ import annotations

from typing import TypedDict

from conference.content import RoomContent


class TaskContent(TypedDict):
    text: str
    due: str | None  # ISO date
    state: str  # Task.State


class DecisionContent(TypedDict):
    text: str
    tasks: list[TaskContent]


class MeetingPlaceContent(TypedDict):
    room: RoomContent | None
    place: str  # in words, if it is no room of the conference
    attendees: str


class MeetingContent(MeetingPlaceContent):
    date: str  # ISO date
    label: str
    minutes: str
    decisions: list[DecisionContent]


class ColumnContent(TypedDict):
    """One date of the timeline: labels above, contents below."""

    date: str  # ISO date
    labels: list[str]
    contents: list[str]


class TrackContent(MeetingPlaceContent):
    topic: str  # "": of the whole conference
    title: str
    attendee_count: int | None
    is_count_approximate: bool
    meeting_count: int
    meeting_count_said: int | None
    timeline_title: str
    meetings: list[MeetingContent]
    columns: list[ColumnContent]
