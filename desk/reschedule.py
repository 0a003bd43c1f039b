"""Moves the due days of 제출 요청 when the event moves to another day; the officers get a mail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from accounts.models import User
from conference import reschedule
from conference.models import Conference
from desk import data_requests
from desk.models import DataRequest
from rows import labels


def related_dates(conference: Conference) -> list[reschedule.RelatedDate]:
    """Return the dates that may move with the event."""
    return [
        reschedule.RelatedDate(
            _form_key(data_request), labels.kind_name(DataRequest), str(data_request.district), data_request.due
        )
        for data_request in conference.data_requests.select_related("district")
    ]


def move_selected(conference: Conference, keys: Collection[str], *, days: int, by: User) -> None:
    """Move the requests with these keys by so many days."""
    moved = [data_request for data_request in conference.data_requests.all() if _form_key(data_request) in keys]
    lines = data_requests.completeness_by_district(conference) if moved else {}
    for data_request in moved:
        request_input = data_requests.DataRequestInput(
            data_request.items, data_request.due + timedelta(days=days), data_request.note
        )
        data_requests.change(data_request, request_input, version=data_request.version, by=by, lines=lines)


def _form_key(data_request: DataRequest) -> str:
    return f"call-{data_request.pk}-{data_request.version}"
